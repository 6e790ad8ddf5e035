// Joined rows: pairs of row numbers of two sides become batches; a missing right side is NULLs.

import type { ColumnId, Expr } from '../../expr/expression.js';
import type { Value } from '../../values/types.js';
import type { Batch, Vector } from '../rows/batch.js';
import { BATCH_ROWS, denseBatch } from '../rows/batch.js';
import { batchFilter } from '../kernels.js';
import type { BatchFilter } from '../kernels.js';
import type { Context } from '../operator.js';

/** Right row number of an unmatched left row. */
export const MISSING = -1;

export interface Pairs {
  readonly left: number[];
  readonly right: number[];
}

function gather(column: Vector, rows: readonly number[], from: number, to: number): Value[] {
  const out = new Array<Value>(to - from);
  for (let i = from; i < to; i++) {
    const row = rows[i]!;
    out[i - from] = row === MISSING ? null : column[row]!;
  }
  return out;
}

/** The pairs as batches of left then right columns. */
export function* joined(left: readonly Vector[], right: readonly Vector[], pairs: Pairs): Iterable<Batch> {
  for (let from = 0; from < pairs.left.length; from += BATCH_ROWS) {
    const to = Math.min(from + BATCH_ROWS, pairs.left.length);
    const columns = [
      ...left.map((column) => gather(column, pairs.left, from, to)),
      ...right.map((column) => gather(column, pairs.right, from, to)),
    ];
    yield denseBatch(columns, to - from);
  }
}

export type PairFilter = (left: readonly Vector[], right: readonly Vector[], pairs: Pairs, context: Context) => Pairs;

/** Keeps the pairs for which the condition over both sides is true. */
export function pairFilter(
  condition: Expr | undefined,
  leftColumns: readonly ColumnId[],
  rightColumns: readonly ColumnId[],
): PairFilter {
  if (condition === undefined) return (_left, _right, pairs) => pairs;
  const test: BatchFilter = batchFilter(condition, [...leftColumns, ...rightColumns]);
  return (left, right, pairs, context) => {
    const kept: Pairs = { left: [], right: [] };
    let from = 0;
    for (const batch of joined(left, right, pairs)) {
      const passed = test(batch, context);
      for (let i = 0; passed && i < passed.count; i++) {
        const at = from + (passed.selection === undefined ? i : passed.selection[i]!);
        kept.left.push(pairs.left[at]!);
        kept.right.push(pairs.right[at]!);
      }
      from += batch.length;
    }
    return kept;
  };
}
