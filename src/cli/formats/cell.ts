// One value as text: PostgreSQL's forms, GeoJSON for geometries.

import type { ResultValue } from '../../db/api.js';
import { formatReal } from '../../values/index.js';

/** The text of a value that is not NULL. `type` is the column's, in lower case. */
export function cellText(value: Exclude<ResultValue, null>, type: string): string {
  switch (typeof value) {
    case 'string':
      return type === 'json' ? JSON.stringify(value) : value;
    case 'number':
      return type === 'real' ? formatReal(value) : String(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      if (value instanceof Date) return timestamp(value);
      if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
      return jsonText(value);
  }
}

/** `2024-05-17 08:30:00`, with milliseconds only when there are some. */
function timestamp(value: Date): string {
  const iso = value.toISOString();
  return iso.replace('T', ' ').replace(/(\.000)?Z$/, '');
}

/** JSON text; bigints are numbers, NaN and the infinities strings, blobs as in `cellText`. */
export function jsonText(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(String(value));
    case 'object':
      break;
    default:
      return JSON.stringify(value) ?? 'null';
  }
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return JSON.stringify(cellText(value, 'blob'));
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`);
  return `{${members.join(',')}}`;
}
