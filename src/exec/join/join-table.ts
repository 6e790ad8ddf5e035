// A hash table over the right rows of a join: rows with equal keys are chained by row number, in order. NULL keys meet nothing.

import type { Vector } from '../rows/batch.js';
import type { Batch } from '../rows/batch.js';
import { ENTRY, entryBytes } from '../memory/measure.js';
import { RowBuffer } from '../rows/row-buffer.js';
import type { RowKey } from '../rows/row-key.js';
import type { Pairs } from './output.js';

const END = -1;
/** A link, and the share of a row in the two maps of chains' ends. */
const PER_ROW = 8 + ENTRY;

export class JoinTable {
  readonly rows: RowBuffer;
  private readonly first = new Map<unknown, number>();
  private readonly last = new Map<unknown, number>();
  private readonly next: number[] = [];

  /** @param once one match for each left row is enough: equal keys are not chained */
  constructor(
    width: number,
    private readonly keyOf: RowKey,
    private readonly once: boolean,
  ) {
    this.rows = new RowBuffer(width);
  }

  /** Copies the batch's rows. @param keys of its selected rows, dense */
  add(batch: Batch, keys: readonly Vector[]): void {
    const { first, last, next, once } = this;
    for (let i = 0; i < batch.count; i++) {
      const row = this.rows.length + i;
      next.push(END);
      if (hasNull(keys, i)) continue;
      const key = this.keyOf(keys, i);
      const before = last.get(key);
      if (before === undefined) first.set(key, row);
      else next[before] = row;
      if (before === undefined || !once) last.set(key, row);
    }
    this.rows.add(batch);
  }

  /** The pairs of left and right rows with equal keys, in order. */
  matches(keys: readonly Vector[], count: number): Pairs {
    const pairs: Pairs = { left: [], right: [] };
    for (let i = 0; i < count; i++) {
      if (hasNull(keys, i)) continue;
      let row = this.first.get(this.keyOf(keys, i)) ?? END;
      for (; row !== END; row = this.once ? END : this.next[row]!) {
        pairs.left.push(i);
        pairs.right.push(row);
      }
    }
    return pairs;
  }
}

/** Estimated bytes that rows with these keys take in a table, beside their values. */
export function chainBytes(keys: readonly Vector[], count: number, keyOf: RowKey): number {
  let bytes = PER_ROW * count;
  for (let i = 0; i < count; i++) bytes += entryBytes(keyOf(keys, i));
  return bytes;
}

export function hasNull(keys: readonly Vector[], row: number): boolean {
  for (const key of keys) if (key[row] === null) return true;
  return false;
}
