// Sub-queries against plain loops: correlated over several levels, remembered by their outer values, with NULLs.

import { describe, expect, it } from 'vitest';
import { Random } from '../differential/random.js';
import type { ExplainJson, ExplainJsonNode } from '../../src/plan/explain/json.js';
import { openTest } from '../db/support.js';

interface Row {
  id: number;
  k: number | null;
  v: number;
}

const all = (node: ExplainJsonNode): ExplainJsonNode[] => [node, ...node.inputs.flatMap(all)];

const random = new Random(11);
const rowsOf = (count: number): Row[] =>
  Array.from({ length: count }, (_, id) => ({
    id,
    k: random.chance(0.2) ? null : random.int(0, 6),
    v: random.int(0, 9),
  }));
const [a, b, c] = [rowsOf(60), rowsOf(40), rowsOf(30)];

function database(indexed: boolean) {
  const db = openTest();
  for (const [name, rows] of Object.entries({ a, b, c })) {
    db.exec(`CREATE TABLE ${name} (id INTEGER PRIMARY KEY, k INTEGER, v INTEGER)`);
    if (indexed) db.exec(`CREATE INDEX ${name}_k ON ${name} (k); CREATE INDEX ${name}_v ON ${name} USING bitmap (v)`);
    db.table(name).insertMany(rows);
  }
  return db;
}

const same = (x: number | null, y: number | null) => x !== null && x === y;
const sum = (rows: readonly Row[]) => (rows.length === 0 ? null : rows.reduce((total, row) => total + row.v, 0));

const cases: readonly [string, (row: Row) => unknown][] = [
  ['(SELECT sum(b.v) FROM b WHERE b.k = a.k)', (x) => sum(b.filter((y) => same(y.k, x.k)))],
  [
    'EXISTS (SELECT 1 FROM b WHERE b.k = a.k AND EXISTS (SELECT 1 FROM c WHERE c.k = b.k AND c.v > a.v))',
    (x) => b.some((y) => same(y.k, x.k) && c.some((z) => same(z.k, y.k) && z.v > x.v)),
  ],
  [
    '(SELECT count(*) FROM b WHERE b.v > (SELECT min(c.v) FROM c WHERE c.k = a.k))',
    (x) => {
      const least = c.filter((z) => same(z.k, x.k)).map((z) => z.v);
      return least.length === 0 ? 0 : b.filter((y) => y.v > Math.min(...least)).length;
    },
  ],
  [
    '(SELECT sum(d.v) FROM (SELECT v FROM b WHERE b.k = a.k) d, (SELECT 1 AS one FROM c WHERE c.k = a.k) e)',
    (x) => {
      const times = c.filter((z) => same(z.k, x.k)).length;
      const total = sum(b.filter((y) => same(y.k, x.k)));
      return total === null || times === 0 ? null : total * times;
    },
  ],
  [
    'a.k IN (SELECT b.k FROM b WHERE b.v = a.v)',
    (x) => {
      const found = b.filter((y) => y.v === x.v);
      if (found.length === 0) return false;
      if (x.k === null) return null;
      return found.some((y) => y.k === x.k) || (found.some((y) => y.k === null) ? null : false);
    },
  ],
  [
    'a.k NOT IN (SELECT b.k FROM b WHERE b.k IS NOT NULL AND b.v = a.v)',
    (x) => {
      const found = b.filter((y) => y.k !== null && y.v === x.v);
      if (found.length === 0) return true;
      return x.k === null ? null : !found.some((y) => y.k === x.k);
    },
  ],
  [
    '(SELECT b.v FROM b WHERE b.k = a.k ORDER BY b.v DESC, b.id LIMIT 1)',
    (x) =>
      b
        .filter((y) => same(y.k, x.k))
        .reduce<number | null>((most, y) => (most === null || y.v > most ? y.v : most), null),
  ],
  [
    '(SELECT count(*) FROM b WHERE b.k = a.k UNION ALL SELECT 0 WHERE a.k < 0)',
    (x) => b.filter((y) => same(y.k, x.k)).length,
  ],
  ['CASE WHEN a.v > 5 THEN (SELECT max(b.v) FROM b WHERE b.k = a.k) ELSE (SELECT 1 / 0) END IS NULL', () => undefined],
];

