// Changes an R-tree in Hilbert order: a B+tree over (Hilbert key, row id) in which every page above the buckets keeps exact boxes.
// I. Kamel and C. Faloutsos, "Hilbert R-tree: an improved R-tree using fractals", VLDB 1994 (splits here are of one page into two).
// Page 0 is the root whatever the height. An insert changes its bucket; pages above it only where their boxes change, or on a split.

import { LightningError } from '../../errors.js';
import type { PageReader, PageWriter } from '../../pages/index.js';
import { Bucket, Directory, DIRECTORY_MOST, SPATIAL_PAGE, boxOf, isBucket, placeKey } from './spatial-page.js';
import type { SpatialPage, Width } from './spatial-page.js';

/** Positions in the counters of the tree's space. */
export const RTREE_COUNTERS = { ENTRIES: 0, NEXT_PAGE: 1, PAGES: 2 } as const;

/** A page with fewer entries is joined to a neighbour, if both fit into three quarters of a page. */
const FEW = 0.25;
const JOINED = 0.75;

/** The way from the root: pages, and in each the position of the next. The last position is that of nothing. */
interface Path {
  readonly pages: number[];
  readonly positions: number[];
}

export function createTree(writer: PageWriter, space: number, group: number, width: Width): void {
  const counters = writer.createCounters(space, group);
  counters[RTREE_COUNTERS.NEXT_PAGE] = 1;
  counters[RTREE_COUNTERS.PAGES] = 1;
  writer.put(space, 0, SPATIAL_PAGE, Bucket.make(width));
}

/** A page at the level where it must be. */
export function pageAt(reader: PageReader, space: number, page: number, level: number): SpatialPage {
  const found = reader.page(space, page, SPATIAL_PAGE);
  if (found.level === level) return found;
  throw new LightningError('CORRUPT', `R-tree page ${page} of space ${space} has level ${found.level}, not ${level}`, {
    hint: 'rebuild the index with REINDEX',
  });
}

function descend(reader: PageReader, space: number, key: number, rowId: number): Path {
  const path: Path = { pages: [0], positions: [] };
  let node = reader.page(space, 0, SPATIAL_PAGE);
  while (!isBucket(node)) {
    const at = node.floor(key, rowId);
    const page = node.children[at]!;
    path.positions.push(at);
    path.pages.push(page);
    node = pageAt(reader, space, page, node.level - 1);
  }
  return path;
}

/** The bucket where an entry belongs, to be changed. */
function bucketFor(writer: PageWriter, space: number, key: number, rowId: number) {
  const path = descend(writer, space, key, rowId);
  const depth = path.pages.length - 1;
  return { path, depth, bucket: writer.change(space, path.pages[depth]!, SPATIAL_PAGE) as Bucket };
}

export function insertEntry(
  writer: PageWriter,
  space: number,
  rowId: number,
  place: ArrayLike<number>,
  width: Width,
): void {
  const { path, depth, bucket } = bucketFor(writer, space, placeKey(place, 0, width), rowId);
  bucket.append(rowId, place);
  writer.changeCounters(space)[RTREE_COUNTERS.ENTRIES]!++;
  if (bucket.count > bucket.most) split(writer, space, path, depth);
  else refresh(writer, space, path, depth);
}

/** @throws LightningError CORRUPT when there is no such entry */
export function deleteEntry(
  writer: PageWriter,
  space: number,
  rowId: number,
  place: ArrayLike<number>,
  width: Width,
): void {
  const { path, depth, bucket } = bucketFor(writer, space, placeKey(place, 0, width), rowId);
  const at = bucket.indexOf(rowId);
  if (at < 0) {
    throw new LightningError('CORRUPT', `the R-tree in space ${space} lacks row ${rowId} where its place belongs`, {
      hint: 'rebuild the index with REINDEX',
    });
  }
  bucket.remove(at);
  writer.changeCounters(space)[RTREE_COUNTERS.ENTRIES]!--;
  shrink(writer, space, path, depth);
}

/** Makes the boxes above a page right again, from the bottom up to where nothing changes. */
function refresh(writer: PageWriter, space: number, path: Path, depth: number): void {
  for (let at = depth; at > 0; at--) {
    const box = boxOf(writer.page(space, path.pages[at]!, SPATIAL_PAGE));
    const position = path.positions[at - 1]!;
    const above = writer.page(space, path.pages[at - 1]!, SPATIAL_PAGE) as Directory;
    if (sameBox(above.boxes, 4 * position, box)) return;
    const changed = writer.change(space, path.pages[at - 1]!, SPATIAL_PAGE) as Directory;
    changed.boxes.set(box, 4 * position);
  }
}

