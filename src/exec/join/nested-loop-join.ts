// Nested loop: every pair is tested. For conditions without an equality, and for sides of a row or so.

import type { NestedLoopJoin } from '../../plan/physical.js';
import type { Batch } from '../batch.js';
import { denseBatch } from '../batch.js';
import type { Operator } from '../operator.js';
import type { RowBuffer } from '../row-buffer.js';
import { dense, materialize } from '../row-buffer.js';
import { emit } from './emit.js';
import { Unmatched } from './unmatched.js';
import type { Pairs } from './output.js';
import { pairFilter } from './output.js';

/** Pairs tested at once. */
const MOST_PAIRS = 65_536;

export function nestedLoopJoin(plan: NestedLoopJoin, left: Operator, right: Operator): Operator {
  const keep = pairFilter(plan.condition, plan.left.columns, plan.right.columns);
  return function* (context) {
    const read = () => materialize(right(context), plan.right.columns.length);
    let inner: RowBuffer | undefined;
    const unmatched = plan.type === 'full' ? new Unmatched((inner = read())) : undefined;
    for (const batch of left(context)) {
      inner ??= read();
      const size = Math.max(1, Math.floor(MOST_PAIRS / Math.max(inner.length, 1)));
      for (const part of parts(dense(batch), size)) {
        const pairs: Pairs = { left: [], right: [] };
        for (let i = 0; i < part.count; i++) {
          for (let j = 0; j < inner.length; j++) {
            pairs.left.push(i);
            pairs.right.push(j);
          }
        }
        const kept = keep(part.columns, inner.columns, pairs, context);
        unmatched?.remove(kept);
        yield* emit(plan.type, part, inner.columns, kept);
      }
    }
    if (unmatched) yield* unmatched.batches(plan.left.columns.length);
  };
}

function* parts(batch: Batch, size: number): Iterable<Batch> {
  if (batch.count <= size) return yield batch;
  for (let from = 0; from < batch.count; from += size) {
    const to = Math.min(from + size, batch.count);
    const columns = batch.columns.map((column) => Array.from({ length: to - from }, (_, i) => column[from + i]!));
    yield denseBatch(columns, to - from);
  }
}
