// How many entries a search finds, from the directories alone: each bucket counts by the share of its box that the search takes, as if its
// entries lay evenly in it. What that finds few of is counted. Never more for a search that lies within another: the share is that of
// fixed places in the box, and a count is cut off where the searches that are not counted begin.

import type { Estimate } from '../../catalog/statistics.js';
import type { PageReader } from '../../pages/index.js';
import { SPATIAL_PAGE, isBucket } from './spatial-page.js';
import type { Bucket, Directory } from './spatial-page.js';
import type { Selection } from './selection.js';
import { pageAt } from './tree-change.js';
import { searchBucket, touches } from './tree-search.js';

/** Entries up to which a search is counted. */
const FEW = 1_000;
/** Buckets that are looked at for it, at most. */
const BUCKETS = 32;
/** Places in a box that are held against a search, along either side. */
const SIDE = 3;
/** What an estimate may be wrong by, as a factor. */
const DOUBT = 1.6;

/** An estimate without its source. */
export type Expected = Omit<Estimate, 'source'>;

/** Entries that a selection takes. */
export function estimateSearch(reader: PageReader, space: number, entries: number, selection: Selection): Expected {
  const { windows } = selection;
  if (windows.length === 0 || entries === 0) return { lo: 0, est: 0, hi: 0 };
  /** Buckets that have a part in it, while there are few. */
  const met: number[] = [];
  let buckets = 0;
  const under = (node: Directory, share: number): number => {
    const each = share / node.count;
    let sum = 0;
    for (let i = 0; i < node.count; i++) {
      if (!touches(node.boxes, 4 * i, windows)) continue;
      const child = node.children[i]!;
      if (node.level === 1) {
        sum += each * taken(node.boxes, 4 * i, selection);
        if (buckets++ < BUCKETS) met.push(child);
      } else if (isWithin(node.boxes, 4 * i, selection)) {
        sum += each;
        buckets = Infinity;
      } else sum += under(pageAt(reader, space, child, node.level - 1) as Directory, each);
    }
    return sum;
  };
  const root = reader.page(space, 0, SPATIAL_PAGE);
  if (isBucket(root)) return exactly(countIn(root, selection));
  const est = Math.min(entries, under(root, entries));
  if (est > FEW) return { lo: est / DOUBT, est, hi: Math.min(entries, est * DOUBT) };
  if (buckets > BUCKETS) return { lo: 0, est: Math.min(entries, FEW), hi: entries };
  let count = 0;
  for (const page of met) count += countIn(pageAt(reader, space, page, 0) as Bucket, selection);
  const bounded = Math.min(count, FEW);
  return { lo: bounded, est: bounded, hi: count };
}

function exactly(count: number): Expected {
  return { lo: count, est: count, hi: count };
}

function countIn(bucket: Bucket, selection: Selection): number {
  let count = 0;
  searchBucket(bucket, selection, () => count++);
  return count;
}

/** Of the places in a box, the share that a selection takes. */
function taken(boxes: Float32Array, at: number, selection: Selection): number {
  const [w, s] = [boxes[at]!, boxes[at + 1]!];
  const [width, height] = [boxes[at + 2]! - w, boxes[at + 3]! - s];
  let found = 0;
  for (let x = 0; x < SIDE; x++) {
    for (let y = 0; y < SIDE; y++) {
      if (takes(selection, w + ((x + 0.5) / SIDE) * width, s + ((y + 0.5) / SIDE) * height)) found++;
    }
  }
  return found / SIDE ** 2;
}

/** Whether a selection takes a whole box, as far as its corners and the places in it tell. */
function isWithin(boxes: Float32Array, at: number, selection: Selection): boolean {
  const [w, s, e, n] = [boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!];
  const corners = takes(selection, w, s) && takes(selection, w, n) && takes(selection, e, s) && takes(selection, e, n);
  return corners && taken(boxes, at, selection) === 1;
}

function takes({ windows, test }: Selection, lon: number, lat: number): boolean {
  return windows.some(({ w, s, e, n }) => lon >= w && lon <= e && lat >= s && lat <= n) && (test?.(lon, lat) ?? true);
}
