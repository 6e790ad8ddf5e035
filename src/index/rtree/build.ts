// Fills an R-tree: entries sorted along the Hilbert curve, packed into buckets nine tenths full, directories above them. A tree that holds
// entries already is packed anew with the further ones, or takes them one by one, still along the curve, when they are few beside it.
// I. Kamel and C. Faloutsos, "On packing R-trees", CIKM 1993.

import type { PageWriter } from '../../pages/index.js';
import type { Entry } from '../kind.js';
import type { ScalarType } from '../../values/types.js';
import { placeOf } from './selection.js';
import { Bucket, Directory, DIRECTORY_MOST, SPATIAL_PAGE, boxOf, isBucket, placeKey } from './spatial-page.js';
import type { SpatialPage, Width } from './spatial-page.js';
import { RTREE_COUNTERS, allocate, insertEntry, release } from './tree-change.js';
import { eachPage } from './tree-search.js';

const FULL = 0.9;
const PROGRESS = 16_384;
/** Pages between two looks at the budget of changed pages. */
const RELIEF = 64;

/** Entries of the tree for each further one, from which on packing anew costs more than inserting. */
const MANY = 8;

/** Places with their row ids and Hilbert keys. */
class Places {
  count = 0;
  rowIds = new Uint32Array(1024);
  keys = new Uint32Array(1024);
  places: Float64Array;

  constructor(readonly width: Width) {
    this.places = new Float64Array(1024 * width);
  }

  add(rowId: number, place: ArrayLike<number>, from = 0): void {
    const { count, width } = this;
    if (count === this.rowIds.length) {
      this.rowIds = grown(this.rowIds, new Uint32Array(2 * count));
      this.keys = grown(this.keys, new Uint32Array(2 * count));
      this.places = grown(this.places, new Float64Array(2 * count * width));
    }
    this.rowIds[count] = rowId;
    this.keys[count] = placeKey(place, from, width);
    for (let k = 0; k < width; k++) this.places[count * width + k] = place[from + k]!;
    this.count++;
  }

  /** Positions by Hilbert key, then by row id. */
  order(): Uint32Array {
    return sortedOrder(this.keys, this.count, sortedOrder(this.rowIds, this.count));
  }
}

export function buildTree(
  writer: PageWriter,
  space: number,
  type: ScalarType,
  width: Width,
  entries: Iterable<Entry>,
  progress: ((done: number) => void) | undefined,
): void {
  const found = gather(entries, type, width, progress);
  const { count } = found;
  const held = writer.counters(space)![RTREE_COUNTERS.ENTRIES]!;
  if (held > MANY * count) insertAll(writer, space, found, progress);
  else {
    if (held > 0) takeOut(writer, space, found);
    pack(writer, space, found, progress && ((done) => progress(Math.min(done, count))));
  }
  progress?.(count);
}

function insertAll(
  writer: PageWriter,
  space: number,
  found: Places,
  progress: ((done: number) => void) | undefined,
): void {
  const { rowIds, places, width } = found;
  found.order().forEach((from, i) => {
    insertEntry(writer, space, rowIds[from]!, places.subarray(from * width, (from + 1) * width), width);
    if ((i + 1) % PROGRESS !== 0) return;
    writer.relieve();
    progress?.(i + 1);
  });
}

/** Takes all entries out of the tree, which is left without a page. */
function takeOut(writer: PageWriter, space: number, into: Places): void {
  const pages: number[] = [];
  eachPage(writer, space, (page, node) => {
    if (page !== 0) pages.push(page);
    if (!isBucket(node)) return;
    for (let i = 0; i < node.count; i++) into.add(node.rowIds[i]!, node.places, i * node.width);
  });
  for (const page of pages) release(writer, space, page);
  writer.changeCounters(space)[RTREE_COUNTERS.NEXT_PAGE] = 1;
}

