// The one lexer: text -> tokens, by hand, since it also looks at neighbours (see `vocabulary.ts`) and must be fast.
// Never throws: the first thing that is no token is given back as a `Flaw`. Guards the parser's stack by bounding how deep
// parentheses and CASE nest.

import type { IToken, TokenType } from 'chevrotain';
import {
  dollarQuoteBody,
  isIdentifierPart,
  isIdentifierStart,
  readDollarQuoted,
  readNumber,
  readQuoted,
  skipBlank,
  type Cursor,
  type Flaw,
} from './scan.js';
import { separateChanges, separateNeighbours } from './neighbours.js';
import * as t from './vocabulary.js';

export type { Flaw } from './scan.js';

/** A token; `value` is what it means: a folded name, a string without quotes and escapes, else the image. */
export class Token implements IToken {
  readonly tokenTypeIdx: number;
  constructor(
    public tokenType: TokenType,
    readonly image: string,
    readonly value: string,
    readonly startOffset: number,
    readonly endOffset: number,
  ) {
    this.tokenTypeIdx = (tokenType as { tokenTypeIdx: number }).tokenTypeIdx;
  }

  /** Gives the token the meaning that its neighbours ask for. */
  become(type: TokenType): void {
    this.tokenType = type;
    (this as { tokenTypeIdx: number }).tokenTypeIdx = (type as { tokenTypeIdx: number }).tokenTypeIdx;
  }
}

export interface Lexed {
  readonly tokens: Token[];
  readonly flaw: Flaw | undefined;
}

/** How much nesting the parser's stack bears: a parenthesis or bracket counts 1, CASE 2, a query in parentheses `QUERY_WEIGHT`. */
export const MAX_NESTING = 400;
const QUERY_WEIGHT = 5;

interface Word {
  readonly type: TokenType;
  readonly value: string;
}

const WORDS = new Map<string, Word>();
const KEYWORD_BY_VALUE = new Map<string, Word>();
for (const type of t.vocabulary) {
  if (!t.isWord(type)) continue;
  const upper = t.spelling(type);
  const word: Word = { type, value: upper.toLowerCase() };
  WORDS.set(upper, word);
  WORDS.set(word.value, word);
  KEYWORD_BY_VALUE.set(word.value, word);
}

const NOT = t.keyword('not');
const QUERY_WORDS = new Set(['select', 'values', 'table', 'with'].map(t.keyword));
const CASE = t.keyword('case');
const END = t.keyword('end');
const INFIX_AFTER_NOT = new Set(['between', 'in', 'like', 'ilike'].map(t.keyword));
const TYPE_WORDS = new Set(['date', 'time', 'timestamp', 'timestamptz']);
const CALL_WORDS = new Map<string, TokenType>([
  ['extract', t.ExtractCall],
  ['substring', t.SubstringCall],
  ['position', t.PositionCall],
  ['trim', t.TrimCall],
  ['exists', t.ExistsCall],
  ['row', t.RowCall],
  ['left', t.Identifier],
  ['right', t.Identifier],
]);

/** ASCII letters only, as PostgreSQL does in UTF-8. */
export function fold(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x41 && code <= 0x5a) return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase());
  }
  return text;
}

function operator(text: string, at: number, code: number): { type: TokenType; length: number } | undefined {
  const next = text.charCodeAt(at + 1);
  switch (code) {
    case 0x28: // (
      return LPAREN;
    case 0x29: // )
      return RPAREN;
    case 0x2c: // ,
      return COMMA;
    case 0x3b: // ;
      return SEMICOLON;
    case 0x2e: // .
      return DOT;
    case 0x2a: // *
      return STAR;
    case 0x2b: // +
      return PLUS;
    case 0x2d: // -
      if (next !== 0x3e) return MINUS;
      return text.charCodeAt(at + 2) === 0x3e ? OTHER3 : OTHER2;
    case 0x2f: // /
    case 0x25: // %
    case 0x5e: // ^
      return MULTIPLICATIVE;
    case 0x3d: // =
      return next === 0x3d ? UNKNOWN2 : EQUAL;
    case 0x3c: // <
      if (next === 0x40) return OTHER2;
      if (next === 0x3c) return UNKNOWN2;
      return next === 0x3d || next === 0x3e ? COMPARE2 : COMPARE1;
    case 0x3e: // >
      if (next === 0x3e) return UNKNOWN2;
      return next === 0x3d ? COMPARE2 : COMPARE1;
    case 0x21: // !
      return next === 0x3d ? COMPARE2 : next === 0x7e ? UNKNOWN2 : UNKNOWN1;
    case 0x7c: // |
      return next === 0x7c ? OTHER2 : UNKNOWN1;
    case 0x23: // #
      if (next === 0x2d) return OTHER2;
      if (next !== 0x3e) return UNKNOWN1;
      return text.charCodeAt(at + 2) === 0x3e ? OTHER3 : OTHER2;
    case 0x40: // @
      return next === 0x3e ? OTHER2 : UNKNOWN1;
    case 0x3a: // :
      return next === 0x3a ? CAST : COLON;
    case 0x3f: // ?
      return QUESTION;
    case 0x5b:
      return LBRACKET;
    case 0x5d:
      return RBRACKET;
    case 0x26: // &
      return next === 0x26 ? UNKNOWN2 : UNKNOWN1;
    case 0x7e: // ~
      return next === 0x2a ? UNKNOWN2 : UNKNOWN1;
    default:
      return undefined;
  }
}

