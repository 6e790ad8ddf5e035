// Block nested loop: the right side is read again for each block of left rows that fits the memory budget. For right sides that are too large
// and cannot be divided: joins without an equality, and keys that most rows share.

import type { JoinType } from '../../plan/physical.js';
import type { Type } from '../../values/types.js';
import { comparator } from '../../values/index.js';
import type { Batch, Vector } from '../rows/batch.js';
import { denseBatch } from '../rows/batch.js';
import { sliceBatch } from '../limit.js';
import { measureRows } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import { RowBuffer, compact } from '../rows/row-buffer.js';
import { ExternalSort } from '../spill/external-sort.js';
import { narrow } from '../spill/partitions.js';
import type { Run } from '../spill/run.js';
import { emit } from './emit.js';
import type { Pairs } from './output.js';
import { MISSING, joined } from './output.js';

/** Numbers of right rows without a match are beyond those of all left rows, so that such rows come last. */
export const AFTER_LEFT = 2 ** 52;

export interface BlockJoin {
  readonly type: JoinType;
  readonly leftTypes: readonly Type[];
  readonly rightTypes: readonly Type[];
  /** The pairs of two dense batches that satisfy the condition. */
  match(left: Batch, right: Batch): Pairs;
}

/**
 * @param left numbered, ascending
 * @param right numbered
 * @returns left columns, number, right columns (for semi and anti joins without the last), by number
 */
export function* blockJoin(join: BlockJoin, left: Iterable<Batch>, right: Run, account: Account): Iterable<Batch> {
  const matched = join.type === 'full' ? new Matched(right.rows, account) : undefined;
  for (const block of blocksOf(left, [...join.leftTypes, 'real'], account)) {
    yield* joinBlock(join, block, right, matched, account);
  }
  if (matched !== undefined) yield* unmatched(join, right, matched);
  matched?.close();
}

/** One bit for each row of a side. */
class Matched {
  private readonly bits: Uint8Array;

  constructor(
    rows: number,
    private readonly account: Account,
  ) {
    account.need((rows >>> 3) + 1, 'the matches of a join');
    this.bits = new Uint8Array((rows >>> 3) + 1);
  }

  set(row: number): void {
    this.bits[row >>> 3]! |= 1 << (row & 7);
  }

  has(row: number): boolean {
    return (this.bits[row >>> 3]! & (1 << (row & 7))) !== 0;
  }

  close(): void {
    this.account.give(this.bits.length);
  }
}

/** Left rows, as many at a time as a quarter of the budget takes; a batch at the least. */
function* blocksOf(left: Iterable<Batch>, types: readonly Type[], account: Account): Iterable<RowBuffer> {
  const measure = measureRows(types);
  let block = new RowBuffer(types.length);
  let bytes = 0;
  const most = account.budget.limit / 4;
  for (const whole of left) {
    for (const batch of pieces(whole, measure, most)) {
      const size = measure(batch);
      let fits = bytes + size <= most && account.take(size);
      if (!fits && block.length > 0) {
        yield block;
        account.give(bytes);
        block = new RowBuffer(types.length);
        bytes = 0;
        fits = account.take(size);
      }
      if (!fits) account.need(size, 'one row of a join');
      bytes += size;
      block.add(batch);
    }
  }
  if (block.length > 0) yield block;
  account.give(bytes);
}

/** A batch in pieces of at most so many bytes each, or single rows. */
function* pieces(batch: Batch, measure: (batch: Batch) => number, most: number): Iterable<Batch> {
  if (batch.count <= 1 || measure(batch) <= most) return yield batch;
  const half = batch.count >> 1;
  yield* pieces(sliceBatch(batch, 0, half), measure, most);
  yield* pieces(sliceBatch(batch, half, batch.count), measure, most);
}

function* joinBlock(
  join: BlockJoin,
  block: RowBuffer,
  right: Run,
  matchedRight: Matched | undefined,
  account: Account,
): Iterable<Batch> {
  const { type, leftTypes, rightTypes } = join;
  const width = leftTypes.length;
  const yieldsRight = type !== 'semi' && type !== 'anti';
  const types: Type[] = yieldsRight ? [...leftTypes, 'real', ...rightTypes] : [...leftTypes, 'real'];
  const found = new ExternalSort(types, [{ column: width, compare: comparator('real') }], account);
  const matchedLeft = new Matched(block.length, account);
  let fromRight = 0;
  for (const rows of right.batches()) {
    const other = narrow(rows, rightTypes.length);
    let fromLeft = 0;
    for (const part of block.batches()) {
      const pairs = join.match(narrow(part, width), other);
      for (const row of pairs.left) matchedLeft.set(fromLeft + row);
      if (matchedRight) for (const row of pairs.right) matchedRight.set(fromRight + row);
      if (yieldsRight) for (const batch of joined(part.columns, other.columns, pairs)) found.add(batch);
      fromLeft += part.count;
    }
    fromRight += rows.count;
  }
  let from = 0;
  for (const part of block.batches()) {
    const wanted = type === 'semi';
    const rest = Uint32Array.from({ length: part.count }, (_, i) => i).filter(
      (i) => matchedLeft.has(from + i) === wanted,
    );
    from += part.count;
    if (type === 'inner' || rest.length === 0) continue;
    const selected: Batch = { ...part, selection: rest, count: rest.length };
    if (!yieldsRight) found.add(selected);
    else {
      const lone = denseBatch(
        part.columns.map((column) => compact(column, selected)),
        rest.length,
      );
      const nothing: Vector[] = rightTypes.map(() => []);
      for (const batch of emit('left', lone, nothing, { left: [], right: [] })) found.add(batch);
    }
  }
  yield* found.sorted();
  matchedLeft.close();
}

/** The right rows of a full join that met no left row. */
function* unmatched({ leftTypes, rightTypes }: BlockJoin, right: Run, matched: Matched): Iterable<Batch> {
  let from = 0;
  for (const rows of right.batches()) {
    const lone = Array.from({ length: rows.count }, (_, i) => i).filter((i) => !matched.has(from + i));
    from += rows.count;
    yield* loneRight(leftTypes.length, rows.columns, rightTypes.length, lone);
  }
}

/** Right rows with NULLs for the left side, and numbers behind those of the left side. @param right numbered columns */
export function* loneRight(
  leftWidth: number,
  right: readonly Vector[],
  rightWidth: number,
  rows: readonly number[],
): Iterable<Batch> {
  const pairs: Pairs = { left: rows.map(() => MISSING), right: [...rows] };
  const nothing: Vector[] = Array.from({ length: leftWidth }, () => []);
  for (const batch of joined(nothing, right, pairs)) {
    const numbers = batch.columns[leftWidth + rightWidth] as readonly number[];
    const columns = [
      ...batch.columns.slice(0, leftWidth),
      numbers.map((number) => AFTER_LEFT + number),
      ...batch.columns.slice(leftWidth, leftWidth + rightWidth),
    ];
    yield denseBatch(columns, batch.count);
  }
}
