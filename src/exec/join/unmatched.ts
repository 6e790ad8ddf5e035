// The right rows of a full join that no left row has met: they come last, with NULLs for the left side.

import type { Batch } from '../rows/batch.js';
import type { RowBuffer } from '../rows/row-buffer.js';
import type { Pairs } from './output.js';
import { MISSING, joined } from './output.js';

export class Unmatched {
  private readonly matched: Uint8Array;

  /** @param right all rows of the right side */
  constructor(private readonly right: RowBuffer) {
    this.matched = new Uint8Array(right.length);
  }

  /** The right rows of these pairs have been met. */
  remove(pairs: Pairs): void {
    for (const row of pairs.right) this.matched[row] = 1;
  }

  /** @param width columns of the left side */
  *batches(width: number): Iterable<Batch> {
    const pairs: Pairs = { left: [], right: [] };
    this.matched.forEach((met, row) => {
      if (met === 1) return;
      pairs.left.push(MISSING);
      pairs.right.push(row);
    });
    const nothing = Array.from({ length: width }, () => []);
    yield* joined(nothing, this.right.columns, pairs);
  }
}
