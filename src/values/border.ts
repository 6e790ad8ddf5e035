// The border between an application's JavaScript values and the engine's: the only place where the two forms meet.
// Nothing is coerced silently: a value that does not say exactly what the type holds is refused, by name and with a hint.

import { canonicalJson } from './json.js';
import { MAX_DAYS, DAY_MS, formatDate, parseDate, parseTimestamp } from './datetime.js';
import { describe, quoted, typeName } from './describe.js';
import { checkGeometry, checkPoint, freezeGeometry, looksLikeGeometry } from './geometry-check.js';
import { isWellFormed } from './text-buffer.js';
import { elementType } from './types.js';
import type { Geometry, ScalarType, Type, Value } from './types.js';
import { LightningError } from '../errors.js';

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/**
 * An application's value as a value of a known type. `what` names the column or parameter in errors.
 *
 * | type | taken |
 * |---|---|
 * | integer | safe integer `number`, `bigint` of 64 bits |
 * | real | `number` (NaN and infinities too), `bigint` |
 * | text | well-formed `string` |
 * | timestamp | `Date`, ISO 8601 string (UTC when it names no zone) |
 * | date | `'YYYY-MM-DD'`, `Date` (its UTC day) |
 * | blob | `Uint8Array`, `ArrayBuffer`; copied |
 * | json | any JSON value; a string is a JSON string, not JSON text (write `$1::json` to parse text) |
 * | point, geometry | GeoJSON geometry object; copied and frozen |
 * | arrays | arrays of these, `null` elements too |
 *
 * `null` is NULL for every type; `undefined` is refused.
 * Errors: TYPE_MISMATCH, INVALID_VALUE, OUT_OF_RANGE, INVALID_TEXT (dates), INVALID_GEOMETRY, TOO_COMPLEX.
 */
export function toEngine(value: unknown, type: Type, what: string): Value {
  if (value === null) return null;
  if (value === undefined) {
    throw new LightningError('INVALID_VALUE', `${what} is undefined`, { hint: 'Use null for SQL NULL.' });
  }
  switch (type) {
    case 'integer':
      if (typeof value === 'number' || typeof value === 'bigint') return toInteger(value, what);
      throw mismatch(value, type, what, 'Pass a whole number, or a bigint beyond 2^53.');
    case 'real':
      if (typeof value === 'number') return value;
      if (typeof value === 'bigint') return Number(value);
      throw mismatch(value, type, what, 'Pass a number.');
    case 'text':
      if (typeof value !== 'string') throw mismatch(value, type, what, 'Pass a string, or convert with String(...).');
      if (!isWellFormed(value)) {
        throw new LightningError(
          'INVALID_VALUE',
          `${what} holds a lone surrogate, which is no character: ${quoted(value)}`,
          {
            hint: 'Use value.toWellFormed() to replace it.',
          },
        );
      }
      return value;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw mismatch(value, type, what, 'Pass true or false.');
    case 'timestamp':
      return toTimestamp(value, what);
    case 'date':
      return toDate(value, what);
    case 'blob':
      if (value instanceof Uint8Array) return new Uint8Array(value);
      if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
      throw mismatch(value, type, what, 'Pass a Uint8Array or Buffer.');
    case 'json':
      return canonicalJson(value, what);
    case 'point':
    case 'geometry':
      if (typeof value !== 'object') throw mismatch(value, type, what, 'Pass a GeoJSON geometry object.');
      return type === 'point' ? checkPoint(value, what) : checkGeometry(value, what);
    case 'null':
      throw mismatch(value, type, what, 'Only null fits here; a cast such as $1::text names a type.');
    default: {
      const element = elementType(type);
      if (!Array.isArray(value)) throw mismatch(value, type, what, 'Pass an array.');
      return value.map((item: unknown, i) => toEngine(item, element, `${what}[${i}]`));
    }
  }
}

/**
 * A value as the application sees it: `Date` for timestamps, `'YYYY-MM-DD'` for dates, parsed JSON, frozen GeoJSON, a copy
 * of a blob; other types as they are. SQL NULL and the JSON document `null` are both `null`.
 */
export function toApp(value: Value, type: Type): unknown {
  if (value === null) return null;
  switch (type) {
    case 'integer':
    case 'real':
    case 'text':
    case 'boolean':
    case 'null':
      return value;
    case 'timestamp':
      return new Date(value as number);
    case 'date':
      return formatDate(value as number);
    case 'blob':
      return new Uint8Array(value as Uint8Array);
    case 'json':
      return JSON.parse(value as string) as unknown;
    case 'point':
    case 'geometry':
      return freezeGeometry(value as Geometry);
    default: {
      const element = elementType(type);
      return (value as readonly Value[]).map((item) => toApp(item, element));
    }
  }
}

/** Whether `toApp` gives values of this type back as they are, so that it need not be called. */
export function isSameInApp(type: Type): boolean {
  return type === 'integer' || type === 'real' || type === 'text' || type === 'boolean' || type === 'null';
}

/**
 * The type of a parameter that its context does not give one. An array takes the type of its elements, integers widened
 * to real beside reals, `text[]` when it has none that is not null; an array of arrays is JSON.
 * Errors: INVALID_VALUE (undefined, functions, symbols), TYPE_MISMATCH (an array of unlike elements).
 */
