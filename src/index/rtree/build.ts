// Fills an empty R-tree: entries sorted along the Hilbert curve, packed into buckets nine tenths full, directories above them.
// I. Kamel and C. Faloutsos, "On packing R-trees", CIKM 1993.

import type { PageWriter } from '../../pages/index.js';
import type { Entry } from '../kind.js';
import type { ScalarType } from '../../values/types.js';
import { placeOf } from './selection.js';
import { Bucket, Directory, DIRECTORY_MOST, SPATIAL_PAGE, boxOf, placeKey } from './spatial-page.js';
import type { SpatialPage, Width } from './spatial-page.js';
import { RTREE_COUNTERS, allocate } from './tree-change.js';

const FULL = 0.9;
const PROGRESS = 16_384;
/** Pages between two looks at the budget of changed pages. */
const RELIEF = 64;

interface Gathered {
  readonly count: number;
  readonly rowIds: Uint32Array;
  readonly keys: Uint32Array;
  readonly places: Float64Array;
}

export function buildTree(
  writer: PageWriter,
  space: number,
  type: ScalarType,
  width: Width,
  entries: Iterable<Entry>,
  progress: ((done: number) => void) | undefined,
): void {
  const { count, rowIds, keys, places } = gather(entries, type, width, progress);
  const order = sortedOrder(keys, count);
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
  progress?.(count);
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
): Gathered {
  let capacity = 1024;
  let rowIds = new Uint32Array(capacity);
  let keys = new Uint32Array(capacity);
  let places = new Float64Array(capacity * width);
  let count = 0;
  let seen = 0;
  for (const { rowId, values } of entries) {
    if (++seen % PROGRESS === 0) progress?.(seen);
    const value = values[0] ?? null;
    if (value === null) continue;
    if (count === capacity) {
      capacity *= 2;
      rowIds = grown(rowIds, new Uint32Array(capacity));
      keys = grown(keys, new Uint32Array(capacity));
      places = grown(places, new Float64Array(capacity * width));
    }
    const place = placeOf(value, type);
    rowIds[count] = rowId;
    keys[count] = placeKey(place, 0, width);
    for (let k = 0; k < width; k++) places[count * width + k] = place[k]!;
    count++;
  }
  return { count, rowIds, keys, places };
}

function grown<A extends Uint32Array | Float64Array>(old: A, next: A): A {
  next.set(old);
  return next;
}

/** Positions by key, equal keys in the order given: a radix sort in two passes of 16 bits. */
export function sortedOrder(keys: Uint32Array, count: number): Uint32Array {
  let order = Uint32Array.from({ length: count }, (_, i) => i);
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
