// The relations of PostGIS between geometries. Topology is planar in longitude and latitude, as for PostGIS's geometry type: edges are
// straight there, an edge may span more than 180 degrees, and none crosses the antimeridian (split such a shape at it, as RFC 7946
// asks; `makeEnvelope` does). Distances are in metres on the sphere and do reach across the antimeridian.

import { LightningError } from '../errors.js';
import type { Geometry } from '../values/types.js';
import { bounds, boxesIntersect } from './box.js';
import type { Box } from './box.js';
import type { PointLocator } from './point-in-polygon.js';
import { preparePolygon } from './point-in-polygon.js';
import { lineLocation } from './point-on-line.js';
import { relate } from './relate.js';

type Simple = Exclude<Geometry, { type: 'GeometryCollection' }>;
type Location = -1 | 0 | 1;

interface Prepared {
  readonly box: Box | undefined;
  locator: PointLocator | undefined;
}

// Geometries are frozen by convention, so what is derived from one stays true.
const preparations = new WeakMap<Geometry, Prepared>();

function prepared(geometry: Geometry): Prepared {
  let known = preparations.get(geometry);
  if (known === undefined) {
    known = { box: bounds(geometry), locator: undefined };
    preparations.set(geometry, known);
  }
  return known;
}

/** Where a point lies: -1 in the interior, 0 on the boundary, 1 outside of a geometry. */
export function locate(lon: number, lat: number, geometry: Simple): Location {
  switch (geometry.type) {
    case 'Point':
      return geometry.coordinates[0] === lon && geometry.coordinates[1] === lat ? -1 : 1;
    case 'MultiPoint':
      return geometry.coordinates.some(([x, y]) => x === lon && y === lat) ? -1 : 1;
    case 'LineString':
      return lineLocation(lon, lat, [geometry.coordinates]);
    case 'MultiLineString':
      return lineLocation(lon, lat, geometry.coordinates);
    default:
      return locator(geometry)(lon, lat);
  }
}

/** As `locate` in the polygons of a geometry, for many points. */
export function locator(geometry: Geometry): PointLocator {
  const cache = prepared(geometry);
  cache.locator ??= preparePolygon(geometry);
  return cache.locator;
}

/**
 * ST_Intersects: whether two geometries share a point, boundaries included.
 *
 * @throws LightningError INVALID_GEOMETRY as `relate`.
 */
export function intersects(a: Geometry, b: Geometry): boolean {
  if (a.type === 'GeometryCollection') return a.geometries.some((part) => intersects(part, b));
  if (b.type === 'GeometryCollection') return b.geometries.some((part) => intersects(a, part));
  const points = pointsOf(a);
  if (points !== undefined) return points.some(([lon, lat]) => locate(lon as number, lat as number, b) <= 0);
  if (pointsOf(b) !== undefined) return intersects(b, a);
  if (!boxesMeet(a, b)) return false;
  const [x, y] = [flattened(a), flattened(b)];
  return x === a && y === b ? relate(a, b).isIntersects() : intersects(x, y);
}

/** Polygons without height or width as the lines or points that they are: jsts takes them for nothing. */
function flattened(geometry: Simple): Geometry {
  if (geometry.type === 'MultiPolygon') {
    const geometries = geometry.coordinates.map((coordinates) => flattened({ type: 'Polygon', coordinates }));
    return geometries.every(({ type }) => type === 'Polygon') ? geometry : { type: 'GeometryCollection', geometries };
  }
  const box = geometry.type === 'Polygon' ? bounds(geometry) : undefined;
  if (box === undefined || (box.w < box.e && box.s < box.n)) return geometry;
  const ends = [
    [box.w, box.s],
    [box.e, box.n],
  ];
  return box.w === box.e && box.s === box.n
    ? { type: 'Point', coordinates: ends[0]! }
    : { type: 'LineString', coordinates: ends };
}

/** ST_Covers: whether no point of `b` lies outside of `a`. An empty geometry covers nothing and is covered by nothing. */
export function covers(a: Geometry, b: Geometry): boolean {
  return holds(a, b, 'covers');
}

/**
 * ST_Contains: as `covers`, and their interiors meet; so a polygon does not contain what lies only on its boundary.
 *
 * @throws LightningError UNSUPPORTED when `a` is a GeometryCollection of several parts and `b` is no Point; INVALID_GEOMETRY as `relate`,
 * between geometries neither of which is a Point.
 */
export function contains(a: Geometry, b: Geometry): boolean {
  return holds(a, b, 'contains');
}

/** ST_Within: `contains` the other way round. */
export function within(a: Geometry, b: Geometry): boolean {
  return holds(b, a, 'contains');
}

function holds(outer: Geometry, inner: Geometry, relation: 'covers' | 'contains'): boolean {
  if (outer.type === 'GeometryCollection') {
    const [only, ...others] = outer.geometries;
    if (only === undefined) return false;
    if (others.length === 0) return holds(only, inner, relation);
    if (inner.type === 'Point') return outer.geometries.some((part) => holds(part, inner, relation));
    throw new LightningError('UNSUPPORTED', 'a GeometryCollection cannot be asked what it contains', {
      hint: 'Use a MultiPolygon, or compare each part and join the answers with OR.',
    });
  }
  if (inner.type === 'GeometryCollection') {
    const parts = inner.geometries.filter((part) => prepared(part).box !== undefined);
    if (parts.length === 0 || !parts.every((part) => holds(outer, part, 'covers'))) return false;
    return relation === 'covers' || parts.some((part) => holds(outer, part, 'contains'));
  }
  const points = pointsOf(inner);
  if (points !== undefined) return holdsPoints(outer, points, relation);
  if (pointsOf(outer) !== undefined || !boxesMeet(outer, inner)) return false;
  const relationship = relate(outer, inner);
  return relation === 'covers' ? relationship.isCovers() : relationship.isContains();
}

function holdsPoints(outer: Simple, points: readonly (readonly number[])[], relation: 'covers' | 'contains'): boolean {
  let nearest: Location = 1;
  for (const [lon, lat] of points) {
    const location = locate(lon as number, lat as number, outer);
    if (location > 0) return false;
    if (location < nearest) nearest = location;
  }
  return relation === 'covers' ? nearest <= 0 : nearest < 0;
}

/** The positions of a Point or MultiPoint. */
function pointsOf(geometry: Simple): readonly (readonly number[])[] | undefined {
  if (geometry.type === 'Point') return [geometry.coordinates];
  return geometry.type === 'MultiPoint' ? geometry.coordinates : undefined;
}

function boxesMeet(a: Geometry, b: Geometry): boolean {
  const x = prepared(a).box;
  const y = prepared(b).box;
  return x !== undefined && y !== undefined && boxesIntersect(x, y);
}
