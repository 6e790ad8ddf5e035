// Reading one field of an encoded row (layout in row.ts): the functions that generated decoders, closures and single-field
// reads share. The row's bytes are trusted: pages are checked before their rows are read.

import { copyBytes } from './bytes.js';
import { geometryFromText } from './geojson.js';
import type { ByteView } from './text-buffer.js';
import type { Geometry, Point, ScalarType, Value } from './types.js';
import { never } from '../errors.js';

/** Where a value too long for its row is kept: the number of its own page and its length in bytes (below 2^30). */
export class ExternalValue {
  constructor(
    readonly page: number,
    readonly length: number,
  ) {}
}

/** What a field of an encoded row holds. */
export type StoredValue = Value | ExternalValue;

/** Bit of the column count which says that the row holds an ExternalValue. */
export const EXTERNAL_ROW = 0x8000;
/** Tags in the upper two bits of a variable slot's second word; the lower 30 are the length in bytes. */
export const TAG_BYTES = 0;
export const TAG_ASCII = 1;
export const TAG_EXTERNAL = 2;
export const MAX_LENGTH = 0x3fffffff;

const TWO_32 = 4294967296;

/** Bytes before the first slot of a row of `columns` columns. */
export function slotsOffset(columns: number): number {
  return 2 + ((columns + 7) >>> 3);
}

/** `slot` is the offset of the field's slot, `row` that of its row. */
export type ReadSlot = (source: ByteView, slot: number, row: number) => StoredValue;

export function readInteger(source: ByteView, slot: number): number | bigint {
  const high = source.view.getInt32(slot + 4, true);
  if (high >= -0x200000 && high < 0x200000) {
    const n = high * TWO_32 + source.view.getUint32(slot, true);
    if (n !== -9007199254740992) return n;
  }
  return source.view.getBigInt64(slot, true);
}

export function readNumber(source: ByteView, slot: number): number {
  return source.view.getFloat64(slot, true);
}

export function readBoolean(source: ByteView, slot: number): boolean {
  return source.view.getUint8(slot) === 1;
}

export function readText(source: ByteView, slot: number, row: number): string | ExternalValue {
  const word = source.view.getUint32(slot + 4, true);
  const start = row + source.view.getUint32(slot, true);
  if (word >>> 30 === TAG_ASCII) {
    const length = word & MAX_LENGTH;
    return length < 16 ? shortAscii(source.bytes, start, length) : source.bytes.latin1Slice(start, start + length);
  }
  if (word >>> 30 === TAG_EXTERNAL) return readExternal(source, slot);
  return source.bytes.utf8Slice(start, start + word);
}

export function readBlob(source: ByteView, slot: number, row: number): Uint8Array | ExternalValue {
  const word = source.view.getUint32(slot + 4, true);
  if (word >>> 30 === TAG_EXTERNAL) return readExternal(source, slot);
  const start = row + source.view.getUint32(slot, true);
  // A copy: the source may be a buffer that the store will use again.
  return copyBytes(source.bytes, start, start + (word & MAX_LENGTH));
}

export function readPoint(source: ByteView, slot: number, row: number): Point | ExternalValue {
  const start = row + source.view.getUint32(slot, true);
  return {
    type: 'Point',
    coordinates: [source.view.getFloat64(start, true), source.view.getFloat64(start + 8, true)],
  };
}

export function readGeometry(source: ByteView, slot: number, row: number): Geometry | ExternalValue {
  const text = readText(source, slot, row);
  return typeof text === 'string' ? geometryFromText(text) : text;
}

function readExternal(source: ByteView, slot: number): ExternalValue {
  return new ExternalValue(source.view.getUint32(slot, true), source.view.getUint32(slot + 4, true) & MAX_LENGTH);
}

/** The reader of a type's slots. */
export function slotReader(type: ScalarType): ReadSlot {
  switch (type) {
    case 'integer':
      return readInteger;
    case 'real':
    case 'timestamp':
    case 'date':
      return readNumber;
    case 'boolean':
      return readBoolean;
    case 'text':
    case 'json':
      return readText;
    case 'blob':
      return readBlob;
    case 'point':
      return readPoint;
    case 'geometry':
      return readGeometry;
    default:
      return never(type, 'type');
  }
}

/** Short ASCII without a native call. */
function shortAscii(b: Uint8Array, p: number, length: number): string {
  const of = String.fromCharCode;
  if (length < 4) {
    if (length === 0) return '';
    if (length === 1) return of(b[p]!);
    if (length === 2) return of(b[p]!, b[p + 1]!);
    return of(b[p]!, b[p + 1]!, b[p + 2]!);
  }
  const head = of(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!);
  if (length === 4) return head;
  if (length < 8) return head + shortAscii(b, p + 4, length - 4);
  const middle = of(b[p + 4]!, b[p + 5]!, b[p + 6]!, b[p + 7]!);
  return length === 8 ? head + middle : head + middle + shortAscii(b, p + 8, length - 8);
}
