// Changing an ordered tree: insertion with splits, deletion with merges, and the reuse of freed pages.

import { invariant } from '../errors.js';
import { PAGE_BODY } from './page.js';
import type { PageWriter } from './page.js';
import {
  FREE_LEVEL,
  freePage,
  MAX_BYTES,
  separator,
  sharedBytes,
  TREE_COUNTERS,
  TREE_PAGE,
  TreePage,
} from './tree-page.js';
import { treePage, treeRoot } from './tree-walk.js';

const EMPTY = new Uint8Array(0);
/** A page emptier than this looks for a neighbour to join. */
const UNDERFULL = PAGE_BODY / 4;
/** Two pages join when the result leaves room to grow. */
const JOINED = PAGE_BODY * 0.9;

/** The way to the leaf last descended to: everything here is synchronous, and nothing keeps it. */
const pages: number[] = [];
const indexes: number[] = [];
let depth = 0;
let leafPage = 0;

/** Descends to the leaf of a key. */
function descend(writer: PageWriter, space: number, key: Uint8Array): TreePage {
  let node = treeRoot(writer, space);
  depth = 0;
  leafPage = 0;
  while (node.level > 0) {
    const index = node.floor(key);
    pages[depth] = leafPage;
    indexes[depth++] = index;
    leafPage = node.child(index);
    node = treePage(writer, space, leafPage, node.level - 1);
  }
  return node;
}

export function putEntry(writer: PageWriter, space: number, key: Uint8Array, value: Uint8Array): boolean {
  const at = descend(writer, space, key).search(key);
  if (at >= 0) {
    const leaf = writer.page(space, leafPage, TREE_PAGE);
    const old = leaf.value(at);
    if (old.length === value.length && sharedBytes(old, value) === value.length) return true;
    const changed = writer.change(space, leafPage, TREE_PAGE);
    changed.setValue(at, value);
    if (!changed.fits()) split(writer, space, depth, leafPage, changed, at);
    return true;
  }
  const leaf = writer.change(space, leafPage, TREE_PAGE);
  leaf.insert(~at, key, value);
  count(writer, space, TREE_COUNTERS.ENTRIES, 1);
  if (!leaf.fits()) split(writer, space, depth, leafPage, leaf, ~at);
  return false;
}

export function deleteEntry(writer: PageWriter, space: number, key: Uint8Array): boolean {
  const at = descend(writer, space, key).search(key);
  if (at < 0) return false;
  const leaf = writer.change(space, leafPage, TREE_PAGE);
  leaf.remove(at);
  count(writer, space, TREE_COUNTERS.ENTRIES, -1);
  rebalance(writer, space, depth, leafPage, leaf);
  return true;
}

/** Splits a private page at depth `at` of the path whose entry `inserted` made it too large. */
function split(writer: PageWriter, space: number, at: number, page: number, node: TreePage, inserted: number): void {
  // What grows at its end goes on growing there: sequential loads leave full pages behind.
  const cut = inserted === node.count - 1 ? inserted : middle(node);
  const right = node.splitOff(cut);
  const key = node.level === 0 ? separator(node.key(cut - 1), right.key(0)).slice() : right.key(0).slice();
  if (node.level > 0) right.clearFirstKey();
  const rightPage = allocate(writer, space);
  writer.put(space, rightPage, TREE_PAGE, right);
  if (node.level === 0) count(writer, space, TREE_COUNTERS.LEAVES, 1);
  if (page === 0) {
    const leftPage = allocate(writer, space);
    const root = TreePage.make(node.level + 1);
    root.insertChild(0, EMPTY, leftPage);
    root.insertChild(1, key, rightPage);
    writer.put(space, leftPage, TREE_PAGE, TREE_PAGE.copy(node));
    writer.put(space, 0, TREE_PAGE, root);
    return;
  }
  const parentPage = pages[at - 1]!;
  const parent = writer.change(space, parentPage, TREE_PAGE);
  const index = indexes[at - 1]! + 1;
  parent.insertChild(index, key, rightPage);
  if (!parent.fits()) split(writer, space, at - 1, parentPage, parent, index);
}

/** Where both halves have about as many bytes. */
function middle(node: TreePage): number {
  const { entries, count } = node;
  const half = (node.keyBytes + node.valueBytes + 4 * count) / 2;
  let sum = 0;
  let cut = 0;
  while (cut < count - 1) {
    const entry = entries[3 * cut + 1]! + entries[3 * cut + 2]! + 4;
    if (cut > 0 && sum + entry / 2 > half) break;
    sum += entry;
    cut++;
  }
  return cut;
}

