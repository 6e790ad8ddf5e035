// Constraints refuse a row and leave nothing behind: neither rows nor index entries, also inside transactions.

import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/index.js';
import { column, errorOf, expectCode, openTest } from '../db/support.js';

function database(): Database {
  const db = openTest();
  db.exec(`
    CREATE TABLE t (
      id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name VARCHAR(3), low INTEGER, high INTEGER DEFAULT 10,
      CONSTRAINT ordered CHECK (low <= high));
    CREATE UNIQUE INDEX t_name ON t USING hash (name);
    CREATE UNIQUE INDEX t_lower ON t (lower(code)) WHERE low > 0;
    CREATE INDEX t_low ON t USING bitmap (low);
    INSERT INTO t (id, code, name, low) VALUES (1, 'a', 'x', 1), (2, 'b', NULL, NULL), (3, 'C', NULL, 5)`);
  return db;
}

const state = (db: Database) => db.prepare('SELECT * FROM t ORDER BY id').values();

describe('a row that breaks a rule', () => {
  const mistakes: readonly [string, string][] = [
    ['NOT_NULL', 'INSERT INTO t (id) VALUES (9)'],
    ['NOT_NULL', "INSERT INTO t (id, code) VALUES (8, 'ok'), (9, NULL)"],
    ['UNIQUE', "INSERT INTO t (id, code) VALUES (8, 'ok'), (1, 'z')"],
    ['UNIQUE', "INSERT INTO t (id, code) VALUES (8, 'ok'), (9, 'a')"],
    ['UNIQUE', "INSERT INTO t (id, code) VALUES (8, 'ok'), (9, 'ok')"],
    ['UNIQUE', "INSERT INTO t (id, code, name) VALUES (8, 'ok', 'y'), (9, 'no', 'x')"],
    ['UNIQUE', "INSERT INTO t (id, code, low) VALUES (8, 'ok', 3), (9, 'A', 3)"],
    ['CHECK', "INSERT INTO t (id, code, low) VALUES (8, 'ok', 3), (9, 'no', 11)"],
    ['VALUE_TOO_LONG', "INSERT INTO t (id, code, name) VALUES (8, 'ok', 'abc'), (9, 'no', 'abcd')"],
    ['UNIQUE', "UPDATE t SET code = 'same'"],
    ['UNIQUE', "UPDATE t SET name = 'x' WHERE id = 2"],
    ['UNIQUE', "UPDATE t SET code = 'c', low = 1 WHERE id IN (2, 3)"],
    ['UNIQUE', 'UPDATE t SET id = 1 WHERE id = 2'],
    ['CHECK', 'UPDATE t SET high = 4 WHERE id IN (2, 3)'],
    ['NOT_NULL', 'UPDATE t SET code = NULL WHERE id = 3'],
    ['VALUE_TOO_LONG', "UPDATE t SET name = 'long' || id"],
    ['DIVISION_BY_ZERO', 'UPDATE t SET low = 1 / (id - 3)'],
    ['DIVISION_BY_ZERO', "INSERT INTO t (id, code, low) SELECT id + 10, code || 'x', 1 / (id - 3) FROM t"],
    ['UNIQUE', "INSERT INTO t (id, code) VALUES (1, 'b') ON CONFLICT (id) DO UPDATE SET code = excluded.code"],
    ['UNIQUE', "INSERT INTO t (id, code) VALUES (7, 'b') ON CONFLICT (id) DO NOTHING"],
    [
      'CARDINALITY',
      "INSERT INTO t (id, code) VALUES (7, 'n'), (7, 'm') ON CONFLICT (id) DO UPDATE SET code = excluded.code",
    ],
  ];

  it.each(mistakes)('%s: %s', (code, sql) => {
    const db = database();
    const before = state(db);
    expectCode(code, () => db.exec(sql));
    expect(state(db)).toEqual(before);
    expect(db.verify()).toEqual({ ok: true, findings: [] });

    // Inside a transaction only the statement is undone.
    db.transaction(() => {
      db.exec("INSERT INTO t (id, code) VALUES (100, 'first')");
      expectCode(code, () => db.exec(sql));
      db.exec("INSERT INTO t (id, code) VALUES (101, 'second')");
    });
    expect(state(db)).toHaveLength(before.length + 2);
  });

  it('is told by constraint, table and value', () => {
    const db = database();
    expect(errorOf(() => db.exec("INSERT INTO t (id, code) VALUES (9, 'a')")).message).toMatch(
      /"t".*\(code\) = \('?a'?\)/,
    );
    expect(errorOf(() => db.exec("INSERT INTO t (id, code, low) VALUES (9, 'q', 99)")).message).toMatch(
      /ordered.*low <= high/,
    );
    expect(errorOf(() => db.table('t').insert({ id: 1, code: 'q' })).message).toMatch(/primary key/);
  });

  it('leaves nothing behind through a handle either', () => {
    const db = database();
    const before = state(db);
    const table = db.table('t');
    expectCode('UNIQUE', () => table.insertMany([{ code: 'p' }, { code: 'q' }, { code: 'a' }]));
    expectCode('CHECK', () => table.update(1, { low: 50 }));
    expectCode('UNIQUE', () => table.put({ id: 1, code: 'b' }));
    expectCode('NOT_NULL', () => table.put({ id: 1 }));
    expectCode('UNKNOWN_COLUMN', () => table.insertMany([{ code: 'p' }, { cod: 'q' }]));
    expect(state(db)).toEqual(before);
  });
});

