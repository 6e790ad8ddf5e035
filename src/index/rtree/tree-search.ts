// Reads an R-tree: the entries that meet windows.

import type { PageReader } from '../../pages/index.js';
import type { Box } from '../../geo/index.js';
import { pageAt } from './tree-change.js';
import { SPATIAL_PAGE, isBucket } from './spatial-page.js';
import type { Bucket, SpatialPage } from './spatial-page.js';
import type { Selection } from './selection.js';

/** Windows over a bucket of boxes before a tree of it pays; then each further one is quicker. */
const TREE_FROM = 64;

/** Calls back with the row id of every entry that a selection takes; with whole buckets, where it takes all of one. */
export function searchTree(
  reader: PageReader,
  space: number,
  selection: Selection,
  visit: (rowId: number) => void,
  visitAll: (bucket: Bucket) => void = ({ rowIds, count }) => {
    for (let i = 0; i < count; i++) visit(rowIds[i]!);
  },
): void {
  const { windows, holds } = selection;
  if (windows.length === 0) return;
  const walk = (page: number, node: SpatialPage): void => {
    if (isBucket(node)) {
      if (node.width === 2 || windows.length > 1 || node.count < TREE_FROM) return searchBucket(node, selection, visit);
      const fresh = !node.hasTree;
      const { w, s, e, n } = windows[0]!;
      for (const at of node.boxTree().search(w, s, e, n)) visit(node.rowIds[at]!);
      if (fresh) reader.reweigh(space, page);
      return;
    }
    const { boxes, children, level } = node;
    for (let i = 0, at = 0; i < node.count; i++, at += 4) {
      if (!touches(boxes, at, windows)) continue;
      const below = pageAt(reader, space, children[i]!, level - 1);
      if (holds?.(boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!)) {
        bucketsUnder(reader, space, children[i]!, below, visitAll);
      } else walk(children[i]!, below);
    }
  };
  walk(0, reader.page(space, 0, SPATIAL_PAGE));
}

/** The entries of one bucket that a selection takes, one by one. */
export function searchBucket(bucket: Bucket, { windows, test }: Selection, visit: (rowId: number) => void): void {
  if (bucket.width === 2) searchPoints(bucket, windows, test, visit);
  else searchBoxes(bucket, windows, visit);
}

function searchPoints(
  { count, places, rowIds }: Bucket,
  windows: readonly Box[],
  test: Selection['test'],
  visit: (rowId: number) => void,
): void {
  for (let i = 0; i < count; i++) {
    const lon = places[2 * i]!;
    const lat = places[2 * i + 1]!;
    if (holds(windows, lon, lat) && (test === undefined || test(lon, lat))) visit(rowIds[i]!);
  }
}

function holds(windows: readonly Box[], lon: number, lat: number): boolean {
  for (let k = 0; k < windows.length; k++) {
    const { w, s, e, n } = windows[k]!;
    if (lon >= w && lon <= e && lat >= s && lat <= n) return true;
  }
  return false;
}

function searchBoxes({ count, places, rowIds }: Bucket, windows: readonly Box[], visit: (rowId: number) => void): void {
  for (let i = 0; i < count; i++) if (touches(places, 4 * i, windows)) visit(rowIds[i]!);
}

/** Whether the box at `at` shares a point with one of some windows. */
export function touches(boxes: Float32Array | Float64Array, at: number, windows: readonly Box[]): boolean {
  for (let k = 0; k < windows.length; k++) {
    const { w, s, e, n } = windows[k]!;
    if (boxes[at]! <= e && boxes[at + 2]! >= w && boxes[at + 1]! <= n && boxes[at + 3]! >= s) return true;
  }
  return false;
}

/** Calls back with every bucket. */
export function eachBucket(reader: PageReader, space: number, visit: (bucket: Bucket) => void): void {
  bucketsUnder(reader, space, 0, reader.page(space, 0, SPATIAL_PAGE), visit);
}

function bucketsUnder(
  reader: PageReader,
  space: number,
  page: number,
  top: SpatialPage,
  visit: (bucket: Bucket) => void,
): void {
  pagesUnder(reader, space, page, top, (_, node) => {
    if (isBucket(node)) visit(node);
  });
}

/** Calls back with every page, those above before those below. */
export function eachPage(reader: PageReader, space: number, visit: (page: number, node: SpatialPage) => void): void {
  pagesUnder(reader, space, 0, reader.page(space, 0, SPATIAL_PAGE), visit);
}

function pagesUnder(
  reader: PageReader,
  space: number,
  top: number,
  topNode: SpatialPage,
  visit: (page: number, node: SpatialPage) => void,
): void {
  const walk = (page: number, node: SpatialPage): void => {
    visit(page, node);
    if (isBucket(node)) return;
    for (let i = 0; i < node.count; i++) {
      walk(node.children[i]!, pageAt(reader, space, node.children[i]!, node.level - 1));
    }
  };
  walk(top, topNode);
}
