// Arrays as text, in PostgreSQL's form: `{1,2,NULL,"with, comma"}`. One dimension.

import { castValue, formatValue } from './cast.js';
import { quoted, typeName } from './describe.js';
import { LightningError } from '../errors.js';
import type { ScalarType, Value } from './types.js';

/** An item in quotes, where a backslash takes the next character as it is; or a bare one. */
const ITEM = /\s*(?:"((?:[^"\\]|\\[^])*)"|((?:[^"\\{},\s]|\\[^])(?:(?:[^"\\{},]|\\[^])*(?:[^"\\{},\s]|\\[^]))?))\s*/y;

/**
 * The items of an array's text, each read as a value of `type`.
 *
 * @example arrayFromText('{1, 2, NULL}', 'integer') // [1, 2, null]
 * @throws LightningError INVALID_TEXT, and what reading an item raises
 */
export function arrayFromText(text: string, type: ScalarType): Value[] {
  const inside = /^\s*\{([^]*)\}\s*$/.exec(text)?.[1];
  if (inside === undefined) throw malformed(text, type);
  const items: Value[] = [];
  if (inside.trim() === '') return items;
  for (let at = 0; ; at++) {
    ITEM.lastIndex = at;
    const match = ITEM.exec(inside);
    if (match === null) throw malformed(text, type);
    const [, inQuotes, bare = ''] = match;
    const isNull = inQuotes === undefined && bare.toLowerCase() === 'null';
    items.push(isNull ? null : castValue((inQuotes ?? bare).replace(/\\([^])/g, '$1'), 'text', type));
    at = ITEM.lastIndex;
    if (at === inside.length) return items;
    if (inside[at] !== ',') throw malformed(text, type);
  }
}

/** @example arrayToText(['a', null, 'b, c'], 'text') // {a,NULL,"b, c"} */
export function arrayToText(items: readonly Value[], type: ScalarType): string {
  const texts = items.map((item) => {
    if (item === null) return 'NULL';
    const text = formatValue(item, type);
    const bare = /^[^"\\{},\s]+$/.test(text) && text.toLowerCase() !== 'null';
    return bare ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${texts.join(',')}}`;
}

function malformed(text: string, type: ScalarType): LightningError {
  const hint = `write '{a,b}', with "double quotes" around items that hold commas or braces`;
  return new LightningError('INVALID_TEXT', `invalid input for ${typeName(`${type}[]`)}: ${quoted(text)}`, { hint });
}