const LPAREN = { type: t.LParen, length: 1 };
const RPAREN = { type: t.RParen, length: 1 };
const LBRACKET = { type: t.LBracket, length: 1 };
const RBRACKET = { type: t.RBracket, length: 1 };
const COMMA = { type: t.Comma, length: 1 };
const SEMICOLON = { type: t.Semicolon, length: 1 };
const DOT = { type: t.Dot, length: 1 };
const STAR = { type: t.Star, length: 1 };
const PLUS = { type: t.Plus, length: 1 };
const MINUS = { type: t.Minus, length: 1 };
const EQUAL = { type: t.Equal, length: 1 };
const COLON = { type: t.Colon, length: 1 };
const CAST = { type: t.DoubleColon, length: 2 };
const QUESTION = { type: t.QuestionMark, length: 1 };
const MULTIPLICATIVE = { type: t.Multiplicative, length: 1 };
const OTHER2 = { type: t.OtherOperator, length: 2 };
const OTHER3 = { type: t.OtherOperator, length: 3 };
const COMPARE1 = { type: t.Comparison, length: 1 };
const COMPARE2 = { type: t.Comparison, length: 2 };
const UNKNOWN1 = { type: t.Unknown, length: 1 };
const UNKNOWN2 = { type: t.Unknown, length: 2 };

/**
 * Reads the whole text.
 *
 * @example lex("SELECT 'it''s'").tokens.map((token) => token.value) // ['select', "it's"]
 */
