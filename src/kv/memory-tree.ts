// A persistent B+tree of byte strings: a root is one version, and a change copies the path from the root to its leaf. Nodes made
// by the edit in hand are changed in place, so that a bulk load copies each node once. Source: Bayer and McCreight 1972; ownership
// marks as in Bagwell's and Hickey's transient tries.

import { compareBytes } from './bytes.js';

/** At most this many entries or children in a node. */
const MAX = 64;
/** A node with fewer is merged with a neighbour where both fit in one. */
const MIN = 16;

/** Identifies the transaction that made a node and may therefore change it in place. */
export type Edit = { readonly edit: true };

export interface Leaf {
  readonly kind: 'leaf';
  readonly owner: Edit;
  readonly keys: Uint8Array[];
  readonly values: Uint8Array[];
}

export interface Inner {
  readonly kind: 'inner';
  readonly owner: Edit;
  /** `keys[i]` is a lower bound of child i and an upper bound (exclusive) of child i - 1; `keys[0]` is never looked at. */
  readonly keys: Uint8Array[];
  readonly children: Node[];
}

export type Node = Leaf | Inner;

export function emptyTree(): Node {
  return { kind: 'leaf', owner: { edit: true }, keys: [], values: [] };
}

/** The first position whose key is not below `key`. */
function lowerBound(keys: readonly Uint8Array[], key: Uint8Array): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(keys[middle] as Uint8Array, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The child in whose span `key` lies. */
function childOf(node: Inner, key: Uint8Array): number {
  let low = 1;
  let high = node.keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(node.keys[middle] as Uint8Array, key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function holds(leaf: Leaf, at: number, key: Uint8Array): boolean {
  return at < leaf.keys.length && compareBytes(leaf.keys[at] as Uint8Array, key) === 0;
}

export function find(root: Node, key: Uint8Array): Uint8Array | undefined {
  let node = root;
  while (node.kind === 'inner') node = node.children[childOf(node, key)] as Node;
  const at = lowerBound(node.keys, key);
  return holds(node, at, key) ? node.values[at] : undefined;
}

function ownLeaf(leaf: Leaf, edit: Edit): Leaf {
  if (leaf.owner === edit) return leaf;
  return { kind: 'leaf', owner: edit, keys: leaf.keys.slice(), values: leaf.values.slice() };
}

function ownInner(node: Inner, edit: Edit): Inner {
  if (node.owner === edit) return node;
  return { kind: 'inner', owner: edit, keys: node.keys.slice(), children: node.children.slice() };
}

/** Splits off the upper part of an owned node that has grown past MAX; a split at the right edge leaves the left full, for sorted loads. */
function split(node: Node, edit: Edit, atEdge: boolean): { readonly separator: Uint8Array; readonly right: Node } {
  const from = atEdge ? node.keys.length - 2 : node.keys.length >>> 1;
  const separator = node.keys[from] as Uint8Array;
  const keys = node.keys.splice(from);
  const right: Node =
    node.kind === 'leaf'
      ? { kind: 'leaf', owner: edit, keys, values: node.values.splice(from) }
      : { kind: 'inner', owner: edit, keys, children: node.children.splice(from) };
  return { separator, right };
}

function putIn(node: Node, key: Uint8Array, value: Uint8Array, edit: Edit, atEdge: boolean): Node {
  if (node.kind === 'leaf') {
    const leaf = ownLeaf(node, edit);
    const at = lowerBound(leaf.keys, key);
    if (holds(leaf, at, key)) {
      leaf.values[at] = value;
    } else {
      leaf.keys.splice(at, 0, key);
      leaf.values.splice(at, 0, value);
    }
    return leaf;
  }
  const inner = ownInner(node, edit);
  const at = childOf(inner, key);
  const edge = atEdge && at === inner.children.length - 1;
  const child = putIn(inner.children[at] as Node, key, value, edit, edge);
  inner.children[at] = child;
  if (child.keys.length > MAX) {
    const { separator, right } = split(child, edit, edge);
    inner.keys.splice(at + 1, 0, separator);
    inner.children.splice(at + 1, 0, right);
  }
  return inner;
}

/** The tree with `key` set. Keeps both arrays: they must be the tree's own. */
export function put(root: Node, key: Uint8Array, value: Uint8Array, edit: Edit): Node {
  const grown = putIn(root, key, value, edit, true);
  if (grown.keys.length <= MAX) return grown;
  const { separator, right } = split(grown, edit, true);
  return { kind: 'inner', owner: edit, keys: [grown.keys[0] as Uint8Array, separator], children: [grown, right] };
}

/** Merges child `at + 1` into child `at` of an owned node when both fit in one. */
function mergeAt(inner: Inner, at: number, edit: Edit): void {
  const left = inner.children[at];
  const right = inner.children[at + 1];
  if (left === undefined || right === undefined || left.keys.length + right.keys.length > MAX) return;
  if (left.kind === 'leaf' && right.kind === 'leaf') {
    const merged = ownLeaf(left, edit);
    merged.keys.push(...right.keys);
    merged.values.push(...right.values);
    inner.children[at] = merged;
  } else if (left.kind === 'inner' && right.kind === 'inner') {
    const merged = ownInner(left, edit);
    // The right node's first key is never looked at in its place, but counts in the merged node.
    merged.keys.push(inner.keys[at + 1] as Uint8Array, ...right.keys.slice(1));
    merged.children.push(...right.children);
    inner.children[at] = merged;
  }
  inner.keys.splice(at + 1, 1);
  inner.children.splice(at + 1, 1);
}

/** `key` must be there. */
function removeIn(node: Node, key: Uint8Array, edit: Edit): Node {
  if (node.kind === 'leaf') {
    const leaf = ownLeaf(node, edit);
    const at = lowerBound(leaf.keys, key);
    leaf.keys.splice(at, 1);
    leaf.values.splice(at, 1);
    return leaf;
  }
  const inner = ownInner(node, edit);
  const at = childOf(inner, key);
  const child = removeIn(inner.children[at] as Node, key, edit);
  inner.children[at] = child;
  if (child.keys.length === 0) {
    inner.keys.splice(at, 1);
    inner.children.splice(at, 1);
  } else if (child.keys.length < MIN) {
    mergeAt(inner, at > 0 ? at - 1 : at, edit);
  }
  return inner;
}

/** The tree without `key`, which must be in it. */
export function remove(root: Node, key: Uint8Array, edit: Edit): Node {
  let node = removeIn(root, key, edit);
  while (node.kind === 'inner' && node.children.length === 1) node = node.children[0] as Node;
  return node.kind === 'inner' && node.children.length === 0 ? emptyTree() : node;
}

/** The lists a scan fills; `count` entries are valid. */
export interface Collected {
  count: number;
  readonly keys: Uint8Array[];
  readonly values: Uint8Array[];
}

/** Appends to `into`, up to `limit` entries, those from `gte` on and below `lt`, ascending. */
export function collectUp(
  node: Node,
  gte: Uint8Array | undefined,
  lt: Uint8Array | undefined,
  limit: number,
  into: Collected,
): void {
  if (node.kind === 'inner') {
    const last = node.children.length - 1;
    for (let i = gte === undefined ? 0 : childOf(node, gte), first = i; i <= last && into.count < limit; i++) {
      if (i > first && lt !== undefined && compareBytes(node.keys[i] as Uint8Array, lt) >= 0) return;
      collectUp(node.children[i] as Node, i === first ? gte : undefined, lt, limit, into);
    }
    return;
  }
  const end = lt === undefined ? node.keys.length : lowerBound(node.keys, lt);
  for (let i = gte === undefined ? 0 : lowerBound(node.keys, gte); i < end && into.count < limit; i++) {
    into.keys[into.count] = node.keys[i] as Uint8Array;
    into.values[into.count++] = node.values[i] as Uint8Array;
  }
}

/** As `collectUp`, from the greatest key below `lt` down. */
export function collectDown(
  node: Node,
  gte: Uint8Array | undefined,
  lt: Uint8Array | undefined,
  limit: number,
  into: Collected,
): void {
  if (node.kind === 'inner') {
    const start = lt === undefined ? node.children.length - 1 : childOf(node, lt);
    for (let i = start; i >= 0 && into.count < limit; i--) {
      collectDown(node.children[i] as Node, gte, i === start ? lt : undefined, limit, into);
      if (gte !== undefined && i > 0 && compareBytes(node.keys[i] as Uint8Array, gte) <= 0) return;
    }
    return;
  }
  const start = gte === undefined ? 0 : lowerBound(node.keys, gte);
  for (
    let i = (lt === undefined ? node.keys.length : lowerBound(node.keys, lt)) - 1;
    i >= start && into.count < limit;
    i--
  ) {
    into.keys[into.count] = node.keys[i] as Uint8Array;
    into.values[into.count++] = node.values[i] as Uint8Array;
  }
}
