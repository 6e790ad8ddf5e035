// Sorting within a memory budget: rows in memory until it is used up, then sorted runs in a temporary file, merged in the end. Stable.

import type { Compare, Type } from '../../values/index.js';
import type { Batch, Vector } from '../rows/batch.js';
import type { Account } from '../memory/memory.js';
import { measureRows } from '../memory/measure.js';
import { RowBuffer } from '../rows/row-buffer.js';
import { mergeRuns } from './merge.js';
import { RowFormat } from './row-format.js';
import { Run } from './run.js';
import { sliceBatch } from '../limit.js';

export interface SortColumn {
  readonly column: number;
  readonly compare: Compare;
}

/** A row's place in the order that is sorted. */
const PER_ROW = 4;
/** Rows beyond the wanted number before the worse half is forgotten. */
const SLACK = 1024;

export class ExternalSort {
  private rows: RowBuffer;
  private bytes = 0;
  private readonly runs: Run[] = [];
  private readonly measure: (batch: Batch) => number;
  private format: RowFormat | undefined;

  /** @param most rows wanted: those after them in the order are forgotten early */
  constructor(
    private readonly types: readonly Type[],
    private readonly order: readonly SortColumn[],
    private readonly account: Account,
    private readonly most = Infinity,
  ) {
    this.rows = new RowBuffer(types.length);
    const bytes = measureRows(types);
    this.measure = (batch) => bytes(batch) + PER_ROW * batch.count;
  }

  add(batch: Batch): void {
    const bytes = this.measure(batch);
    if (!this.fits(bytes)) {
      if (batch.count > 1) {
        const half = batch.count >> 1;
        this.add(sliceBatch(batch, 0, half));
        this.add(sliceBatch(batch, half, batch.count));
        return;
      }
      this.account.need(bytes, 'one row of a sort');
    }
    this.bytes += bytes;
    this.rows.add(batch);
    if (this.rows.length > 2 * this.most + SLACK) this.keep();
  }

  /** Takes the bytes, at the cost of what is held when they are not there otherwise. */
  private fits(bytes: number): boolean {
    if (this.account.take(bytes)) return true;
    if (this.rows.length > 0 && this.most < this.rows.length) {
      this.keep();
      if (this.account.take(bytes)) return true;
    }
    this.flush();
    return this.account.take(bytes);
  }

  /** Forgets all but the first `most` rows. */
  private keep(): void {
    const kept = new RowBuffer(this.types.length);
    let bytes = 0;
    for (const batch of this.inOrder()) {
      kept.add(batch);
      bytes += this.measure(batch);
    }
    this.rows = kept;
    this.account.give(this.bytes - bytes);
    this.bytes = bytes;
  }

  /** Writes the rows held as a sorted run, and forgets them. */
  flush(): void {
    if (this.rows.length === 0) return;
    this.format ??= new RowFormat(this.types);
    const run = new Run(this.format, this.account);
    for (const batch of this.inOrder()) run.addBatch(batch);
    this.runs.push(run.finish());
    this.forget();
  }

  /** Gives back the memory of a sort that is not read to its end. */
  close(): void {
    this.forget();
  }

  private forget(): void {
    this.rows = new RowBuffer(this.types.length);
    this.account.give(this.bytes);
    this.bytes = 0;
  }

  /** Rows in order from the first that is wanted, dense. The sort is used up by it. */
  *sorted(from = 0): Iterable<Batch> {
    if (this.runs.length === 0) {
      yield* this.inOrder(from);
    } else {
      yield* sliced(
        mergeRuns(this.runs, this.inOrder(), this.format!, this.compareRows, this.account),
        from,
        this.most,
      );
    }
    this.forget();
  }

  private readonly compareRows = (a: readonly Vector[], rowA: number, b: readonly Vector[], rowB: number): number => {
    for (const { column, compare } of this.order) {
      const order = compare(a[column]![rowA]!, b[column]![rowB]!);
      if (order !== 0) return order;
    }
    return 0;
  };

  private inOrder(from = 0): Iterable<Batch> {
    const { length } = this.rows;
    const compare = this.comparison();
    const to = Math.min(this.most, length);
    let sorted = true;
    for (let i = 1; sorted && i < length; i++) sorted = compare(i - 1, i) <= 0;
    if (sorted) return this.rows.batches(undefined, Math.min(from, to), to);
    const order = Uint32Array.from({ length }, (_, i) => i);
    // A typed array sorts by comparator without boxing its numbers.
    order.sort((a, b) => compare(a, b) || a - b);
    return this.rows.batches(order, Math.min(from, to), to);
  }

  /** The order of two rows held, by number: of one column by far the most often. */
  private comparison(): (a: number, b: number) => number {
    const { columns } = this.rows;
    const [first] = this.order;
    if (this.order.length === 1 && first !== undefined) {
      const values = columns[first.column]!;
      const { compare } = first;
      return (a, b) => compare(values[a]!, values[b]!);
    }
    return (a, b) => this.compareRows(columns, a, columns, b);
  }
}

function* sliced(input: Iterable<Batch>, from: number, to: number): Iterable<Batch> {
  let at = 0;
  for (const batch of input) {
    const start = at;
    at += batch.count;
    if (at > from) yield sliceBatch(batch, Math.max(0, from - start), Math.min(at, to) - Math.max(start, from));
    if (at >= to) return;
  }
}
