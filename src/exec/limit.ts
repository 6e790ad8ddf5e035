// LIMIT and OFFSET: stops asking as soon as it has enough.

import type { LimitPlan } from '../plan/physical.js';
import type { Batch } from './rows/batch.js';
import type { Operator } from './operator.js';
import { boundsOf } from './scan/bounds.js';

/** Of the batch's selected rows, those after the first `skip`, `most` at the most. */
export function sliceBatch(batch: Batch, skip: number, most: number): Batch {
  const from = Math.min(skip, batch.count);
  const to = Math.min(from + most, batch.count);
  if (from === 0 && to === batch.count) return batch;
  const selection = batch.selection?.subarray(from, to) ?? Uint32Array.from({ length: to - from }, (_, i) => from + i);
  return { columns: batch.columns, length: batch.length, selection, count: to - from };
}

export function limit(plan: Pick<LimitPlan, 'limit' | 'offset'>, input: Operator): Operator {
  return function* (context) {
    const bounds = boundsOf(plan, context);
    let { offset: skip, limit: left } = bounds;
    if (left === 0) return;
    for (const batch of input(context)) {
      const part = sliceBatch(batch, skip, left);
      skip = Math.max(skip - batch.count, 0);
      left -= part.count;
      if (part.count > 0) yield part;
      if (left <= 0) return;
    }
  };
}
