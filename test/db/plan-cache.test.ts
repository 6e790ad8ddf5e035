// Plans are shared between texts and values, and never give another answer than a plan made anew.

import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/index.js';
import { errorOf, expectCode, openTest } from './support.js';

const schema = `
  CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, r REAL, name TEXT, d DATE, flag BOOLEAN);
  CREATE INDEX t_n ON t (n); CREATE INDEX t_kind ON t USING bitmap (name);
  CREATE TABLE p (id INTEGER PRIMARY KEY, n INTEGER, name TEXT);
  CREATE INDEX p_n ON p (n) WHERE name = 'a'; CREATE INDEX p_expr ON p (n + 1)`;

function database(planCacheSize?: number): Database {
  const db = openTest(':memory:', planCacheSize === undefined ? {} : { planCacheSize });
  db.exec(schema);
  const rows = Array.from({ length: 300 }, (_, id) => ({
    id,
    n: id % 50 === 0 ? null : id % 20,
    name: 'abc'[id % 3]!,
  }));
  db.table('t').insertMany(
    rows.map((row) => ({
      ...row,
      r: row.id / 4,
      d: `2020-01-${String((row.id % 28) + 1).padStart(2, '0')}`,
      flag: row.id % 2 > 0,
    })),
  );
  db.table('p').insertMany(rows);
  return db;
}

const counts = (db: Database) => {
  const { textHits, shapeHits, misses, reasons } = db.stats().plans;
  return { textHits, shapeHits, misses, reasons };
};

describe('hits and misses', () => {
  it('are counted by text and by shape', () => {
    const db = database();
    const before = counts(db);
    for (const n of [1, 1, 2, 3, 3]) db.query(`SELECT id FROM t WHERE n = ${n}`);
    const after = counts(db);
    expect(after.misses - before.misses).toBe(1);
    expect(after.shapeHits - before.shapeHits).toBe(2);
    expect(after.textHits - before.textHits).toBe(2);
    expect(after.reasons['new']! - (before.reasons['new'] ?? 0)).toBe(1);
  });

  it('definitions and ANALYZE make plans anew, and say so', () => {
    const db = database();
    const select = db.prepare("SELECT count(*) AS c FROM t WHERE flag AND name = 'a'");
    const first = select.get();
    const reasons = () => counts(db).reasons['definitions'] ?? 0;
    expect(reasons()).toBe(0);
    db.exec('CREATE INDEX t_flag ON t USING bitmap (flag)');
    expect(select.get()).toEqual(first);
    expect(reasons()).toBe(1);
    db.analyze('t');
    expect(select.get()).toEqual(first);
    expect(reasons()).toBe(2);
    db.exec('DROP INDEX t_flag');
    expect(select.get()).toEqual(first);
    expect(select.get()).toEqual(first);
    expect(reasons()).toBe(3);
  });

  it('values of other types and of other selectivity get plans of their own', () => {
    const db = database();
    const select = db.prepare('SELECT count(*) AS c FROM t WHERE n < $1');
    expect([select.get(5), select.get(4.5), select.get(5)]).toEqual(
      [{ c: 75 }, { c: 75 }, { c: 75 }].map(() => select.get(5)),
    );
    expect(counts(db).reasons['types']).toBe(1);
    db.exec(
      "INSERT INTO t (id, name) SELECT id + 1000, 'common' FROM t; INSERT INTO t (id, name) SELECT id + 2000, 'common' FROM t; INSERT INTO t (id, name) VALUES (9999, 'once')",
    );
    db.analyze();
    const named = db.prepare('SELECT count(*) AS c FROM t WHERE name = $1');
    expect([named.get('common')!['c'], named.get('once')!['c']]).toEqual([900, 1]);
    expect(counts(db).reasons['selectivity']).toBeGreaterThan(0);
  });

  it('a cache of size 0 keeps nothing, one of size 1 the last', () => {
    const none = database(0);
    none.query('SELECT 1');
    none.query('SELECT 1');
    expect(counts(none)).toMatchObject({ textHits: 0, shapeHits: 0 });
    expect(none.stats().plans.size).toBe(0);
    const one = database(1);
    for (let i = 0; i < 5; i++) one.query(`SELECT ${i}, n FROM t`);
    expect(one.stats().plans.size).toBe(1);
  });
});