/** After a removal from a private page at depth `at` of the path. */
function rebalance(writer: PageWriter, space: number, at: number, page: number, node: TreePage): void {
  if (page === 0) {
    collapse(writer, space, node);
    return;
  }
  if (node.count > 0 && (node.keyBytes + node.valueBytes > UNDERFULL || node.size() >= UNDERFULL)) return;
  const parentPage = pages[at - 1]!;
  const index = indexes[at - 1]!;
  if (node.count === 0) {
    free(writer, space, page, node.level);
    removeChild(writer, space, at - 1, index);
    return;
  }
  const parent = writer.page(space, parentPage, TREE_PAGE);
  if (index + 1 < parent.count && join(writer, space, parent, index, node.level)) {
    removeChild(writer, space, at - 1, index + 1);
  } else if (index > 0 && join(writer, space, parent, index - 1, node.level)) {
    removeChild(writer, space, at - 1, index);
  }
}

/** Moves the entries of child `index + 1` into child `index`, when they fit well. */
function join(writer: PageWriter, space: number, parent: TreePage, index: number, level: number): boolean {
  const leftPage = parent.child(index);
  const rightPage = parent.child(index + 1);
  const left = treePage(writer, space, leftPage, level);
  const right = treePage(writer, space, rightPage, level);
  const count = left.count + right.count;
  const prefix = level > 0 || right.count === 0 ? 0 : sharedBytes(left.key(0), right.key(right.count - 1));
  const bytes = left.keyBytes + left.valueBytes + right.keyBytes + right.valueBytes;
  // The separator comes down into an inner page.
  const down = level > 0 ? parent.entries[3 * index + 4]! : 0;
  if (bytes > MAX_BYTES || bytes + 4 * count - prefix * (count - 1) + down > JOINED) return false;
  const joined = writer.change(space, leftPage, TREE_PAGE);
  if (level === 0) {
    joined.appendFrom(right, 0, right.count);
  } else {
    joined.insertChild(joined.count, parent.key(index + 1), right.child(0));
    joined.appendFrom(right, 1, right.count);
  }
  free(writer, space, rightPage, level);
  return true;
}

/** Takes entry `index` out of the inner page at a depth of the path. */
function removeChild(writer: PageWriter, space: number, at: number, index: number): void {
  const page = pages[at]!;
  const node = writer.change(space, page, TREE_PAGE);
  node.remove(index);
  if (index === 0 && node.count > 0) node.clearFirstKey();
  rebalance(writer, space, at, page, node);
}

/** The root gives way to its only child, and without any becomes an empty leaf. */
function collapse(writer: PageWriter, space: number, root: TreePage): void {
  let node = root;
  while (node.level > 0 && node.count === 1) {
    const page = node.child(0);
    const child = treePage(writer, space, page, node.level - 1);
    node = TREE_PAGE.copy(child);
    writer.put(space, 0, TREE_PAGE, node);
    // The leaf lives on as the root.
    free(writer, space, page, FREE_LEVEL);
  }
  if (node.level > 0 && node.count === 0) {
    writer.put(space, 0, TREE_PAGE, TreePage.make(0));
    count(writer, space, TREE_COUNTERS.LEAVES, 1);
  }
}

/** A page number that nothing uses. */
export function allocate(writer: PageWriter, space: number): number {
  const counters = writer.changeCounters(space);
  const head = counters[TREE_COUNTERS.FREE_HEAD]!;
  if (head === 0) return counters[TREE_COUNTERS.NEXT_PAGE]!++;
  const page = head - 1;
  counters[TREE_COUNTERS.FREE_HEAD] = treePage(writer, space, page, FREE_LEVEL).child(0);
  counters[TREE_COUNTERS.FREE_PAGES]!--;
  return page;
}

function free(writer: PageWriter, space: number, page: number, level: number): void {
  invariant(page !== 0, 'the root of a tree is never freed');
  const counters = writer.changeCounters(space);
  writer.put(space, page, TREE_PAGE, freePage(counters[TREE_COUNTERS.FREE_HEAD]!));
  counters[TREE_COUNTERS.FREE_HEAD] = page + 1;
  counters[TREE_COUNTERS.FREE_PAGES]!++;
  if (level === 0) counters[TREE_COUNTERS.LEAVES]!--;
}

function count(writer: PageWriter, space: number, position: number, change: number): void {
  writer.changeCounters(space)[position]! += change;
}
