// Distances between geometries, in metres on the sphere: 0 where they intersect, else the least from the vertices of either to the
// edges of the other, edges longer than a degree being divided for it.

import type { Geometry } from '../values/types.js';
import { intersects, locate } from './predicates.js';
import { edgeDistance, EARTH_RADIUS, sphereDistance } from './sphere.js';

type Vertices = readonly (readonly number[])[];

/** Longest step between the points at which an edge is held against another edge, in degrees. */
const STEP = 1;

/** ST_Distance in metres; undefined when a geometry is empty. */
export function distance(a: Geometry, b: Geometry): number | undefined {
  if (a.type === 'Point' && b.type === 'Point') {
    const [lon, lat] = a.coordinates as [number, number];
    return sphereDistance(lon, lat, b.coordinates[0] as number, b.coordinates[1] as number);
  }
  if (a.type === 'Point') return pointDistance(a.coordinates[0] as number, a.coordinates[1] as number, b);
  if (b.type === 'Point') return pointDistance(b.coordinates[0] as number, b.coordinates[1] as number, a);
  if (intersects(a, b)) return 0;
  let least = Infinity;
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const chain of chains(from)) {
      eachStep(chain, (lon, lat) => (least = Math.min(least, toChains(lon, lat, to, least))));
    }
  }
  return least === Infinity ? undefined : least;
}

/** ST_DWithin: whether two geometries come within `metres` of each other; false when one is empty. */
export function dwithin(a: Geometry, b: Geometry, metres: number): boolean {
  const found = distance(a, b);
  return found !== undefined && found <= metres;
}

/** The distance from a point to a geometry: 0 in it or on it; undefined when it is empty. */
export function pointDistance(lon: number, lat: number, geometry: Geometry): number | undefined {
  if (covered(lon, lat, geometry)) return 0;
  const least = toChains(lon, lat, geometry, Infinity);
  return least === Infinity ? undefined : least;
}

function covered(lon: number, lat: number, geometry: Geometry): boolean {
  if (geometry.type === 'GeometryCollection') return geometry.geometries.some((part) => covered(lon, lat, part));
  return locate(lon, lat, geometry) <= 0;
}

/** Every line, ring and point of a geometry; a point is a chain of one vertex. */
function chains(geometry: Geometry): readonly Vertices[] {
  switch (geometry.type) {
    case 'Point':
      return [[geometry.coordinates]];
    case 'MultiPoint':
      return geometry.coordinates.map((position) => [position]);
    case 'LineString':
      return [geometry.coordinates];
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates;
    case 'MultiPolygon':
      return geometry.coordinates.flat();
    case 'GeometryCollection':
      return geometry.geometries.flatMap(chains);
  }
}

const METRES_PER_DEGREE = (EARTH_RADIUS * Math.PI) / 180;

/** The distance to the nearest chain, or some number not below `bound` when none is nearer than that. */
function toChains(lon: number, lat: number, geometry: Geometry, bound: number): number {
  let least = bound;
  for (const chain of chains(geometry)) {
    let [x1, y1] = chain[0] as [number, number];
    let last = sphereDistance(lon, lat, x1, y1);
    least = Math.min(least, last);
    for (let i = 1; i < chain.length; i++) {
      const [x2, y2] = chain[i] as [number, number];
      const next = sphereDistance(lon, lat, x2, y2);
      // No point of an edge is nearer than half of what its ends' distances exceed its length by.
      const length = Math.hypot(x2 - x1, y2 - y1) * METRES_PER_DEGREE;
      if ((last + next - length) / 2 < least) least = Math.min(least, edgeDistance(lon, lat, x1, y1, x2, y2));
      [x1, y1, last] = [x2, y2, next];
    }
  }
  return least;
}

function eachStep(chain: Vertices, visit: (lon: number, lat: number) => void): void {
  for (let i = 0; i < chain.length; i++) {
    const [x1, y1] = chain[i] as [number, number];
    visit(x1, y1);
    const next = chain[i + 1];
    if (next === undefined) continue;
    const [dx, dy] = [(next[0] as number) - x1, (next[1] as number) - y1];
    const steps = Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)) / STEP);
    for (let k = 1; k < steps; k++) visit(x1 + (k / steps) * dx, y1 + (k / steps) * dy);
  }
}