/** Divides a page that is too full into two, and so on upwards. */
function split(writer: PageWriter, space: number, path: Path, depth: number): void {
  const page = path.pages[depth]!;
  const node = writer.page(space, page, SPATIAL_PAGE);
  const halves = isBucket(node) ? splitBucket(node) : splitDirectory(node);
  const right = allocate(writer, space);
  writer.put(space, right, SPATIAL_PAGE, halves.right);
  if (depth === 0) {
    const left = allocate(writer, space);
    writer.put(space, left, SPATIAL_PAGE, halves.left);
    const root = new Directory(node.level + 1);
    root.insert(0, 0, 0, left);
    root.boxes.set(boxOf(halves.left), 0);
    root.insert(1, halves.key, halves.rowId, right);
    root.boxes.set(boxOf(halves.right), 4);
    writer.put(space, 0, SPATIAL_PAGE, root);
    return;
  }
  writer.put(space, page, SPATIAL_PAGE, halves.left);
  const above = writer.change(space, path.pages[depth - 1]!, SPATIAL_PAGE) as Directory;
  const at = path.positions[depth - 1]!;
  above.boxes.set(boxOf(halves.left), 4 * at);
  above.insert(at + 1, halves.key, halves.rowId, right);
  above.boxes.set(boxOf(halves.right), 4 * at + 4);
  if (above.count > DIRECTORY_MOST) split(writer, space, path, depth - 1);
  else refresh(writer, space, path, depth - 1);
}

interface Halves<P> {
  readonly left: P;
  readonly right: P;
  /** The least key on the right. */
  readonly key: number;
  readonly rowId: number;
}

function splitBucket(bucket: Bucket): Halves<Bucket> {
  const { count, width, rowIds, places } = bucket;
  const keys = Float64Array.from({ length: count }, (_, i) => bucket.key(i));
  const order = Uint16Array.from({ length: count }, (_, i) => i);
  order.sort((a, b) => keys[a]! - keys[b]! || rowIds[a]! - rowIds[b]!);
  const half = count >>> 1;
  const left = Bucket.make(width, count);
  const right = Bucket.make(width, count);
  order.forEach((from, i) => (i < half ? left : right).append(rowIds[from]!, places, from * width));
  const middle = order[half]!;
  return { left, right, key: keys[middle]!, rowId: rowIds[middle]! };
}

function splitDirectory(node: Directory): Halves<Directory> {
  const half = node.count >>> 1;
  const parts = [new Directory(node.level), new Directory(node.level)] as const;
  for (let i = 0; i < node.count; i++) moveChild(node, i, parts[i < half ? 0 : 1]);
  return { left: parts[0], right: parts[1], key: node.hilberts[half]!, rowId: node.rowIds[half]! };
}

function moveChild(from: Directory, i: number, to: Directory): void {
  to.insert(to.count, from.hilberts[i]!, from.rowIds[i]!, from.children[i]!);
  to.boxes.set(from.boxes.subarray(4 * i, 4 * i + 4), 4 * (to.count - 1));
}

/** After a removal: joins a page with few entries to a neighbour, and gives up a root that has one page below it. */
function shrink(writer: PageWriter, space: number, path: Path, depth: number): void {
  const page = path.pages[depth]!;
  const node = writer.page(space, page, SPATIAL_PAGE);
  if (depth === 0) return lowerRoot(writer, space);
  const most = mostOf(node);
  if (node.count >= most * FEW) return refresh(writer, space, path, depth);
  const above = writer.page(space, path.pages[depth - 1]!, SPATIAL_PAGE) as Directory;
  const at = path.positions[depth - 1]!;
  const left = at > 0 ? at - 1 : at;
  const right = left + 1;
  if (right >= above.count) return refresh(writer, space, path, depth);
  const rightNode = pageAt(writer, space, above.children[right]!, node.level);
  const leftPage = above.children[left]!;
  const leftNode = pageAt(writer, space, leftPage, node.level);
  if (leftNode.count + rightNode.count > most * JOINED) return refresh(writer, space, path, depth);
  const joined = writer.change(space, leftPage, SPATIAL_PAGE);
  if (isBucket(joined) && isBucket(rightNode)) {
    for (let i = 0; i < rightNode.count; i++) joined.append(rightNode.rowIds[i]!, rightNode.places, i * joined.width);
  } else if (!isBucket(joined) && !isBucket(rightNode)) {
    for (let i = 0; i < rightNode.count; i++) moveChild(rightNode, i, joined);
  }
  const changed = writer.change(space, path.pages[depth - 1]!, SPATIAL_PAGE) as Directory;
  release(writer, space, changed.children[right]!);
  changed.remove(right);
  changed.boxes.set(boxOf(joined), 4 * left);
  shrink(writer, space, path, depth - 1);
}

function mostOf(node: SpatialPage): number {
  return isBucket(node) ? node.most : DIRECTORY_MOST;
}

function lowerRoot(writer: PageWriter, space: number): void {
  for (;;) {
    const root = writer.page(space, 0, SPATIAL_PAGE);
    if (isBucket(root) || root.count > 1) return;
    const page = root.children[0]!;
    const only = writer.change(space, page, SPATIAL_PAGE);
    release(writer, space, page);
    writer.put(space, 0, SPATIAL_PAGE, only);
  }
}

export function allocate(writer: PageWriter, space: number): number {
  const counters = writer.changeCounters(space);
  counters[RTREE_COUNTERS.PAGES]!++;
  return counters[RTREE_COUNTERS.NEXT_PAGE]!++;
}

export function release(writer: PageWriter, space: number, page: number): void {
  writer.drop(space, page);
  writer.changeCounters(space)[RTREE_COUNTERS.PAGES]!--;
}

function sameBox(boxes: Float32Array, at: number, box: Float32Array): boolean {
  return boxes[at] === box[0] && boxes[at + 1] === box[1] && boxes[at + 2] === box[2] && boxes[at + 3] === box[3];
}
