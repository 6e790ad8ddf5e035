// Whether row ids are in a set, for those who ask again and again: a walk, a search by distance or by score, within a filter.

import type { RowSet } from './row-set.js';

/** Most bits of a table of all ids: beyond, the set itself is asked. */
const MOST_IDS = 1 << 25;
/** Questions of which the set answers the first, and one more for so many of its ids: by then a table of bits pays. */
const FIRST = 64;
const IDS_A_QUESTION = 32;

/** A test for one execution: a look at the set at first, at a table of bits when there are many questions. */
export function membershipOf(set: RowSet): (rowId: number) => boolean {
  let left = FIRST + set.size / IDS_A_QUESTION;
  let words: Uint32Array | undefined;
  return (rowId) => {
    if (words !== undefined) return (((words[rowId >>> 5] ?? 0) >>> (rowId & 31)) & 1) === 1;
    if (--left < 0) {
      words = wordsOf(set);
      if (words === undefined) left = Infinity;
    }
    return set.has(rowId);
  };
}

function wordsOf(set: RowSet): Uint32Array | undefined {
  const ids = set.toArray();
  const last = ids.at(-1) ?? 0;
  if (last >= MOST_IDS) return undefined;
  const words = new Uint32Array((last >>> 5) + 1);
  for (const id of ids) words[id >>> 5]! |= 1 << (id & 31);
  return words;
}
