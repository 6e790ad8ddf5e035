// Functions over text. Characters are code points, positions count from 1, as in PostgreSQL.

import { LightningError } from '../../errors.js';
import { codePointsBefore, countCodePoints, sliceCodePoints } from './code-points.js';
import { joined } from './json-change.js';
import type { FunctionEntry } from './contract.js';
import { aliases, entry, strict, variadic } from './contract.js';
import type { Integer } from './integer.js';

const raises = { canRaise: true };

/** Longest text that a function makes, in UTF-16 units. */
const MAX_LENGTH = 1 << 26;

function checkLength(units: number): void {
  if (units > MAX_LENGTH) throw new LightningError('VALUE_TOO_LONG', `text longer than ${MAX_LENGTH} characters`);
}

function concatenate(a: string, b: string): string {
  checkLength(a.length + b.length);
  return a + b;
}

/** From the `start`th character, `count` of them; positions before the text count, too. */
function substring(text: string, start: Integer, count?: Integer): string {
  const from = Number(start) - 1;
  if (count === undefined) return sliceCodePoints(text, from);
  if (count < 0) throw new LightningError('INVALID_VALUE', 'negative substring length not allowed');
  return sliceCodePoints(text, from, from + Number(count));
}

/** The first n characters; when negative, all but the last -n. */
function left(text: string, n: Integer): string {
  const count = Number(n);
  return sliceCodePoints(text, 0, count >= 0 ? count : countCodePoints(text) + count);
}

/** The last n characters; when negative, all but the first -n. */
function right(text: string, n: Integer): string {
  const count = Number(n);
  return sliceCodePoints(text, count >= 0 ? countCodePoints(text) - count : -count);
}

function trimStart(text: string, characters: ReadonlySet<string>): string {
  let i = 0;
  while (i < text.length) {
    const character = String.fromCodePoint(text.codePointAt(i) as number);
    if (!characters.has(character)) break;
    i += character.length;
  }
  return text.slice(i);
}

function trimEnd(text: string, characters: ReadonlySet<string>): string {
  let end = text.length;
  while (end > 0) {
    const low = text.charCodeAt(end - 1);
    const width = low >= 0xdc00 && low < 0xe000 ? 2 : 1;
    if (!characters.has(text.slice(end - width, end))) break;
    end -= width;
  }
  return text.slice(0, end);
}

function trimming(atStart: boolean, atEnd: boolean): (text: string, characters?: string) => string {
  return (text, characters = ' ') => {
    const set = new Set(characters);
    const rest = atStart ? trimStart(text, set) : text;
    return atEnd ? trimEnd(rest, set) : rest;
  };
}

/** Where `part` begins, from 1; 0 when it does not occur. */
function positionOf(text: string, part: string): number {
  const at = text.indexOf(part);
  return at < 0 ? 0 : codePointsBefore(text, at) + 1;
}

function replace(text: string, from: string, to: string): string {
  if (from === '') return text;
  const parts = text.split(from);
  checkLength(text.length + (parts.length - 1) * (to.length - from.length));
  return parts.join(to);
}

function repeat(text: string, n: Integer): string {
  if (n <= 0) return '';
  checkLength(text.length * Number(n));
  return text.repeat(Number(n));
}

/** To exactly n characters: filled by repeating `fill`, or cut at the end. */
function pad(atStart: boolean): (text: string, n: Integer, fill?: string) => string {
  return (text, n, fill = ' ') => {
    const target = Math.max(0, Number(n));
    const length = countCodePoints(text);
    if (target <= length) return sliceCodePoints(text, 0, target);
    if (fill === '') return text;
    checkLength(target);
    const missing = target - length;
    const filling = sliceCodePoints(fill.repeat(Math.ceil(missing / countCodePoints(fill))), 0, missing);
    return atStart ? filling + text : text + filling;
  };
}

/** The nth part between separators, from 1; from the end when negative; empty when there is none. */
function splitPart(text: string, separator: string, n: Integer): string {
  if (n === 0) throw new LightningError('INVALID_VALUE', 'field position must not be zero');
  const parts = separator === '' ? [text] : text.split(separator);
  return parts[n > 0 ? Number(n) - 1 : parts.length + Number(n)] ?? '';
}

/** Each run of letters and digits gets an upper-case first letter and lower-case others. */
function initialCapitals(text: string): string {
  return text.replace(/[\p{L}\p{N}]+/gu, (word) => {
    const first = String.fromCodePoint(word.codePointAt(0) as number);
    return first.toUpperCase() + word.slice(first.length).toLowerCase();
  });
}

