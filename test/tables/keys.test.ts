// Primary keys of every shape: found by statement and by handle, kept unique, changed, and given out.

import { describe, expect, it } from 'vitest';
import { column, errorOf, expectCode, openTest } from '../db/support.js';

const LIMIT = 2 ** 31;

describe('integer keys', () => {
  const keys = [
    0,
    1,
    2,
    63,
    64,
    65,
    70_000,
    LIMIT - 1,
    LIMIT,
    LIMIT + 1,
    2 ** 40,
    -1,
    -5,
    -(2 ** 40),
    2n ** 62n,
    -(2n ** 63n),
    2n ** 63n - 1n,
  ];

  it.each(keys)('%s is found, unique, changed and removed', (key) => {
    const db = openTest();
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)');
    const table = db.table('t');
    for (const other of [3, 4, -2, 2 ** 35]) table.insert({ id: other, v: 'other' });
    expect(table.insert({ id: key, v: 'a' })).toBe(key);
    expectCode('UNIQUE', () => table.insert({ id: key, v: 'b' }));
    expectCode('UNIQUE', () => db.query('INSERT INTO t VALUES ($1, $2)', [key, 'b']));
    expect(table.get(key)).toEqual({ id: key, v: 'a' });
    expect(db.prepare('SELECT v FROM t WHERE id = ?').get(key)).toEqual({ v: 'a' });
    expect(db.query('SELECT v FROM t WHERE id = ?', [key])).toEqual([{ v: 'a' }]);
    expect(db.query('SELECT id FROM t WHERE id BETWEEN $1 AND $1', [key])).toEqual([{ id: key }]);
    expect(table.index('t_pkey').get(key)).toEqual([{ id: key, v: 'a' }]);
    expect(db.prepare('UPDATE t SET id = 5 WHERE id = ?').run(key)).toEqual({ changes: 1 });
    expect([table.get(key), table.get(5)]).toEqual([undefined, { id: 5, v: 'a' }]);
    expect(db.prepare('UPDATE t SET id = ? WHERE id = 5').run(key)).toEqual({ changes: 1 });
    expect([table.get(5), table.get(key)]).toEqual([undefined, { id: key, v: 'a' }]);
    expect([table.delete(key), table.delete(key)]).toEqual([true, false]);
    expect(table.get(key)).toBeUndefined();
    expect(db.prepare('SELECT v FROM t WHERE id = ?').get(key)).toBeUndefined();
    table.put({ id: key, v: 'c' });
    table.put({ id: key, v: 'd' });
    expect(table.get(key)).toEqual({ id: key, v: 'd' });
    expect(table.count()).toBe(5);
  });

  it('come out in order, whatever their row ids', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY)');
    db.table('t').insertMany([...keys].reverse().map((id) => ({ id })));
    const sorted = [...keys].sort((a, b) => (a < b ? -1 : 1));
    expect(column(db, 'SELECT id FROM t ORDER BY id')).toEqual(sorted);
    expect(column(db, 'SELECT id FROM t ORDER BY id DESC')).toEqual([...sorted].reverse());
    expect(column(db, 'SELECT id FROM t WHERE id > 65 ORDER BY id')).toEqual(sorted.filter((key) => key > 65));
    expect(column(db, 'SELECT id FROM t WHERE id < 2 ORDER BY id DESC LIMIT 3')).toEqual([1, 0, -1]);
    expect(
      db
        .table('t')
        .index('t_pkey')
        .range({ gt: -2, lt: 64 })
        .map((row) => row['id']),
    ).toEqual([-1, 0, 1, 2, 63]);
    const middle = db
      .table('t')
      .index('t_pkey')
      .range({ gte: LIMIT - 1, lte: 2 ** 40, reverse: true, limit: 2 });
    expect(middle.map((row) => row['id'])).toEqual([2 ** 40, LIMIT + 1]);
    expect(db.query('SELECT min(id) AS low, max(id) AS high, count(*) AS n FROM t')).toEqual([
      { low: sorted[0], high: sorted.at(-1), n: keys.length },
    ]);
  });

  it('are given out from 1, after the highest, and never twice', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER)');
    const table = db.table('t');
    expect([table.insert({ v: 1 }), table.insert({ id: null, v: 2 })]).toEqual([1, 2]);
    expect(db.query('INSERT INTO t (v) VALUES (3), (4) RETURNING id')).toEqual([{ id: 3 }, { id: 4 }]);
    table.insert({ id: 50, v: 5 });
    expect(table.insert({ v: 6 })).toBe(51);
    table.delete(51);
    expect(table.insert({ v: 7 }), 'not given out again').toBe(52);
    table.insert({ id: -9 });
    expect(table.insert({})).toBe(53);
    expect(db.query('INSERT INTO t (v) SELECT v FROM t WHERE id IN (1, 2) RETURNING id')).toEqual([
      { id: 54 },
      { id: 55 },
    ]);
    table.put({ v: 1 });
    expect(table.get(56)).toMatchObject({ v: 1 });
  });

  it('are given out up to 2^53, then asked for', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY)');
    const table = db.table('t');
    table.insert({ id: Number.MAX_SAFE_INTEGER });
    const error = errorOf(() => table.insert({}));
    expect(error.code).toBe('OUT_OF_RANGE');
    expect(error.hint).toMatch(/id/);
    expect(column(db, 'SELECT id FROM t')).toEqual([Number.MAX_SAFE_INTEGER]);
  });

  it('move past each other, whatever the order', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER); CREATE INDEX t_v ON t (v)');
    db.table('t').insertMany(Array.from({ length: 200 }, (_, i) => ({ id: i + 1, v: i })));
    db.exec('UPDATE t SET id = id + 1');
    expect(column(db, 'SELECT id FROM t WHERE v = 0')).toEqual([2]);
    expectCode('UNIQUE', () => db.exec('UPDATE t SET id = CASE WHEN id < 150 THEN id + 1 ELSE id END'));
    db.exec('UPDATE t SET id = id - 1');
    expect(column(db, 'SELECT sum(id) FROM t')).toEqual([20_100]);
    db.exec('UPDATE t SET id = -id');
    db.exec('UPDATE t SET id = 3000000000 - id');
    expect(column(db, 'SELECT id FROM t WHERE v = 7')).toEqual([3_000_000_008]);
    db.exec('UPDATE t SET id = id - 3000000000');
    expect(column(db, 'SELECT v FROM t WHERE id = 8')).toEqual([7]);
  });
});

