// The methods of a database and its statements, as documented.

import { describe, expect, it } from 'vitest';
import { open } from '../../src/index.js';
import { errorOf, expectCode, openTest, temporaryFile } from './support.js';

function towns() {
  const db = openTest();
  db.exec(`CREATE TABLE towns (id INTEGER PRIMARY KEY, name TEXT NOT NULL, population INTEGER, place POINT, extra JSON, founded DATE, seen TIMESTAMP, raw BLOB);
    CREATE INDEX towns_place ON towns USING rtree (place)`);
  const place = (lon: number, lat: number) => ({ type: 'Point', coordinates: [lon, lat] });
  db.table('towns').insertMany([
    { id: 1, name: 'Suva', population: 93970, place: place(178.44, -18.14), extra: { sea: true } },
    {
      id: 2,
      name: 'Paris',
      population: 2138551,
      place: place(2.35, 48.85),
      founded: '0250-01-01',
      raw: Uint8Array.of(1),
    },
    { id: 3, name: 'Ghost', seen: new Date(0) },
  ]);
  return db;
}

describe('statements', () => {
  it('take parameters as an array, as an object, and one by one', () => {
    const db = towns();
    const numbered = db.prepare('SELECT name FROM towns WHERE id = $1 OR population = $2');
    expect(numbered.all([1, 2138551])).toEqual([{ name: 'Suva' }, { name: 'Paris' }]);
    expect(numbered.all(1, 2138551)).toEqual([{ name: 'Suva' }, { name: 'Paris' }]);
    const named = db.prepare('SELECT name FROM towns WHERE id = $id OR name = $id::text OR name = $name');
    expect(named.all({ id: 1, name: 'Ghost' })).toEqual([{ name: 'Suva' }, { name: 'Ghost' }]);
    expect(db.query('SELECT name FROM towns WHERE id = $id', { id: 2 })).toEqual([{ name: 'Paris' }]);
    expect(db.query('SELECT count(*) AS n FROM towns', {})).toEqual([{ n: 3 }]);
    expect(db.prepare('SELECT name FROM towns WHERE id IN $1').all([[1, 3]])).toEqual([
      { name: 'Suva' },
      { name: 'Ghost' },
    ]);
    expect(db.query('SELECT name FROM towns WHERE id = ANY($ids)', { ids: [2] })).toEqual([{ name: 'Paris' }]);
  });

  it('take GeoJSON, JSON, dates and blobs as parameters, also alone', () => {
    const db = towns();
    const suva = { type: 'Point', coordinates: [178.44, -18.14] };
    const near = db.prepare('SELECT name FROM towns WHERE ST_DWithin(place, $1, 1000)');
    expect(near.all(suva)).toEqual([{ name: 'Suva' }]);
    expect(near.all([suva])).toEqual([{ name: 'Suva' }]);
    const box = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 40],
          [10, 40],
          [10, 50],
          [0, 50],
          [0, 40],
        ],
      ],
    };
    expect(db.query('SELECT name FROM towns WHERE ST_Within(place, $area)', { area: box })).toEqual([
      { name: 'Paris' },
    ]);
    expect(db.query('SELECT name FROM towns WHERE extra = $1', [{ sea: true }])).toEqual([{ name: 'Suva' }]);
    expect(db.query('SELECT name FROM towns WHERE founded = $1', ['0250-01-01'])).toEqual([{ name: 'Paris' }]);
    expect(db.query('SELECT name FROM towns WHERE seen = $1', [new Date(0)])).toEqual([{ name: 'Ghost' }]);
    expect(db.query('SELECT name FROM towns WHERE raw = $1', [Buffer.from([1])])).toEqual([{ name: 'Paris' }]);
  });

  it('get gives the first row, values arrays, columns what comes', () => {
    const db = towns();
    const all = db.prepare('SELECT id, name FROM towns ORDER BY population DESC NULLS LAST');
    expect(all.get()).toEqual({ id: 2, name: 'Paris' });
    expect(db.prepare('SELECT 1 AS one FROM towns WHERE id = 9').get()).toBeUndefined();
    expect(all.values()).toEqual([
      [2, 'Paris'],
      [1, 'Suva'],
      [3, 'Ghost'],
    ]);
    expect(db.prepare('SELECT id, id, 1 AS id FROM towns LIMIT 1').values()).toEqual([[1, 1, 1]]);
    expect(db.prepare('SELECT id, name AS n, place, count(*) OVER_ FROM towns GROUP BY id').columns()).toEqual([
      { name: 'id', type: 'integer', nullable: false },
      { name: 'n', type: 'text', nullable: false },
      { name: 'place', type: 'point', nullable: true },
      { name: 'over_', type: 'integer', nullable: false },
    ]);
    expect(db.prepare('DELETE FROM towns').columns()).toEqual([]);
    expect(db.prepare('DELETE FROM towns RETURNING id').columns()).toEqual([
      { name: 'id', type: 'integer', nullable: true },
    ]);
    expect(db.prepare('EXPLAIN SELECT 1').columns()).toEqual([{ name: 'plan', type: 'text', nullable: false }]);
  });

  it('point reads agree with the long path for every key', () => {
    const db = towns();
    const some = db.prepare('SELECT name, seen, place, extra FROM towns WHERE id = ?');
    for (const id of [1, 2, 3, 4, -1, 0, 2 ** 31, 2 ** 40]) expect(some.get(id)).toEqual(some.all(id)[0]);
    expect(some.get(3)).toEqual({ name: 'Ghost', seen: new Date(0), place: null, extra: null });
    expect(some.get(1.5)).toBeUndefined();
    expect(some.get(null)).toBeUndefined();
    expect(some.get(1n)).toEqual(some.get(1));
    db.exec("UPDATE towns SET name = 'Lami' WHERE id = 1");
    expect(some.get(1)).toMatchObject({ name: 'Lami' });
    db.exec('DELETE FROM towns WHERE id = 1');
    expect(some.get(1)).toBeUndefined();
    db.transaction(() => {
      db.exec("INSERT INTO towns (id, name) VALUES (1, 'inside')");
      expect(some.get(1)).toMatchObject({ name: 'inside' });
    });
    db.exec(
      'DROP TABLE towns; CREATE TABLE towns (name TEXT, id INTEGER PRIMARY KEY, seen TEXT, place TEXT, extra TEXT)',
    );
    expect(some.get(1)).toBeUndefined();
    db.exec("INSERT INTO towns VALUES ('anew', 1, 's', 'p', 'e')");
    expect(some.get(1)).toEqual({ name: 'anew', seen: 's', place: 'p', extra: 'e' });
  });

  it('run gives the number of rows changed', () => {
    const db = towns();
    expect(db.prepare("UPDATE towns SET name = name || '!' WHERE id > ?").run(1)).toEqual({ changes: 2 });
    expect(db.prepare('DELETE FROM towns WHERE id = 77').run()).toEqual({ changes: 0 });
    expect(db.prepare('INSERT INTO towns (id, name) VALUES (?, ?), (8, ?)').run(7, 'a', 'b')).toEqual({ changes: 2 });
    expect(db.prepare("INSERT INTO towns (id, name) VALUES (7, 'x'), (9, 'y') ON CONFLICT DO NOTHING").run()).toEqual({
      changes: 1,
    });
    expect(db.prepare('SELECT 1').run()).toEqual({ changes: 0 });
    expect(db.prepare('CREATE TABLE other (a INTEGER)').run()).toEqual({ changes: 0 });
    const returning = db.prepare('INSERT INTO other VALUES (?) RETURNING a');
    expect([returning.get(1), returning.all(2), returning.values(3), [...returning.iterate(4)]]).toEqual([
      { a: 1 },
      [{ a: 2 }],
      [[3]],
      [{ a: 4 }],
    ]);
    expect(db.table('other').count()).toBe(4);
  });

  it('the sql tag binds what it is given', () => {
    const db = towns();
    const name = "Suva' OR 1 = 1 --";
    expect(db.sql`SELECT id FROM towns WHERE name = ${name}`).toEqual([]);
    expect(db.sql`SELECT id FROM towns WHERE name = ${'Suva'} AND id IN ${[1, 2]} AND population > ${1.5}`).toEqual([
      { id: 1 },
    ]);
    expect(db.sql`SELECT count(*) AS n FROM towns`).toEqual([{ n: 3 }]);
    expect(db.sql`SELECT ${null} AS a, ${{ x: 1 }} AS b, ${[1, 2]} AS c`).toEqual([
      { a: null, b: { x: 1 }, c: [1, 2] },
    ]);
  });

  it("rows are the application's own", () => {
    const db = towns();
    const [row] = db.query<{ name: string; raw: Uint8Array }>('SELECT name, raw FROM towns WHERE id = 2');
    row!.name = 'changed';
    row!.raw[0] = 99;
    expect(db.query('SELECT name, raw FROM towns WHERE id = 2')).toEqual([{ name: 'Paris', raw: Uint8Array.of(1) }]);
    const point = db.table<{ place: { coordinates: number[] } }>('towns').get(1)!;
    expect(() => (point.place.coordinates[0] = 0)).toThrow(TypeError);
  });

  it('explain shows the plan, and runs it when asked', () => {
    const db = towns();
    const select = db.prepare('SELECT name FROM towns WHERE id = ?');
    expect(select.explain()).toMatch(/towns/);
    expect(select.explain([1], { analyze: true })).toMatch(/actual/);
    expect(JSON.parse(db.explain('SELECT name FROM towns', [], { format: 'json' }))).toBeTypeOf('object');
    expect(JSON.parse(String(db.query('EXPLAIN (FORMAT json) SELECT name FROM towns')[0]!['plan']))).toBeTypeOf(
      'object',
    );
    expect(db.query('EXPLAIN DELETE FROM towns').length).toBeGreaterThan(0);
    expect(db.table('towns').count()).toBe(3);
    expect(db.explain('DELETE FROM towns WHERE id = 1', [], { analyze: true })).toMatch(/actual/);
    expect(db.table('towns').count(), 'EXPLAIN ANALYZE runs it').toBe(2);
  });
});

