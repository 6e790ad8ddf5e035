// Functions and aggregates that an application registers: their types, where they may stand, and what happens when one is missing.

import { describe, expect, it } from 'vitest';
import { agg, fn } from '../../src/index.js';
import type { Database } from '../../src/index.js';
import { column, errorOf, expectCode, openTest, temporaryFile } from './support.js';

function slugs(db: Database): Database {
  db.function('slug', { args: ['text'], returns: 'text', deterministic: true, strict: true }, (text) =>
    text!.toLowerCase().replaceAll(' ', '-'),
  );
  return db;
}

function towns(db: Database): Database {
  slugs(db).exec(`CREATE TABLE towns (id INTEGER PRIMARY KEY, name TEXT, size REAL);
    INSERT INTO towns VALUES (1, 'Old Town', 1.5), (2, 'Suva', 2), (3, NULL, NULL), (4, 'New Town', 8)`);
  return db;
}

describe('db.function', () => {
  it('stands wherever an expression may, and in built queries', () => {
    const db = towns(openTest());
    expect(column(db, 'SELECT slug(name) FROM towns ORDER BY id')).toEqual(['old-town', 'suva', null, 'new-town']);
    expect(column(db, "SELECT id FROM towns WHERE slug(name) LIKE '%-town' ORDER BY slug(name)")).toEqual([4, 1]);
    expect(column(db, 'SELECT count(*) FROM towns GROUP BY length(slug(name)) ORDER BY 1')).toEqual([1, 1, 2]);
    expect(column(db, 'SELECT SLUG($1)', ['A B'])).toEqual(['a-b']);
    const query = db.from<{ id: number; name: string }>('towns').where((t) => fn<string>('slug', t.name).eq('suva'));
    expect(query.all()).toMatchObject([{ id: 2 }]);
    expect(db.query(query.toSQL())).toMatchObject([{ id: 2 }]);
  });

  it('is typed: values come and go as queries give them', () => {
    const db = openTest();
    const seen: unknown[] = [];
    const keep = (...values: unknown[]) => (seen.push(...values), null);
    db.function('see', { args: ['timestamp', 'date', 'json', 'blob', 'integer'], returns: 'text' }, keep);
    db.query(
      "SELECT see(TIMESTAMP '2024-01-02 03:04:05', DATE '2024-01-02', CAST('{\"a\":[1]}' AS JSON), x'00ff', 9007199254740993)",
    );
    expect(seen).toEqual([
      new Date('2024-01-02T03:04:05Z'),
      '2024-01-02',
      { a: [1] },
      new Uint8Array([0, 255]),
      9007199254740993n,
    ]);
    db.function('tomorrow', { args: ['date'], returns: 'timestamp' }, (day) => new Date(Date.parse(day!) + 86_400_000));
    expect(column(db, "SELECT tomorrow('2024-02-28') + INTERVAL '1' DAY")).toEqual([new Date('2024-03-01')]);
    // Integers widen; what does not fit is refused where it stands.
    db.function('half', { args: ['real'], returns: 'real' }, (x) => (x === null ? null : x / 2));
    expect(column(db, 'SELECT half(3)')).toEqual([1.5]);
    expectCode('TYPE_MISMATCH', () => db.query('SELECT half(TRUE)'));
    expect(errorOf(() => db.query('SELECT half(1, 2)')).hint).toBe('use half(real)');
    expect(errorOf(() => db.query('SELECT hafl(1)')).hint).toBe('did you mean "half"?');
    db.function('lies', { args: [], returns: 'integer' }, () => 'text');
    expect(errorOf(() => db.query('SELECT lies()')).message).toContain('the result of lies takes INTEGER');
  });

  it('is given NULL unless it is strict', () => {
    const db = openTest();
    db.function('shown', { args: ['text', 'integer'], returns: 'text' }, (a, b) => `${a} ${b}`);
    db.function('counted', { args: ['text'], returns: 'text', strict: true }, () => 'called');
    expect(db.prepare("SELECT shown(NULL, 1), shown('x', NULL), counted(NULL)").values()).toEqual([
      ['null 1', 'x null', null],
    ]);
  });

  it('is called anew for each row unless it is deterministic, and never while planning', () => {
    const db = towns(openTest());
    let calls = 0;
    db.function('ticket', { args: [], returns: 'integer' }, () => ++calls);
    db.explain('SELECT ticket() FROM towns WHERE ticket() > 0');
    expect(calls).toBe(0);
    expect(column(db, 'SELECT ticket() FROM towns')).toEqual([1, 2, 3, 4]);
    calls = 0;
    expect(column(db, 'SELECT id FROM towns WHERE id = ticket() ORDER BY id')).toEqual([1, 2, 3, 4]);
    let slugCalls = 0;
    db.function('slug', { args: ['text'], returns: 'text', deterministic: true }, (text) => (slugCalls++, text));
    db.explain("SELECT * FROM towns WHERE name = slug('Suva')");
    expect(slugCalls).toBe(0);
    expect(column(db, "SELECT id FROM towns WHERE name = slug('Suva')")).toEqual([2]);
  });

  it('tells what it throws, with the cause, and undoes the statement', () => {
    const db = towns(openTest());
    const boom = new Error('boom');
    db.function('fails', { args: ['integer'], returns: 'integer' }, (n) => {
      if (n === 2) throw boom;
      return n;
    });
    const error = errorOf(() => db.exec('UPDATE towns SET size = fails(id)'));
    expect([error.code, error.kind, error.cause]).toEqual(['FUNCTION_FAILED', 'input', boom]);
    expect(error.message).toContain('the function fails failed: boom');
    expect(column(db, 'SELECT size FROM towns ORDER BY id')).toEqual([1.5, 2, null, 8]);
    db.function('later', { args: [], returns: 'integer' }, (() => Promise.resolve(1)) as never);
    expect(errorOf(() => db.query('SELECT later()')).message).toContain('is a promise');
  });

  it('may query the database itself', () => {
    const db = towns(openTest());
    db.function(
      'name_of',
      { args: ['integer'], returns: 'text' },
      (id) => db.table('towns').get(id)?.['name'] as string,
    );
    expect(column(db, 'SELECT name_of(id) FROM towns WHERE id < 3 ORDER BY id DESC')).toEqual(['Suva', 'Old Town']);
  });

  it('is replaced by one of the same name, which kept plans notice', () => {
    const db = openTest();
    db.function('f', { args: ['integer'], returns: 'integer' }, (x) => Number(x) + 1);
    const statement = db.prepare('SELECT f(1) AS x');
    const built = db.from('one').select(() => ({ x: fn('f', 1) }));
    db.exec('CREATE TABLE one (a INTEGER); INSERT INTO one VALUES (1)');
    expect([statement.get(), built.all()]).toEqual([{ x: 2 }, [{ x: 2 }]]);
    db.function('f', { args: ['integer'], returns: 'text' }, (x) => `now ${x}`);
    expect([statement.get(), built.all()]).toEqual([{ x: 'now 1' }, [{ x: 'now 1' }]]);
  });

  it('is refused with a bad name, type or option', () => {
    const db = openTest();
    const add = (name: string, options: object) => db.function(name, options as never, () => 1);
    for (const name of ['lower', 'count', 'match', 'substring']) {
      expectCode('ALREADY_EXISTS', () => add(name, { args: [], returns: 'integer' }));
    }
    for (const name of ['Upper', 'select', '1a', 'a b', '']) {
      expectCode('INVALID_ARGUMENT', () => add(name, { args: [], returns: 'integer' }));
    }
    expectCode('INVALID_ARGUMENT', () => add('f', { args: ['string'], returns: 'integer' }));
    expectCode('INVALID_ARGUMENT', () => add('f', { args: 'text', returns: 'integer' }));
    expectCode('INVALID_ARGUMENT', () => add('f', { args: [], returns: 'text[]' }));
    expectCode('UNKNOWN_OPTION', () => add('f', { args: [], returns: 'integer', pure: true }));
    expectCode('INVALID_ARGUMENT', () => db.function('f', { args: [], returns: 'integer' }, 1 as never));
  });
});

