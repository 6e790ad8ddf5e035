// Text forms of numbers, booleans and blobs, as PostgreSQL reads and prints them.

import { normalInteger } from './border.js';
import { quoted } from './describe.js';
import { LightningError } from '../errors.js';

/** What C's isspace takes: PostgreSQL ignores these around numbers and booleans. */
const BLANKS = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;

const INTEGER = /^([+-]?)(\d+(?:_\d+)*|0x_?[\da-f]+(?:_[\da-f]+)*|0o_?[0-7]+(?:_[0-7]+)*|0b_?[01]+(?:_[01]+)*)$/i;
const REAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL = /^([+-]?)(inf|infinity)$/i;

function invalid(type: string, text: string, hint?: string): LightningError {
  return new LightningError('INVALID_TEXT', `invalid input for ${type}: ${quoted(text)}`, { hint });
}

/** Errors: INVALID_TEXT, OUT_OF_RANGE. */
export function integerFromText(text: string): number | bigint {
  const match = INTEGER.exec(text.replace(BLANKS, ''));
  if (match === null) throw invalid('INTEGER', text);
  const digits = match[2]!.replaceAll('_', '').replace(/^0+(?=\d)/, '');
  if (digits.length > 80) throw tooBig('INTEGER', text);
  const magnitude = BigInt(digits);
  const n = match[1] === '-' ? -magnitude : magnitude;
  if (n < -(2n ** 63n) || n >= 2n ** 63n) throw tooBig('INTEGER', text);
  return normalInteger(n);
}

/** Errors: INVALID_TEXT, OUT_OF_RANGE when the number is too great or too small for a double. */
export function realFromText(text: string): number {
  const trimmed = text.replace(BLANKS, '');
  if (REAL.test(trimmed)) {
    const x = Number(trimmed);
    const vanished = x === 0 && /[1-9]/.test(trimmed.replace(/e.*$/i, ''));
    if (vanished || x === Infinity || x === -Infinity) throw tooBig('REAL', text);
    return x;
  }
  const special = SPECIAL.exec(trimmed);
  if (special !== null) return special[1] === '-' ? -Infinity : Infinity;
  if (/^[+-]?nan$/i.test(trimmed)) return NaN;
  throw invalid('REAL', text);
}

/** Unique beginnings of true, false, yes, no, on, off, and 1, 0. Errors: INVALID_TEXT. */
export function booleanFromText(text: string): boolean {
  const word = text.replace(BLANKS, '').toLowerCase();
  if (word !== '') {
    if (word === '1' || word === 'on' || 'true'.startsWith(word) || 'yes'.startsWith(word)) return true;
    if (word === '0' || word === 'of' || word === 'off' || 'false'.startsWith(word) || 'no'.startsWith(word))
      return false;
  }
  throw invalid('BOOLEAN', text, "Write 'true' or 'false'.");
}

/** `\x` and hexadecimal digits, or PostgreSQL's escape form: UTF-8, `\\` and `\ooo`. Errors: INVALID_TEXT. */
export function blobFromText(text: string): Uint8Array {
  if (text.startsWith('\\x')) {
    const digits = text.slice(2).replace(/[ \t\n\r]/g, '');
    if (digits.length % 2 !== 0 || !/^[\da-f]*$/i.test(digits)) throw invalid('BLOB', text);
    return new Uint8Array(Buffer.from(digits, 'hex'));
  }
  const source = Buffer.from(text, 'utf8');
  const bytes = new Uint8Array(source.length);
  let n = 0;
  for (let i = 0; i < source.length; i++) {
    if (source[i] !== 0x5c) bytes[n++] = source[i]!;
    else if (source[i + 1] === 0x5c) {
      bytes[n++] = 0x5c;
      i++;
    } else {
      const octal = source.toString('latin1', i + 1, i + 4);
      if (!/^[0-3][0-7]{2}$/.test(octal)) throw invalid('BLOB', text);
      bytes[n++] = parseInt(octal, 8);
      i += 3;
    }
  }
  return bytes.slice(0, n);
}

/**
 * The fewest digits that read back the same; exponent form below 1e-4 and from 1e15, as PostgreSQL prints float8.
 * Like PostgreSQL, and unlike JavaScript, it takes no digits that lie exactly between two doubles.
 */
export function formatReal(x: number): string {
  if (x !== x) return 'NaN';
  if (x === Infinity) return 'Infinity';
  if (x === -Infinity) return '-Infinity';
  if (x === 0) return Object.is(x, -0) ? '-0' : '0';
  let scientific = x.toExponential();
  let e = scientific.indexOf('e');
  const exponent = Number(scientific.slice(e + 1));
  // Between these bounds JavaScript prints plain decimals itself.
  if (exponent >= -4 && exponent < 15) return String(x);
  // Only whole numbers can have a midpoint of 17 digits; beyond 1e40 none has (5^24 is over 2^54).
  if (exponent <= 40 && isMidpoint(x, scientific)) {
    for (let digits = e - (x < 0 ? 2 : 1); digits <= 16; digits++) {
      scientific = x.toExponential(digits);
      if (Number(scientific) === x && !isMidpoint(x, scientific)) break;
    }
    e = scientific.indexOf('e');
  }
  const size = Math.abs(exponent);
  return `${scientific.slice(0, e)}e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`;
}

const bits = new DataView(new ArrayBuffer(8));

/** Whether decimal digits for `x` lie exactly halfway between `x` and a neighbouring double. */
function isMidpoint(x: number, scientific: string): boolean {
  if (!Number.isInteger(x) || Number.isSafeInteger(x)) return false;
  const [digits, exponent] = scientific.split('e') as [string, string];
  const fraction = digits.length - 1 - digits.indexOf('.');
  const scale = digits.includes('.') ? Number(exponent) - fraction : Number(exponent);
  if (scale < 0) return false;
  const decimal = BigInt(digits.replace('.', '')) * 10n ** BigInt(scale);
  const exact = BigInt(x);
  if (decimal === exact) return false;
  bits.setFloat64(0, x);
  const away = decimal > exact === x > 0;
  bits.setBigInt64(0, bits.getBigInt64(0) + (away ? 1n : -1n));
  return 2n * decimal === exact + BigInt(bits.getFloat64(0));
}

function tooBig(type: string, text: string): LightningError {
  return new LightningError('OUT_OF_RANGE', `out of the range of ${type}: ${quoted(text)}`);
}
