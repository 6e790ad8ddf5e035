// Nested loop: every pair is tested. For conditions without an equality, and for sides of a row or so. A right side that does not fit the
// memory budget is read from a temporary file, again for each block of left rows.

import type { NestedLoopJoin } from '../../plan/physical.js';
import type { Type } from '../../values/types.js';
import type { Batch } from '../rows/batch.js';
import { denseBatch } from '../rows/batch.js';
import { measureRows } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import type { Context, Operator } from '../operator.js';
import { Peekable } from '../rows/peekable.js';
import { RowBuffer, dense } from '../rows/row-buffer.js';
import { numbered } from '../spill/partitions.js';
import { RowFormat } from '../spill/row-format.js';
import { Run } from '../spill/run.js';
import { blockJoin } from './block-join.js';
import { emit } from './emit.js';
import type { Pairs } from './output.js';
import { pairFilter } from './output.js';
import { Unmatched } from './unmatched.js';

/** Pairs tested at once. */
const MOST_PAIRS = 65_536;

export function nestedLoopJoin(
  plan: NestedLoopJoin,
  leftTypes: readonly Type[],
  rightTypes: readonly Type[],
  left: Operator,
  right: Operator,
): Operator {
  const { type } = plan;
  // Whether there is any right row: one says as much as all.
  const askAny = plan.condition === undefined && (type === 'semi' || type === 'anti');
  const keep = pairFilter(plan.condition, plan.left.columns, plan.right.columns);
  const pairsOf = (a: Batch, b: Batch, context: Context) => keep(a.columns, b.columns, allPairs(a, b.count), context);

  return function* (context) {
    const account = context.memory.account(plan);
    const rows = new Peekable(left(context));
    try {
      if (type !== 'full' && !rows.any()) return;
      const inner = readRight(askAny ? firstRow(right(context)) : right(context), rightTypes, account);
      if (inner instanceof Run) {
        const match = (a: Batch, b: Batch) => pairsInParts(a, b, (part) => pairsOf(part, b, context));
        for (const batch of blockJoin({ type, leftTypes, rightTypes, match }, numbered(rows), inner, account)) {
          yield { ...batch, columns: batch.columns.filter((_, c) => c !== leftTypes.length) };
        }
        return;
      }
      const unmatched = type === 'full' ? new Unmatched(inner) : undefined;
      const all = denseBatch(inner.columns, inner.length);
      for (const batch of rows) {
        const size = Math.max(1, Math.floor(MOST_PAIRS / Math.max(inner.length, 1)));
        for (const part of parts(dense(batch), size)) {
          const kept = pairsOf(part, all, context);
          unmatched?.remove(kept);
          yield* emit(type, part, inner.columns, kept);
        }
      }
      if (unmatched) yield* unmatched.batches(leftTypes.length);
    } finally {
      rows.close();
      account.close();
    }
  };
}

/** The right rows in memory, or, numbered, in a temporary file. */
function readRight(right: Iterable<Batch>, types: readonly Type[], account: Account): RowBuffer | Run {
  const rows = new RowBuffer(types.length);
  const measure = measureRows(types);
  const iterator = right[Symbol.iterator]();
  let bytes = 0;
  try {
    for (let step = iterator.next(); step.done !== true; step = iterator.next()) {
      const size = measure(step.value);
      if (account.take(size)) {
        bytes += size;
        rows.add(step.value);
        continue;
      }
      const run = new Run(new RowFormat([...types, 'real']), account);
      for (const batch of numbered(followed(rows, step.value, iterator))) run.addBatch(batch);
      account.give(bytes);
      return run.finish();
    }
    return rows;
  } finally {
    iterator.return?.();
  }
}

function* firstRow(batches: Iterable<Batch>): Iterable<Batch> {
  for (const batch of batches) {
    if (batch.count === 0) continue;
    yield denseBatch(
      dense(batch).columns.map((column) => [column[0]!]),
      1,
    );
    return;
  }
}

function* followed(rows: RowBuffer, next: Batch, rest: Iterator<Batch>): Iterable<Batch> {
  yield* rows.batches();
  yield next;
  for (let step = rest.next(); step.done !== true; step = rest.next()) yield step.value;
}

function allPairs(left: Batch, count: number): Pairs {
  const pairs: Pairs = { left: [], right: [] };
  for (let i = 0; i < left.count; i++) {
    for (let j = 0; j < count; j++) {
      pairs.left.push(i);
      pairs.right.push(j);
    }
  }
  return pairs;
}

/** The pairs of two batches, of which only so many are tested at once. */
function pairsInParts(left: Batch, right: Batch, test: (part: Batch) => Pairs): Pairs {
  const all: Pairs = { left: [], right: [] };
  let from = 0;
  for (const part of parts(left, Math.max(1, Math.floor(MOST_PAIRS / Math.max(right.count, 1))))) {
    const pairs = test(part);
    for (const row of pairs.left) all.left.push(from + row);
    for (const row of pairs.right) all.right.push(row);
    from += part.count;
  }
  return all;
}

function* parts(batch: Batch, size: number): Iterable<Batch> {
  if (batch.count <= size) return yield batch;
  for (let from = 0; from < batch.count; from += size) {
    const to = Math.min(from + size, batch.count);
    const columns = batch.columns.map((column) => Array.from({ length: to - from }, (_, i) => column[from + i]!));
    yield denseBatch(columns, to - from);
  }
}