describe('a definition that uses one', () => {
  const definitions = `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT CHECK (slug(name) <> 'bad'));
    CREATE UNIQUE INDEX t_slug ON t (slug(name));
    CREATE INDEX t_town ON t (id) WHERE slug(name) LIKE '%-town'`;

  it('is kept, checked and used as any other', () => {
    const db = slugs(openTest());
    db.exec(definitions);
    db.exec("INSERT INTO t VALUES (1, 'Old Town'), (2, 'Suva')");
    expectCode('CHECK', () => db.exec("INSERT INTO t VALUES (3, 'BAD')"));
    expectCode('UNIQUE', () => db.exec("INSERT INTO t VALUES (3, 'SUVA')"));
    const sql = "SELECT id FROM t WHERE slug(name) = 'suva'";
    expect(db.explain(sql)).toContain('t_slug');
    expect(column(db, sql)).toEqual([2]);
    db.table('t').update(1, { name: 'Nadi' });
    expect(column(db, "SELECT id FROM t WHERE slug(name) = 'nadi'")).toEqual([1]);
    expect(column(db, "SELECT id FROM t WHERE slug(name) = 'old-town'")).toEqual([]);
    expect(db.verify().ok).toBe(true);
  });

  it('takes only what is deterministic', () => {
    const db = openTest();
    db.function('chance', { args: [], returns: 'real' }, () => Math.random());
    db.exec('CREATE TABLE t (a REAL DEFAULT chance())');
    expectCode('INVALID_DEFINITION', () => db.exec('CREATE INDEX i ON t ((a + chance()))'));
    db.exec('INSERT INTO t DEFAULT VALUES');
    db.table('t').insert({});
    expect(column(db, 'SELECT count(*) FROM t WHERE a BETWEEN 0 AND 1')).toEqual([2]);
  });

  it('says what is missing after the file is opened without it, and goes on once it is there', () => {
    const path = temporaryFile();
    const db = slugs(openTest(path));
    db.exec(definitions);
    db.exec("INSERT INTO t VALUES (1, 'Old Town'), (2, 'Suva')");
    db.close();
    const again = openTest(path);
    const error = errorOf(() => again.exec("INSERT INTO t VALUES (3, 'Ba')"));
    expect([error.code, error.kind]).toEqual(['FUNCTION_MISSING', 'state']);
    expect(error.hint).toContain("db.function('slug'");
    // What does not need it works.
    expect(column(again, 'SELECT name FROM t WHERE id = 2')).toEqual(['Suva']);
    expectCode('UNKNOWN_FUNCTION', () => again.query("SELECT id FROM t WHERE slug(name) = 'suva'"));
    again.function('slug', { args: ['text'], returns: 'integer', deterministic: true }, () => 1);
    expect(errorOf(() => again.exec("INSERT INTO t VALUES (3, 'Ba')")).message).toContain(
      'registered with other types',
    );
    slugs(again);
    again.exec("INSERT INTO t VALUES (3, 'Ba')");
    expect(column(again, "SELECT id FROM t WHERE slug(name) = 'ba'")).toEqual([3]);
  });
});

