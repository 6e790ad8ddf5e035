// What EXPLAIN says of an index that is of the wrong kind for what it holds or is asked.

import type { IndexDef, TableDef } from '../../catalog/definitions.js';
import { equalExprs } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { ScalarType } from '../../values/types.js';
import type { Planning } from '../planning.js';
import type { Asked } from './conditions.js';

/** Entries from which it matters, and the share of different values from which a column is nearly unique. */
const MANY = 1_000;
const NEARLY_UNIQUE = 0.5;

/** Bytes of an entry beside its key, and how full packed pages are. */
const ROW_ID = 4;
const FULL = 0.9;
/** Of a number or a time in the keys of a tree: neighbours share its upper half. */
const FIXED = 4;
/** Of a hash. */
const HASH = 8;
/** A btree of so many times the size of a hash index is still the better one: it compares no rows again. */
const WORTH = 2;

/** Of a bitmap index with hardly two rows to a value, and of a hash index over short keys. */
export function noteOf(index: IndexDef, table: TableDef, planning: Planning): string | undefined {
  if (index.kind === 'hash') return noteOfHash(index, table, planning);
  if (index.kind !== 'bitmap') return undefined;
  const { entries, distinct } = planning.catalog.index(index);
  if (distinct === undefined || entries < MANY || distinct < entries * NEARLY_UNIQUE) return undefined;
  return `${index.keys[0]?.text ?? 'its key'} is nearly unique, for which a btree index is smaller`;
}

/** A hash index pays by its size: where a btree is not much larger, equality is found there at less cost, and ranges and order besides. */
function noteOfHash(index: IndexDef, table: TableDef, planning: Planning): string | undefined {
  if (planning.catalog.index(index).entries < MANY) return undefined;
  let key = 0;
  for (const { expr, type } of index.keys) {
    const width = isVariable(type) ? widthOf(expr, table, planning) : FIXED;
    if (width === undefined) return undefined;
    key += width;
  }
  const [btree, hash] = [key, HASH].map((bytes) => (bytes + ROW_ID) / FULL) as [number, number];
  if (btree > WORTH * hash) return undefined;
  const bytes = `about ${Math.round(btree)} bytes an entry against ${Math.round(hash)}`;
  const size = btree <= hash ? 'smaller' : 'little larger';
  const names = index.keys.map(({ text }) => text).join(', ');
  return `a btree index over ${names} would be ${size} (${bytes}), and compares no row again`;
}

function isVariable(type: ScalarType): boolean {
  return type === 'text' || type === 'blob' || type === 'json' || type === 'geometry';
}

/** Undefined where nothing is known. */
function widthOf(expr: Expr, table: TableDef, planning: Planning): number | undefined {
  return expr.kind === 'column' ? planning.columnStatistics(table, expr.id)?.width : undefined;
}

/** Why an index without an offer serves nothing. */
export function refusalOf(index: IndexDef, asked: readonly Asked[]): string {
  if (index.kind !== 'hash') return 'serves no condition of the query';
  const concerned = asked.some(({ constraint }) => index.keys.some((key) => equalExprs(key.expr, constraint.expr)));
  if (!concerned) return 'serves no condition of the query';
  return 'a hash index answers equality of all its keys alone; a btree index would serve this condition';
}