describe.each([false, true])('indexed: %s', (indexed) => {
  it.each(cases.slice(0, -1))('%s', (text, model) => {
    const db = database(indexed);
    const wanted = a.map((row) => model(row));
    expect(db.prepare(`SELECT ${text} AS x FROM a ORDER BY id`).values().flat()).toEqual(wanted);
    if (typeof wanted[0] === 'number' || wanted[0] === null) return;
    const kept = a.filter((row) => model(row) === true).map((row) => row.id);
    expect(db.prepare(`SELECT id FROM a WHERE ${text} ORDER BY id`).values().flat()).toEqual(kept);
  });

  it('a branch that is not taken does not run its sub-query', () => {
    const db = database(indexed);
    expect(() => db.query(`SELECT ${cases.at(-1)![0]} FROM a WHERE v > 5`)).not.toThrow();
    expect(() => db.query(`SELECT ${cases.at(-1)![0]} FROM a`)).toThrow(
      expect.objectContaining({ code: 'DIVISION_BY_ZERO' }),
    );
  });

  it('a row of assignments runs its sub-query once for each outer value, however many there are', () => {
    const db = database(indexed);
    db.exec('CREATE TABLE many (id INTEGER PRIMARY KEY, x INTEGER, y TEXT, z INTEGER)');
    db.table('many').insertMany(Array.from({ length: 9000 }, (_, id) => ({ id })));
    let runs = 0;
    db.function('counted', { args: ['integer'], returns: 'integer' }, (id) => (runs++, id));
    db.exec('UPDATE many SET (x, y, z) = (SELECT v, counted(many.id)::text, k FROM a WHERE a.id = many.id % 60)');
    expect(runs).toBe(9000);
    const wanted = Array.from({ length: 9000 }, (_, id) => [a[id % 60]!.v, String(id), a[id % 60]!.k]);
    expect(db.prepare('SELECT x, y, z FROM many ORDER BY id').values()).toEqual(wanted);
  });

  it('whether there is any row is asked of the first', () => {
    const db = database(indexed);
    let read = 0;
    db.function('counted', { args: ['integer'], returns: 'integer' }, (id) => (read++, id));
    const crossed = 'SELECT 1 FROM a x LEFT JOIN a y ON TRUE LEFT JOIN b z ON TRUE WHERE counted(x.id) >= 0';
    const count = (where: string) => db.query(`SELECT count(*) AS n FROM a WHERE ${where}`)[0]!.n;
    expect(count(`EXISTS (${crossed})`)).toBe(a.length);
    expect(count(`NOT EXISTS (${crossed})`)).toBe(0);
    expect(count(`EXISTS (${crossed} AND y.id < 0)`)).toBe(0);
    expect(count(`NOT EXISTS (${crossed} AND y.id < 0)`)).toBe(a.length);
    const plan = JSON.parse(
      db.explain(`SELECT id FROM a WHERE EXISTS (${crossed})`, [], { analyze: true, format: 'json' }),
    ) as ExplainJson;
    const join = all(plan.plan).find(({ title }) => title === 'Nested Loop Semi Join')!;
    // One batch of the 144,000 rows.
    expect(join.inputs[1]!.actual!.rows).toBeLessThan(10_000);
    expect(read).toBeGreaterThan(0);
  });

  it('more outer values than are remembered', () => {
    const db = database(indexed);
    db.exec('CREATE TABLE many (id INTEGER PRIMARY KEY)');
    db.table('many').insertMany(Array.from({ length: 9000 }, (_, id) => ({ id })));
    const found = db.query('SELECT sum((SELECT count(*) FROM c WHERE c.id = m.id % 4500)) AS n FROM many m');
    expect(found).toEqual([{ n: 2 * c.length }]);
  });
});
