// The one total order over values: keys, sorting and comparison operators all use it, and the key codec's bytes agree with it.
// Assumes values in engine form (see types.ts). NULL has no place of its own: whoever asks says first or last.

import type { ArrayType, Geometry, Point, ScalarType, Type, Value } from './types.js';
import { elementType } from './types.js';
import { compareBytes } from './bytes.js';
import { geometryText } from './geojson.js';

/** Orders two non-null values, or values with nulls placed: negative, 0 or positive. */
export type Compare = (a: Value, b: Value) => number;

export interface OrderOptions {
  /** Greatest first. Default false. */
  readonly desc?: boolean | undefined;
  /** Where NULL stands. Default: last ascending, first descending, as in PostgreSQL. */
  readonly nullsFirst?: boolean | undefined;
}

/**
 * Orders well-formed strings by code point, which is also the order of their UTF-8 bytes.
 * UTF-16 units order alike except that surrogates (code points from U+10000) must stand above U+E000..U+FFFF.
 */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const n = a.length < b.length ? a.length : b.length;
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      if (x >= 0xd800 && y >= 0xd800) {
        // Exactly one of them a surrogate: the surrogate is the greater. Otherwise the units decide.
        const surrogateX = x < 0xe000;
        if (surrogateX !== y < 0xe000) return surrogateX ? 1 : -1;
      }
      return x < y ? -1 : 1;
    }
  }
  return a.length - b.length;
}

/** Orders integers, number or bigint alike. */
export function compareInteger(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders plain numbers that are not NaN: timestamps, dates, row ids. */
export function compareNumber(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders doubles: -0 equals 0, NaN equals NaN and is greater than everything else. */
export function compareReal(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return a === a ? -1 : b === b ? 1 : 0;
}

/** Orders an integer operand and a real one exactly, also beyond 2^53, where converting either would lose digits. */
export function compareMixed(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // JavaScript compares number and bigint by mathematical value; what is neither less nor greater is equal or a NaN.
  return a === a ? (b === b ? 0 : -1) : b === b ? 1 : 0;
}

/** false before true. */
export function compareBoolean(a: boolean, b: boolean): number {
  return a === b ? 0 : a ? 1 : -1;
}

/** Points by longitude, then latitude. */
export function comparePoint(a: Point, b: Point): number {
  const p = a.coordinates;
  const q = b.coordinates;
  return compareReal(p[0]!, q[0]!) || compareReal(p[1]!, q[1]!);
}

/** Geometries by the text of their canonical GeoJSON: a total order without a geometric meaning. */
export function compareGeometry(a: Geometry, b: Geometry): number {
  return a === b ? 0 : compareText(geometryText(a), geometryText(b));
}

/** Arrays element by element, NULL elements last, then the shorter first. */
export function compareArray(a: readonly Value[], b: readonly Value[], element: ScalarType): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a[i]!;
    const y = b[i]!;
    const c = x === null ? (y === null ? 0 : 1) : y === null ? -1 : compareValues(x, y, element);
    if (c !== 0) return c;
  }
  return a.length - b.length;
}

/**
 * Orders two non-null values of one type: negative, 0 or positive.
 * JSON is ordered by its canonical text (code points), which makes equality of documents equality of text.
 */
export function compareValues(a: Value, b: Value, type: Type): number {
  switch (type) {
    case 'integer':
      return compareInteger(a as number | bigint, b as number | bigint);
    case 'real':
      return compareReal(a as number, b as number);
    case 'text':
    case 'json':
      return compareText(a as string, b as string);
    case 'boolean':
      return compareBoolean(a as boolean, b as boolean);
    case 'timestamp':
    case 'date':
      return compareNumber(a as number, b as number);
    case 'blob':
      return compareBytes(a as Uint8Array, b as Uint8Array);
    case 'point':
      return comparePoint(a as Point, b as Point);
    case 'geometry':
      return compareGeometry(a as Geometry, b as Geometry);
    case 'null':
      return 0;
    default:
      return compareArray(a as readonly Value[], b as readonly Value[], elementType(type)!);
  }
}

/**
 * A comparator of nullable values of one type, for sorting and merging.
 * Each type has a closure of its own, so that its call sites stay monomorphic.
 *
 * @example rows.sort((p, q) => byName(p[1]!, q[1]!)) // byName = comparator('text', { desc: true })
 */
export function comparator(type: Type, options: OrderOptions = {}): Compare {
  const desc = options.desc ?? false;
  const nullA = (options.nullsFirst ?? desc) ? -1 : 1;
  const nulls = (a: Value, b: Value): number => (a === null ? (b === null ? 0 : nullA) : -nullA);
  switch (type) {
    case 'integer': {
      type V = number | bigint;
      return desc
        ? (a, b) => (a === null || b === null ? nulls(a, b) : compareInteger(b as V, a as V))
        : (a, b) => (a === null || b === null ? nulls(a, b) : compareInteger(a as V, b as V));
    }
    case 'real':
      return desc
        ? (a, b) => (a === null || b === null ? nulls(a, b) : compareReal(b as number, a as number))
        : (a, b) => (a === null || b === null ? nulls(a, b) : compareReal(a as number, b as number));
    case 'text':
    case 'json':
      return desc
        ? (a, b) => (a === null || b === null ? nulls(a, b) : compareText(b as string, a as string))
        : (a, b) => (a === null || b === null ? nulls(a, b) : compareText(a as string, b as string));
    case 'boolean':
      return desc
        ? (a, b) => (a === null || b === null ? nulls(a, b) : compareBoolean(b as boolean, a as boolean))
        : (a, b) => (a === null || b === null ? nulls(a, b) : compareBoolean(a as boolean, b as boolean));
    case 'timestamp':
    case 'date':
      return desc
        ? (a, b) => (a === null || b === null ? nulls(a, b) : compareNumber(b as number, a as number))
        : (a, b) => (a === null || b === null ? nulls(a, b) : compareNumber(a as number, b as number));
    case 'blob':
      return desc
        ? (a, b) => (a === null || b === null ? nulls(a, b) : compareBytes(b as Uint8Array, a as Uint8Array))
        : (a, b) => (a === null || b === null ? nulls(a, b) : compareBytes(a as Uint8Array, b as Uint8Array));
    case 'point':
      return desc
        ? (a, b) => (a === null || b === null ? nulls(a, b) : comparePoint(b as Point, a as Point))
        : (a, b) => (a === null || b === null ? nulls(a, b) : comparePoint(a as Point, b as Point));
    case 'geometry':
      return desc
        ? (a, b) => (a === null || b === null ? nulls(a, b) : compareGeometry(b as Geometry, a as Geometry))
        : (a, b) => (a === null || b === null ? nulls(a, b) : compareGeometry(a as Geometry, b as Geometry));
    case 'null':
      return nulls;
    default: {
      const arrays: ArrayType = type;
      return desc
        ? (a, b) => (a === null || b === null ? nulls(a, b) : compareValues(b, a, arrays))
        : (a, b) => (a === null || b === null ? nulls(a, b) : compareValues(a, b, arrays));
    }
  }
}

/** Whether two values of one type are the same in the total order; NULL is the same as NULL only (IS NOT DISTINCT FROM). */
export function equalValues(a: Value, b: Value, type: Type): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return compareValues(a, b, type) === 0;
}
