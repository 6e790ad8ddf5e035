// What a spatial probe looks for: windows that hold every answer, and, for points, the test that decides it. The test is the predicate
// of the geo floor itself, so that the index and a scan never differ.

import type { Probe } from '../../catalog/offer.js';
import { never } from '../../errors.js';
import {
  EARTH_RADIUS,
  bounds,
  circleBoxes,
  contains,
  cutAtAntimeridian,
  locate,
  locator,
  pointDistance,
  polygons,
  sphereDistance,
  within,
} from '../../geo/index.js';
import type { Box } from '../../geo/index.js';
import type { Geometry, ScalarType, Value } from '../../values/types.js';
import { roundDown, roundUp } from './spatial-page.js';

type SpatialProbe = Extract<Probe<Value>, { kind: 'spatial' }>;

export interface Selection {
  /** None crosses the antimeridian. An entry that meets none of them is no answer. */
  readonly windows: readonly Box[];
  /** Decides a point in one of the windows; undefined: all in the windows are candidates. */
  readonly test: ((lon: number, lat: number) => boolean) | undefined;
  /** Whether it takes every point of a box; may say no where it does. Absent: nothing is known. */
  readonly holds?: ((w: number, s: number, e: number, n: number) => boolean) | undefined;
}

const NOTHING: Selection = { windows: [], test: undefined };

/**
 * @throws LightningError UNSUPPORTED where the predicate raises it for every row
 */
export function selectionOf(probe: SpatialProbe, type: ScalarType): Selection {
  const { relation } = probe;
  const shape = probe.shape as Geometry | null;
  if (shape === null) return NOTHING;
  const point = type === 'point';
  switch (relation) {
    case 'dwithin': {
      if (probe.metres === null || probe.metres === undefined) return NOTHING;
      const metres = Number(probe.metres);
      if (!point) return { windows: reach(shape, metres), test: undefined };
      const test = distanceTest(shape, metres);
      return { windows: reach(shape, metres), test, holds: withinCircle(shape, metres, test) };
    }
    case 'intersects':
      return point ? decided(shape, coveredBy(shape)) : { windows: windowsOf(shape), test: undefined };
    case 'within':
      // Raises what the predicate has against a collection of several parts, whatever rows there are; points it answers.
      if (!point && shape.type === 'GeometryCollection') within({ type: 'MultiPoint', coordinates: [] }, shape);
      return point ? decided(shape, insideOf(shape)) : { windows: windowsOf(shape), test: undefined };
    case 'contains': {
      if (!point) return { windows: windowsOf(shape), test: undefined };
      return { windows: windowsOf(shape), test: (lon, lat) => contains(pointOf(lon, lat), shape) };
    }
    default:
      return never(relation, 'spatial relation');
  }
}

function decided(shape: Geometry, test: (lon: number, lat: number) => boolean): Selection {
  return { windows: windowsOf(shape), test, holds: withinRectangle(shape) };
}

/** Boxes strictly within an upright rectangle of the shape, where nothing is boundary or antimeridian. */
function withinRectangle(shape: Geometry): Selection['holds'] {
  const rectangles = polygons(shape).flatMap((rings) => rectangleOf(rings) ?? []);
  if (rectangles.length === 0) return undefined;
  return (w, s, e, n) => rectangles.some((box) => w > box.w && s > box.s && e < box.e && n < box.n);
}

function rectangleOf([ring, ...holes]: readonly (readonly (readonly number[])[])[]): Box | undefined {
  if (ring?.length !== 5 || holes.length > 0) return undefined;
  const upright = ring.every(([x, y], i) => i === 0 || (x === ring[i - 1]![0]) !== (y === ring[i - 1]![1]));
  return upright ? bounds({ type: 'LineString', coordinates: ring as number[][] }) : undefined;
}

/**
 * Boxes of which all corners are in a circle smaller than a hemisphere: on a parallel the farthest place is an end unless it lies behind the
 * centre, on a meridian it is one.
 */
function withinCircle(
  shape: Geometry,
  metres: number,
  test: (lon: number, lat: number) => boolean,
): Selection['holds'] {
  if (shape.type !== 'Point' || metres >= (EARTH_RADIUS * Math.PI) / 2) return undefined;
  const x = shape.coordinates[0] as number;
  return (w, s, e, n) => w >= x - 180 && e <= x + 180 && test(w, s) && test(w, n) && test(e, s) && test(e, n);
}

function pointOf(lon: number, lat: number): Geometry {
  return { type: 'Point', coordinates: [lon, lat] };
}

/** Around the limit, rounding decides: there the predicate itself is asked. */
const DOUBT = 1e-9;
const RADIAN = Math.PI / 180;