describe('what is allowed', () => {
  it('NULLs are never duplicates, and a CHECK that is NULL passes', () => {
    const db = database();
    db.exec("INSERT INTO t (id, code, name, low) VALUES (4, 'd', NULL, NULL), (5, 'e', NULL, NULL)");
    expect(column(db, 'SELECT count(*) FROM t WHERE name IS NULL')).toEqual([4]);
  });

  it('VARCHAR(n) counts characters', () => {
    const db = database();
    db.exec("INSERT INTO t (id, code, name) VALUES (4, 'd', '\u{1f600}\u{1f600}\u{1f600}')");
    expect(column(db, 'SELECT length(name) FROM t WHERE id = 4')).toEqual([3]);
  });

  it('a partial unique index knows only its own rows', () => {
    const db = database();
    db.exec("INSERT INTO t (id, code, low) VALUES (4, 'A', 0)");
    expectCode('UNIQUE', () => db.exec('UPDATE t SET low = 2 WHERE id = 4'));
    db.exec('UPDATE t SET low = 0 WHERE id = 1; UPDATE t SET low = 2 WHERE id = 4');
    expect(column(db, "SELECT id FROM t WHERE lower(code) = 'a' AND low > 0")).toEqual([4]);
  });

  it('a row may keep its own keys', () => {
    const db = database();
    db.exec(
      "UPDATE t SET code = code, name = name, id = id; UPDATE t SET code = 'z' WHERE id = 1; UPDATE t SET code = 'a' WHERE id = 1",
    );
    db.table('t').put({ id: 1, code: 'a', name: 'x' });
    expect(column(db, 'SELECT code FROM t ORDER BY id')).toEqual(['a', 'b', 'C']);
  });

  it('an index cannot become unique over duplicates, and leaves none behind', () => {
    const db = database();
    db.exec('UPDATE t SET low = 5 WHERE id = 2');
    for (const kind of ['btree', 'hash']) {
      expectCode('UNIQUE', () => db.exec(`CREATE UNIQUE INDEX u ON t USING ${kind} (low)`));
    }
    expect(db.schema().tables[0]!.indexes.map((index) => index.name)).not.toContain('u');
    db.exec('UPDATE t SET low = 6 WHERE id = 2; CREATE UNIQUE INDEX u ON t (low)');
    expectCode('UNIQUE', () => db.exec('UPDATE t SET low = 6 WHERE id = 3'));
  });
});

