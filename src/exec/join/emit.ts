// What a join yields for one batch of left rows, given its matching pairs: the same for every join method.

import type { JoinType } from '../../plan/physical.js';
import type { Batch, Vector } from '../rows/batch.js';
import type { Pairs } from './output.js';
import { MISSING, joined } from './output.js';

/**
 * A full join yields here what a left join does; its unmatched right rows come at the end (`Unmatched`).
 *
 * @param left a dense batch
 * @param pairs matches, in order of left rows
 */
export function* emit(type: JoinType, left: Batch, right: readonly Vector[], pairs: Pairs): Iterable<Batch> {
  switch (type) {
    case 'inner':
      yield* joined(left.columns, right, pairs);
      return;
    case 'left':
    case 'full':
      yield* joined(left.columns, right, withUnmatched(left.count, pairs));
      return;
    case 'semi':
    case 'anti': {
      const matched = new Uint8Array(left.count);
      for (const row of pairs.left) matched[row] = 1;
      const wanted = type === 'semi' ? 1 : 0;
      const selection = Uint32Array.from({ length: left.count }, (_, i) => i).filter((row) => matched[row] === wanted);
      const { columns, length } = left;
      if (selection.length > 0) yield { columns, length, selection, count: selection.length };
      return;
    }
  }
}

/** Every left row is there: one without a match is paired with nothing. */
function withUnmatched(count: number, pairs: Pairs): Pairs {
  const all: Pairs = { left: [], right: [] };
  let at = 0;
  for (let row = 0; row < count; row++) {
    if (pairs.left[at] !== row) {
      all.left.push(row);
      all.right.push(MISSING);
    }
    for (; pairs.left[at] === row; at++) {
      all.left.push(row);
      all.right.push(pairs.right[at]!);
    }
  }
  return all;
}
