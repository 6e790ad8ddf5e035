// Estimates of the memory that values take in V8, in bytes: cheap, and on the high side. They decide when operators spill, never what they answer.

import type { Geometry, Type, Value } from '../../values/types.js';
import type { Batch, Vector } from '../rows/batch.js';

/** A place in an array: a pointer or a double. */
const SLOT = 8;
/** A string, bigint, byte array or other object without what it holds. */
const OBJECT = 40;
/** An entry of a `Map` or `Set`, with its share of the empty places. */
export const ENTRY = 64;

const flat: ReadonlySet<Type> = new Set<Type>(['integer', 'real', 'boolean', 'timestamp', 'date', 'null']);

/** The bytes of a value beside the place in which it stands. */
export function bytesOf(value: Value): number {
  switch (typeof value) {
    case 'string':
      return OBJECT + value.length;
    case 'bigint':
      return OBJECT;
    case 'object':
      if (value === null) return 0;
      if (value instanceof Uint8Array) return 2 * OBJECT + value.length;
      if (Array.isArray(value)) return listBytes(value as readonly Value[]);
      return OBJECT + coordinateBytes(value as Geometry);
    default:
      return 0;
  }
}

function listBytes(values: readonly Value[]): number {
  let bytes = OBJECT;
  for (const value of values) bytes += SLOT + bytesOf(value);
  return bytes;
}

function coordinateBytes(geometry: Geometry): number {
  if (geometry.type === 'GeometryCollection') {
    return geometry.geometries.reduce((sum, part) => sum + OBJECT + coordinateBytes(part), 0);
  }
  return nestedBytes(geometry.coordinates);
}

function nestedBytes(value: unknown): number {
  if (!Array.isArray(value)) return SLOT;
  let bytes = OBJECT;
  for (const part of value) bytes += nestedBytes(part);
  return bytes;
}

/** The bytes of a batch's selected rows, copied into columns of these types. */
export function measureRows(types: readonly Type[]): (batch: Batch) => number {
  const variable = types.flatMap((type, i) => (flat.has(type) ? [] : [i]));
  const fixed = types.length * SLOT;
  return ({ columns, selection, count }) => {
    let bytes = fixed * count;
    for (const c of variable) {
      const column: Vector = columns[c]!;
      for (let i = 0; i < count; i++) bytes += bytesOf(column[selection === undefined ? i : selection[i]!]!);
    }
    return bytes;
  };
}

/** The bytes of one entry of a `Map` or `Set` with this key (see `rowKey`). */
export function entryBytes(key: unknown): number {
  return typeof key === 'string' ? ENTRY + OBJECT + key.length : ENTRY;
}
