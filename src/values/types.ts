// The types of the dialect and how their values look inside the engine. Everything above speaks these;
// conversion from and to what an application sees (Date, bigint, parsed JSON) happens once, in `border.ts`.

import type { Geometry, Point } from 'geojson';

export type { Geometry, Point } from 'geojson';

/** A column's type. */
export type ScalarType =
  | 'integer' // 64-bit signed
  | 'real' // IEEE double; NaN equals itself and sorts last, -0 equals 0
  | 'text' // Unicode scalar values, ordered by code point
  | 'boolean'
  | 'timestamp' // UTC
  | 'date'
  | 'blob'
  | 'json'
  | 'point' // WGS 84
  | 'geometry'; // WGS 84

/** All of them. */
export const SCALAR_TYPES: readonly ScalarType[] = [
  'integer',
  'real',
  'text',
  'boolean',
  'timestamp',
  'date',
  'blob',
  'json',
  'point',
  'geometry',
];

/** An expression's type: a scalar, an array of scalars (parameters of `IN` and `= ANY`), or that of a bare NULL. */
export type Type = ScalarType | ArrayType | 'null';

export type ArrayType = `${ScalarType}[]`;

/**
 * A value inside the engine. Which variant a type uses:
 *
 * | type | inside the engine |
 * |---|---|
 * | integer | `number` when it is a safe integer, else `bigint` (never a bigint in the safe range) |
 * | real | `number` |
 * | text | well-formed `string` |
 * | boolean | `boolean` |
 * | timestamp | `number`: whole milliseconds since 1970-01-01T00:00:00Z |
 * | date | `number`: whole days since 1970-01-01 |
 * | blob | `Uint8Array` |
 * | json | `string`: canonical JSON text (keys sorted, no spaces), so that equality is string equality |
 * | point, geometry | a GeoJSON geometry object, frozen by convention, `[lon, lat]` order |
 * | arrays | `readonly Value[]` |
 *
 * SQL NULL is `null` for every type.
 */
export type Value = null | number | bigint | string | boolean | Uint8Array | Geometry | Point | readonly Value[];

/** A row inside the engine: one value per column, in column order. */
export type Row = readonly Value[];

/** The scalar element of an array type, or undefined. */
export function elementType(type: ArrayType): ScalarType;
export function elementType(type: Type): ScalarType | undefined;
export function elementType(type: Type): ScalarType | undefined {
  return type.endsWith('[]') ? (type.slice(0, -2) as ScalarType) : undefined;
}
