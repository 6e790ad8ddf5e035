// How large an index would be, and what it would cost to keep: guesses from the statistics of its table.

import type { IndexDef, IndexKindName, TableDef } from '../../catalog/definitions.js';
import type { IndexStatistics, TableStatistics } from '../../catalog/statistics.js';
import { compileTest } from '../../expr/evaluate.js';
import { never } from '../../errors.js';
import type { ScalarType } from '../../values/types.js';

const PAGE = 4_096;
/** Bytes of a key or column of which nothing is known. */
const WIDTH = 12;
/** Share of the rows that satisfy a predicate of which nothing is known. */
const SHARE = 0.1;
/** Packed pages are nine tenths full. */
const FULL = 0.9;

/** Microseconds of a row more under an index of the kind, in batches of 100 rows: `bench/cases/write-cost.ts`. */
const WRITE_COST: Readonly<Record<IndexKindName, number>> = {
  primary: 1,
  btree: 5,
  hash: 5,
  bitmap: 5,
  rtree: 4,
  fulltext: 25,
  bloom: 3,
  columnstore: 5,
};

export function writeCostOf(kind: IndexKindName): number {
  return WRITE_COST[kind];
}

export function sizeOf(
  index: IndexDef,
  table: TableDef,
  rows: number,
  statistics: TableStatistics | undefined,
): IndexStatistics {
  const entries = Math.round(rows * shareOf(index, table, statistics));
  const columns = index.keys.map((key) => (key.expr.kind === 'column' ? statistics?.columns[key.expr.id] : undefined));
  const distinct = Math.min(
    Math.max(1, entries),
    columns.reduce((product, column) => product * Math.max(1, column?.distinct ?? Math.sqrt(rows)), 1),
  );
  const keyWidth = index.keys.reduce((sum, key, i) => sum + (columns[i]?.width ?? widthOf(key.type)), 0);
  const included = index.include.reduce((sum, ordinal) => sum + (statistics?.columns[ordinal]?.width ?? WIDTH), 0);
  const bytes = Math.ceil(bytesOf(index.kind, entries, distinct, keyWidth, included) / FULL);
  return { entries, distinct, pages: Math.ceil(bytes / PAGE) + 1, bytes: bytes + PAGE, falsePositiveRate: undefined };
}

function bytesOf(kind: IndexKindName, entries: number, distinct: number, key: number, included: number): number {
  switch (kind) {
    case 'primary':
    case 'btree':
      return entries * (key + included + 7);
    case 'hash':
      return entries * 13;
    case 'bitmap':
      return entries * 2 + distinct * (key + 4) * Math.max(1, entries / 65_536);
    case 'rtree':
      return entries * 24;
    case 'fulltext':
      return entries * key * 0.9;
    case 'bloom':
      return (entries * 10) / 8;
    case 'columnstore':
      return entries * (key + included);
    default:
      return never(kind, 'index kind');
  }
}

function widthOf(type: ScalarType): number {
  return type === 'boolean' ? 1 : type === 'text' || type === 'blob' || type === 'json' ? 2 * WIDTH : 8;
}

/** Of the rows, those that a partial index would hold: counted on the sample. */
function shareOf(index: IndexDef, table: TableDef, statistics: TableStatistics | undefined): number {
  if (index.where === undefined) return 1;
  const sample = statistics?.sample ?? [];
  if (sample.length === 0) return SHARE;
  const test = compileTest(index.where.expr, new Map(table.columns.map((_, ordinal) => [ordinal, ordinal])), true);
  const held = sample.filter((row) =>
    test(
      row.map((value) => [value]),
      0,
      { parameters: [], now: 0 },
    ),
  ).length;
  return Math.max(held, 0.5) / sample.length;
}