function character(code: Integer): string {
  const n = Number(code);
  if (n <= 0 || n > 0x10ffff || (n >= 0xd800 && n < 0xe000)) {
    throw new LightningError('INVALID_VALUE', `${code} is not the code of a character`);
  }
  return String.fromCodePoint(n);
}

function translate(text: string, from: string, to: string): string {
  const targets = [...to];
  const map = new Map<string, string>();
  [...from].forEach((c, i) => {
    if (!map.has(c)) map.set(c, targets[i] ?? '');
  });
  return [...text].map((c) => map.get(c) ?? c).join('');
}

/** What `concat` shows of a value: booleans as t and f. */
function shown(value: string | boolean): string {
  return typeof value === 'string' ? value : value ? 't' : 'f';
}

function joinShown(separator: string, values: readonly (string | boolean | null)[]): string {
  const text = values.flatMap((value) => (value === null ? [] : [shown(value)])).join(separator);
  checkLength(text.length);
  return text;
}

/** What `lower()` gives, and what COLLATE NOCASE compares in place of a text. */
export function lowerCase(text: string): string {
  return text.toLowerCase();
}

export const textFunctions: readonly FunctionEntry[] = [
  entry(
    '||',
    strict(['text', 'text'], 'text', concatenate, raises),
    strict(['text', 'astext'], 'text', concatenate, raises),
    strict(['astext', 'text'], 'text', concatenate, raises),
    strict(['json', 'json'], 'json', joined),
  ),
  entry('lower', strict(['text'], 'text', lowerCase)),
  entry(
    'lower_each',
    strict(['text[]'], 'text[]', (texts) => texts.map((text) => (typeof text === 'string' ? lowerCase(text) : text))),
  ),
  entry(
    'upper',
    strict(['text'], 'text', (text) => text.toUpperCase()),
  ),
  entry('initcap', strict(['text'], 'text', initialCapitals)),
  ...aliases(['length', 'char_length', 'character_length'], strict(['text'], 'integer', countCodePoints)),
  entry(
    'octet_length',
    strict(['text'], 'integer', (text) => Buffer.byteLength(text)),
    strict(['blob'], 'integer', (blob) => blob.length),
  ),
  ...aliases(
    ['substring', 'substr'],
    strict(['text', 'integer'], 'text', substring),
    strict(['text', 'integer', 'integer'], 'text', substring, raises),
  ),
  entry('left', strict(['text', 'integer'], 'text', left)),
  entry('right', strict(['text', 'integer'], 'text', right)),
  ...aliases(
    ['btrim', 'trim'],
    strict(['text'], 'text', trimming(true, true)),
    strict(['text', 'text'], 'text', trimming(true, true)),
  ),
  entry(
    'ltrim',
    strict(['text'], 'text', trimming(true, false)),
    strict(['text', 'text'], 'text', trimming(true, false)),
  ),
  entry(
    'rtrim',
    strict(['text'], 'text', trimming(false, true)),
    strict(['text', 'text'], 'text', trimming(false, true)),
  ),
  entry('replace', strict(['text', 'text', 'text'], 'text', replace, raises)),
  entry('translate', strict(['text', 'text', 'text'], 'text', translate)),
  entry(
    'position',
    strict(['text', 'text'], 'integer', (part, text) => positionOf(text, part)),
  ),
  entry('strpos', strict(['text', 'text'], 'integer', positionOf)),
  entry(
    'starts_with',
    strict(['text', 'text'], 'boolean', (text, prefix) => text.startsWith(prefix)),
  ),
  entry('repeat', strict(['text', 'integer'], 'text', repeat, raises)),
  entry(
    'reverse',
    strict(['text'], 'text', (text) => [...text].reverse().join('')),
  ),
  entry(
    'lpad',
    strict(['text', 'integer'], 'text', pad(true), raises),
    strict(['text', 'integer', 'text'], 'text', pad(true), raises),
  ),
  entry(
    'rpad',
    strict(['text', 'integer'], 'text', pad(false), raises),
    strict(['text', 'integer', 'text'], 'text', pad(false), raises),
  ),
  entry('split_part', strict(['text', 'text', 'integer'], 'text', splitPart, raises)),
  entry(
    'ascii',
    strict(['text'], 'integer', (text) => text.codePointAt(0) ?? 0),
  ),
  entry('chr', strict(['integer'], 'text', character, raises)),
  entry(
    'concat',
    variadic(['texty'], 'texty', 'text', (...values) => joinShown('', values)),
  ),
  entry(
    'concat_ws',
    variadic(['text', 'texty'], 'texty', 'text', (separator, ...values) =>
      separator === null ? null : joinShown(separator, values),
    ),
  ),
];