describe('a database', () => {
  it('opens once, closes twice, and refuses everything afterwards', async () => {
    const path = temporaryFile();
    const db = openTest(path);
    db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY)');
    const [statement, table] = [db.prepare('SELECT * FROM t'), db.table('t')];
    const index = table.index('t_pkey');
    db.close();
    db.close();
    expect(db.closed).toBe(true);
    const uses: (() => unknown)[] = [
      () => db.exec('SELECT 1'),
      () => db.query('SELECT 1'),
      () => db.prepare('SELECT 1'),
      () => db.sql`SELECT 1`,
      () => db.transaction(() => 1),
      () => db.table('t'),
      () => db.explain('SELECT 1'),
      () => db.analyze(),
      () => db.verify(),
      () => db.schema(),
      () => db.stats(),
      () => db.refresh(),
      () => statement.all(),
      () => statement.get(),
      () => [...statement.iterate()],
      () => statement.columns(),
      () => statement.explain(),
      () => table.get(1),
      () => table.insert({}),
      () => table.count(),
      () => [...table.scan()],
      () => table.index('t_pkey'),
      () => index.get(1),
      () => index.count(),
    ];
    for (const use of uses) expectCode('CLOSED', use);
    await expect(db.flush()).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('is disposable, and in memory leaves nothing', () => {
    const db = open(':memory:');
    db[Symbol.dispose]();
    expect(db.closed).toBe(true);
    const [a, b] = [openTest(), openTest()];
    a.exec('CREATE TABLE t (a INTEGER)');
    expect(b.schema().tables).toEqual([]);
    expect([a.path, a.stats().store, a.stats().fileBytes]).toEqual([':memory:', 'memory', undefined]);
  });

  it('read-only reads and writes nothing', async () => {
    const path = temporaryFile();
    const db = openTest(path);
    db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)');
    const reader = openTest(path, { readOnly: true });
    expect(reader.query('SELECT a FROM t')).toEqual([{ a: 1 }]);
    expect(reader.explain('DELETE FROM t')).toMatch(/t/);
    const writes: (() => unknown)[] = [
      () => reader.exec('INSERT INTO t VALUES (2)'),
      () => reader.query('DELETE FROM t RETURNING a'),
      () => reader.exec('CREATE TABLE u (a INTEGER)'),
      () => reader.transaction(() => 1),
      () => reader.table('t').insert({ a: 2 }),
      () => reader.table('t').delete(1),
      () => reader.analyze(),
      () => reader.explain('DELETE FROM t', [], { analyze: true }),
      () => reader.exec('SELECT 1; SELECT 2; DELETE FROM t'),
    ];
    for (const write of writes) expectCode('READ_ONLY', write);
    db.exec('INSERT INTO t VALUES (2)');
    reader.refresh();
    expect(reader.table('t').count()).toBe(2);
    await reader.flush();
    reader.close();
  });

  it('stats are what was done', () => {
    const path = temporaryFile();
    const db = openTest(path, { cacheBytes: 1_000_000, cachePolicy: 'arc' });
    const fresh = db.stats();
    expect(fresh).toMatchObject({ store: 'lmdb', cache: { policy: 'arc', budget: 1_000_000 } });
    db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)');
    db.table('t').insertMany(Array.from({ length: 20_000 }, (_, a) => ({ a, b: 'x'.repeat(100) })));
    for (let i = 0; i < 3; i++) db.query('SELECT sum(a) FROM t');
    const used = db.stats();
    expect(used.sequence).toBe(fresh.sequence + 2);
    expect(used.cache.hits + used.cache.misses).toBeGreaterThan(fresh.cache.hits + fresh.cache.misses);
    expect(used.cache.hitRate).toBeCloseTo(used.cache.hits / (used.cache.hits + used.cache.misses));
    expect(used.cache.bytes).toBeLessThanOrEqual(used.cache.budget);
    expect(used.cache.evictions).toBeGreaterThan(0);
    expect(used.fileBytes).toBeGreaterThan(2_000_000);
  });
});

