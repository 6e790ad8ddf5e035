// Order-preserving keys: the byte order of an encoded tuple is the order of the tuple.
// Forms, before DESC inverts them (NULL is not inverted; no form begins with 0x00 or 0xFF):
//   NULL            00 (first) or FF (last)
//   integer         one byte 80 + n for -112..111; else F0 + k (positive) or 10 - k (negative) and k bytes, two's complement
//   timestamp, date as integer         boolean   01 false, 02 true        real   80, 8 bytes: IEEE bits made sortable
//   text, json      UTF-8, bytes 00 01 02 as 02 01, 02 02, 02 03; ends with 01       blob   80, then as text
//   point           80, lon and lat as 8 sortable bytes each                     geometry   as text, of its canonical GeoJSON

import { KeyReader } from './key-reader.js';
import { KeyWriter } from './key-writer.js';
import type { ScalarType, Value } from './types.js';

export { compareByteRanges, compareBytes, copyBytes, equalBytes, successor } from './bytes.js';
export { hashBytes, hashValue, hashValues } from './hash.js';
export type { Hash64 } from './hash.js';
export { KeyReader } from './key-reader.js';
export { KeyWriter } from './key-writer.js';

/** One column of a key. */
export interface KeyPart {
  readonly type: ScalarType;
  /** Greatest first. Default false. */
  readonly desc?: boolean | undefined;
  /** Where NULL stands. Default: last ascending, first descending. */
  readonly nullsFirst?: boolean | undefined;
}

const writer = new KeyWriter();

/**
 * Encodes a tuple, or its first values when `values` is shorter than `parts`: then the bytes are a prefix of every key
 * that begins with those values.
 *
 * @example encodeKey(['Oslo', 7], [{ type: 'text' }, { type: 'integer', desc: true }])
 */
export function encodeKey(values: readonly Value[], parts: readonly KeyPart[]): Uint8Array {
  writer.reset();
  const n = Math.min(values.length, parts.length);
  for (let i = 0; i < n; i++) {
    const { type, desc = false, nullsFirst = desc } = parts[i]!;
    writer.add(values[i]!, type, desc, nullsFirst);
  }
  return writer.finish();
}

/** The values of a key that `encodeKey` made with the same parts; what follows them (a row id) is left alone. */
export function decodeKey(bytes: Uint8Array, parts: readonly KeyPart[]): Value[] {
  const reader = new KeyReader(bytes);
  return parts.map((part) => reader.value(part.type, part.desc));
}
