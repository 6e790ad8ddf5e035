// Tokens of the search language. A word runs to white space, a parenthesis, a quote or one of its own suffixes; punctuation inside
// it (a hyphen, an apostrophe, a point) is left to the analysis.

import type { Position } from '../errors.js';
import { LightningError } from '../errors.js';

export interface SearchToken {
  /** `minus` is NOT too. */
  readonly kind: 'word' | 'phrase' | 'field' | 'open' | 'close' | 'or' | 'and' | 'minus';
  readonly text: string;
  readonly offset: number;
  readonly length: number;
  /** 1 unless `^number` follows a word, a phrase or a closing parenthesis. */
  readonly boost: number;
  readonly suffix: 'prefix' | 1 | 2 | undefined;
}

/** A place in a search text; offsets in UTF-16 units of it. */
export function searchPosition(text: string, offset: number, length: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { offset, length, line: before.length, column: (before.at(-1) as string).length + 1 };
}

/** An error in a search text. */
export function searchSyntax(
  text: string,
  offset: number,
  length: number,
  message: string,
  hint: string,
): LightningError {
  return new LightningError('SEARCH_SYNTAX', message, { position: searchPosition(text, offset, length), hint });
}

const SPACE = /\s/u;
const FIELD = /[\p{L}_][\p{L}\p{N}_]*:(?=[^\s:]|$|\s)/uy;
const WORD = /[^\s()"*~^]+/uy;
const NUMBER = /\d+(?:\.\d+)?/y;
/** In capitals; in small letters they are words. */
const OPERATORS: ReadonlyMap<string, SearchToken['kind']> = new Map([
  ['OR', 'or'],
  ['AND', 'and'],
  ['NOT', 'minus'],
]);
const HAS_TOKEN = /[\p{L}\p{N}]/u;

export function lexSearch(text: string): readonly SearchToken[] {
  const tokens: SearchToken[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const push = (
    kind: SearchToken['kind'],
    from: number,
    value = '',
    boost = 1,
    suffix?: SearchToken['suffix'],
  ): void => {
    tokens.push({ kind, text: value, offset: from, length: at - from, boost, suffix });
  };
  const boost = (): number => {
    if (text[at] !== '^') return 1;
    const from = at++;
    const digits = match(NUMBER);
    const value = Number(digits);
    if (digits === undefined || !(value > 0 && value <= 1e6)) {
      throw searchSyntax(
        text,
        from,
        1 + (digits?.length ?? 0),
        'a boost is a number above 0, at most 1000000',
        'Write it as in word^2 or word^0.5.',
      );
    }
    at += digits.length;
    return value;
  };
  const boundary = (from: number): void => {
    const next = text[at];
    if (next === undefined || next === ')' || next === '(' || SPACE.test(next)) return;
    throw searchSyntax(
      text,
      at,
      1,
      `unexpected ${next} after ${text.slice(from, at)}`,
      'Put a space between words; write special characters in quotes.',
    );
  };

  while (at < text.length) {
    const from = at;
    const c = text[at] as string;
    if (SPACE.test(c)) {
      at++;
    } else if (c === '(') {
      at++;
      push('open', from);
    } else if (c === ')') {
      at++;
      const factor = boost();
      push('close', from, '', factor);
    } else if (c === '-' && !/[\s]/.test(text[at + 1] ?? ' ')) {
      at++;
      push('minus', from, c);
    } else if (c === '"') {
      const end = text.indexOf('"', at + 1);
      if (end < 0)
        throw searchSyntax(
          text,
          from,
          text.length - from,
          'this quote is not closed',
          'Add " at the end of the phrase.',
        );
      const phrase = text.slice(at + 1, end);
      if (!HAS_TOKEN.test(phrase)) {
        throw searchSyntax(
          text,
          from,
          end + 1 - from,
          'the phrase holds no word',
          'Give at least one word between the quotes.',
        );
      }
      at = end + 1;
      const factor = boost();
      boundary(from);
      push('phrase', from, phrase, factor);
    } else {
      word(from);
    }
  }
  return tokens;

  function word(from: number): void {
    const field = match(FIELD);
    if (field !== undefined) {
      at += field.length;
      push('field', from, field.slice(0, -1));
      return;
    }
    const value = match(WORD);
    if (value === undefined || !HAS_TOKEN.test(value)) {
      const length = value?.length ?? 1;
      throw searchSyntax(
        text,
        from,
        length,
        `${text.slice(from, from + length)} is no word`,
        'Give a word with letters or digits, or write it in quotes with one.',
      );
    }
    at += value.length;
    const operator = OPERATORS.get(value);
    if (operator !== undefined && (at === text.length || /[\s()"]/u.test(text[at] as string))) {
      push(operator, from, value);
      return;
    }
    const suffix = wordSuffix();
    const factor = boost();
    boundary(from);
    push('word', from, value, factor, suffix);
  }

  function wordSuffix(): SearchToken['suffix'] {
    if (text[at] === '*') {
      at++;
      return 'prefix';
    }
    if (text[at] !== '~') return undefined;
    const from = at++;
    const digits = match(NUMBER);
    at += digits?.length ?? 0;
    if (digits === '1') return 1;
    if (digits === '2') return 2;
    throw searchSyntax(text, from, at - from, 'a fuzzy word allows 1 or 2 edits', 'Write word~1 or word~2.');
  }
}
