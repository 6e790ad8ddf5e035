// The only door to jsts (a port of the JTS Topology Suite, from which PostGIS's GEOS was ported too): the DE-9IM relation of two
// geometries of which neither is a point. Loaded when first needed, since most programs never ask.

import { createRequire } from 'node:module';
import { LightningError } from '../errors.js';
import type { Geometry } from '../values/types.js';

interface Matrix {
  isIntersects(): boolean;
  isContains(): boolean;
  isCovers(): boolean;
}

interface Jts {
  relate(a: object, b: object): Matrix;
  read(geometry: Geometry): object;
}

let loaded: Jts | undefined;

function jts(): Jts {
  if (loaded !== undefined) return loaded;
  const require = createRequire(import.meta.url);
  const part = <T>(path: string): T => (require(`jsts/org/locationtech/jts/${path}.js`) as { default: T }).default;
  const { relate } = part<{ relate(a: object, b: object): Matrix }>('operation/relate/RelateOp');
  const Factory = part<new () => object>('geom/GeometryFactory');
  const Reader = part<new (factory: object) => { read(geometry: Geometry): object }>('io/GeoJSONReader');
  const reader = new Reader(new Factory());
  loaded = { relate, read: (geometry) => reader.read(geometry) };
  return loaded;
}

const converted = new WeakMap<Geometry, object>();

function read(geometry: Geometry): object {
  let known = converted.get(geometry);
  if (known === undefined) {
    known = jts().read(geometry);
    converted.set(geometry, known);
  }
  return known;
}

/**
 * The relation of two geometries in the plane of longitudes and latitudes.
 *
 * @throws LightningError INVALID_GEOMETRY when a geometry cannot be related, as a polygon whose rings are not closed.
 */
export function relate(a: Geometry, b: Geometry): Matrix {
  try {
    return jts().relate(read(a), read(b));
  } catch (cause) {
    throw new LightningError('INVALID_GEOMETRY', `a ${a.type} and a ${b.type} cannot be compared`, {
      cause,
      hint: 'Check that rings are closed and do not cross themselves.',
    });
  }
}
