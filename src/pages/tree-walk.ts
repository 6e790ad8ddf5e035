// Reading an ordered tree: descents, scans leaf by leaf, and counts of ranges.

import { corrupt } from './page-format.js';
import type { PageReader } from './page.js';
import { FREE_LEVEL, TREE_PAGE } from './tree-page.js';
import type { TreePage } from './tree-page.js';

/** Keys from `gte` (inclusive) to `lt` (exclusive), bytewise; an absent bound is open. */
export interface TreeRange {
  readonly gte?: Uint8Array | undefined;
  readonly lt?: Uint8Array | undefined;
  /** From the greatest key down; the bounds keep their meaning. */
  readonly reverse?: boolean | undefined;
}

/**
 * The entries of one leaf that a scan visits, in its order. The batch is reused by the next step; its bytes are immutable and may
 * be kept as long as the page is wanted in memory. Loops that make no views read `bytes` through the positions.
 */
export class TreeBatch {
  count = 0;
  private page: TreePage | undefined;
  private first = 0;
  private step = 3;
  private entries: Uint16Array = new Uint16Array(0);
  /** Where keys and values lie. */
  bytes: Uint8Array = new Uint8Array(0);

  /** @internal Entries from `from` to `to` (exclusive) of a leaf. */
  show(page: TreePage, from: number, to: number, reverse: boolean): void {
    this.page = page;
    this.bytes = page.bytes;
    this.entries = page.entries;
    this.count = to - from;
    this.first = 3 * (reverse ? to - 1 : from);
    this.step = reverse ? -3 : 3;
  }

  key(i: number): Uint8Array {
    return this.page!.key((this.first + i * this.step) / 3);
  }

  value(i: number): Uint8Array {
    return this.page!.value((this.first + i * this.step) / 3);
  }

  keyStart(i: number): number {
    return this.entries[this.first + i * this.step]!;
  }

  /** Also where the value starts. */
  keyEnd(i: number): number {
    const at = this.first + i * this.step;
    return this.entries[at]! + this.entries[at + 1]!;
  }

  valueEnd(i: number): number {
    const at = this.first + i * this.step;
    return this.entries[at]! + this.entries[at + 1]! + this.entries[at + 2]!;
  }
}

/** A page of the tree at the level where it must be. */
export function treePage(reader: PageReader, space: number, page: number, level: number): TreePage {
  const found = reader.page(space, page, TREE_PAGE);
  if (found.level !== level) throw corrupt(space, page, TREE_PAGE.name, `is of level ${found.level}, not ${level}`);
  return found;
}

/** The root: page 0, whatever the height. */
export function treeRoot(reader: PageReader, space: number): TreePage {
  const root = reader.page(space, 0, TREE_PAGE);
  if (root.level === FREE_LEVEL) throw corrupt(space, 0, TREE_PAGE.name, 'is free, and yet the root');
  return root;
}

/** The leaf where a key belongs. */
export function leafOf(reader: PageReader, space: number, key: Uint8Array): TreePage {
  let node = treeRoot(reader, space);
  while (node.level > 0) node = treePage(reader, space, node.child(node.floor(key)), node.level - 1);
  return node;
}

/** The way from the root to a leaf: pages, and the entry taken in each. */
class Path {
  private readonly nodes: TreePage[] = [];
  private readonly indexes: number[] = [];

  constructor(
    private readonly reader: PageReader,
    private readonly space: number,
  ) {}

  /** Down to the leaf of a key; without one, to the first leaf or the last. */
  descend(key: Uint8Array | undefined, last: boolean): TreePage {
    let node = treeRoot(this.reader, this.space);
    while (node.level > 0) {
      node = this.enter(node, key !== undefined ? node.floor(key) : last ? node.count - 1 : 0);
    }
    return node;
  }

  /** The next leaf, or the one before. */
  move(step: 1 | -1): TreePage | undefined {
    const { nodes, indexes } = this;
    while (nodes.length > 0) {
      const node = nodes.pop()!;
      const index = indexes.pop()! + step;
      if (index < 0 || index >= node.count) continue;
      let below = this.enter(node, index);
      while (below.level > 0) below = this.enter(below, step === 1 ? 0 : below.count - 1);
      return below;
    }
    return undefined;
  }

  private enter(node: TreePage, index: number): TreePage {
    this.nodes.push(node);
    this.indexes.push(index);
    return treePage(this.reader, this.space, node.child(index), node.level - 1);
  }
}

export function* scanTree(reader: PageReader, space: number, range: TreeRange): Generator<TreeBatch> {
  const { gte, lt } = range;
  const reverse = range.reverse === true;
  const batch = new TreeBatch();
  const path = new Path(reader, space);
  // A reverse scan may begin in the leaf after the last entry below `lt`: then that leaf yields nothing.
  let leaf: TreePage | undefined = path.descend(reverse ? lt : gte, reverse);
  for (let begun = false; leaf !== undefined; begun = true) {
    const { count } = leaf;
    let from = 0;
    let to = count;
    let ends = false;
    if (reverse) {
      if (!begun && lt !== undefined) to = leaf.ceiling(lt);
      if (gte !== undefined) {
        from = leaf.ceiling(gte);
        ends = from > 0;
      }
    } else {
      if (!begun && gte !== undefined) from = leaf.ceiling(gte);
      if (lt !== undefined) {
        to = leaf.ceiling(lt);
        ends = to < count;
      }
    }
    if (from < to) {
      batch.show(leaf, from, to, reverse);
      yield batch;
    }
    if (ends) return;
    leaf = path.move(reverse ? -1 : 1);
  }
}

/** How many entries a range has. */
export interface TreeCount {
  readonly rows: number;
  readonly exact: boolean;
}

/** Exact when the range lies within `leaves` leaves, else from the positions of its ends: see `position`. */
export function countTree(
  reader: PageReader,
  space: number,
  range: TreeRange,
  entries: number,
  leaves: number,
): TreeCount {
  const { gte, lt } = range;
  if (gte === undefined && lt === undefined) return { rows: entries, exact: true };
  let rows = 0;
  let seen = 0;
  for (const batch of scanTree(reader, space, { gte, lt })) {
    if (++seen > leaves) {
      const from = gte === undefined ? 0 : position(reader, space, gte);
      const to = lt === undefined ? 1 : position(reader, space, lt);
      return { rows: Math.min(entries, Math.max(rows, Math.round((to - from) * entries))), exact: false };
    }
    rows += batch.count;
  }
  return { rows, exact: true };
}

/** In pages with fewer children, these are weighed by how many they have in turn: the last is often nearly empty. */
const WEIGHED = 16;

/** The share of entries below a key, from 0 to 1, if like pages had equally many. */
function position(reader: PageReader, space: number, key: Uint8Array): number {
  let node = treeRoot(reader, space);
  let low = 0;
  let width = 1;
  while (node.level > 0) {
    const at = node.floor(key);
    let before = at;
    let own = 1;
    let all = node.count;
    if (node.count < WEIGHED) {
      before = own = all = 0;
      for (let i = 0; i < node.count; i++) {
        const { count } = treePage(reader, space, node.child(i), node.level - 1);
        all += count;
        if (i < at) before += count;
        else if (i === at) own = count;
      }
    }
    low += (width * before) / all;
    width *= own / all;
    node = treePage(reader, space, node.child(at), node.level - 1);
  }
  return node.count === 0 ? low : low + (width * node.ceiling(key)) / node.count;
}
