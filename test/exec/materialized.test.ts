// Common tables: MATERIALIZED ones are evaluated once and only when they are read, the others by each query that reads them.

import { describe, expect, it } from 'vitest';
import { errorOf, openTest } from '../db/support.js';

const ROWS = 3000;

function database() {
  const db = openTest();
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER); CREATE TABLE few (id INTEGER PRIMARY KEY)');
  db.table('t').insertMany(Array.from({ length: ROWS }, (_, id) => ({ id, k: id % 7 })));
  db.exec('INSERT INTO few VALUES (1), (2), (3)');
  const calls = { count: 0 };
  db.function('seen', { args: ['integer'], returns: 'integer' }, (value) => (calls.count++, value));
  const run = (sql: string, parameters: unknown[] = []) => {
    calls.count = 0;
    return { rows: db.prepare(sql).values(...parameters), calls: calls.count };
  };
  return { db, run };
}

const table = (how: string) => `WITH x AS ${how} (SELECT seen(id) AS id, k FROM t)`;

describe('a MATERIALIZED common table', () => {
  it('is evaluated once, by joins, sub-queries and other common tables', () => {
    const { run } = database();
    const read = `, y AS (SELECT max(id) AS m FROM x) SELECT few.id, a.k, (SELECT count(*) FROM x WHERE x.k = few.id), m
      FROM few JOIN x AS a ON a.id = few.id CROSS JOIN y WHERE EXISTS (SELECT 1 FROM x WHERE x.id = few.id + 10) ORDER BY 1`;
    const once = run(table('MATERIALIZED') + read);
    expect(once.calls).toBe(ROWS);
    const inlined = run(table('NOT MATERIALIZED') + read);
    expect(inlined.calls).toBeGreaterThan(2 * ROWS);
    expect(run(table('') + read).calls).toBe(inlined.calls);
    expect(inlined.rows).toEqual(once.rows);
    expect(once.rows.map(([id, k]) => [id, k])).toEqual([1, 2, 3].map((id) => [id, id]));
  });

  it('keeps conditions out of its query, which the others let in', () => {
    const { db, run } = database();
    expect(run(`${table('MATERIALIZED')} SELECT * FROM x WHERE k = 3 AND k = 4`).calls).toBe(ROWS);
    expect(run('WITH x AS MATERIALIZED (SELECT * FROM t) SELECT id FROM x WHERE id = 5').rows).toEqual([[5]]);
    const plan = (how: string) =>
      String(db.explain(`WITH x AS ${how} (SELECT * FROM t) SELECT id FROM x WHERE id = 5`));
    expect(plan('MATERIALIZED')).toMatch(/Common Table x[^]*Sub-query 0\n {2}Table Scan on t/);
    expect(plan('NOT MATERIALIZED')).toMatch(/^Row Set Scan on t/);
  });

  it('is not evaluated when nothing reads it', () => {
    const { run } = database();
    expect(run(`${table('MATERIALIZED')} SELECT 1`).calls).toBe(0);
    expect(run(`${table('MATERIALIZED')}, y AS (SELECT * FROM x) SELECT 1`).calls).toBe(0);
    expect(run(`${table('MATERIALIZED')} SELECT id FROM few WHERE id > 5 AND EXISTS (SELECT 1 FROM x)`).calls).toBe(0);
  });

  it('is evaluated anew by each execution, with its parameters', () => {
    const { run } = database();
    const text =
      'WITH x AS MATERIALIZED (SELECT seen(id) AS id FROM t WHERE k = $1) SELECT count(*), min(a.id) FROM x a, x b WHERE a.id = b.id';
    for (const k of [0, 3, 9]) {
      const ids = Array.from({ length: ROWS }, (_, id) => id).filter((id) => id % 7 === k);
      const { rows, calls } = run(text, [k]);
      expect(rows).toEqual([[ids.length, ids[0] ?? null]]);
      expect(calls).toBe(ids.length);
    }
  });

  it('that depends on a row of the query around is refused by name', () => {
    const { db } = database();
    const text = 'SELECT (WITH x AS MATERIALIZED (SELECT few.id) SELECT id FROM x) FROM few';
    expect(errorOf(() => db.query(text))).toMatchObject({ code: 'UNSUPPORTED', position: { offset: 13 } });
    expect(db.prepare(text.replace('AS MAT', 'AS NOT MAT')).values()).toEqual([[1], [2], [3]]);
  });
});
