// What EXPLAIN says of an index that is of the wrong kind for what it holds or is asked.

import type { IndexDef } from '../../catalog/definitions.js';
import { equalExprs } from '../../expr/build.js';
import type { Planning } from '../planning.js';
import type { Asked } from './conditions.js';

/** Entries from which it matters, and the share of different values from which a column is nearly unique. */
const MANY = 1_000;
const NEARLY_UNIQUE = 0.5;

/** Of a bitmap index with hardly two rows to a value. */
export function noteOf(index: IndexDef, planning: Planning): string | undefined {
  if (index.kind !== 'bitmap') return undefined;
  const { entries, distinct } = planning.catalog.index(index);
  if (distinct === undefined || entries < MANY || distinct < entries * NEARLY_UNIQUE) return undefined;
  return `${index.keys[0]?.text ?? 'its key'} is nearly unique, for which a btree index is smaller`;
}

/** Why an index without an offer serves nothing. */
export function refusalOf(index: IndexDef, asked: readonly Asked[]): string {
  if (index.kind !== 'hash') return 'serves no condition of the query';
  const concerned = asked.some(({ constraint }) => index.keys.some((key) => equalExprs(key.expr, constraint.expr)));
  if (!concerned) return 'serves no condition of the query';
  return 'a hash index answers equality of all its keys alone; a btree index would serve this condition';
}
