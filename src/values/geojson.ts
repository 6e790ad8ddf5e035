// Geometries as canonical text: the members `type` and `coordinates` (or `geometries`) in that order, no spaces, -0 as 0.
// Keys, equality and storage use this text. Validation of what an application hands in is in `geometry-check.ts`.

import type { Geometry } from './types.js';

/** The canonical GeoJSON text of a geometry; other members (`bbox`, foreign ones) are left out. */
export function geometryText(geometry: Geometry): string {
  if (geometry.type === 'GeometryCollection') {
    return `{"type":"GeometryCollection","geometries":[${geometry.geometries.map(geometryText).join(',')}]}`;
  }
  return `{"type":"${geometry.type}","coordinates":${JSON.stringify(geometry.coordinates)}}`;
}

/** The geometry of a text that `geometryText` made; the text is trusted. */
export function geometryFromText(text: string): Geometry {
  return JSON.parse(text) as Geometry;
}