describe('db.aggregate', () => {
  it('takes groups, DISTINCT, ORDER BY and FILTER', () => {
    const db = towns(openTest());
    db.aggregate('product', {
      args: ['real'],
      returns: 'real',
      start: () => 1,
      step: (p, x) => (x === null ? p : p * x),
    });
    db.aggregate('last_of', {
      args: ['text'],
      returns: 'text',
      start: () => ({ last: null as string | null }),
      step(state, text) {
        state.last = text;
      },
      result: (state) => state.last,
    });
    expect(column(db, 'SELECT product(size) FROM towns')).toEqual([24]);
    expect(column(db, 'SELECT product(DISTINCT id % 2 + 1) FROM towns')).toEqual([2]);
    expect(column(db, 'SELECT product(size) FILTER (WHERE id > 1) FROM towns')).toEqual([16]);
    expect(column(db, 'SELECT product(size) FROM towns WHERE id > 9')).toEqual([1]);
    expect(column(db, 'SELECT last_of(name ORDER BY name NULLS FIRST) FROM towns')).toEqual(['Suva']);
    expect(column(db, 'SELECT product(id) FROM towns GROUP BY id % 2 ORDER BY 1')).toEqual([3, 8]);
    const built = db.from<{ size: number }>('towns').select((t) => ({ p: agg<number>('product', t.size) }));
    expect(built.all()).toEqual([{ p: 24 }]);
    expect(db.query(built.toSQL())).toEqual([{ p: 24 }]);
    expectCode('TYPE_MISMATCH', () => db.query('SELECT product(name) FROM towns'));
    expectCode('GROUPING', () => db.query('SELECT id FROM towns WHERE product(size) > 1'));
  });

  it('tells what it throws', () => {
    const db = towns(openTest());
    const boom = new Error('boom');
    db.aggregate('breaks', {
      args: ['integer'],
      returns: 'integer',
      start: () => 0,
      step: () => {
        throw boom;
      },
    });
    const error = errorOf(() => db.query('SELECT breaks(id) FROM towns'));
    expect([error.code, error.cause]).toEqual(['FUNCTION_FAILED', boom]);
    expectCode('INVALID_ARGUMENT', () => db.aggregate('f', { args: [], returns: 'integer' } as never));
  });
});
