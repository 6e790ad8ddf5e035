// Merging of sorted inputs by a heap of cursors; of equal rows the earlier input's come first. More runs than can be read at once are merged
// in passes. Source: Knuth, "The Art of Computer Programming", volume 3, 5.4.1.

import type { Value } from '../../values/types.js';
import type { Batch, Vector } from '../rows/batch.js';
import { BATCH_ROWS, denseBatch } from '../rows/batch.js';
import type { Account } from '../memory/memory.js';
import type { RowFormat } from './row-format.js';
import { Run } from './run.js';

/** Runs merged at once, at least and at most. */
const LEAST_FAN_IN = 4;
const MOST_FAN_IN = 64;
/** A block takes more room decoded than encoded. */
const DECODED = 2;

/** Orders two rows of two batches' columns. */
export type CompareRows = (a: readonly Vector[], rowA: number, b: readonly Vector[], rowB: number) => number;

class Cursor {
  columns: readonly Vector[] = [];
  row = -1;
  private count = 0;
  private readonly iterator: Iterator<Batch>;

  constructor(
    readonly rank: number,
    input: Iterable<Batch>,
  ) {
    this.iterator = input[Symbol.iterator]();
  }

  /** Moves on; false at the end. */
  next(): boolean {
    if (++this.row < this.count) return true;
    const step = this.iterator.next();
    if (step.done === true) return false;
    ({ columns: this.columns, count: this.count } = step.value);
    this.row = 0;
    return true;
  }

  close(): void {
    this.iterator.return?.();
  }
}

/** @param inputs sorted, of dense batches */
export function* mergeSorted(inputs: readonly Iterable<Batch>[], compare: CompareRows): Iterable<Batch> {
  const cursors = inputs.map((input, rank) => new Cursor(rank, input));
  const before = (a: Cursor, b: Cursor) => (compare(a.columns, a.row, b.columns, b.row) || a.rank - b.rank) < 0;
  const heap: Cursor[] = [];
  const sink = (from: number) => {
    const moved = heap[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, moved)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
  };
  try {
    for (const cursor of cursors) if (cursor.next()) heap.push(cursor);
    for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(i);
    let out: Value[][] = [];
    let count = 0;
    while (heap.length > 0) {
      const top = heap[0]!;
      if (count === 0) out = top.columns.map(() => []);
      for (let c = 0; c < out.length; c++) out[c]!.push(top.columns[c]![top.row]!);
      if (++count === BATCH_ROWS) {
        yield denseBatch(out, count);
        count = 0;
      }
      if (!top.next()) {
        const last = heap.pop()!;
        if (heap.length === 0) break;
        heap[0] = last;
      }
      sink(0);
    }
    if (count > 0) yield denseBatch(out, count);
  } finally {
    for (const cursor of cursors) cursor.close();
  }
}

/**
 * The rows of sorted runs in order.
 *
 * @param last sorted rows in memory, which come after those of the runs that are equal
 */
export function* mergeRuns(
  runs: readonly Run[],
  last: Iterable<Batch> | undefined,
  format: RowFormat,
  compare: CompareRows,
  account: Account,
): Iterable<Batch> {
  const { blockBytes, limit } = account.budget;
  const fanIn = Math.min(MOST_FAN_IN, Math.max(LEAST_FAN_IN, Math.floor(limit / (4 * DECODED * blockBytes))));
  let level = runs;
  while (level.length > fanIn) {
    const merged: Run[] = [];
    for (let from = 0; from < level.length; from += fanIn) {
      const group = level.slice(from, from + fanIn);
      if (group.length === 1) merged.push(group[0]!);
      else {
        const run = new Run(format, account);
        for (const batch of reading(group, undefined, compare, account)) run.addBatch(batch);
        merged.push(run.finish());
      }
    }
    level = merged;
  }
  yield* reading(level, last, compare, account);
}

function* reading(
  runs: readonly Run[],
  last: Iterable<Batch> | undefined,
  compare: CompareRows,
  account: Account,
): Iterable<Batch> {
  const bytes = runs.length * DECODED * account.budget.blockBytes;
  account.need(bytes, 'a merge');
  try {
    const inputs = runs.map((run) => run.batches());
    yield* mergeSorted(last === undefined ? inputs : [...inputs, last], compare);
  } finally {
    account.give(bytes);
  }
}
