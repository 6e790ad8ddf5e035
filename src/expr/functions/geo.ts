// PostGIS's functions over WGS 84 points and geometries; what they mean is decided in the geo floor, which also prepares polygons
// (once per geometry object, so a constant one is prepared once).

import { LightningError } from '../../errors.js';
import {
  distance,
  dwithin,
  geometryText,
  intersects,
  makeEnvelope,
  makePoint,
  parseGeometry,
  within,
} from '../../geo/index.js';
import type { Geometry } from '../../values/types.js';
import type { FunctionEntry, Overload } from './contract.js';
import { aliases, entry, strict } from './contract.js';

const raises = { canRaise: true };
const kinds = ['point', 'geometry'] as const;

/** Points stand for themselves in every place of a geometry, so that no cast hides an indexed column. */
function pairs(make: (a: 'point' | 'geometry', b: 'point' | 'geometry') => Overload): Overload[] {
  return kinds.flatMap((a) => kinds.map((b) => make(a, b)));
}

/** Relations between geometries may meet some that have no answer (a collection); those of a point never do. */
function relation(test: (a: Geometry, b: Geometry) => boolean): Overload[] {
  return pairs((a, b) =>
    strict([a, b], 'boolean', (x: Geometry, y: Geometry) => test(x, y), {
      canRaise: a === 'geometry' && b === 'geometry',
    }),
  );
}

function ordinate(axis: 0 | 1): (geometry: Geometry) => number {
  return (geometry) => {
    if (geometry.type === 'Point') return geometry.coordinates[axis] as number;
    throw new LightningError('INVALID_GEOMETRY', `${geometry.type} is no Point, which alone has an x and a y`);
  };
}

export const geo: readonly FunctionEntry[] = [
  ...aliases(['st_point', 'st_makepoint'], strict(['real', 'real'], 'point', makePoint, raises)),
  entry('st_x', strict(['point'], 'real', ordinate(0)), strict(['geometry'], 'real', ordinate(0), raises)),
  entry('st_y', strict(['point'], 'real', ordinate(1)), strict(['geometry'], 'real', ordinate(1), raises)),
  entry('st_makeenvelope', strict(['real', 'real', 'real', 'real'], 'geometry', makeEnvelope, raises)),
  entry(
    'st_geomfromgeojson',
    strict(['text'], 'geometry', parseGeometry, raises),
    strict(['json'], 'geometry', parseGeometry, raises),
  ),
  entry('st_asgeojson', strict(['point'], 'text', geometryText), strict(['geometry'], 'text', geometryText)),
  entry('st_within', ...relation(within)),
  entry('st_contains', ...relation((a, b) => within(b, a))),
  entry('st_intersects', ...relation(intersects)),
  entry(
    'st_dwithin',
    ...pairs((a, b) => strict([a, b, 'real'], 'boolean', (x: Geometry, y: Geometry, m) => dwithin(x, y, m))),
  ),
  entry(
    'st_distance',
    ...pairs((a, b) => strict([a, b], 'real', (x: Geometry, y: Geometry) => distance(x, y) ?? null)),
  ),
];
