// What makes a GeoJSON geometry one that the engine can keep: structure, ranges and closed rings (RFC 7946).
// The result is a frozen copy with canonical members only.

import type { Geometry, Point } from './types.js';
import { describe } from './describe.js';
import { LightningError } from '../errors.js';

type Position = number[];

const MAX_NESTING = 32;

/** Levels of arrays above the positions, and the least number of items in each, the outermost first: what has parts may have none. */
const SHAPES = {
  Point: { levels: 0, least: [], ring: false },
  MultiPoint: { levels: 1, least: [0], ring: false },
  LineString: { levels: 1, least: [2], ring: false },
  MultiLineString: { levels: 2, least: [0, 2], ring: false },
  Polygon: { levels: 2, least: [1, 4], ring: true },
  MultiPolygon: { levels: 3, least: [0, 1, 4], ring: true },
} as const;

/** Whether an object looks like a GeoJSON geometry (its structure unchecked). */
export function looksLikeGeometry(value: object): boolean {
  if (!('type' in value) || typeof value.type !== 'string') return false;
  if (value.type === 'GeometryCollection') return 'geometries' in value && Array.isArray(value.geometries);
  return Object.hasOwn(SHAPES, value.type) && 'coordinates' in value && Array.isArray(value.coordinates);
}

/** A frozen, canonical copy. Errors: INVALID_GEOMETRY, naming `what`. */
export function checkGeometry(value: unknown, what: string, depth = 0): Geometry {
  const fail = (problem: string, hint?: string): LightningError =>
    new LightningError('INVALID_GEOMETRY', `${what}: ${problem}`, { hint });
  if (typeof value !== 'object' || value === null || !('type' in value)) {
    throw fail(`a GeoJSON geometry is expected, not ${describe(value)}`, 'Pass { type, coordinates }.');
  }
  const type: unknown = value.type;
  if (type === 'Feature' || type === 'FeatureCollection') {
    throw fail(`a GeoJSON geometry is expected, not a ${type}`, 'Pass the `geometry` member of the feature.');
  }
  if (type === 'GeometryCollection') {
    const members: unknown = 'geometries' in value ? value.geometries : undefined;
    if (!Array.isArray(members)) throw fail('a GeometryCollection needs geometries', 'Give an array of them.');
    if (depth >= MAX_NESTING) throw fail(`collections are nested deeper than ${MAX_NESTING} levels`);
    const geometries = members.map((member: unknown) => checkGeometry(member, what, depth + 1));
    return Object.freeze({ type, geometries: Object.freeze(geometries) as Geometry[] });
  }
  if (typeof type !== 'string' || !Object.hasOwn(SHAPES, type)) {
    throw fail(
      `unknown geometry type ${describe(type)}`,
      `Known types: ${Object.keys(SHAPES).join(', ')}, GeometryCollection.`,
    );
  }
  const shape = SHAPES[type as keyof typeof SHAPES];
  const given: unknown = 'coordinates' in value ? value.coordinates : undefined;

  const position = (at: unknown): Position => {
    if (!Array.isArray(at) || at.length < 2 || at.length > 3)
      throw fail('a position is [longitude, latitude]', 'Nest the arrays as the type asks.');
    for (const n of at as unknown[]) {
      if (typeof n !== 'number' || !Number.isFinite(n))
        throw fail(`a coordinate must be a finite number, not ${describe(n)}`);
    }
    const [lon, lat] = at as [number, number];
    const hint =
      Math.abs(lat) > 90 && Math.abs(lon) <= 90
        ? 'GeoJSON order is [longitude, latitude]; are they swapped?'
        : 'Coordinates are degrees; what crosses the antimeridian is cut there in two.';
    if (lon < -180 || lon > 180) throw fail(`longitude ${lon} is not between -180 and 180`, hint);
    if (lat < -90 || lat > 90) throw fail(`latitude ${lat} is not between -90 and 90`, hint);
    return Object.freeze((at as number[]).map((n) => n + 0)) as Position;
  };
  const level = (at: unknown, levels: number): unknown => {
    if (levels === 0) return position(at);
    if (!Array.isArray(at)) throw fail(`coordinates of a ${type} must be arrays ${shape.levels + 1} deep`);
    const least = shape.least[shape.levels - levels] ?? 0;
    if (at.length < least) {
      throw fail(
        `a ${shape.ring && levels === 1 ? 'ring' : type} needs at least ${least} position${least > 1 ? 's' : ''}`,
      );
    }
    const items = at.map((item: unknown) => level(item, levels - 1));
    if (shape.ring && levels === 1) {
      const first = items[0] as Position;
      const last = items[items.length - 1] as Position;
      if (first[0] !== last[0] || first[1] !== last[1]) {
        throw fail('a ring is not closed', 'Repeat the first position at the end of the ring.');
      }
    }
    return Object.freeze(items);
  };
  return Object.freeze({ type, coordinates: level(given, shape.levels) }) as Geometry;
}

/** As `checkGeometry`, for a POINT: exactly longitude and latitude. */
export function checkPoint(value: unknown, what: string): Point {
  const geometry = checkGeometry(value, what);
  if (geometry.type !== 'Point') {
    throw new LightningError('INVALID_GEOMETRY', `${what}: a Point is expected, not a ${geometry.type}`, {
      hint: 'A GEOMETRY column takes every kind of geometry.',
    });
  }
  if (geometry.coordinates.length !== 2) {
    throw new LightningError('INVALID_GEOMETRY', `${what}: a POINT has longitude and latitude only`, {
      hint: 'A GEOMETRY column keeps an altitude.',
    });
  }
  return geometry;
}

/** Freezes a geometry that is not yet frozen, in place. */
export function freezeGeometry<G extends Geometry>(geometry: G): G {
  if (Object.isFrozen(geometry)) return geometry;
  if (geometry.type === 'Point') {
    Object.freeze(geometry.coordinates);
    return Object.freeze(geometry);
  }
  const freeze = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
    Object.freeze(value);
    for (const member of Object.values(value)) freeze(member);
  };
  freeze(geometry);
  return geometry;
}