function pack(writer: PageWriter, space: number, found: Places, progress: ((done: number) => void) | undefined): void {
  const { count, rowIds, keys, places, width } = found;
  const order = found.order();
  let level: Packed = { pages: [], keys: [], rowIds: [], boxes: [] };
  let bucket = Bucket.make(width, 256);
  const finish = (): void => {
    put(writer, space, bucket, level);
    if (level.pages.length % RELIEF === 0) writer.relieve();
    bucket = Bucket.make(width, 256);
  };
  for (let i = 0; i < count; i++) {
    const from = order[i]!;
    if (bucket.count + 1 > bucket.mostWith(places, from * width) * FULL) finish();
    if (bucket.count === 0) {
      level.keys.push(keys[from]!);
      level.rowIds.push(rowIds[from]!);
    }
    bucket.append(rowIds[from]!, places, from * width);
    if ((i + 1) % PROGRESS === 0) progress?.(i + 1);
  }
  writer.changeCounters(space)[RTREE_COUNTERS.ENTRIES] = count;
  if (level.pages.length === 0) {
    writer.put(space, 0, SPATIAL_PAGE, bucket);
    return;
  }
  finish();
  for (let height = 1; ; height++) {
    const packed = packLevel(level, height);
    if (packed.length === 1) {
      writer.put(space, 0, SPATIAL_PAGE, packed[0]!);
      break;
    }
    const above: Packed = { pages: [], keys: [], rowIds: [], boxes: [] };
    for (const node of packed) {
      above.keys.push(node.hilberts[0]!);
      above.rowIds.push(node.rowIds[0]!);
      put(writer, space, node, above);
    }
    level = above;
  }
}

/** One level's pages: numbers, least keys, boxes. */
interface Packed {
  readonly pages: number[];
  readonly keys: number[];
  readonly rowIds: number[];
  readonly boxes: Float32Array[];
}

function put(writer: PageWriter, space: number, node: SpatialPage, into: Packed): void {
  const page = allocate(writer, space);
  writer.put(space, page, SPATIAL_PAGE, node);
  into.pages.push(page);
  into.boxes.push(boxOf(node));
}

function packLevel(below: Packed, height: number): Directory[] {
  const total = below.pages.length;
  const groups = Math.ceil(total / Math.floor(DIRECTORY_MOST * (total > DIRECTORY_MOST ? FULL : 1)));
  return Array.from({ length: groups }, (_, g) => {
    const node = new Directory(height);
    const from = Math.floor((g * total) / groups);
    const to = Math.floor(((g + 1) * total) / groups);
    for (let i = from; i < to; i++) {
      // The least key of all is below every key.
      const first = i === 0;
      node.insert(node.count, first ? 0 : below.keys[i]!, first ? 0 : below.rowIds[i]!, below.pages[i]!);
      node.boxes.set(below.boxes[i]!, 4 * (node.count - 1));
    }
    return node;
  });
}

function gather(
  entries: Iterable<Entry>,
  type: ScalarType,
  width: Width,
  progress: ((done: number) => void) | undefined,
): Places {
  const found = new Places(width);
  let seen = 0;
  for (const { rowId, values } of entries) {
    if (++seen % PROGRESS === 0) progress?.(seen);
    const value = values[0] ?? null;
    if (value !== null) found.add(rowId, placeOf(value, type));
  }
  return found;
}

function grown<A extends Uint32Array | Float64Array>(old: A, next: A): A {
  next.set(old);
  return next;
}

/** Positions by key, equal keys in the order given: a radix sort in two passes of 16 bits. */
export function sortedOrder(keys: Uint32Array, count: number, given?: Uint32Array): Uint32Array {
  let order = given ?? Uint32Array.from({ length: count }, (_, i) => i);
  for (const shift of [0, 16]) {
    const starts = new Uint32Array(65_537);
    for (let i = 0; i < count; i++) starts[((keys[i]! >>> shift) & 0xffff) + 1]!++;
    for (let digit = 0; digit < 65_536; digit++) starts[digit + 1]! += starts[digit]!;
    const next = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const from = order[i]!;
      next[starts[(keys[from]! >>> shift) & 0xffff]!++] = from;
    }
    order = next;
  }
  return order;
}
