// Values too long for their row: bytes under page numbers of their own, up to 64 MB each, cut where a store's values end.

import { invariant, LightningError } from '../errors.js';
import type { Value } from '../values/types.js';
import type { PageCodec, PageReader, PageWriter } from './page.js';

/** Longest value, bytes. */
export const MAX_LONG_VALUE = 64 * 1024 * 1024;
const PIECE = 1 << 20;

/** A piece of a value; one that is whole keeps what it was decoded to, while the cache has room. */
class LongValue {
  decoded: Value | undefined = undefined;

  constructor(readonly bytes: Uint8Array) {}
}

/** Memory of a decoded value for each of its bytes, about: a polygon's numbers are arrays of two. */
const DECODED = 4;

const LONG_VALUE: PageCodec<LongValue> = {
  name: 'long value',
  encode: (piece) => piece.bytes,
  decode: (body) => new LongValue(new Uint8Array(body)),
  copy: (piece) => new LongValue(new Uint8Array(piece.bytes)),
  bytes: (piece) => 140 + piece.bytes.length + memoOf(piece),
  memo: { bytes: memoOf, forget: (piece) => void (piece.decoded = undefined) },
};

function memoOf(piece: LongValue): number {
  return piece.decoded === undefined ? 0 : piece.bytes.length * DECODED;
}

/** How many page numbers a value of so many bytes takes. */
export function piecesOf(length: number): number {
  return Math.max(1, Math.ceil(length / PIECE));
}

/** @throws LightningError `VALUE_TOO_LONG` */
export function checkLongValue(length: number): void {
  if (length > MAX_LONG_VALUE) {
    throw new LightningError('VALUE_TOO_LONG', `a value of ${length} bytes; the longest has ${MAX_LONG_VALUE}`);
  }
}

/** Writes a value under the page numbers from `page` on. */
export function writeLongValue(writer: PageWriter, space: number, page: number, bytes: Uint8Array): void {
  for (let i = 0, n = piecesOf(bytes.length); i < n; i++) {
    writer.put(space, page + i, LONG_VALUE, new LongValue(new Uint8Array(bytes.subarray(i * PIECE, (i + 1) * PIECE))));
  }
}

/** The value, decoded from its bytes. It may be shared: never change it. */
export function readLongValue(
  reader: PageReader,
  space: number,
  page: number,
  length: number,
  decode: (bytes: Uint8Array) => Value,
): Value {
  const pieces = piecesOf(length);
  if (pieces === 1) {
    const piece = reader.page(space, page, LONG_VALUE);
    if (piece.decoded !== undefined) return piece.decoded;
    invariant(piece.bytes.length === length, `the value at page ${page} of space ${space} has another length`);
    const value = decode(piece.bytes);
    if (reader.memoRoom()) {
      piece.decoded = value;
      reader.reweigh(space, page);
    }
    return value;
  }
  const bytes = new Uint8Array(length);
  for (let i = 0; i < pieces; i++) bytes.set(reader.page(space, page + i, LONG_VALUE).bytes, i * PIECE);
  return decode(bytes);
}

export function dropLongValue(writer: PageWriter, space: number, page: number, length: number): void {
  for (let i = 0, n = piecesOf(length); i < n; i++) writer.drop(space, page + i);
}
