// The parts of the lexer that read more than a fixed spelling: blanks and comments, strings, quoted names, numbers.
// Each moves the cursor on, or leaves a flaw in it.

import type { Problem } from './ast.js';

/** A problem before line and column are known. */
export type Flaw = Pick<Problem, 'code' | 'message' | 'offset' | 'length' | 'hint' | 'expected'>;

export interface Cursor {
  readonly text: string;
  at: number;
  /** What the last quoted token means. */
  value: string;
  flaw: Flaw | undefined;
}

const BLANK = 1;
const START = 2;
const PART = 4;

/** What each ASCII character may be. */
const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[\t-\r ]/.test(character)) CLASSES[code] = BLANK;
  else if (/[A-Za-z_]/.test(character)) CLASSES[code] = START | PART;
  else if (/[0-9$]/.test(character)) CLASSES[code] = PART;
}

function isWideBlank(code: number): boolean {
  return code === 0xa0 || code === 0xfeff || (code >= 0x2000 && code <= 0x200b) || code === 0x3000;
}

function isWideLetter(code: number): boolean {
  return code > 0xa0 && code !== 0xfeff && !(code >= 0x2000 && code <= 0x206f) && code !== 0x3000;
}

export function isIdentifierStart(code: number): boolean {
  return code < 128 ? ((CLASSES[code] ?? 0) & START) !== 0 : isWideLetter(code);
}

export function isIdentifierPart(code: number): boolean {
  return code < 128 ? ((CLASSES[code] ?? 0) & PART) !== 0 : isWideLetter(code);
}

function isBlank(code: number): boolean {
  return code < 128 ? CLASSES[code] === BLANK : isWideBlank(code);
}

/** Skips blanks, `--` comments and nested block comments. */
export function skipBlank(cursor: Cursor): void {
  const { text } = cursor;
  let at = cursor.at;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) at++;
    else if (code === 0x2d && text.charCodeAt(at + 1) === 0x2d) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end + 1;
    } else if (code === 0x2f && text.charCodeAt(at + 1) === 0x2a) {
      const end = blockCommentEnd(text, at);
      if (end < 0) {
        cursor.flaw = {
          code: 'SYNTAX',
          message: 'this comment is never closed',
          offset: at,
          length: 2,
          expected: ['*/'],
          hint: 'close it with */; comments nest',
        };
        return;
      }
      at = end;
    } else break;
  }
  cursor.at = at;
}

function blockCommentEnd(text: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return -1;
}

const KINDS = {
  string: { quote: "'", noun: 'string', prefix: 0 },
  escaped: { quote: "'", noun: 'string', prefix: 1 },
  blob: { quote: "'", noun: 'blob', prefix: 1 },
  name: { quote: '"', noun: 'quoted name', prefix: 0 },
} as const;

const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Reads from the (prefix and) opening quote to behind the closing one. */
export function readQuoted(cursor: Cursor, kind: keyof typeof KINDS): void {
  const { text, at: start } = cursor;
  const { quote, noun, prefix } = KINDS[kind];
  const body = start + prefix + 1;
  let at = body;
  let doubled = false;
  let backslash = false;
  for (;;) {
    const end = text.indexOf(quote, at);
    if (kind === 'escaped' && end >= 0) {
      const slash = text.indexOf('\\', at);
      if (slash >= 0 && slash < end) {
        backslash = true;
        at = slash + 2;
        continue;
      }
    }
    if (end < 0) {
      cursor.at = text.length;
      cursor.flaw = {
        code: 'SYNTAX',
        message: `this ${noun} is never closed`,
        offset: start,
        length: prefix + 1,
        expected: [quote],
        hint: `close it with ${quote}; a ${quote} inside is written ${quote}${quote}`,
      };
      return;
    }
    if (text.charCodeAt(end + 1) === quote.charCodeAt(0)) {
      doubled = true;
      at = end + 2;
      continue;
    }
    at = end + 1;
    break;
  }
  cursor.at = at;
  let value = text.slice(body, at - 1);
  // Escapes first: a doubled quote never contains a backslash, an escaped quote is never doubled with another.
  if (backslash) value = unescape(cursor, value, body);
  else if (doubled) value = value.replaceAll(quote + quote, quote);
  cursor.value = value;
  if (kind === 'blob' && !/^([0-9a-fA-F]{2})*$/.test(value)) {
    flaw(cursor, start, `x'...' takes pairs of hexadecimal digits`, `as in x'00FF'`);
  } else if (kind === 'name' && value === '') flaw(cursor, start, 'a quoted name must not be empty');
  else if (LONE_SURROGATE.test(value))
    flaw(cursor, start, `this ${noun} holds a lone surrogate, which is no character`);
  else if (kind === 'name' && value.includes('\0')) flaw(cursor, start, 'a quoted name must not hold U+0000');
}

