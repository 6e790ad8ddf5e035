// An ordered map from key bytes to value bytes: a B+tree over the numbered pages of one space (docs/decisions/0002). Page 0 is the root
// whatever the height, so that a read needs no counters, and a cached seek no native call.
// Algorithms: Bayer and McCreight (1972); separators as in Bayer and Unterauer, "Prefix B-trees" (1977).

import { invariant, LightningError } from '../errors.js';
import type { PageReader, PageWriter } from './page.js';
import { loadTree } from './tree-load.js';
import { deleteEntry, putEntry } from './tree-change.js';
import { verifyTree } from './tree-verify.js';
import { TREE_COUNTERS, TREE_PAGE, TreePage } from './tree-page.js';
import { countTree, leafOf, scanTree } from './tree-walk.js';
import type { TreeBatch, TreeCount, TreeRange } from './tree-walk.js';

export { TREE_COUNTERS } from './tree-page.js';
export type { TreeBatch, TreeCount, TreeRange } from './tree-walk.js';

/** Longest key and longest value, bytes. */
export const MAX_TREE_KEY = 1_024;
export const MAX_TREE_VALUE = 1_000;

/** An entry for `bulkLoad`; its bytes are read before the next one is asked for. */
export interface TreeEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * Stateless but for its space: one object serves every snapshot and transaction.
 *
 * @example
 * const tree = new OrderedTree(space);
 * pages.transaction((tx) => { OrderedTree.create(tx, space, group); tree.put(tx, key, value); });
 * for (const batch of tree.scan(snapshot, { gte: key })) for (let i = 0; i < batch.count; i++) use(batch.key(i), batch.value(i));
 */
export class OrderedTree {
  constructor(readonly space: number) {}

  /** Makes an empty tree; its counters join the group. */
  static create(writer: PageWriter, space: number, group: number): OrderedTree {
    const counters = writer.createCounters(space, group);
    counters[TREE_COUNTERS.NEXT_PAGE] = 1;
    counters[TREE_COUNTERS.LEAVES] = 1;
    writer.put(space, 0, TREE_PAGE, TreePage.make(0));
    return new OrderedTree(space);
  }

  /** The value under a key, a view never to be changed. */
  get(reader: PageReader, key: Uint8Array): Uint8Array | undefined {
    const leaf = leafOf(reader, this.space, key);
    const at = leaf.search(key);
    return at < 0 ? undefined : leaf.value(at);
  }

  has(reader: PageReader, key: Uint8Array): boolean {
    return leafOf(reader, this.space, key).search(key) >= 0;
  }

  /**
   * The entries of a range, one batch per leaf (none is empty). A transaction that changes the tree while it scans gives a view of
   * itself (`writer.readAt()`) as the reader.
   */
  scan(reader: PageReader, range: TreeRange = {}): Iterable<TreeBatch> {
    return scanTree(reader, this.space, range);
  }

  /** Number of entries, from the counters. */
  count(reader: PageReader): number {
    const counters = reader.counters(this.space);
    invariant(counters !== undefined, `there is no tree in space ${this.space}`);
    return counters[TREE_COUNTERS.ENTRIES]!;
  }

  /**
   * Number of entries in a range: exact when they lie in at most `leaves` leaves (Infinity: always exact, at about 50 ns a cached leaf
   * beside the two seeks), else an estimate from the positions of its ends.
   */
  countRange(reader: PageReader, range: TreeRange, leaves = 8): TreeCount {
    return countTree(reader, this.space, range, this.count(reader), leaves);
  }

  /**
   * Puts an entry in place. Returns whether there was one under the key.
   *
   * @throws LightningError `KEY_TOO_LONG`, `VALUE_TOO_LONG`
   */
  put(writer: PageWriter, key: Uint8Array, value: Uint8Array): boolean {
    checkEntry(key, value);
    return putEntry(writer, this.space, key, value);
  }

  /** Whether there was such an entry. */
  delete(writer: PageWriter, key: Uint8Array): boolean {
    return deleteEntry(writer, this.space, key);
  }

  /**
   * Fills an empty tree from entries in strictly ascending order, leaves about nine tenths full. Returns how many.
   *
   * @throws LightningError `KEY_TOO_LONG`, `VALUE_TOO_LONG`; `BUG` when the order is not strict or the tree is not empty
   */
  bulkLoad(writer: PageWriter, entries: Iterable<TreeEntry>): number {
    invariant(this.count(writer) === 0, 'a bulk load needs an empty tree');
    return loadTree(writer, this.space, entries, checkEntry);
  }

  /** What is wrong with the tree, in sentences: order, separators, levels, counts, pages lost or shared. */
  verify(reader: PageReader): string[] {
    return verifyTree(reader, this.space);
  }
}

function checkEntry(key: Uint8Array, value: Uint8Array): void {
  if (key.length > MAX_TREE_KEY) {
    throw new LightningError('KEY_TOO_LONG', `an ordered key of ${key.length} bytes; the longest has ${MAX_TREE_KEY}`, {
      hint: 'index long values with USING hash',
    });
  }
  if (value.length > MAX_TREE_VALUE) {
    throw new LightningError(
      'VALUE_TOO_LONG',
      `a value of ${value.length} bytes in an ordered page; the longest has ${MAX_TREE_VALUE}`,
    );
  }
}
