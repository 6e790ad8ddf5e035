// JSON documents as canonical text: members sorted by code point, no spaces, numbers as JavaScript prints them (-0 as 0).
// Two documents are equal exactly when their canonical texts are.

import { describe } from './describe.js';
import { compareText } from './order.js';
import { isWellFormed } from './text-buffer.js';
import { LightningError } from '../errors.js';

const MAX_DEPTH = 512;

/**
 * The canonical text of a JSON value (as `JSON.parse` gives them; members that are undefined are left out, `toJSON` is honoured).
 * Numbers are doubles: digits beyond the 17th are lost, as in `JSON.parse`.
 * Errors: INVALID_VALUE for what JSON cannot say, TOO_COMPLEX beyond 512 levels.
 */
export function canonicalJson(value: unknown, what = 'JSON value'): string {
  return canonical(value, what, []);
}

function canonical(value: unknown, what: string, above: object[]): string {
  if (above.length > MAX_DEPTH) {
    throw new LightningError('TOO_COMPLEX', `${what} is nested deeper than ${MAX_DEPTH} levels`);
  }
  switch (typeof value) {
    case 'string':
      if (!isWellFormed(value)) {
        throw new LightningError('INVALID_VALUE', `${what} holds text with a lone surrogate`);
      }
      return JSON.stringify(value);
    case 'number':
      if (Number.isFinite(value)) return String(value + 0);
      throw new LightningError('INVALID_VALUE', `${what} holds ${value}, which JSON cannot express`);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      break;
    default:
      throw new LightningError('INVALID_VALUE', `${what} holds a ${typeof value}, which JSON cannot express`);
  }
  if (value === null) return 'null';
  if (above.includes(value)) throw new LightningError('INVALID_VALUE', `${what} contains itself`);
  if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set || value instanceof ArrayBuffer) {
    throw new LightningError('INVALID_VALUE', `${what} holds ${describe(value)}, which JSON cannot express`);
  }
  above.push(value);
  const text = Array.isArray(value) ? canonicalArray(value, what, above) : canonicalObject(value, what, above);
  above.pop();
  return text;
}

function canonicalArray(value: readonly unknown[], what: string, above: object[]): string {
  const items: string[] = [];
  for (const item of value) items.push(canonical(item === undefined ? null : item, what, above));
  return `[${items.join(',')}]`;
}

function canonicalObject(value: object, what: string, above: object[]): string {
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return canonical((value.toJSON as (key: string) => unknown)(''), what, above);
  }
  const members: string[] = [];
  for (const key of Object.keys(value).sort(compareText)) {
    const member: unknown = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    members.push(`${canonical(key, what, above)}:${canonical(member, what, above)}`);
  }
  return `{${members.join(',')}}`;
}

/** The canonical form of JSON text. Errors: INVALID_TEXT when it is not JSON. */
export function canonicalJsonText(text: string, what = 'JSON value'): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LightningError('INVALID_TEXT', `${what} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
  return canonicalJson(value, what);
}
