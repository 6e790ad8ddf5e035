// Where a table's row ids come from. An INTEGER primary key is its own row id while the keys are dense enough; other rows of such a
// table take ids from 2^31 on, and an entry in the primary key's map. So a row id below 2^31 always is the key.

import type { TableDef } from '../catalog/definitions.js';
import { ROW_COUNTERS } from '../pages/row-pages.js';
import type { Value } from '../values/types.js';

/** Positions in the counters of the rows, which are the table's own from `OWN` on: the key, and the mapped id, to give out next. */
export const NEXT_KEY = ROW_COUNTERS.OWN;
export const NEXT_MAPPED = ROW_COUNTERS.OWN + 1;

export const DIRECT_LIMIT = 2 ** 31;
/** Ids from the limit on. They are given out once: the entry that is freed is not found again cheaply. */
export const MAPPED_IDS = 2 ** 31;

/** Keys up to this many times the number of rows (and never fewer than a million) are dense enough: pages stay filled. */
const SPREAD = 16;

/** Whether the table's primary key is a single INTEGER column. */
export function isDirect(table: TableDef): boolean {
  const [ordinal] = table.primaryKey;
  return ordinal !== undefined && table.primaryKey.length === 1 && table.columns[ordinal]!.type === 'integer';
}

export function mayBeDirect(key: Value, rows: number): boolean {
  return typeof key === 'number' && key >= 0 && key < DIRECT_LIMIT && key <= SPREAD * (rows + 65536);
}
