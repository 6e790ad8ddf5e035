// Boxes in degrees of longitude and latitude. A box whose west is greater than its east crosses the antimeridian.

import type { Geometry } from '../values/types.js';
import { eachPosition } from './geojson.js';

/** West, south, east, north; longitudes in [-180, 180], latitudes in [-90, 90], south <= north. */
export interface Box {
  readonly w: number;
  readonly s: number;
  readonly e: number;
  readonly n: number;
}

export const WORLD: Box = { w: -180, s: -90, e: 180, n: 90 };

/** The same area as one or two boxes that do not cross the antimeridian. */
export function splitBox(box: Box): readonly Box[] {
  if (box.w <= box.e) return [box];
  return [
    { ...box, e: 180 },
    { ...box, w: -180 },
  ];
}

/** A box less than 360 degrees wide, one edge of which may lie beyond 180 degrees, as boxes that do not cross the antimeridian. */
export function cutAtAntimeridian({ w, s, e, n }: Box): readonly Box[] {
  if (w <= -180) {
    return [
      { w: -180, s, e, n },
      { w: w + 360, s, e: 180, n },
    ];
  }
  if (e >= 180) {
    return [
      { w, s, e: 180, n },
      { w: -180, s, e: e - 360, n },
    ];
  }
  return [{ w, s, e, n }];
}

/** Whether a box (crossing the antimeridian or not) holds a point; edges belong to it. */
export function boxHolds(box: Box, lon: number, lat: number): boolean {
  if (lat < box.s || lat > box.n) return false;
  return box.w <= box.e ? lon >= box.w && lon <= box.e : lon >= box.w || lon <= box.e;
}

/** Whether two boxes share a point; edges belong to both. */
export function boxesIntersect(a: Box, b: Box): boolean {
  if (a.s > b.n || b.s > a.n) return false;
  return splitBox(a).some((x) => splitBox(b).some((y) => x.w <= y.e && y.w <= x.e));
}

/** Whether every point of `inner` is in `outer`. */
export function boxContains(outer: Box, inner: Box): boolean {
  if (inner.s < outer.s || inner.n > outer.n) return false;
  if (outer.w <= outer.e && outer.w === -180 && outer.e === 180) return true;
  return splitBox(inner).every((x) => splitBox(outer).some((y) => x.w >= y.w && x.e <= y.e));
}

/**
 * The planar bounds of a geometry: from its least to its greatest longitude and latitude, as its edges are straight lines in
 * longitude and latitude. Undefined for an empty geometry.
 */
export function bounds(geometry: Geometry): Box | undefined {
  let w = Infinity;
  let s = Infinity;
  let e = -Infinity;
  let n = -Infinity;
  eachPosition(geometry, (lon, lat) => {
    if (lon < w) w = lon;
    if (lon > e) e = lon;
    if (lat < s) s = lat;
    if (lat > n) n = lat;
  });
  return w === Infinity ? undefined : { w, s, e, n };
}
