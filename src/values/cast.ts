// CAST between types with PostgreSQL's meaning, and which casts happen unasked. Text forms are PostgreSQL's, except that
// JSON prints canonically and geometries as GeoJSON.

import { canonicalJsonText } from './json.js';
import { normalInteger } from './border.js';
import { DAY_MS, formatDate, formatTimestamp, parseDate, parseTimestamp } from './datetime.js';
import { quoted, typeName } from './describe.js';
import { geometryFromText, geometryText } from './geojson.js';
import { checkGeometry, checkPoint } from './geometry-check.js';
import { blobFromText, booleanFromText, formatReal, integerFromText, realFromText } from './literals.js';
import { elementType } from './types.js';
import type { Geometry, Type, Value } from './types.js';
import { LightningError } from '../errors.js';

/**
 * When a cast may happen: `implicit` anywhere in an expression, `assignment` also when a column is stored into,
 * `explicit` only when written. As in PostgreSQL's pg_cast.
 */
export type CastContext = 'implicit' | 'assignment' | 'explicit';

const CASTS: Readonly<Record<string, CastContext>> = {
  'integer>real': 'implicit',
  'real>integer': 'assignment',
  'integer>boolean': 'explicit',
  'boolean>integer': 'explicit',
  'date>timestamp': 'implicit',
  'timestamp>date': 'assignment',
  'point>geometry': 'implicit',
  'geometry>point': 'assignment',
  'geometry>json': 'explicit',
  'point>json': 'explicit',
  'json>geometry': 'explicit',
  'json>point': 'explicit',
  'json>integer': 'explicit',
  'json>real': 'explicit',
  'json>boolean': 'explicit',
};

/** Whether and when a value of one type becomes one of another; undefined when there is no such cast. */
export function canCast(from: Type, to: Type): CastContext | undefined {
  if (from === to || from === 'null') return 'implicit';
  if (to === 'null') return undefined;
  const fromElement = elementType(from);
  const toElement = elementType(to);
  if (fromElement !== undefined || toElement !== undefined) {
    return fromElement !== undefined && toElement !== undefined ? canCast(fromElement, toElement) : undefined;
  }
  if (to === 'text') return 'assignment';
  if (from === 'text') return 'explicit';
  return CASTS[`${from}>${to}`];
}

/**
 * Converts a value as CAST does; NULL stays NULL.
 * Errors: TYPE_MISMATCH (no such cast), INVALID_TEXT (text that the type cannot read), OUT_OF_RANGE, INVALID_VALUE, INVALID_GEOMETRY.
 */
export function castValue(value: Value, from: Type, to: Type): Value {
  if (value === null || from === to) return value;
  switch (to) {
    case 'integer':
      if (from === 'real') return integerFromReal(value as number);
      if (from === 'boolean') return value === true ? 1 : 0;
      if (from === 'text') return integerFromText(value as string);
      if (from === 'json') {
        const n = scalarOfJson(value as string, 'number', to);
        return n === null ? null : integerFromReal(n as number);
      }
      break;
    case 'real':
      if (from === 'integer') return Number(value as number | bigint);
      if (from === 'text') return realFromText(value as string);
      if (from === 'json') return scalarOfJson(value as string, 'number', to);
      break;
    case 'boolean':
      if (from === 'integer') return value !== 0;
      if (from === 'text') return booleanFromText(value as string);
      if (from === 'json') return scalarOfJson(value as string, 'boolean', to);
      break;
    case 'text':
      if (elementType(from) === undefined) return formatValue(value, from);
      break;
    case 'timestamp':
      if (from === 'date') return (value as number) * DAY_MS;
      if (from === 'text') return dated(parseTimestamp(value as string), value as string, to);
      break;
    case 'date':
      if (from === 'timestamp') return Math.floor((value as number) / DAY_MS);
      if (from === 'text') return dated(parseDate(value as string), value as string, to);
      break;
    case 'blob':
      if (from === 'text') return blobFromText(value as string);
      break;
    case 'json':
      if (from === 'text') return canonicalJsonText(value as string);
      if (from === 'point' || from === 'geometry') return canonicalJsonText(geometryText(value as Geometry));
      break;
    case 'geometry':
    case 'point': {
      const check = to === 'point' ? checkPoint : checkGeometry;
      if (from === 'point' || from === 'geometry') return to === 'geometry' ? value : checkPoint(value, 'POINT');
      if (from === 'text') return check(JSON.parse(canonicalJsonText(value as string, 'GeoJSON')), typeName(to));
      if (from === 'json') return check(geometryFromText(value as string), typeName(to));
      break;
    }
    case 'null':
      break;
    default: {
      const fromElement = elementType(from);
      const toElement = elementType(to);
      if (fromElement !== undefined) {
        return (value as readonly Value[]).map((item) => castValue(item, fromElement, toElement));
      }
    }
  }
  throw new LightningError('TYPE_MISMATCH', `cannot cast ${typeName(from)} to ${typeName(to)}`);
}

/** A non-null value as text, in PostgreSQL's output form. */
export function formatValue(value: Value, type: Type): string {
  switch (type) {
    case 'integer':
      return String(value);
    case 'real':
      return formatReal(value as number);
    case 'text':
    case 'json':
      return value as string;
    case 'boolean':
      return value === true ? 'true' : 'false';
    case 'timestamp':
      return formatTimestamp(value as number);
    case 'date':
      return formatDate(value as number);
    case 'blob':
      return `\\x${Buffer.from(value as Uint8Array).toString('hex')}`;
    case 'point':
    case 'geometry':
      return geometryText(value as Geometry);
    case 'null':
      return 'NULL';
    default: {
      const element = elementType(type);
      const items = (value as readonly Value[]).map((item) => (item === null ? 'NULL' : formatValue(item, element)));
      return `{${items.join(',')}}`;
    }
  }
}

/** Rounds half to even, as PostgreSQL does for doubles. Errors: OUT_OF_RANGE. */
function integerFromReal(x: number): number | bigint {
  const floor = Math.floor(x);
  const d = x - floor;
  const rounded = d < 0.5 || (d === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  // 2^63 is a double; the greatest double below it is an integer that fits. A NaN fails both comparisons.
  if (!(rounded >= -9223372036854775808 && rounded < 9223372036854775808)) {
    throw new LightningError('OUT_OF_RANGE', `${formatReal(x)} is out of the range of INTEGER (64 bits)`);
  }
  return Number.isSafeInteger(rounded) ? rounded + 0 : normalInteger(BigInt(rounded));
}

function dated(read: number | 'syntax' | 'range', text: string, type: Type): number {
  if (typeof read === 'number') return read;
  throw read === 'syntax'
    ? new LightningError('INVALID_TEXT', `invalid input for ${typeName(type)}: ${quoted(text)}`, {
        hint: type === 'date' ? "Write it like '2024-05-17'." : "Write it like '2024-05-17 08:30:00'.",
      })
    : new LightningError('OUT_OF_RANGE', `out of the range of ${typeName(type)}: ${quoted(text)}`);
}

function scalarOfJson(text: string, kind: 'number' | 'boolean', to: Type): number | boolean | null {
  const value: unknown = JSON.parse(text);
  if (value === null) return null;
  if (typeof value === kind) return value as number | boolean;
  throw new LightningError('INVALID_VALUE', `cannot cast the JSON document ${quoted(text)} to ${typeName(to)}`);
}
