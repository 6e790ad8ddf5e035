// A world: tables, indexes, rows and writes as a list of steps, which can be replayed into each engine, whole or in part.

import { favouritesOf } from './generate/favourites.js';
import type { Favourites } from './generate/favourites.js';
import { tableRelation } from './generate/sources.js';
import type { QueryTable, Relation } from './generate/sources.js';
import { makeView } from './generate/views.js';
import { makeIndexes } from './indexes.js';
import type { IndexInfo } from './indexes.js';
import { Random } from './random.js';
import { drawRow, makeTables, MIXED } from './schema.js';
import type { Column, Sizes, Table } from './schema.js';
import { write } from './query.js';
import { createTable, everywhere, here, insertSteps } from './steps.js';
import type { Step } from './steps.js';
import { Writes } from './writes.js';

export interface World {
  readonly seed: number;
  readonly tables: readonly QueryTable[];
  readonly views: readonly Relation[];
  readonly indexes: readonly IndexInfo[];
  readonly steps: readonly Step[];
  readonly large: boolean;
}

export function makeWorld(seed: number, sizes: Sizes = MIXED): World {
  const random = new Random(seed);
  const tables = makeTables(random, sizes);
  const steps: Step[] = tables.map((table) => everywhere((d) => createTable(table, d)));
  const indexes: IndexInfo[] = [];
  const queryTables: QueryTable[] = [];
  for (const table of tables) {
    const favourites = favouritesOf(random, table);
    const own = makeIndexes(random, table, favourites, sizes.indexes);
    indexes.push(...own);
    queryTables.push({
      table,
      favourites,
      match: own.some((index) => index.kind === 'fulltext'),
      bitmaps: own
        .filter((index) => index.kind === 'bitmap' && !index.partial && !index.expression)
        .map((index) => index.key),
      indexed: table.columns.map((c) => c.name).filter((name) => own.some((index) => index.key === name)),
    });
    const early = own.filter(() => random.chance(0.3));
    steps.push(...early.map((index) => here(index.sql)));
    const ids = random.sample(table.id.pool, table.rows);
    const rows = ids.map((id) => drawRow(random, table, id));
    const cut = random.chance(0.3) ? random.int(0, rows.length) : rows.length;
    steps.push(...insertSteps(random, table, rows.slice(0, cut)));
    steps.push(...own.filter((index) => !early.includes(index)).map((index) => here(index.sql)));
    steps.push(...insertSteps(random, table, rows.slice(cut)));
    if (random.chance(0.5)) steps.push(here(`ANALYZE ${table.name}`));
  }
  for (const table of tables) {
    if (random.chance(0.6)) steps.push(...new Writes(random, table).some());
  }
  if (random.chance(0.3)) steps.push(here('ANALYZE'));
  const views: Relation[] = [];
  const relations = queryTables.map(tableRelation);
  for (let i = random.int(0, 2); i > 0; i--) {
    const { query, relation } = makeView(random, relations, `v${views.length}`);
    views.push(relation);
    steps.push(everywhere((d) => `CREATE VIEW ${String(relation.table)} AS ${write(query, d).sql}`));
  }
  return { seed, tables: queryTables, views, indexes, steps, large: false };
}

/** One table of more rows than a bloom filter serves, so that whole chunks can be refuted; few other indexes stand in the way. */
export function makeLargeWorld(seed: number): World {
  const random = new Random(seed);
  const rows = 70_000;
  const plain = { skewed: false, nulls: 0, arithmetic: true, ascii: true } as const;
  const numbers = Array.from({ length: rows * 2 }, (_, i) => i);
  const id: Column = { ...plain, name: 'id', kind: 'integer', pool: numbers };
  const columns: Column[] = [
    id,
    { ...plain, name: 'c0', kind: 'integer', pool: numbers, nulls: 0.02 },
    { ...plain, name: 'c1', kind: 'text', pool: numbers.map((i) => `code ${i}`), nulls: 0.02 },
    { ...plain, name: 'c2', kind: 'integer', pool: [0, 1, 2, 3] },
  ];
  const table: Table = { name: 't0', columns, id, primaryKey: ['id'], search: false, rows };
  const steps: Step[] = [everywhere((d) => createTable(table, d))];
  const data = Array.from({ length: rows }, (_, i) => drawRow(random, table, i));
  for (let at = 0; at < rows; at += 10_000) steps.push({ kind: 'bulk', table, rows: data.slice(at, at + 10_000) });
  const shape = { table: 't0', partial: false, expression: false, covering: false };
  const indexes: IndexInfo[] = ['c0', 'c1'].map((key, i) => ({
    ...shape,
    name: `t0_i${i}`,
    kind: 'bloom',
    key,
    sql: `CREATE INDEX t0_i${i} ON t0 USING bloom (${key})`,
  }));
  steps.splice(4, 0, ...indexes.map((index) => here(index.sql)));
  steps.push(here('ANALYZE'), ...new Writes(random, table).additions());
  const favourites: Favourites = { expressions: () => [], predicates: () => [] };
  return {
    seed,
    tables: [{ table, favourites, match: false, indexed: ['c0', 'c1'], bitmaps: [] }],
    views: [],
    indexes,
    steps,
    large: true,
  };
}
