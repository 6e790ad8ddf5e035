// Filling an empty ordered tree bottom-up from sorted entries: pages are packed and written once, in the order of their numbers.

import { invariant } from '../errors.js';
import { PAGE_BODY } from './page.js';
import type { PageWriter } from './page.js';
import type { TreeEntry } from './ordered-tree.js';
import { allocate } from './tree-change.js';
import { MAX_BYTES, separator, TREE_COUNTERS, TREE_PAGE, TreePage } from './tree-page.js';

const EMPTY = new Uint8Array(0);
/** Loaded pages leave a tenth for what comes later. */
const FULL = PAGE_BODY * 0.9;
/** Pages between two looks at the budget of changed pages. */
const RELIEF = 64;

/** A page in the making. */
interface Level {
  node: TreePage;
  /** The least key that belongs under it. */
  key: Uint8Array;
}

export function loadTree(
  writer: PageWriter,
  space: number,
  entries: Iterable<TreeEntry>,
  check: (key: Uint8Array, value: Uint8Array) => void,
): number {
  const levels: Level[] = [];
  let leaf: Level = { node: TreePage.make(0), key: EMPTY };
  const widths = new LeafWidths();
  let count = 0;
  let leaves = 0;

  function finish(level: number, { node, key }: Level): void {
    const page = allocate(writer, space);
    writer.put(space, page, TREE_PAGE, node);
    push(level + 1, key, page);
  }

  function push(level: number, key: Uint8Array, page: number): void {
    const above = (levels[level] ??= { node: TreePage.make(level), key: EMPTY });
    const { node } = above;
    if (node.keyBytes + node.valueBytes + 4 * node.count + key.length + 8 > FULL) {
      finish(level, above);
      above.node = TreePage.make(level);
      above.key = key;
    }
    above.node.insertChild(above.node.count, above.node.count === 0 ? EMPTY : key, page);
  }

  for (const { key, value } of entries) {
    check(key, value);
    let { node } = leaf;
    if (node.count > 0) {
      const start = node.entries[3 * node.count - 3]!;
      const length = node.entries[3 * node.count - 2]!;
      invariant(above(key, node.bytes, start, length), 'the entries of a bulk load ascend');
    }
    if (!widths.admit(node, key, value)) {
      const next: Level = { node: TreePage.make(0), key: new Uint8Array(separator(node.key(node.count - 1), key)) };
      finish(0, leaf);
      if (++leaves % RELIEF === 0) writer.relieve();
      leaf = next;
      ({ node } = leaf);
      widths.begin(key, value);
    }
    node.append(key, value);
    count++;
  }
  if (count === 0) return 0;

  if (levels.length === 0) {
    writer.put(space, 0, TREE_PAGE, leaf.node);
  } else {
    finish(0, leaf);
    for (let level = 1; ; level++) {
      const top = levels[level]!;
      if (level === levels.length - 1) {
        writer.put(space, 0, TREE_PAGE, top.node);
        break;
      }
      finish(level, top);
    }
  }
  const counters = writer.changeCounters(space);
  counters[TREE_COUNTERS.ENTRIES] = count;
  counters[TREE_COUNTERS.LEAVES] = leaves + 1;
  return count;
}

/** The encoded size of a leaf as it grows, without going over its entries again. */
class LeafWidths {
  private prefix = 0;
  private longestKey = 0;
  private longestValue = 0;
  private keysVary = false;
  private valuesVary = false;

  begin(key: Uint8Array, value: Uint8Array): void {
    this.prefix = this.longestKey = key.length;
    this.longestValue = value.length;
    this.keysVary = this.valuesVary = false;
  }

  /** Whether the leaf takes one more entry. */
  admit(node: TreePage, key: Uint8Array, value: Uint8Array): boolean {
    if (node.count === 0) {
      this.begin(key, value);
      return true;
    }
    const { entries } = node;
    let prefix = 0;
    for (const start = entries[0]!; prefix < this.prefix && node.bytes[start + prefix] === key[prefix];) prefix++;
    this.prefix = prefix;
    this.keysVary ||= key.length !== entries[1];
    this.valuesVary ||= value.length !== entries[2];
    if (key.length > this.longestKey) this.longestKey = key.length;
    if (value.length > this.longestValue) this.longestValue = value.length;
    const keyWidth = !this.keysVary ? 0 : this.longestKey - prefix < 256 ? 1 : 2;
    const valueWidth = !this.valuesVary ? 0 : this.longestValue < 256 ? 1 : 2;
    const bytes = node.keyBytes + node.valueBytes + key.length + value.length;
    return bytes + prefix + (node.count + 1) * (keyWidth + valueWidth - prefix) <= FULL && bytes <= MAX_BYTES;
  }
}

/** Whether a key is above another one, which lies at `start` of `bytes`. */
function above(key: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  const shared = Math.min(key.length, length);
  for (let i = 0; i < shared; i++) {
    const difference = key[i]! - bytes[start + i]!;
    if (difference !== 0) return difference > 0;
  }
  return key.length > length;
}