describe('transactions', () => {
  it('commit when they return, give the value, and undo all when they throw', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (a INTEGER)');
    expect(db.transaction(() => (db.exec('INSERT INTO t VALUES (1)'), 'value'))).toBe('value');
    const boom = new Error('boom');
    const undone = () =>
      db.transaction(() => {
        db.exec('INSERT INTO t VALUES (2)');
        throw boom;
      });
    expect(undone).toThrow(boom);
    expect(db.query('SELECT a FROM t')).toEqual([{ a: 1 }]);
  });

  it('nest as savepoints', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (a INTEGER)');
    const insert = db.prepare('INSERT INTO t VALUES (?)');
    db.transaction(() => {
      insert.run(1);
      expect(() =>
        db.transaction(() => {
          insert.run(2);
          db.transaction(() => insert.run(3));
          throw new Error('inner');
        }),
      ).toThrow('inner');
      db.transaction(() => insert.run(4));
      expect(db.query('SELECT a FROM t')).toEqual([{ a: 1 }, { a: 4 }]);
    });
    expect(db.query('SELECT a FROM t')).toEqual([{ a: 1 }, { a: 4 }]);
  });

  it('refuse asynchronous functions, and undo what they did', async () => {
    const db = openTest();
    db.exec('CREATE TABLE t (a INTEGER)');
    const asynchronous = async () => {
      db.exec('INSERT INTO t VALUES (1)');
      await Promise.resolve();
      throw new Error('too late');
    };
    expectCode('ASYNC_TRANSACTION', () => db.transaction(asynchronous));
    expectCode('ASYNC_TRANSACTION', () => db.transaction(() => db.transaction(asynchronous)));
    await new Promise((resolve) => setImmediate(resolve));
    expect(db.table('t').count()).toBe(0);
    db.exec('INSERT INTO t VALUES (2)');
    expect(db.table('t').count()).toBe(1);
  });

  it('see one instant, and closing inside one is refused', () => {
    const db = openTest();
    db.transaction(() => {
      const first = db.query('SELECT now() AS at')[0]!['at'];
      const until = Date.now() + 5;
      while (Date.now() < until);
      expect(db.query('SELECT now() AS at')[0]!['at']).toEqual(first);
      expectCode('IN_TRANSACTION', () => db.close());
    });
    expect(db.closed).toBe(false);
  });

  it('an error of a statement does not end them', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY)');
    db.transaction(() => {
      db.exec('INSERT INTO t VALUES (1)');
      expect(errorOf(() => db.exec('INSERT INTO t VALUES (2), (1)')).kind).toBe('constraint');
      expect(errorOf(() => db.query('SELECT b FROM t')).kind).toBe('input');
      db.exec('INSERT INTO t VALUES (3)');
    });
    expect(db.query('SELECT a FROM t')).toEqual([{ a: 1 }, { a: 3 }]);
  });
});
