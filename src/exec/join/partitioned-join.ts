// A hash join whose right side does not fit the memory budget: both sides are divided by a hash of their keys, and each pair of parts is joined
// by itself, divided further, or, where dividing does not help, by a block nested loop. What the parts yield is put into the left side's order.
// Source: Kitsuregawa, Tanaka, Moto-oka, "Application of hash to data base machine and its architecture" (GRACE, 1983).

import type { Batch } from '../rows/batch.js';
import { measureRows } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import type { Context } from '../operator.js';
import { mergeRuns } from '../spill/merge.js';
import { MOST_DIVISIONS, Partitions, byNumber, narrow, numbered } from '../spill/partitions.js';
import { RowFormat } from '../spill/row-format.js';
import { Run } from '../spill/run.js';
import { blockJoin, loneRight } from './block-join.js';
import { emit } from './emit.js';
import type { EquiJoin } from './equi-join.js';
import { chainBytes, hasNull } from './join-table.js';
import type { JoinTable } from './join-table.js';

/** A part with more of its parent's rows than this is not worth dividing again. */
const STUCK = 0.9;

interface Part {
  readonly left: Run;
  readonly right: Run;
  readonly depth: number;
  readonly divisible: boolean;
}

export class PartitionedJoin {
  private readonly leftFormat: RowFormat;
  private readonly rightFormat: RowFormat;
  private readonly leftWidth: number;
  private readonly rightWidth: number;
  private readonly measure;

  constructor(
    private readonly join: EquiJoin,
    private readonly account: Account,
    private readonly context: Context,
  ) {
    this.leftFormat = new RowFormat([...join.leftTypes, 'real']);
    this.rightFormat = new RowFormat([...join.rightTypes, 'real']);
    this.leftWidth = join.leftTypes.length;
    this.rightWidth = join.rightTypes.length;
    this.measure = measureRows(join.rightTypes);
  }

  /** @param right all right rows, those that were in memory already among them */
  *of(left: Iterable<Batch>, right: Iterable<Batch>): Iterable<Batch> {
    const { join, account, leftWidth } = this;
    const rights = this.divide(numbered(right), 'right', 0);
    const lefts = this.divide(numbered(left), 'left', 0);
    const parts = pair(lefts, rights, 1, Infinity);
    const yieldsRight = join.type !== 'semi' && join.type !== 'anti';
    const format = yieldsRight ? new RowFormat([...this.leftFormat.types, ...join.rightTypes]) : this.leftFormat;
    const found: Run[] = [];
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const rows = this.joinPart(part, parts);
      if (rows === undefined) continue;
      const out = new Run(format, account);
      for (const batch of rows) out.addBatch(batch);
      found.push(out.finish());
    }
    for (const { columns, ...rest } of mergeRuns(found, undefined, format, byNumber(leftWidth), account)) {
      yield { ...rest, columns: columns.filter((_, c) => c !== leftWidth) };
    }
  }

  /** Divides one side. Rows with NULL keys are left out where they cannot come into the answer. */
  private divide(rows: Iterable<Batch>, side: 'left' | 'right', depth: number): readonly Run[] {
    const { join, account, context } = this;
    const { type } = join;
    const isLeft = side === 'left';
    const dropsNull = isLeft ? type === 'inner' || type === 'semi' : type !== 'full';
    const partitions = new Partitions(isLeft ? this.leftFormat : this.rightFormat, account, depth);
    for (const batch of rows) {
      const plain = narrow(batch, isLeft ? this.leftWidth : this.rightWidth);
      const keys = isLeft ? join.leftKeys(plain, context) : join.rightKeys(plain, context);
      for (let i = 0; i < batch.count; i++) {
        const row = batch.selection === undefined ? i : batch.selection[i]!;
        if (hasNull(keys, i)) {
          // They meet nothing: any part will do, and all of them get their share.
          if (!dropsNull) partitions.add(batch.columns, row, batch.columns[plain.columns.length]![row]);
        } else partitions.add(batch.columns, row, join.keyOf(keys, i));
      }
    }
    return partitions.finish();
  }

  /** The rows of a part, or undefined when it was divided instead. */
  private joinPart(part: Part, parts: Part[]): Iterable<Batch> | undefined {
    const { left, right, depth, divisible } = part;
    const loaded = this.load(right);
    if (loaded !== undefined) return this.inMemory(left, right, loaded.table, loaded.bytes);
    if (!divisible || depth >= MOST_DIVISIONS) return this.inBlocks(left, right);
    const rights = this.divide(right.batches(), 'right', depth);
    const lefts = this.divide(left.batches(), 'left', depth);
    parts.push(...pair(lefts, rights, depth + 1, right.rows));
    return undefined;
  }

  /** A table of the right rows; undefined when they do not fit. */
  private load(right: Run): { readonly table: JoinTable; readonly bytes: number } | undefined {
    const { join, account, context } = this;
    const table = join.table();
    let bytes = 0;
    for (const rows of right.batches()) {
      const batch = narrow(rows, this.rightWidth);
      const keys = join.rightKeys(batch, context);
      const size = this.measure(batch) + chainBytes(keys, batch.count, join.keyOf);
      if (!account.take(size)) {
        account.give(bytes);
        return undefined;
      }
      bytes += size;
      table.add(batch, keys);
    }
    return { table, bytes };
  }

  private *inMemory(left: Run, right: Run, table: JoinTable, bytes: number): Iterable<Batch> {
    const { join, account, context, leftWidth } = this;
    const matched = join.type === 'full' ? new Uint8Array(right.rows) : undefined;
    for (const batch of left.batches()) {
      const pairs = join.pairs(narrow(batch, leftWidth), table, context);
      if (matched) for (const row of pairs.right) matched[row] = 1;
      yield* emit(join.type, batch, table.rows.columns, pairs);
    }
    account.give(bytes);
    if (matched === undefined) return;
    let from = 0;
    for (const batch of right.batches()) {
      const lone = Array.from({ length: batch.count }, (_, i) => i).filter((i) => matched[from + i] === 0);
      from += batch.count;
      yield* loneRight(leftWidth, batch.columns, this.rightWidth, lone);
    }
  }

  private inBlocks(left: Run, right: Run): Iterable<Batch> {
    const { join, account, context } = this;
    // The table over a block of right rows serves all left rows that are held.
    let current: Batch['columns'] | undefined;
    let table = join.table();
    const match = (batch: Batch, rows: Batch) => {
      if (current !== rows.columns) {
        table = join.table();
        table.add(rows, join.rightKeys(rows, context));
        current = rows.columns;
      }
      return join.pairs(batch, table, context);
    };
    return blockJoin({ ...join, match }, left.batches(), right, account);
  }
}

/** Parts that can yield anything. @param parentRows of the right side that was divided */
function pair(lefts: readonly Run[], rights: readonly Run[], depth: number, parentRows: number): Part[] {
  const parts = lefts.map((left, i): Part => {
    const right = rights[i]!;
    return { left, right, depth, divisible: right.rows <= parentRows * STUCK };
  });
  return parts.filter(({ left, right }) => left.rows > 0 || right.rows > 0);
}