export function lex(text: string): Lexed {
  const tokens: Token[] = [];
  const cursor: Cursor = { text, at: 0, value: '', flaw: undefined };
  const weights: number[] = [];
  let nesting = 0;
  let queries = false;
  let previous: Token | undefined;

  for (;;) {
    skipBlank(cursor);
    if (cursor.flaw !== undefined) return { tokens, flaw: cursor.flaw };
    const start = cursor.at;
    if (start >= text.length) break;
    const code = text.charCodeAt(start);
    const dollar = code === 0x24 ? dollarQuoteBody(text, start) : undefined;
    let token: Token;

    if (isIdentifierStart(code)) {
      const quote = text.charCodeAt(start + 1);
      const letter = code | 0x20;
      if (quote === 0x27 && (letter === 0x65 || letter === 0x78)) {
        readQuoted(cursor, letter === 0x65 ? 'escaped' : 'blob');
        const type = letter === 0x65 ? t.Text : t.Blob;
        token = new Token(type, text.slice(start, cursor.at), cursor.value, start, cursor.at - 1);
      } else {
        let at = start + 1;
        while (at < text.length && isIdentifierPart(text.charCodeAt(at))) at++;
        cursor.at = at;
        const image = text.slice(start, at);
        let word = WORDS.get(image);
        let value = image;
        if (word === undefined) {
          value = fold(image);
          if (value !== image) word = KEYWORD_BY_VALUE.get(value);
        }
        if (word === undefined) {
          token = new Token(t.Identifier, image, value, start, at - 1);
        } else {
          const type = word.type;
          token = new Token(type, image, word.value, start, at - 1);
          if (type === CASE) nesting += 2;
          else if (type === END) nesting = Math.max(0, nesting - 2);
          else if (previous !== undefined) {
            if (previous.tokenType === t.LParen && QUERY_WORDS.has(type)) {
              previous.become(t.QueryParen);
              queries = true;
              nesting += QUERY_WEIGHT;
              const top = weights.length - 1;
              weights[top] = (weights[top] ?? 0) + QUERY_WEIGHT;
            } else if (previous.tokenType === NOT && INFIX_AFTER_NOT.has(type)) previous.become(t.NotInfix);
          }
        }
      }
    } else if (isDigit(code) || (code === 0x2e && isDigit(text.charCodeAt(start + 1)))) {
      const decimal = readNumber(cursor);
      const image = text.slice(start, cursor.at);
      token = new Token(decimal ? t.Decimal : t.Integer, image, image, start, cursor.at - 1);
    } else if (code === 0x27 || dollar !== undefined) {
      if (dollar === undefined) readQuoted(cursor, 'string');
      else readDollarQuoted(cursor, dollar);
      token = new Token(t.Text, text.slice(start, cursor.at), cursor.value, start, cursor.at - 1);
      if (previous?.tokenType === t.Identifier) {
        if (TYPE_WORDS.has(previous.value)) previous.become(t.TypeBeforeText);
        else if (previous.value === 'interval') previous.become(t.IntervalBeforeText);
      }
    } else if (code === 0x22) {
      readQuoted(cursor, 'name');
      token = new Token(t.Identifier, text.slice(start, cursor.at), cursor.value, start, cursor.at - 1);
    } else if (code === 0x24) {
      token = parameter(cursor);
    } else {
      const found = operator(text, start, code);
      const length = found?.length ?? (code >= 0xd800 && code < 0xdc00 ? 2 : 1);
      const type = found?.type ?? t.Unknown;
      cursor.at = start + length;
      const image = text.slice(start, start + length);
      token = new Token(type, image, image, start, start + length - 1);
      if (type === t.LBracket && previous?.image.toLowerCase() === 'array') previous.become(t.ArrayBracket);
      if (type === t.LParen) {
        nesting++;
        weights.push(1);
        if (previous !== undefined) {
          const call = CALL_WORDS.get(previous.value);
          if (call !== undefined && previous.image.charCodeAt(0) !== 0x22) previous.become(call);
        }
      } else if (type === t.LBracket) nesting++;
      else if (type === t.RBracket) nesting = Math.max(0, nesting - 1);
      else if (type === t.RParen) nesting = Math.max(0, nesting - (weights.pop() ?? 0));
      else if (type === t.Semicolon) {
        nesting = 0;
        weights.length = 0;
      } else if (type === t.Star && previous?.tokenType === t.Dot) {
        previous.become(t.DotStar);
        const name = tokens[tokens.length - 2];
        if (name !== undefined && isName(name)) name.become(t.StarTable);
        continue;
      }
    }
    if (cursor.flaw !== undefined) return { tokens, flaw: cursor.flaw };
    if (nesting > MAX_NESTING) {
      return {
        tokens,
        flaw: {
          code: 'TOO_COMPLEX',
          message: 'the statement is nested too deeply',
          offset: start,
          length: cursor.at - start,
          hint: 'split it into several statements, or into common tables (WITH)',
        },
      };
    }
    tokens.push(token);
    previous = token;
  }
  if (queries) {
    separateNeighbours(tokens);
    separateChanges(tokens);
  }
  return { tokens, flaw: undefined };
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether the token may stand as a name. */
export function isName(token: Token): boolean {
  return token.tokenType === t.Identifier || token.tokenType.CATEGORIES?.includes(t.AnyName) === true;
}

function parameter(cursor: Cursor): Token {
  const { text, at: start } = cursor;
  let at = start + 1;
  while (at < text.length && isIdentifierPart(text.charCodeAt(at)) && text.charCodeAt(at) !== 0x24) at++;
  cursor.at = at;
  const name = text.slice(start + 1, at);
  const numbered = /^[0-9]+$/.test(name);
  if (name === '' || (!numbered && isDigit(name.charCodeAt(0))) || (numbered && !validNumber(name))) {
    cursor.flaw = {
      code: 'SYNTAX',
      message: `"${text.slice(start, at)}" is no parameter`,
      offset: start,
      length: at - start,
      hint: 'parameters are ?, $1 to $65535, or $name',
    };
  }
  return new Token(numbered ? t.NumberedParameter : t.NamedParameter, text.slice(start, at), name, start, at - 1);
}

function validNumber(digits: string): boolean {
  const number = Number(digits);
  return number >= 1 && number <= 65_535;
}
