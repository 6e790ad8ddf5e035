// The right side of a merge join: rows in order of their keys, read forward by key. Rows with a NULL key meet nothing and are passed over.

import type { Value } from '../../values/types.js';
import type { Batch, Vector } from '../rows/batch.js';
import { sliceBatch } from '../limit.js';
import { hasNull } from './join-table.js';

/** Orders the keys of two rows. */
export type CompareKeys = (a: readonly Vector[], rowA: number, b: readonly Vector[], rowB: number) => number;

export class SortedRows {
  private readonly iterator: Iterator<Batch>;
  private batch: Batch | undefined;
  private keys: readonly Vector[] = [];
  private at = 0;
  private ended = false;

  /** @param keysOf the keys of a batch's selected rows, dense */
  constructor(
    input: Iterable<Batch>,
    private readonly keysOf: (batch: Batch) => readonly Vector[],
    private readonly compareKeys: CompareKeys,
  ) {
    this.iterator = input[Symbol.iterator]();
  }

  /** Whether there is a row at hand; reads on where a batch has ended. */
  private any(): boolean {
    while (!this.ended && (this.batch === undefined || this.at >= this.batch.count)) {
      const step = this.iterator.next();
      this.ended = step.done === true;
      this.batch = step.done === true ? undefined : step.value;
      this.at = 0;
      if (this.batch !== undefined) this.keys = this.keysOf(this.batch);
    }
    return this.batch !== undefined;
  }

  /** Passes over the rows whose key is before that of a left row, and yields them. */
  *skipBefore(keys: readonly Vector[], row: number): Iterable<Batch> {
    yield* this.while((i) => hasNull(this.keys, i) || this.compareKeys(this.keys, i, keys, row) < 0);
  }

  isAt(keys: readonly Vector[], row: number): boolean {
    return this.any() && this.compareKeys(this.keys, this.at, keys, row) === 0;
  }

  /** The key of the row at hand, as vectors of one value. */
  key(): (readonly Value[])[] {
    return this.keys.map((key) => [key[this.at]!]);
  }

  /** The rows with the key of the row at hand. */
  group(): Iterable<Batch> {
    const key = this.key();
    return this.while((i) => this.compareKeys(this.keys, i, key, 0) === 0);
  }

  rest(): Iterable<Batch> {
    return this.while(() => true);
  }

  private *while(test: (row: number) => boolean): Iterable<Batch> {
    while (this.any()) {
      const { batch, at } = this;
      const { count } = batch!;
      let to = at;
      while (to < count && test(to)) to++;
      this.at = to;
      if (to > at) yield sliceBatch(batch!, at, to - at);
      if (to < count) return;
    }
  }

  close(): void {
    this.iterator.return?.();
  }
}
