// Rows kept column by column: what sorts, joins and sub-queries hold on to.

import type { Value } from '../../values/types.js';
import type { Batch, Vector } from './batch.js';
import { BATCH_ROWS, denseBatch } from './batch.js';

export class RowBuffer {
  readonly columns: Value[][];
  length = 0;

  constructor(readonly width: number) {
    this.columns = Array.from({ length: width }, () => []);
  }

  /** Copies the batch's selected rows. */
  add(batch: Batch): void {
    const { selection, count } = batch;
    for (let c = 0; c < this.width; c++) {
      const from = batch.columns[c]!;
      const to = this.columns[c]!;
      if (selection === undefined) for (let i = 0; i < count; i++) to.push(from[i]!);
      else for (let i = 0; i < count; i++) to.push(from[selection[i]!]!);
    }
    this.length += count;
  }

  /** Forgets the rows from `length` on. */
  truncate(length: number): void {
    for (const column of this.columns) column.length = length;
    this.length = length;
  }

  /** The rows named by `order` (all, in order, when undefined), in batches. */
  *batches(order?: ArrayLike<number>, from = 0, to = order?.length ?? this.length): Iterable<Batch> {
    for (let start = from; start < to; start += BATCH_ROWS) {
      const end = Math.min(start + BATCH_ROWS, to);
      const columns = this.columns.map((column) => {
        if (order === undefined) return column.slice(start, end);
        const out = new Array<Value>(end - start);
        for (let i = start; i < end; i++) out[i - start] = column[order[i]!]!;
        return out;
      });
      yield denseBatch(columns, end - start);
    }
  }
}

/** The selected rows of a vector, dense. */
export function compact(vector: Vector, batch: Batch): Value[] {
  const { selection, count } = batch;
  const out = new Array<Value>(count);
  for (let i = 0; i < count; i++) out[i] = vector[selection === undefined ? i : selection[i]!]!;
  return out;
}

/** The batch without its selection. */
export function dense(batch: Batch): Batch {
  if (batch.selection === undefined) return batch;
  return denseBatch(
    batch.columns.map((column) => compact(column, batch)),
    batch.count,
  );
}

export function materialize(input: Iterable<Batch>, width: number): RowBuffer {
  const rows = new RowBuffer(width);
  for (const batch of input) rows.add(batch);
  return rows;
}
