// Rows that share a key, from a tree of (key, row id): what a unique index must not hold.

import type { OrderedTree, TreeBatch } from '../pages/ordered-tree.js';
import type { PageReader } from '../pages/page.js';
import { compareByteRanges, EMPTY } from '../values/bytes.js';
import { rowIdOf } from './btree/entry.js';

const ROW_ID = 4;

/**
 * Row ids, two and more at a time, of entries that differ by nothing else.
 * @param ignored whether repetitions of an entry's key are allowed
 */
export function* repeatedKeys(
  tree: OrderedTree,
  reader: PageReader,
  ignored: (batch: TreeBatch, i: number) => boolean = () => false,
): Generator<readonly number[]> {
  // A batch is the scan's own: of the last entry of one, the key is kept.
  let kept = EMPTY;
  let keptRow = -1;
  let group: number[] | undefined;
  for (const batch of tree.scan(reader)) {
    const { bytes, count } = batch;
    for (let i = 0; i < count; i++) {
      const [from, to] = [batch.keyStart(i), batch.keyEnd(i) - ROW_ID];
      const isSame =
        i > 0
          ? compareByteRanges(bytes, batch.keyStart(i - 1), batch.keyEnd(i - 1) - ROW_ID, bytes, from, to) === 0
          : keptRow >= 0 && compareByteRanges(kept, 0, kept.length - ROW_ID, bytes, from, to) === 0;
      if (isSame) {
        group ??= ignored(batch, i) ? [] : [i > 0 ? rowIdOf(batch, i - 1) : keptRow];
        // Of a key that may be repeated the first entry is left out too: the list stays empty.
        if (group.length > 0) group.push(rowIdOf(batch, i));
      } else if (group !== undefined) {
        if (group.length > 0) yield group;
        group = undefined;
      }
    }
    kept = batch.key(count - 1).slice();
    keptRow = rowIdOf(batch, count - 1);
  }
  if (group !== undefined && group.length > 0) yield group;
}