describe('a statement reads the state before it', () => {
  it('INSERT INTO t SELECT FROM t ends', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2)');
    for (let i = 0; i < 11; i++) db.exec('INSERT INTO t SELECT a + 2 FROM t');
    expect(column(db, 'SELECT count(*) FROM t')).toEqual([4096]);
  });

  it('UPDATE does not meet the rows that it has moved', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER); CREATE INDEX t_v ON t (v)');
    db.table('t').insertMany(Array.from({ length: 3000 }, (_, i) => ({ id: i, v: i })));
    expect(db.prepare('UPDATE t SET v = v + 1 WHERE v >= 0').run()).toEqual({ changes: 3000 });
    expect(column(db, 'SELECT sum(v) FROM t')).toEqual([(3000 * 3001) / 2]);
    expect(db.prepare('UPDATE t SET id = id + 100000 WHERE id < 5000000').run()).toEqual({ changes: 3000 });
    expect(db.prepare('DELETE FROM t WHERE v < (SELECT avg(v) FROM t)').run()).toEqual({ changes: 1500 });
  });

  it('sub-queries of RETURNING and DO UPDATE see it too', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER); INSERT INTO t VALUES (1, 10), (2, 20)');
    const count = '(SELECT count(*) FROM t) AS n';
    expect(db.query(`INSERT INTO t VALUES (3, 30), (4, 40) RETURNING id, ${count}`)).toEqual([
      { id: 3, n: 2 },
      { id: 4, n: 2 },
    ]);
    expect(db.query(`DELETE FROM t WHERE id > 2 RETURNING id, ${count}`)).toEqual([
      { id: 3, n: 4 },
      { id: 4, n: 4 },
    ]);
    db.exec(
      'INSERT INTO t VALUES (1, 0), (2, 0) ON CONFLICT (id) DO UPDATE SET v = (SELECT sum(v) FROM t WHERE id <= excluded.id)',
    );
    expect(column(db, 'SELECT v FROM t ORDER BY id')).toEqual([10, 30]);
    db.exec('UPDATE t SET v = (SELECT max(x.v) FROM t x WHERE x.id <> t.id)');
    expect(column(db, 'SELECT v FROM t ORDER BY id')).toEqual([30, 10]);
  });
});

describe('indexes follow updates', () => {
  it('partial, expression and covering ones, in and out', () => {
    const db = openTest();
    db.exec(`
      CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT, size INTEGER, note TEXT);
      CREATE INDEX big ON t (size) INCLUDE (note) WHERE size > 100;
      CREATE INDEX lowered ON t (lower(kind), size);
      CREATE INDEX doubled ON t USING hash (size * 2);
      CREATE INDEX kinds ON t USING bitmap (kind) WHERE kind <> 'none';
      CREATE INDEX sizes ON t USING bloom (size)`);
    db.table('t').insertMany(
      Array.from({ length: 500 }, (_, i) => ({ id: i, kind: i % 2 ? 'Odd' : 'none', size: i, note: `n${i}` })),
    );
    const entries = () =>
      Object.fromEntries(db.schema().tables[0]!.indexes.map((index) => [index.name, index.entries]));
    expect(entries()).toMatchObject({ big: 399, lowered: 500, kinds: 250 });
    db.exec("UPDATE t SET size = size - 100, kind = 'none' WHERE id BETWEEN 150 AND 250");
    expect(entries()).toMatchObject({ big: 348, kinds: 200 });
    db.exec("UPDATE t SET note = 'changed' WHERE id = 300; UPDATE t SET size = NULL, kind = NULL WHERE id = 301");
    db.exec('DELETE FROM t WHERE id > 400');
    expect(db.verify()).toEqual({ ok: true, findings: [] });
    expect(column(db, 'SELECT note FROM t WHERE size > 100 AND size = 300')).toEqual(['changed']);
    expect(column(db, 'SELECT id FROM t WHERE size * 2 = 300 ORDER BY id')).toEqual([250]);
    expect(column(db, "SELECT count(*) FROM t WHERE lower(kind) = 'odd'")).toEqual([
      column(db, "SELECT count(*) FROM t WHERE kind = 'Odd'")[0],
    ]);
  });
});
