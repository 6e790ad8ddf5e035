// UNION, INTERSECT and EXCEPT. NULLs are equal. With ALL, a row is there as often as SQL says: the sum, the minimum or the difference.
// The right side is counted by key. Keys that the memory budget does not take are put aside in partitions, with the left rows that ask for
// them, and counted in passes of their own.

import type { SetOperator } from '../../plan/physical.js';
import type { Type } from '../../values/types.js';
import type { Batch } from '../rows/batch.js';
import { distinct } from './distinct.js';
import { entryBytes } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import type { Operator } from '../operator.js';
import { rowKey } from '../rows/row-key.js';
import type { RowKey } from '../rows/row-key.js';
import { mergeRuns } from '../spill/merge.js';
import { Partitions, byNumber, narrow, numbered } from '../spill/partitions.js';
import { RowFormat } from '../spill/row-format.js';
import { Run } from '../spill/run.js';

export function setOperation(plan: SetOperator, types: readonly Type[], left: Operator, right: Operator): Operator {
  if (plan.operation === 'union') {
    const both: Operator = function* (context) {
      yield* left(context);
      yield* right(context);
    };
    return plan.all ? both : distinct(plan, types, both);
  }
  const kept: Operator = function* (context) {
    const account = context.memory.account(plan);
    try {
      yield* new Counting(plan, types, account).of(left(context), right(context));
    } finally {
      account.close();
    }
  };
  return plan.all ? kept : distinct(plan, types, kept);
}

/** Rows of both sides with the same bits of their keys' hashes, divided `depth` times. */
interface Aside {
  readonly left: Run;
  readonly right: Run;
  readonly depth: number;
}

class Counting {
  private readonly keyOf: RowKey;
  private readonly width: number;
  private readonly intersect: boolean;
  private readonly all: boolean;
  private readonly format: RowFormat;
  private readonly numberedFormat: RowFormat;
  private aside: Aside[] = [];

  constructor(
    plan: SetOperator,
    types: readonly Type[],
    private readonly account: Account,
  ) {
    this.keyOf = keyOf(types, plan.by);
    this.width = types.length;
    this.intersect = plan.operation === 'intersect';
    this.all = plan.all;
    this.format = new RowFormat(types);
    this.numberedFormat = new RowFormat([...types, 'real']);
  }

  *of(left: Iterable<Batch>, right: Iterable<Batch>): Iterable<Batch> {
    const { account, width } = this;
    const counted = this.count(right, 0);
    if (counted.rest === undefined) {
      yield* this.choose(left, counted, 0);
      return;
    }
    // Rows that are decided at once stand between those that are decided later.
    const found = [this.collect(this.choose(numbered(left), counted, 0))];
    for (let next = this.aside.pop(); next !== undefined; next = this.aside.pop()) {
      const { depth } = next;
      const part = this.count(next.right.batches(), depth);
      found.push(this.collect(this.choose(next.left.batches(), part, depth)));
    }
    const merged = mergeRuns(found, undefined, this.numberedFormat, byNumber(width), account);
    for (const batch of merged) yield narrow(batch, width);
  }

  private collect(rows: Iterable<Batch>): Run {
    const run = new Run(this.numberedFormat, this.account);
    for (const batch of rows) run.addBatch(batch);
    return run.finish();
  }

  /** Counts the right rows by key; those whose keys do not fit go into `rest`. */
  private count(right: Iterable<Batch>, depth: number): Counted {
    const { account, keyOf } = this;
    const counts = new Map<unknown, number>();
    let bytes = 0;
    let partitions: Partitions | undefined;
    for (const batch of right) {
      eachRow(batch, (row) => {
        const key = keyOf(batch.columns, row);
        const there = counts.get(key);
        if (there !== undefined) return void counts.set(key, there + 1);
        if (partitions === undefined) {
          const size = entryBytes(key);
          const fits = account.take(size);
          if (!fits && counts.size === 0) account.need(size, 'one row of a set operation');
          if (fits || counts.size === 0) {
            bytes += size;
            return void counts.set(key, 1);
          }
          partitions = new Partitions(this.format, account, depth);
        }
        partitions.add(batch.columns, row, key);
      });
    }
    return { counts, bytes, rest: partitions?.finish() };
  }

  /** The left rows that stay. Those that ask for keys of the `rest` are put aside with it. */
  private *choose(left: Iterable<Batch>, { counts, bytes, rest }: Counted, depth: number): Iterable<Batch> {
    const { account, keyOf, width } = this;
    const partitions = rest && new Partitions(this.numberedFormat, account, depth);
    for (const batch of left) {
      const selection: number[] = [];
      const columns = batch.columns.slice(0, width);
      eachRow(batch, (row) => {
        const key = keyOf(columns, row);
        const there = counts.get(key);
        if (there === undefined && partitions !== undefined) return partitions.add(batch.columns, row, key);
        // With ALL each row on the right pairs with one on the left.
        if (this.all && there !== undefined && there > 0) counts.set(key, there - 1);
        if ((there ?? 0) > 0 === this.intersect) selection.push(row);
      });
      if (selection.length > 0) {
        yield { ...batch, selection: Uint32Array.from(selection), count: selection.length };
      }
    }
    account.give(bytes);
    partitions?.finish().forEach((run, i) => {
      if (run.rows > 0) this.aside.push({ left: run, right: rest![i]!, depth: depth + 1 });
    });
  }
}

/** The key of a row's columns at these positions. */
function keyOf(types: readonly Type[], by: readonly number[] | undefined): RowKey {
  if (by === undefined) return rowKey(types);
  const key = rowKey(by.map((position) => types[position]!));
  return (columns, row) =>
    key(
      by.map((position) => columns[position]!),
      row,
    );
}

interface Counted {
  readonly counts: Map<unknown, number>;
  readonly bytes: number;
  readonly rest: readonly Run[] | undefined;
}

function eachRow(batch: Batch, visit: (row: number) => void): void {
  for (let i = 0; i < batch.count; i++) visit(batch.selection === undefined ? i : batch.selection[i]!);
}