export function inferType(value: unknown, what = 'parameter'): Type {
  if (!Array.isArray(value)) return value === null ? 'null' : inferScalar(value, what);
  let found: ScalarType | undefined;
  for (const item of value as unknown[]) {
    if (item === null) continue;
    if (Array.isArray(item)) return 'json';
    const next = inferScalar(item, what);
    if (found === undefined || found === next) found = next;
    else found = common(found, next) ?? failMixed(found, next, what);
  }
  return `${found ?? 'text'}[]`;
}

function inferScalar(value: unknown, what: string): ScalarType {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) ? 'integer' : 'real';
    case 'bigint':
      return 'integer';
    case 'string':
      return 'text';
    case 'boolean':
      return 'boolean';
    case 'object':
      if (value instanceof Date) return 'timestamp';
      if (value instanceof Uint8Array || value instanceof ArrayBuffer) return 'blob';
      if (value !== null && looksLikeGeometry(value)) {
        const { type, coordinates } = value as { type: string; coordinates?: unknown[] };
        return type === 'Point' && coordinates?.length === 2 ? 'point' : 'geometry';
      }
      return 'json';
    case 'undefined':
      throw new LightningError('INVALID_VALUE', `${what} is undefined`, { hint: 'Use null for SQL NULL.' });
    default:
      throw new LightningError('INVALID_VALUE', `${what} cannot be ${describe(value)}`);
  }
}

function common(a: ScalarType, b: ScalarType): ScalarType | undefined {
  const pair = (x: ScalarType, y: ScalarType): boolean => (a === x && b === y) || (a === y && b === x);
  return pair('integer', 'real') ? 'real' : pair('point', 'geometry') ? 'geometry' : undefined;
}

function failMixed(a: ScalarType, b: ScalarType, what: string): never {
  throw new LightningError('TYPE_MISMATCH', `${what} is an array of ${typeName(a)} and ${typeName(b)} values`, {
    hint: 'Give all elements one type.',
  });
}

/** An integer in engine form: a number exactly in the safe range. Errors: OUT_OF_RANGE, INVALID_VALUE. */
export function toInteger(value: number | bigint, what: string): number | bigint {
  if (typeof value === 'bigint') {
    if (value < INT64_MIN || value > INT64_MAX) {
      throw new LightningError('OUT_OF_RANGE', `${what} is out of the range of INTEGER (64 bits): ${describe(value)}`);
    }
    return normalInteger(value);
  }
  if (Number.isSafeInteger(value)) return value + 0;
  if (Number.isInteger(value) || value === Infinity || value === -Infinity) {
    throw new LightningError('OUT_OF_RANGE', `${what} is not a safe integer: ${describe(value)}`, {
      hint: 'Numbers beyond 2^53 lose digits: pass a bigint.',
    });
  }
  throw new LightningError('INVALID_VALUE', `${what} takes whole numbers, not ${describe(value)}`, {
    hint: 'Round it first, or make the column REAL.',
  });
}

/** The engine form of a 64-bit integer: a number when it is safe. */
export function normalInteger(value: bigint): number | bigint {
  const n = Number(value);
  return Number.isSafeInteger(n) ? n : value;
}

function toTimestamp(value: unknown, what: string): number {
  if (value instanceof Date) return validTime(value, what);
  if (typeof value !== 'string') {
    throw mismatch(value, 'timestamp', what, 'Pass a Date (new Date(milliseconds)) or an ISO 8601 string.');
  }
  const ms = parseTimestamp(value);
  if (typeof ms === 'number') return ms;
  throw invalidText(value, 'timestamp', what, ms, "Write it like '2024-05-17T08:30:00Z'.");
}

function toDate(value: unknown, what: string): number {
  if (value instanceof Date) return Math.floor(validTime(value, what) / DAY_MS);
  if (typeof value !== 'string') throw mismatch(value, 'date', what, "Pass 'YYYY-MM-DD' or a Date.");
  const days = parseDate(value);
  if (typeof days === 'number' && Math.abs(days) <= MAX_DAYS) return days;
  throw invalidText(value, 'date', what, days === 'syntax' ? 'syntax' : 'range', "Write it like '2024-05-17'.");
}

function validTime(value: Date, what: string): number {
  const ms = value.getTime();
  if (Number.isNaN(ms)) throw new LightningError('INVALID_VALUE', `${what} is an invalid Date`);
  return ms;
}

function invalidText(
  text: string,
  type: Type,
  what: string,
  problem: 'syntax' | 'range',
  hint: string,
): LightningError {
  return problem === 'syntax'
    ? new LightningError('INVALID_TEXT', `${what} is no ${typeName(type)}: ${quoted(text)}`, { hint })
    : new LightningError('OUT_OF_RANGE', `${what} is out of the range of ${typeName(type)}: ${quoted(text)}`);
}

function mismatch(value: unknown, type: Type, what: string, hint: string): LightningError {
  const expected = type === 'null' ? 'only null' : typeName(type);
  return new LightningError('TYPE_MISMATCH', `${what} takes ${expected}, not ${describe(value)}`, { hint });
}