describe('text and composite keys', () => {
  it('a text key is found, changed, unique', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (name TEXT PRIMARY KEY, v INTEGER)');
    const table = db.table('t');
    for (const name of ['', 'a', 'A', 'é', '\u{1f600}', 'a\0b']) {
      expect(table.insert({ name, v: 1 })).toBe(name);
      expectCode('UNIQUE', () => table.insert({ name }));
      expect(table.get(name)).toEqual({ name, v: 1 });
      expect(db.query('SELECT v FROM t WHERE name = ?', [name])).toEqual([{ v: 1 }]);
    }
    expect(table.update('a', { name: 'b' })).toBe(true);
    expect([table.get('a'), table.get('b')]).toEqual([undefined, { name: 'b', v: 1 }]);
    expectCode('UNIQUE', () => table.update('b', { name: 'A' }));
    expectCode('NOT_NULL', () => table.insert({ v: 1 }));
    expectCode('NOT_NULL', () => db.exec("UPDATE t SET name = NULL WHERE name = 'b'"));
  });

  it('a composite key is an array, in its own order', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (v TEXT, b TEXT, a INTEGER, PRIMARY KEY (a, b))');
    const table = db.table('t');
    expect(table.insert({ a: 1, b: 'x', v: 'v1' })).toEqual([1, 'x']);
    table.insert({ a: 1, b: 'y', v: 'v2' });
    table.insert({ a: 2, b: 'x', v: 'v3' });
    expectCode('UNIQUE', () => table.insert({ a: 1, b: 'x' }));
    expect(table.get([1, 'y'])).toEqual({ v: 'v2', b: 'y', a: 1 });
    expect(
      table
        .index('t_pkey')
        .get(1)
        .map((row) => row['v']),
    ).toEqual(['v1', 'v2']);
    expect(column(db, "SELECT v FROM t WHERE b = 'x' AND a = 2")).toEqual(['v3']);
    expectCode('INVALID_ARGUMENT', () => table.get(1));
    expectCode('INVALID_ARGUMENT', () => table.get([1]));
    expectCode('NOT_NULL', () => table.insert({ a: 1 }));
    table.put({ a: 1, b: 'x', v: 'new' });
    expect(table.delete([2, 'x'])).toBe(true);
    expect(column(db, 'SELECT v FROM t ORDER BY a, b')).toEqual(['new', 'v2']);
  });

  it('keys of dates, blobs, booleans and reals', () => {
    const db = openTest();
    const values: [string, unknown, unknown][] = [
      ['DATE', '2020-02-29', '2020-02-29'],
      ['TIMESTAMP', new Date(1e12), new Date(1e12)],
      ['BLOB', Uint8Array.of(0, 1), Uint8Array.of(0, 1)],
      ['BOOLEAN', false, false],
      ['REAL', -0, -0],
      ['JSON', { b: 1, a: [2] }, { a: [2], b: 1 }],
    ];
    for (const [type, given, back] of values) {
      db.exec(`CREATE TABLE "t ${type}" (k ${type} PRIMARY KEY, v INTEGER)`);
      const table = db.table(`t ${type}`);
      table.insert({ k: given, v: 1 });
      expectCode('UNIQUE', () => table.insert({ k: given }));
      expect(table.get(given), type).toEqual({ k: back, v: 1 });
      expect(table.delete(given)).toBe(true);
    }
  });

  it('a table without a primary key has no lookups by key', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (a INTEGER)');
    const table = db.table('t');
    expect(table.insert({ a: 1 })).toBeUndefined();
    expectCode('INVALID_ARGUMENT', () => table.get(1));
    expectCode('INVALID_ARGUMENT', () => table.put({ a: 1 }));
    expect([...table.scan()]).toEqual([{ a: 1 }]);
  });
});
