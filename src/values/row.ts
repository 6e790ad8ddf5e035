// The binary form of a row, made so that one field is read without decoding the others. Little endian, any alignment:
//
//   u16 column count (bit 15: some field is external) | null bitmap, 1 bit a column | 8-byte slots, one a column | tail
//
//   slot: integer int64; real, timestamp, date float64; boolean 0 or 1; others u32 offset in the row, u32 tag and length.
//   tag 0 bytes (text: UTF-8), 1 ASCII, 2 external: then the first word is a page. point: 16 bytes, geometry and json: text.

import { copyBytes } from './bytes.js';
import { geometryFromText, geometryText } from './geojson.js';
import { generatedDecoder, loopDecoder } from './row-decoder.js';
import type { DecodeRow } from './row-decoder.js';
import {
  EXTERNAL_ROW,
  ExternalValue,
  MAX_LENGTH,
  TAG_ASCII,
  TAG_BYTES,
  TAG_EXTERNAL,
  slotReader,
  slotsOffset,
} from './row-fields.js';
import type { ReadSlot, StoredValue } from './row-fields.js';
import { ByteView, allocateText, textBuffer } from './text-buffer.js';
import type { Geometry, Point, ScalarType, Value } from './types.js';
import { LightningError, invariant, never } from '../errors.js';

export { ExternalValue } from './row-fields.js';
export type { StoredValue } from './row-fields.js';
export { ByteView } from './text-buffer.js';

const TWO_32 = 4294967296;

/** Up to this many characters a loop in JavaScript beats the native write. */
const SHORT_TEXT = 48;

/** One buffer for all codecs: a row is encoded here first, because its size is known only afterwards. */
let scratch = new ByteView(allocateText(4096));

/** Reads one column of rows, for loops over many rows: undefined where the row was written before the column existed. */
export type FieldReader = (source: ByteView, offset: number) => StoredValue | undefined;

/** Writes and reads rows of one list of column types. A codec may read rows that were written with fewer columns. */
export class RowCodec {
  readonly types: readonly ScalarType[];
  readonly #decode: DecodeRow;
  readonly #readers: readonly ReadSlot[];
  #prepared = 0;

  constructor(types: readonly ScalarType[], generate: boolean) {
    invariant(types.length < EXTERNAL_ROW, 'a row has at most 32,767 columns');
    this.types = [...types];
    this.#readers = types.map(slotReader);
    this.#decode = (generate ? generatedDecoder(types) : undefined) ?? loopDecoder(types);
  }

  /** The bytes of a row of exactly the codec's columns (see `copyBytes`). */
  encode(row: readonly StoredValue[]): Uint8Array {
    const size = this.prepare(row);
    return copyBytes(scratch.bytes, 0, size);
  }

  /** Writes a row into `target` at `offset` and returns the offset after it. The target must have room (`prepare` tells). */
  encodeInto(row: readonly StoredValue[], target: Uint8Array, offset: number): number {
    this.prepare(row);
    return this.copyTo(target, offset);
  }