/** Where a dollar quote that opens at `start` has its text: behind `$$` or `$tag$`; undefined where none opens. */
export function dollarQuoteBody(text: string, start: number): number | undefined {
  let at = start + 1;
  if (isIdentifierStart(text.charCodeAt(at))) {
    while (at < text.length && text.charCodeAt(at) !== DOLLAR && isIdentifierPart(text.charCodeAt(at))) at++;
  }
  return text.charCodeAt(at) === DOLLAR ? at + 1 : undefined;
}

const DOLLAR = 0x24;

/** Reads `$$text$$` or `$tag$text$tag$`, in which nothing has a meaning, from the opening quote to behind the closing one. */
export function readDollarQuoted(cursor: Cursor, body: number): void {
  const { text, at: start } = cursor;
  const quote = text.slice(start, body);
  const end = text.indexOf(quote, body);
  cursor.at = end < 0 ? text.length : end + quote.length;
  cursor.value = text.slice(body, end < 0 ? text.length : end);
  if (end < 0) {
    cursor.flaw = {
      code: 'SYNTAX',
      message: 'this string is never closed',
      offset: start,
      length: quote.length,
      expected: [quote],
      hint: `close it with ${quote}`,
    };
  } else if (LONE_SURROGATE.test(cursor.value)) {
    flaw(cursor, start, 'this string holds a lone surrogate, which is no character');
  }
}

function flaw(cursor: Cursor, start: number, message: string, hint?: string): void {
  const length = cursor.at - start;
  cursor.flaw = { code: 'SYNTAX', message, offset: start, length, ...(hint === undefined ? {} : { hint }) };
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** `E'...'`: PostgreSQL's escapes, and doubled quotes. */
function unescape(cursor: Cursor, raw: string, body: number): string {
  const escape = /''|\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g;
  return raw.replace(escape, (all: string, hex?: string, u4?: string, u8?: string, octal?: string, other?: string) => {
    if (all === "''") return "'";
    const digits = hex ?? u4 ?? u8;
    if (digits !== undefined || octal !== undefined) {
      const code = digits === undefined ? parseInt(octal ?? '0', 8) : parseInt(digits, 16);
      if (code > 0x10ffff) {
        flaw(cursor, body, `${all} is no character`);
        return '';
      }
      return u4 === undefined ? String.fromCodePoint(code) : String.fromCharCode(code);
    }
    const letter = other ?? '';
    if (letter === 'u' || letter === 'U') flaw(cursor, body, '\\u takes 4 hexadecimal digits, \\U takes 8');
    return SIMPLE_ESCAPES[letter] ?? letter;
  });
}

const NUMBER =
  /(?:0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[oO][0-7]+(?:_[0-7]+)*|0[bB][01]+(?:_[01]+)*)|(?:([0-9]+(?:_[0-9]+)*)(\.(?:[0-9]+(?:_[0-9]+)*)?)?|(\.[0-9]+(?:_[0-9]+)*))([eE][+-]?[0-9]+)?/y;

/** Reads a number; true when it has a point or an exponent. */
export function readNumber(cursor: Cursor): boolean {
  const { text, at: start } = cursor;
  NUMBER.lastIndex = start;
  const found = NUMBER.exec(text);
  cursor.at = start + (found?.[0].length ?? 1);
  const after = text.charCodeAt(cursor.at);
  if (isIdentifierPart(after)) {
    let at = cursor.at;
    while (at < text.length && isIdentifierPart(text.charCodeAt(at))) at++;
    cursor.at = at;
    const image = text.slice(start, at);
    flaw(cursor, start, `"${clip(image)}" is no number`, 'put a space behind the number, or quote the name');
  }
  return found !== null && (found[2] !== undefined || found[3] !== undefined || found[4] !== undefined);
}

/** At most 40 characters, for a message. */
export function clip(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
