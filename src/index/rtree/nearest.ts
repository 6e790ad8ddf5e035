// Entries by distance: a heap of pages under lower bounds of their boxes and of entries under their own distance; whatever comes out
// is nearer than all that stays in. G. Hjaltason and H. Samet, "Distance browsing in spatial databases", TODS 24, 1999.

import { LightningError } from '../../errors.js';
import { bounds, boxDistance, EARTH_RADIUS, pointDistance, sphereDistance } from '../../geo/index.js';
import type { Box } from '../../geo/index.js';
import type { PageReader } from '../../pages/index.js';
import type { Geometry } from '../../values/types.js';
import type { Near } from '../kind.js';
import { membershipOf } from '../row-set/index.js';
import type { RowSet } from '../row-set/index.js';
import { SPATIAL_PAGE, isBucket } from './spatial-page.js';
import type { Bucket, SpatialPage } from './spatial-page.js';
import { pageAt } from './tree-change.js';

/** Distances, least first; equal ones in the order of `tie`, which keeps pages before entries and entries in that of row ids. */
class Queue {
  size = 0;
  private metres = new Float64Array(256);
  private ties = new Float64Array(256);

  push(metres: number, tie: number): void {
    if (this.size === this.metres.length) this.grow();
    const { metres: all, ties } = this;
    let at = this.size++;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if (all[above]! < metres || (all[above] === metres && ties[above]! <= tie)) break;
      all[at] = all[above]!;
      ties[at] = ties[above]!;
      at = above;
    }
    all[at] = metres;
    ties[at] = tie;
  }

  get least(): number {
    return this.metres[0]!;
  }

  get tie(): number {
    return this.ties[0]!;
  }

  pop(): void {
    const { metres: all, ties } = this;
    const size = --this.size;
    const metres = all[size]!;
    const tie = ties[size]!;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= size) break;
      if (below + 1 < size) {
        const [a, b] = [all[below]!, all[below + 1]!];
        if (b < a || (b === a && ties[below + 1]! < ties[below]!)) below++;
      }
      if (all[below]! > metres || (all[below] === metres && ties[below]! >= tie)) break;
      all[at] = all[below]!;
      ties[at] = ties[below]!;
      at = below;
    }
    all[at] = metres;
    ties[at] = tie;
  }

  private grow(): void {
    const metres = new Float64Array(this.size * 2);
    metres.set(this.metres);
    const ties = new Float64Array(this.size * 2);
    ties.set(this.ties);
    this.metres = metres;
    this.ties = ties;
  }
}

/** Pages are below zero in `tie`, by level so that their codec's check knows it. */
const LEVELS = 64;

/**
 * All entries (of `within`, when given) by distance from a shape: exact for points, a lower bound for boxes. Empty geometries, which have no
 * distance, come last with Infinity.
 *
 * @throws LightningError INVALID_GEOMETRY when the shape is empty
 */
export function* nearestEntries(
  reader: PageReader,
  space: number,
  shape: Geometry,
  within: RowSet | undefined,
): Generator<Near> {
  const far = distancesFrom(shape);
  const queue = new Queue();
  const isWithin = within && membershipOf(within);
  const open = (node: SpatialPage): void => {
    if (isBucket(node)) return pushEntries(node, far, isWithin, queue);
    for (let i = 0; i < node.count; i++) {
      const tie = -(node.children[i]! * LEVELS + node.level);
      queue.push(far.box(node.boxes, 4 * i), tie);
    }
  };
  const root = reader.page(space, 0, SPATIAL_PAGE);
  const bottom = root;
  const exact = isBucket(bottom) ? bottom.width === 2 : isPoints(reader, space, bottom);
  open(root);
  while (queue.size > 0) {
    const { least, tie } = queue;
    queue.pop();
    if (tie >= 0) yield { rowId: tie, metres: least, exact };
    else open(pageAt(reader, space, Math.floor(-tie / LEVELS), (-tie % LEVELS) - 1));
  }
}

function isPoints(reader: PageReader, space: number, root: SpatialPage): boolean {
  let node = root;
  while (!isBucket(node)) node = pageAt(reader, space, node.children[0]!, node.level - 1);
  return node.width === 2;
}

function pushEntries(
  bucket: Bucket,
  far: Distances,
  isWithin: ((rowId: number) => boolean) | undefined,
  queue: Queue,
): void {
  const { count, rowIds, places, width } = bucket;
  for (let i = 0; i < count; i++) {
    const rowId = rowIds[i]!;
    if (isWithin !== undefined && !isWithin(rowId)) continue;
    queue.push(width === 2 ? far.point(places[2 * i]!, places[2 * i + 1]!) : far.box(places, 4 * i), rowId);
  }
}

interface Distances {
  point(lon: number, lat: number): number;
  /** A lower bound for all in the box at `at`. */
  box(boxes: ArrayLike<number>, at: number): number;
}

function distancesFrom(shape: Geometry): Distances {
  if (shape.type === 'Point') {
    const [lon, lat] = shape.coordinates as [number, number];
    return {
      point: (x, y) => sphereDistance(lon, lat, x, y),
      box: (boxes, at) => lowerBound(lon, lat, 0, boxes, at),
    };
  }
  const around = bounds(shape);
  if (around === undefined) {
    throw new LightningError('INVALID_GEOMETRY', 'nothing lies at a distance from an empty geometry', {
      hint: 'give a point to order by',
    });
  }
  const [lon, lat] = [(around.w + around.e) / 2, (around.s + around.n) / 2];
  const radius = radiusOf(around);
  return {
    point: (x, y) => pointDistance(x, y, shape) ?? Infinity,
    box: (boxes, at) => lowerBound(lon, lat, radius, boxes, at),
  };
}

/** No point of a box is farther from its middle: along its widest parallel, then along a meridian. */
function radiusOf({ w, s, e, n }: Box): number {
  const widest = s <= 0 && n >= 0 ? 1 : Math.cos((Math.min(Math.abs(s), Math.abs(n)) * Math.PI) / 180);
  return ((((e - w) / 2) * widest + (n - s) / 2) * Math.PI * EARTH_RADIUS * (1 + 1e-9)) / 180;
}

function lowerBound(lon: number, lat: number, radius: number, boxes: ArrayLike<number>, at: number): number {
  const w = boxes[at]!;
  const e = boxes[at + 2]!;
  if (w > e) return Infinity;
  return Math.max(0, boxDistance(lon, lat, { w, s: boxes[at + 1]!, e, n: boxes[at + 3]! }) - radius);
}