  /** Writes what `prepare` encoded, which must be the last thing that any codec encoded; returns the offset after it. */
  copyTo(target: Uint8Array, offset: number): number {
    const end = offset + this.#prepared;
    invariant(end <= target.length, 'a row is written where it has room');
    const from = scratch.bytes;
    if (this.#prepared < 64) for (let i = 0; i < this.#prepared; i++) target[offset + i] = from[i]!;
    else target.set(from.subarray(0, this.#prepared), offset);
    return end;
  }

  /** Encodes a row into a buffer of the codecs' own and returns its size in bytes; `copyTo` then writes it. */
  prepare(row: readonly StoredValue[]): number {
    const types = this.types;
    const n = types.length;
    invariant(row.length === n, 'a row has one value for each column');
    const slots = slotsOffset(n);
    let tail = slots + 8 * n;
    reserve(tail);
    scratch.bytes.fill(0, 0, tail);
    let external = 0;
    for (let i = 0; i < n; i++) {
      const value = row[i]!;
      const slot = slots + 8 * i;
      if (value === null) {
        scratch.bytes[2 + (i >>> 3)]! |= 1 << (i & 7);
        continue;
      }
      if (value instanceof ExternalValue) {
        invariant(isVariable(types[i]!), 'only text, blob, json and geometry are kept out of line');
        scratch.view.setUint32(slot, value.page, true);
        scratch.view.setUint32(slot + 4, ((TAG_EXTERNAL << 30) | value.length) >>> 0, true);
        external = EXTERNAL_ROW;
        continue;
      }
      tail = writeField(value, types[i]!, slot, tail);
    }
    scratch.view.setUint16(0, n | external, true);
    this.#prepared = tail;
    return tail;
  }

  /**
   * All values of the row at `offset`: as many as it was written with, so that columns which came later read as undefined.
   * Fields out of line come as `ExternalValue`; `hasExternal` says whether there are any.
   */
  decode(source: ByteView, offset: number): StoredValue[] {
    return this.#decode(source, offset);
  }

  /** The number of columns that the row was written with. */
  width(source: ByteView, offset: number): number {
    return source.view.getUint16(offset, true) & (EXTERNAL_ROW - 1);
  }

  /** Whether a field of the row lies out of line. */
  hasExternal(source: ByteView, offset: number): boolean {
    return (source.bytes[offset + 1]! & 0x80) !== 0;
  }

  /** One field without decoding the row; undefined when the row was written before the column existed. */
  field(source: ByteView, offset: number, ordinal: number): StoredValue | undefined {
    const count = this.width(source, offset);
    if (ordinal >= count) return undefined;
    if ((source.bytes[offset + 2 + (ordinal >>> 3)]! & (1 << (ordinal & 7))) !== 0) return null;
    return this.#readers[ordinal]!(source, offset + slotsOffset(count) + 8 * ordinal, offset);
  }

  /** A reader of one column, with the column's place and type fixed. */
  reader(ordinal: number): FieldReader {
    const read = this.#readers[ordinal]!;
    const nullByte = 2 + (ordinal >>> 3);
    const nullBit = 1 << (ordinal & 7);
    return (source, offset) => {
      const count = source.view.getUint16(offset, true) & (EXTERNAL_ROW - 1);
      if (ordinal >= count) return undefined;
      if ((source.bytes[offset + nullByte]! & nullBit) !== 0) return null;
      return read(source, offset + slotsOffset(count) + 8 * ordinal, offset);
    };
  }
}

/**
 * The codec of rows with these column types.
 *
 * @example
 * const codec = rowCodec(['integer', 'text']);
 * const source = new ByteView(codec.encode([7, 'Oslo']));
 * codec.field(source, 0, 1); // 'Oslo'
 */
export function rowCodec(types: readonly ScalarType[], options: { readonly generate?: boolean } = {}): RowCodec {
  return new RowCodec(types, options.generate ?? true);
}

/** Whether a field of this type can be kept out of line. */
export function isVariable(type: ScalarType): boolean {
  return type === 'text' || type === 'blob' || type === 'json' || type === 'geometry';
}

/** The bytes of one variable value, as kept out of line. */
export function encodeLong(value: Value, type: ScalarType): Uint8Array {
  if (type === 'blob') return copyBytes(value as Uint8Array);
  invariant(isVariable(type), 'only text, blob, json and geometry are kept out of line');
  return new Uint8Array(Buffer.from(type === 'geometry' ? geometryText(value as Geometry) : (value as string), 'utf8'));
}

/** The value of bytes that `encodeLong` made; a blob is a copy. */
export function decodeLong(bytes: Uint8Array, type: ScalarType): Value {
  if (type === 'blob') return new Uint8Array(bytes);
  const text = textBuffer(bytes).utf8Slice(0, bytes.length);
  return type === 'geometry' ? geometryFromText(text) : text;
}

/** The size in bytes that a value adds to a row's tail: exact, or for text an upper bound. */
export function tailSize(value: StoredValue, type: ScalarType): number {
  if (value === null || value instanceof ExternalValue) return 0;
  switch (type) {
    case 'text':
    case 'json':
      return (value as string).length < 256 ? (value as string).length * 3 : Buffer.byteLength(value as string);
    case 'blob':
      return (value as Uint8Array).length;
    case 'geometry':
      return geometryText(value as Geometry).length;
    case 'point':
      return 16;
    default:
      return 0;
  }
}

function reserve(size: number): void {
  if (size <= scratch.bytes.length) return;
  const grown = allocateText(Math.max(size, scratch.bytes.length * 2));
  grown.set(scratch.bytes);
  scratch = new ByteView(grown);
}

/** Writes a non-null value; returns the new end of the tail. */
function writeField(value: Value, type: ScalarType, slot: number, tail: number): number {
  switch (type) {
    case 'integer':
      if (typeof value === 'bigint') scratch.view.setBigInt64(slot, value, true);
      else {
        scratch.view.setUint32(slot, (value as number) >>> 0, true);
        scratch.view.setInt32(slot + 4, Math.floor((value as number) / TWO_32), true);
      }
      return tail;
    case 'real':
    case 'timestamp':
    case 'date':
      scratch.view.setFloat64(slot, value as number, true);
      return tail;
    case 'boolean':
      scratch.bytes[slot] = value === true ? 1 : 0;
      return tail;
    case 'text':
    case 'json':
      return writeText(value as string, slot, tail);
    case 'geometry':
      return writeText(geometryText(value as Geometry), slot, tail);
    case 'blob': {
      const blob = value as Uint8Array;
      setVariable(slot, tail, TAG_BYTES, blob.length);
      reserve(tail + blob.length);
      scratch.bytes.set(blob, tail);
      return tail + blob.length;
    }
    case 'point': {
      const { coordinates } = value as Point;
      setVariable(slot, tail, TAG_BYTES, 16);
      reserve(tail + 16);
      scratch.view.setFloat64(tail, coordinates[0]!, true);
      scratch.view.setFloat64(tail + 8, coordinates[1]!, true);
      return tail + 16;
    }
    default:
      return never(type, 'type');
  }
}

function writeText(text: string, slot: number, tail: number): number {
  const n = text.length;
  reserve(tail + n * 3);
  const { bytes } = scratch;
  if (n <= SHORT_TEXT) {
    let i = 0;
    for (; i < n; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) break;
      bytes[tail + i] = unit;
    }
    if (i === n) {
      setVariable(slot, tail, TAG_ASCII, n);
      return tail + n;
    }
  }
  const length = bytes.utf8Write(text, tail, n * 3);
  setVariable(slot, tail, length === n ? TAG_ASCII : TAG_BYTES, length);
  return tail + length;
}

function setVariable(slot: number, tail: number, tag: number, length: number): void {
  if (length > MAX_LENGTH) throw new LightningError('VALUE_TOO_LONG', 'a value is longer than 2^30 bytes');
  scratch.view.setUint32(slot, tail, true);
  scratch.view.setUint32(slot + 4, ((tag << 30) | length) >>> 0, true);
}
