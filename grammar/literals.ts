// What numbers and blobs mean, exactly.

import type { NumberLiteral } from './ast.js';
import { Refusal } from './refusal.js';
import type { Token } from './tokens.js';
import * as t from './vocabulary.js';

/** Decimal, hexadecimal, octal or binary digits, with underscores between them; a bigint beyond the safe range. */
export function integerValue(text: string): number | bigint {
  const digits = text.includes('_') ? text.replaceAll('_', '') : text;
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

export function numberLiteral(token: Token): NumberLiteral {
  const { image: text, startOffset: offset } = token;
  const length = text.length;
  if (token.tokenType === t.Integer) {
    // BigInt takes time quadratic in its digits; no type holds as many.
    if (length > 1000) throw new Refusal('SYNTAX', 'this integer has too many digits', offset, length);
    return { kind: 'number', text, value: integerValue(text), integer: true, offset, length };
  }
  const value = Number(text.includes('_') ? text.replaceAll('_', '') : text);
  if (!Number.isFinite(value)) throw new Refusal('SYNTAX', 'this number is out of range', offset, length);
  return { kind: 'number', text, value, integer: false, offset, length };
}

export function parseBlob(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