function distanceTest(shape: Geometry, metres: number): (lon: number, lat: number) => boolean {
  if (shape.type !== 'Point') return (lon, lat) => (pointDistance(lon, lat, shape) ?? Infinity) <= metres;
  const [x, y] = shape.coordinates as [number, number];
  const half = metres / (2 * EARTH_RADIUS);
  // Haversines order as distances do, and need no inverse.
  const limit = half >= Math.PI / 2 ? Infinity : Math.sin(half) ** 2;
  const [sure, out] = [limit * (1 - DOUBT), limit * (1 + DOUBT)];
  const cosine = Math.cos(y * RADIAN);
  return (lon, lat) => {
    const sinLat = Math.sin(((lat - y) * RADIAN) / 2);
    const sinLon = Math.sin(((lon - x) * RADIAN) / 2);
    const haversine = sinLat * sinLat + cosine * Math.cos(lat * RADIAN) * sinLon * sinLon;
    if (haversine < sure) return true;
    return haversine <= out && sphereDistance(lon, lat, x, y) <= metres;
  };
}

function coveredBy(shape: Geometry): (lon: number, lat: number) => boolean {
  if (shape.type === 'Polygon' || shape.type === 'MultiPolygon') {
    const locate = locator(shape);
    return (lon, lat) => locate(lon, lat) <= 0;
  }
  if (shape.type !== 'GeometryCollection') return (lon, lat) => locate(lon, lat, shape) <= 0;
  const parts = shape.geometries.map(coveredBy);
  return (lon, lat) => parts.some((part) => part(lon, lat));
}

function insideOf(shape: Geometry): (lon: number, lat: number) => boolean {
  if (shape.type === 'Polygon' || shape.type === 'MultiPolygon') {
    const locate = locator(shape);
    return (lon, lat) => locate(lon, lat) < 0;
  }
  if (shape.type !== 'GeometryCollection') return (lon, lat) => locate(lon, lat, shape) < 0;
  return (lon, lat) => within(pointOf(lon, lat), shape);
}

/** Boxes around the parts of a shape: one for it all, or one for each half of the globe when it lies on both. */
export function windowsOf(shape: Geometry): readonly Box[] {
  const parts = partsOf(shape)
    .map(bounds)
    .filter((box) => box !== undefined);
  const whole = union(parts);
  if (whole === undefined) return [];
  const west = union(parts.filter((box) => box.w + box.e < 0));
  const east = union(parts.filter((box) => box.w + box.e >= 0));
  const windows = west && east && east.w - west.e > 1 ? [west, east] : [whole];
  // The two edges of the map are one meridian.
  for (const box of [...windows]) {
    if (box.w === -180) windows.push({ ...box, w: 180, e: 180 });
    if (box.e === 180) windows.push({ ...box, w: -180, e: -180 });
  }
  return windows;
}

function partsOf(shape: Geometry): readonly Geometry[] {
  if (shape.type === 'GeometryCollection') return shape.geometries.flatMap(partsOf);
  if (shape.type === 'MultiPolygon') {
    return shape.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }));
  }
  return [shape];
}

function union(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  let { w, s, e, n } = boxes[0]!;
  for (const box of boxes) {
    if (box.w < w) w = box.w;
    if (box.s < s) s = box.s;
    if (box.e > e) e = box.e;
    if (box.n > n) n = box.n;
  }
  return { w, s, e, n };
}

/** Windows that hold every point within some metres of a shape. */
export function reach(shape: Geometry, metres: number): readonly Box[] {
  if (!(metres >= 0)) return [];
  if (shape.type === 'Point')
    return circleBoxes(shape.coordinates[0] as number, shape.coordinates[1] as number, metres);
  return windowsOf(shape).flatMap((box) => widened(box, metres));
}

/** Meridians converge: the reach in longitude is that at the latitude farthest from the equator. */
function widened(box: Box, metres: number): readonly Box[] {
  const [south] = circleBoxes(0, box.s, metres) as [Box];
  const [north] = circleBoxes(0, box.n, metres) as [Box];
  const { s } = south;
  const { n } = north;
  const half = Math.max(south.e, north.e);
  const w = box.w - half;
  const e = box.e + half;
  if (half === 180 || e - w >= 360) return [{ w: -180, s, e: 180, n }];
  return cutAtAntimeridian({ w, s, e, n });
}

/** An entry's place as the index keeps it: a point's coordinates, or a box rounded outward; inside out for an empty geometry. */
export function placeOf(value: Value, type: ScalarType): readonly number[] {
  const geometry = value as Geometry;
  if (type === 'point' && geometry.type === 'Point') return geometry.coordinates;
  const box = bounds(geometry);
  if (box === undefined) return [Infinity, Infinity, -Infinity, -Infinity];
  return [roundDown(box.w), roundDown(box.s), roundUp(box.e), roundUp(box.n)];
}
