// LIKE patterns: `%` is any text, `_` one code point, the escape character makes the next one literal. Matching is linear in text
// times pattern: only the last `%` is ever returned to.

import { LightningError } from '../../errors.js';

/** A run of literal text, one arbitrary character, or any text. */
type Part = string | typeof ANY | typeof ONE;

const ANY = Symbol('%');
const ONE = Symbol('_');

export type TextTest = (text: string) => boolean;

/**
 * The parts of a pattern, adjacent `%` merged. INVALID_VALUE when it ends in its escape character or when that is not one character.
 */
export function parseLike(pattern: string, escape: string): readonly Part[] {
  if ([...escape].length > 1) {
    throw new LightningError('INVALID_VALUE', 'the escape of LIKE must be one character or empty');
  }
  const parts: Part[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') parts.push(literal);
    literal = '';
  };
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const c = characters[i]!;
    if (c === escape) {
      i++;
      if (i === characters.length) {
        throw new LightningError('INVALID_VALUE', 'LIKE pattern must not end with escape character');
      }
      literal += characters[i]!;
    } else if (c === '%') {
      flush();
      if (parts.at(-1) !== ANY) parts.push(ANY);
    } else if (c === '_') {
      flush();
      parts.push(ONE);
    } else literal += c;
  }
  flush();
  return parts;
}

/**
 * What a pattern says of the beginning: `equal` to a text without wildcards, `prefix` and then anything, or `begins` with it and more
 * to be checked.
 */
export function likeBeginning(
  pattern: string,
  escape: string,
): { readonly kind: 'equal' | 'prefix' | 'begins'; readonly text: string } {
  const [first, second, ...more] = parseLike(pattern, escape);
  if (first === undefined) return { kind: 'equal', text: '' };
  if (first === ANY) return { kind: second === undefined ? 'prefix' : 'begins', text: '' };
  if (first === ONE) return { kind: 'begins', text: '' };
  if (second === undefined) return { kind: 'equal', text: first };
  return { kind: second === ANY && more.length === 0 ? 'prefix' : 'begins', text: first };
}

/** The matcher of a pattern. ILIKE compares lower-case forms. */
export function likeTest(pattern: string, escape: string, insensitive: boolean): TextTest {
  const parts = parseLike(pattern, escape).map((part) =>
    insensitive && typeof part === 'string' ? part.toLowerCase() : part,
  );
  const test = testOf(parts);
  return insensitive ? (text) => test(text.toLowerCase()) : test;
}

function testOf(parts: readonly Part[]): TextTest {
  const [a, b, c] = parts;
  if (a === undefined) return (text) => text === '';
  if (parts.length === 1) {
    if (a === ANY) return () => true;
    if (typeof a === 'string') return (text) => text === a;
  }
  if (parts.length === 2) {
    if (typeof a === 'string' && b === ANY) return (text) => text.startsWith(a);
    if (a === ANY && typeof b === 'string') return (text) => text.endsWith(b);
  }
  if (parts.length === 3 && a === ANY && typeof b === 'string' && c === ANY) return (text) => text.includes(b);
  return (text) => matches(text, parts);
}

/** Where a part that begins at `at` ends, or -1 when it does not match there. */
function advance(text: string, at: number, part: string | typeof ONE): number {
  if (typeof part === 'string') return text.startsWith(part, at) ? at + part.length : -1;
  if (at >= text.length) return -1;
  const unit = text.charCodeAt(at);
  return at + (unit >= 0xd800 && unit < 0xdc00 ? 2 : 1);
}

function matches(text: string, parts: readonly Part[]): boolean {
  let at = 0;
  let p = 0;
  let resumePart = -1; // after the last `%`
  let resumeAt = 0;
  for (;;) {
    const part = parts[p];
    if (part === ANY) {
      resumePart = ++p;
      resumeAt = at;
      if (p === parts.length) return true;
      continue;
    }
    if (part === undefined && at === text.length) return true;
    const next = part === undefined ? -1 : advance(text, at, part);
    if (next >= 0) {
      at = next;
      p++;
      continue;
    }
    if (resumePart < 0 || resumeAt >= text.length) return false;
    resumeAt = advance(text, resumeAt, ONE);
    at = resumeAt;
    p = resumePart;
  }
}
