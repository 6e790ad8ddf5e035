// GeoJSON (RFC 7946) in and out. A parsed geometry is plain data of two-dimensional positions: heights, bounding boxes and foreign
// members are dropped; rings are known to be closed and every number to be a longitude or latitude on the globe.

import { LightningError } from '../errors.js';
import type { Geometry, Point } from '../values/types.js';

type Position = [number, number];

const TYPES = ['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon', 'GeometryCollection'];
const MAX_DEPTH = 16;

/**
 * A geometry from GeoJSON text or an object: a geometry, or a Feature whose geometry is taken.
 *
 * @throws LightningError INVALID_GEOMETRY that names what is wrong and where, as a path into the object.
 * @example parseGeometry('{"type":"Point","coordinates":[8.93,44.41]}')
 */
export function parseGeometry(source: unknown): Geometry {
  return geometryAt(typeof source === 'string' ? parseText(source) : source, '', 0);
}

/** As `parseGeometry`, for a column of type POINT. */
export function parsePoint(source: unknown): Point {
  const geometry = parseGeometry(source);
  if (geometry.type !== 'Point')
    throw invalid('type', `${geometry.type} is no Point`, 'Give a Point, or use a GEOMETRY column.');
  return geometry;
}

/**
 * @throws LightningError INVALID_GEOMETRY outside of [-180, 180] and [-90, 90].
 */
export function makePoint(lon: number, lat: number): Point {
  return { type: 'Point', coordinates: position([lon, lat], 'coordinates') };
}

/**
 * The rectangle of PostGIS's ST_MakeEnvelope as a polygon; a MultiPolygon of two when west > east (it crosses the antimeridian).
 *
 * @throws LightningError INVALID_GEOMETRY for coordinates off the globe or south > north.
 */
export function makeEnvelope(w: number, s: number, e: number, n: number): Geometry {
  position([w, s], 'west, south');
  position([e, n], 'east, north');
  if (s > n) throw invalid('south, north', `south ${s} lies north of ${n}`, 'Give west, south, east, north.');
  const ring = (from: number, to: number): Position[] => [
    [from, s],
    [to, s],
    [to, n],
    [from, n],
    [from, s],
  ];
  if (w <= e) return { type: 'Polygon', coordinates: [ring(w, e)] };
  return { type: 'MultiPolygon', coordinates: [[ring(w, 180)], [ring(-180, e)]] };
}

/** GeoJSON text: members in the order type, coordinates; no spaces. */
export function geometryText(geometry: Geometry): string {
  if (geometry.type === 'GeometryCollection') {
    return `{"type":"GeometryCollection","geometries":[${geometry.geometries.map(geometryText).join(',')}]}`;
  }
  return `{"type":"${geometry.type}","coordinates":${JSON.stringify(geometry.coordinates)}}`;
}

/** Calls back with the longitude and latitude of every position. */
export function eachPosition(geometry: Geometry, visit: (lon: number, lat: number) => void): void {
  if (geometry.type === 'GeometryCollection') {
    for (const part of geometry.geometries) eachPosition(part, visit);
  } else {
    eachIn(geometry.coordinates, visit);
  }
}

type Nested = readonly number[] | readonly Nested[];

function eachIn(coordinates: Nested, visit: (lon: number, lat: number) => void): void {
  const first = coordinates[0];
  if (typeof first === 'number') visit(first, coordinates[1] as number);
  else for (const part of coordinates as readonly Nested[]) eachIn(part, visit);
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LightningError('INVALID_GEOMETRY', 'the text is no JSON', {
      cause,
      hint: 'Give GeoJSON, as in {"type":"Point","coordinates":[8.93,44.41]}.',
    });
  }
}

