// The unit of execution: up to 1,024 rows, column by column.

import type { Value } from '../../values/types.js';

/** Rows in a batch, at most. */
export const BATCH_ROWS = 1024;

/** One column of a batch. */
export type Vector = ArrayLike<Value>;

/**
 * `columns[i]` has `length` values. When `selection` is given, only the rows it names are there, `count` of them, in its order;
 * otherwise all rows are (`count` = `length`). A batch and its vectors belong to the reader until it asks for the next one.
 */
export interface Batch {
  readonly columns: readonly Vector[];
  readonly length: number;
  readonly selection: Uint32Array | undefined;
  readonly count: number;
}

/** A batch without a selection. */
export function denseBatch(columns: readonly Vector[], length: number): Batch {
  return { columns, length, selection: undefined, count: length };
}
