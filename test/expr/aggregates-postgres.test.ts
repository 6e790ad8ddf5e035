// Aggregates as statements, beside PostgreSQL: order, DISTINCT, FILTER, empty groups and NULLs.

import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agg, arrayAgg, element, jsonAgg, open, param, slice, stringAgg } from '../../src/index.js';
import type { Database } from '../../src/index.js';
import { expectCode } from '../db/support.js';

interface Town {
  id: number;
  kind: string | null;
  name: string | null;
  size: number | null;
  height: number | null;
}

const TABLE = 'CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT, name TEXT, size INTEGER, height DOUBLE PRECISION)';
const ROWS = `INSERT INTO t VALUES (1, 'a', 'Suva', 3, 1.5), (2, 'a', 'Ba', 1, NULL), (3, 'a', NULL, 3, -2.25), (4, 'b', 'Nadi', NULL, 1e6),
  (5, 'b', 'Ba', 7, 1000001), (6, NULL, 'Lautoka', 2, 0.125), (7, 'c', NULL, NULL, NULL), (8, 'a', 'ba', 2, 1.5)`;

let db: Database;
let postgres: PGlite;

beforeAll(async () => {
  db = open(':memory:');
  postgres = await PGlite.create();
  db.exec(`${TABLE}; ${ROWS}`);
  await postgres.exec(`${TABLE}; ${ROWS}`);
});

afterAll(async () => {
  db.close();
  await postgres.close();
});

/** Numbers to twelve digits: PostgreSQL's NUMERIC has more. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(12));
  return Array.isArray(value) ? value.map(rounded) : value;
}

async function same(sql: string, postgresSql = sql): Promise<void> {
  const { rows } = await postgres.query(postgresSql, [], { rowMode: 'array' });
  expect(db.prepare(sql).values().map(rounded), sql).toEqual((rows as unknown[][]).map(rounded));
}

describe('aggregates mean what they mean in PostgreSQL', () => {
  const calls = [
    `string_agg(name, ',' ORDER BY id)`,
    `string_agg(name, ',' ORDER BY name COLLATE "C" DESC, id)`,
    `string_agg(name, ', ' ORDER BY size DESC NULLS LAST, id DESC)`,
    `string_agg(DISTINCT lower(name), '|' ORDER BY lower(name))`,
    `string_agg(name, kind ORDER BY id) FILTER (WHERE size > 1)`,
    `array_agg(size ORDER BY id)`,
    `array_agg(name ORDER BY size NULLS FIRST, id)`,
    `array_agg(DISTINCT size ORDER BY size DESC)`,
    `array_agg(DISTINCT size)`,
    `array_agg(id ORDER BY height, id) FILTER (WHERE kind = 'a')`,
    `json_agg(name ORDER BY id)`,
    `json_agg(height ORDER BY id)`,
    `jsonb_agg(size ORDER BY size, id)`,
    `json_object_agg(id, name)::jsonb`,
    `count(DISTINCT size)`,
    `count(name ORDER BY id)`,
    `sum(DISTINCT size)::int`,
    `avg(DISTINCT size)::float8`,
    `min(name ORDER BY id)`,
    `bool_and(size > 1)`,
    `every(size > 0)`,
    `bool_or(size > 5)`,
    `stddev(size)::float8`,
    `stddev_samp(height)`,
    `stddev_pop(size)::float8`,
    `variance(height)`,
    `var_samp(size)::float8`,
    `var_pop(height)`,
    `var_pop(DISTINCT size)::float8`,
    `stddev(height) FILTER (WHERE id > 100)`,
  ];
  // Text is ordered by code point here, always.
  const ours = (call: string) =>
    call.replace(' COLLATE "C"', '').replace('json_object_agg(id', 'json_object_agg(id::text').replace('::jsonb', '');
  for (const call of calls) {
    it(call, async () => {
      const theirs = call.replace('::int', '::bigint').replace(/bigint$/, 'int');
      await same(`SELECT ${ours(call)} FROM t`, `SELECT ${theirs} FROM t`);
      const grouped = 'FROM t GROUP BY kind ORDER BY kind';
      await same(`SELECT kind, ${ours(call)} ${grouped}`, `SELECT kind, ${theirs} ${grouped}`);
      await same(`SELECT ${ours(call)} FROM t WHERE id > 100`, `SELECT ${theirs} FROM t WHERE id > 100`);
    });
  }

  it('keep digits where sums of squares would lose them', async () => {
    const values = '(VALUES (1e15), (1e15 + 1), (1e15 + 2)) AS v (x)';
    await same(`SELECT var_samp(x) FROM ${values}`, `SELECT var_samp(x::float8) FROM ${values}`);
    await same(
      "SELECT stddev_pop(x) FROM (VALUES (CAST('Infinity' AS REAL))) AS v (x)".replaceAll('REAL', 'DOUBLE PRECISION'),
    );
  });

  it('refuse an order that DISTINCT does not have', () => {
    expectCode('GROUPING', () => db.query("SELECT string_agg(DISTINCT name, ',' ORDER BY id) FROM t"));
    expectCode('TYPE_MISMATCH', () => db.query('SELECT stddev(name) FROM t'));
    expectCode('INVALID_VALUE', () => db.query('SELECT json_object_agg(name, id) FROM t'));
  });
});

describe('the builder', () => {
  it('says them all, and prints what it says', () => {
    const query = db
      .from<Town>('t')
      .groupBy((t) => ({ kind: t.kind }))
      .select((t) => ({
        kind: t.kind,
        names: stringAgg(t.name, ',').orderBy(t.size.desc().nullsLast(), t.id),
        sizes: arrayAgg(t.size).distinct().orderBy(t.size.desc()),
        all: jsonAgg(t.id).orderBy(t.id.desc()),
        newest: element(arrayAgg(t.id).orderBy(t.id.desc()), 1),
        next: slice(arrayAgg(t.id).orderBy(t.id), 2, 3),
        after: slice(arrayAgg(t.id).orderBy(t.id), 3),
        least: element(arrayAgg(t.id), param<number>('position')),
        spread: t.height.stddev(),
        population: agg<number>('var_pop', t.size).filter(t.id.gt(1)),
      }));
    const given = { position: 9 };
    const rows = query.orderBy('kind').all(given);
    expect(rows[0]).toMatchObject({ kind: 'a', names: 'Suva,ba,Ba', sizes: [3, 2, 1], all: [8, 3, 2, 1] });
    expect(rows[0]).toMatchObject({ newest: 8, next: [2, 3], after: [3, 8], least: null });
    expect(db.query(query.orderBy('kind').toSQL(), given)).toEqual(rows);
    expectCode('TYPE_MISMATCH', () =>
      db
        .from<Town>('t')
        .select(() => ({ x: agg('median', 1) }))
        .all(),
    );
  });
});