function geometryAt(source: unknown, path: string, depth: number): Geometry {
  if (typeof source !== 'object' || source === null || Array.isArray(source)) {
    throw invalid(path, 'a GeoJSON object is expected', 'Give an object with type and coordinates.');
  }
  const object = source as Readonly<Record<string, unknown>>;
  const coordinates = object['coordinates'];
  const at = join(path, 'coordinates');
  switch (object['type']) {
    case 'Point':
      return { type: 'Point', coordinates: position(coordinates, at) };
    case 'MultiPoint':
      return { type: 'MultiPoint', coordinates: list(coordinates, at, 0, position) };
    case 'LineString':
      return { type: 'LineString', coordinates: line(coordinates, at) };
    case 'MultiLineString':
      return { type: 'MultiLineString', coordinates: list(coordinates, at, 0, line) };
    case 'Polygon':
      return { type: 'Polygon', coordinates: polygon(coordinates, at) };
    case 'MultiPolygon':
      return { type: 'MultiPolygon', coordinates: list(coordinates, at, 0, polygon) };
    case 'GeometryCollection': {
      if (depth >= MAX_DEPTH)
        throw invalid(path, `collections nest deeper than ${MAX_DEPTH}`, 'Flatten the collection.');
      const parts = list(object['geometries'], join(path, 'geometries'), 0, (part, where) =>
        geometryAt(part, where, depth + 1),
      );
      return { type: 'GeometryCollection', geometries: parts };
    }
    case 'Feature':
      if (depth > 0) throw invalid(path, 'a Feature is no geometry', 'Give its geometry.');
      return geometryAt(object['geometry'], join(path, 'geometry'), depth);
    default:
      throw invalid(
        join(path, 'type'),
        object['type'] === 'FeatureCollection'
          ? 'a FeatureCollection is no geometry'
          : `${JSON.stringify(object['type']) ?? 'nothing'} is no type of geometry`,
        object['type'] === 'FeatureCollection'
          ? 'Insert a row for each feature.'
          : `The types are ${TYPES.join(', ')}.`,
      );
  }
}

function list<T>(source: unknown, path: string, least: number, item: (source: unknown, path: string) => T): T[] {
  if (!Array.isArray(source))
    throw invalid(path, 'an array is expected', 'Nest the arrays as the type of geometry asks.');
  if (source.length < least)
    throw invalid(path, `${source.length} given, at least ${least} needed`, 'Give all positions.');
  return source.map((part: unknown, i) => item(part, `${path}[${i}]`));
}

function position(source: unknown, path: string): Position {
  if (!Array.isArray(source) || source.length < 2) {
    throw invalid(
      path,
      'a position [longitude, latitude] is expected',
      'Nest the arrays as the type of geometry asks.',
    );
  }
  const [lon, lat] = source as unknown[];
  if (typeof lon !== 'number' || !(lon >= -180 && lon <= 180)) {
    throw invalid(path, `${shown(lon)} is no longitude`, 'Longitudes lie between -180 and 180 degrees.');
  }
  if (typeof lat !== 'number' || !(lat >= -90 && lat <= 90)) {
    throw invalid(
      path,
      `${shown(lat)} is no latitude`,
      'Latitudes lie between -90 and 90 degrees; GeoJSON puts the longitude first.',
    );
  }
  // -0 becomes 0, so that equal places are equal texts.
  return [lon + 0, lat + 0];
}

function line(source: unknown, path: string): Position[] {
  return list(source, path, 2, position);
}

function polygon(source: unknown, path: string): Position[][] {
  return list(source, path, 1, ring);
}

function ring(source: unknown, path: string): Position[] {
  const positions = list(source, path, 4, position);
  const first = positions[0] as Position;
  const last = positions.at(-1) as Position;
  if (first[0] !== last[0] || first[1] !== last[1]) {
    throw invalid(path, 'the ring is not closed', 'Repeat the first position at the end.');
  }
  return positions;
}

const join = (path: string, member: string): string => (path === '' ? member : `${path}.${member}`);
const shown = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');

function invalid(path: string, message: string, hint: string): LightningError {
  return new LightningError('INVALID_GEOMETRY', path === '' ? message : `${path}: ${message}`, { hint });
}