describe('shared plans', () => {
  /** Runs of one shape with other literals; the first makes the plan that the others may take. */
  const families: readonly (readonly string[])[] = [
    [
      'SELECT id FROM t WHERE n = 3',
      'SELECT id FROM t WHERE n = 19',
      'SELECT id FROM t WHERE n = 3.5',
      'SELECT id FROM t WHERE n = 3.0',
      "SELECT id FROM t WHERE n = '3'",
    ],
    [
      "SELECT id FROM t WHERE d = '2020-01-02'",
      "SELECT id FROM t WHERE d = '2020-01-28'",
      "SELECT id FROM t WHERE d < '2020-01-03'",
    ],
    ['SELECT id FROM t WHERE r > 10', 'SELECT id FROM t WHERE r > 74.5', 'SELECT id FROM t WHERE r > -1'],
    [
      'SELECT n + 1 AS a FROM t GROUP BY n + 1',
      'SELECT n + 2 AS a FROM t GROUP BY n + 2',
      'SELECT n + 1 AS a FROM t GROUP BY n + 1 HAVING count(*) > 15',
    ],
    [
      'SELECT id, n FROM t ORDER BY 2, 1 LIMIT 3',
      'SELECT id, n FROM t ORDER BY 1, 2 LIMIT 5 OFFSET 2',
      'SELECT id, n FROM t ORDER BY 2 DESC, 1 LIMIT 3',
    ],
    [
      'SELECT 1',
      'SELECT 2.5',
      "SELECT 'x'",
      'SELECT NULL',
      "SELECT x'00ff'",
      'SELECT -9223372036854775808',
      'SELECT 9223372036854775807',
    ],
    [
      "SELECT id FROM p WHERE n = 3 AND name = 'a'",
      "SELECT id FROM p WHERE n = 3 AND name = 'b'",
      "SELECT id FROM p WHERE n = 5 AND name = 'a'",
    ],
    ['SELECT id FROM p WHERE n + 1 = 5', 'SELECT id FROM p WHERE n + 2 = 5', 'SELECT id FROM p WHERE n + 1 = 9'],
    ['SELECT CASE WHEN n > 5 THEN 1 ELSE 0 END AS a FROM t', 'SELECT CASE WHEN n > 5 THEN 1 ELSE 0.5 END AS a FROM t'],
    [
      "SELECT id FROM t WHERE name IN ('a', 'b') AND id < 9",
      "SELECT id FROM t WHERE name IN ('c', 'c') AND id < 9",
      "SELECT id FROM t WHERE name IN ('c') AND id < 9",
    ],
    ["SELECT '5' + n AS a FROM t WHERE id = 1", "SELECT '6' + n AS a FROM t WHERE id = 2"],
    [
      "SELECT coalesce(name, 'none') || '!' AS a FROM t WHERE id = 1",
      "SELECT coalesce(name, 'x') || '?' AS a FROM t WHERE id = 2",
    ],
    ["SELECT CAST('12' AS INTEGER) AS a", "SELECT CAST('13' AS INTEGER) AS a", "SELECT '1.5'::real AS a"],
    ["SELECT DATE '2020-01-01' + 1 AS a", "SELECT DATE '2021-01-01' + 2 AS a"],
    ['SELECT DISTINCT n % 3 AS a FROM t ORDER BY n % 3', 'SELECT DISTINCT n % 4 AS a FROM t ORDER BY n % 4'],
    [
      'SELECT id FROM t WHERE id BETWEEN 3 AND 5',
      'SELECT id FROM t WHERE id BETWEEN 5 AND 3',
      'SELECT id FROM t WHERE id BETWEEN 3.5 AND 6',
    ],
    ["SELECT id FROM t WHERE name LIKE 'a%' AND id < 5", "SELECT id FROM t WHERE name LIKE '%b' AND id < 5"],
    [
      'SELECT count(*) AS c FROM t WHERE n IS NOT NULL OR 1 = 2',
      'SELECT count(*) AS c FROM t WHERE n IS NOT NULL OR 1 = 1',
    ],
    ["VALUES (1, 'a'), (2, 'b')", "VALUES (3, 'c'), (4.5, 'd')"],
    ["SELECT id FROM t WHERE flag = 'true' AND id < 4", "SELECT id FROM t WHERE flag = 'no' AND id < 4"],
    [
      'SELECT x FROM (SELECT n * 2 AS x FROM t WHERE id < 5) AS s WHERE x > 2',
      'SELECT x FROM (SELECT n * 3 AS x FROM t WHERE id < 7) AS s WHERE x > 4',
    ],
    [
      'SELECT id FROM t WHERE n = (SELECT max(n) - 2 FROM p WHERE id > 5)',
      'SELECT id FROM t WHERE n = (SELECT max(n) - 3 FROM p WHERE id > 7)',
    ],
    [
      'SELECT id, 7 AS k FROM t WHERE id < 2 UNION SELECT n, 8 FROM t WHERE id = 3',
      'SELECT id, 9 AS k FROM t WHERE id < 1 UNION SELECT n, 9 FROM t WHERE id = 4',
    ],
    ['SELECT 1/2 AS a, 7 % 4 AS b', 'SELECT 1.0/2 AS a, 7 % 5 AS b', 'SELECT 4/2 AS a, 9 % 5 AS b'],
  ];

  it.each(families)('answer as plans made anew: %s', (...texts) => {
    const [cached, anew] = [database(), database(0)];
    const shown = (db: Database, sql: string) => ({
      rows: db.query(sql),
      columns: db
        .prepare(sql)
        .columns()
        .map((c) => [c.name, c.type]),
    });
    for (const sql of [...texts, ...texts]) expect(shown(cached, sql), sql).toEqual(shown(anew, sql));
  });

  it('also for changes', () => {
    const [cached, anew] = [database(), database(0)];
    const changes = [
      "UPDATE t SET name = 'z', r = 5 WHERE id = 1",
      "UPDATE t SET name = 'y', r = 5.5 WHERE id = 2",
      "INSERT INTO t (id, n, r, d) VALUES (1001, 1, 2, '2020-05-05')",
      "INSERT INTO t (id, n, r, d) VALUES (1002, 1, 2.5, '2020-06-06')",
      'INSERT INTO t (id, n) VALUES (1002, 9) ON CONFLICT (id) DO UPDATE SET n = excluded.n + 1',
      'INSERT INTO t (id, n) VALUES (1001, 9) ON CONFLICT (id) DO UPDATE SET n = excluded.n + 2',
      'DELETE FROM t WHERE n = 4',
      'DELETE FROM t WHERE n = 5',
    ];
    for (const sql of changes) expect(cached.prepare(sql).run(), sql).toEqual(anew.prepare(sql).run());
    expect(cached.query('SELECT * FROM t ORDER BY id')).toEqual(anew.query('SELECT * FROM t ORDER BY id'));
  });

  it('with explicit parameters beside literals', () => {
    const db = database();
    const ids = (sql: string, ...parameters: number[]) => db.query(sql, parameters).map((row) => row['id']);
    expect(ids('SELECT id FROM t WHERE id > 3 AND id < $1', 6)).toEqual([4, 5]);
    expect(ids('SELECT id FROM t WHERE id > 7 AND id < $1', 10)).toEqual([8, 9]);
    expect(ids('SELECT id FROM t WHERE id > ? AND id < 6 AND id <> ?', 1, 3)).toEqual([2, 4, 5]);
    expect(ids('SELECT id FROM t WHERE id > ? AND id < 9 AND id <> ?', 6, 7)).toEqual([8]);
    expectCode('PARAMETER', () => db.query('SELECT id FROM t WHERE id > 9 AND id < $1', []));
    expectCode('PARAMETER', () => db.query('SELECT id FROM t WHERE id > 9', [1]));
  });

  it('a wrong literal is told where it stands in its own text, and does not spoil the others', () => {
    const db = database();
    const right = "SELECT id FROM t WHERE d = '2020-01-02' AND id < 40";
    const wrong = "SELECT  id FROM t WHERE\n d = '2020-13-02' AND id < 40";
    const wanted = db.query(right);
    for (let i = 0; i < 2; i++) {
      const error = errorOf(() => db.query(wrong));
      expect(error).toMatchObject({ code: 'OUT_OF_RANGE', position: { line: 2, column: 6, length: 12 } });
      expect(db.query(right)).toEqual(wanted);
    }
    const shapeHits = counts(db).shapeHits;
    db.query("SELECT id FROM t WHERE d = '2020-01-09' AND id < 41");
    expect(counts(db).shapeHits, 'the shape is still shared').toBe(shapeHits + 1);
  });

  it('hints keep plans of their own', () => {
    const db = database();
    const sql = 'SELECT id FROM t WHERE n = 3';
    const wanted = db.query(sql);
    expect(db.query(sql, [], { hints: { noIndexes: true } })).toEqual(wanted);
    expect(db.explain(sql, [], { hints: { noIndexes: true } })).not.toMatch(/-> .*t_n/);
    expect(db.query(sql, [], { hints: { indexes: { t: ['t_n'] } } })).toEqual(wanted);
    expect(db.explain(sql, [], { hints: { indexes: { t: ['t_n'] } } })).toContain('t_n');
  });
});
