// Distances in metres on a sphere with the mean radius of WGS 84. Edges of lines and polygons are straight in longitude and latitude
// (RFC 7946, section 3.1.1), as they are for the topological predicates, so that a distance is 0 exactly where geometries intersect.

import type { Box } from './box.js';
import { cutAtAntimeridian } from './box.js';

/** The mean radius (2a + b) / 3 of the WGS 84 ellipsoid, in metres. */
export const EARTH_RADIUS = 6_371_008.8;

const RADIAN = Math.PI / 180;
/** Longest piece, in degrees, on which the distance to an edge is taken to have a single minimum. */
const PIECE = 10;

/** The angle whose haversine is h. */
function angleOf(h: number): number {
  return 2 * Math.atan2(Math.sqrt(h), Math.sqrt(Math.max(0, 1 - h)));
}

/**
 * The distance between two points (R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68, 1984).
 *
 * @example sphereDistance(2.3488, 48.85341, -0.12574, 51.50853) // 343,556 m: Paris to London
 */
export function sphereDistance(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const sinLat = Math.sin(((lat2 - lat1) * RADIAN) / 2);
  const sinLon = Math.sin(((lon2 - lon1) * RADIAN) / 2);
  const h = sinLat * sinLat + Math.cos(lat1 * RADIAN) * Math.cos(lat2 * RADIAN) * sinLon * sinLon;
  return EARTH_RADIUS * angleOf(h);
}

/** The distance from a point to the edge that runs straight, in longitude and latitude, from (lon1, lat1) to (lon2, lat2). */
export function edgeDistance(lon: number, lat: number, lon1: number, lat1: number, lon2: number, lat2: number): number {
  const pieces = Math.max(1, Math.ceil(Math.max(Math.abs(lon2 - lon1), Math.abs(lat2 - lat1)) / PIECE));
  let best = sphereDistance(lon, lat, lon1, lat1);
  for (let i = 0; i < pieces; i++) {
    const low = i / pieces;
    const high = (i + 1) / pieces;
    const at = nearestOn(lon, lat, lon1, lat1, lon2 - lon1, lat2 - lat1, low, high);
    best = Math.min(best, sphereDistance(lon, lat, lon1 + at * (lon2 - lon1), lat1 + at * (lat2 - lat1)));
  }
  return Math.min(best, sphereDistance(lon, lat, lon2, lat2));
}

/** The parameter in [low, high] at which the edge comes nearest: bisection on the slope of the cosine of the angle. */
function nearestOn(
  lon: number,
  lat: number,
  lon1: number,
  lat1: number,
  dLon: number,
  dLat: number,
  from: number,
  to: number,
): number {
  const sinP = Math.sin(lat * RADIAN);
  const cosP = Math.cos(lat * RADIAN);
  const slope = (t: number): number => {
    const phi = (lat1 + t * dLat) * RADIAN;
    const lambda = (lon1 + t * dLon - lon) * RADIAN;
    const cosPhi = Math.cos(phi);
    return dLat * (sinP * cosPhi - cosP * Math.sin(phi) * Math.cos(lambda)) - dLon * cosP * cosPhi * Math.sin(lambda);
  };
  let low = from;
  let high = to;
  if (slope(low) <= 0) return low;
  if (slope(high) >= 0) return high;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Boxes, none of which crosses the antimeridian, that hold every point within `metres` of a point: one, two at the antimeridian,
 * or a band of all longitudes around a pole. A superset by a hair, so that rounding loses no point.
 * (J. P. Matuschek, "Finding points within a distance of a latitude/longitude using bounding coordinates".)
 */
export function circleBoxes(lon: number, lat: number, metres: number): readonly Box[] {
  if (!(metres >= 0)) return [];
  const angle = (metres / EARTH_RADIUS) * (1 + 1e-9) + 1e-10;
  const s = lat - angle / RADIAN;
  const n = lat + angle / RADIAN;
  if (s <= -90 || n >= 90 || angle >= Math.PI / 2) {
    return [{ w: -180, s: Math.max(-90, s), e: 180, n: Math.min(90, n) }];
  }
  const half = Math.asin(Math.min(1, Math.sin(angle) / Math.cos(lat * RADIAN))) / RADIAN + 1e-9;
  return cutAtAntimeridian({ w: lon - half, s, e: lon + half, n });
}

/**
 * A lower bound, less than a millimetre below the truth (a metre beyond 19,000 km), of the distance from a point to any point of a
 * box; 0 inside. For walking an R-tree nearest first. The box may cross the antimeridian. At any one latitude the distance grows with
 * the difference of longitudes, so the nearest point lies on the point's own meridian or on one of the box's two.
 */
export function boxDistance(lon: number, lat: number, box: Box): number {
  const inside = box.w <= box.e ? lon >= box.w && lon <= box.e : lon >= box.w || lon <= box.e;
  let distance: number;
  if (inside) {
    if (lat >= box.s && lat <= box.n) return 0;
    distance = (lat < box.s ? box.s - lat : lat - box.n) * RADIAN * EARTH_RADIUS;
  } else {
    distance = Math.min(
      meridianDistance(lon, lat, box.w, box.s, box.n),
      meridianDistance(lon, lat, box.e, box.s, box.n),
    );
  }
  return Math.max(0, distance * (1 - 1e-12) - (distance > 19e6 ? 1 : 1e-4));
}

/** The distance to the meridian `at` between two latitudes: its foot where that lies between them, else the nearer end. */
function meridianDistance(lon: number, lat: number, at: number, s: number, n: number): number {
  const foot = Math.atan2(Math.sin(lat * RADIAN), Math.cos(lat * RADIAN) * Math.cos((at - lon) * RADIAN)) / RADIAN;
  if (foot > s && foot < n) return sphereDistance(lon, lat, at, foot);
  return Math.min(sphereDistance(lon, lat, at, s), sphereDistance(lon, lat, at, n));
}
