// Writes values as bytes whose unsigned order is the order of the values (order.ts), so that any store can sort them.
// Every value's form ends itself, so values can stand one after another. `key.ts` draws the forms.

import { copyBytes } from './bytes.js';
import { geometryText } from './geojson.js';
import type { Geometry, Point, ScalarType, Value } from './types.js';
import { never } from '../errors.js';

export const NULL_FIRST = 0x00;
export const NULL_LAST = 0xff;
/** Ends text and blobs; bytes 0x00..0x02 inside them become ESCAPE and the byte + 1. */
export const TERMINATOR = 0x01;
export const ESCAPE = 0x02;
/** Stands before forms whose own first byte could look like a NULL. */
export const PRESENT = 0x80;
/** Integers from -112 to 111 are one byte: this + n. */
export const SMALL_ZERO = 0x80;
export const SMALL_MIN = -0x70;
export const SMALL_MAX = 0x6f;
/** Other integers: LONG_POSITIVE + k, or LONG_NEGATIVE - k, then k bytes, big endian, two's complement. */
export const LONG_POSITIVE = 0xf0;
export const LONG_NEGATIVE = 0x10;

const TWO_32 = 4294967296;
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const SAFE_MIN = BigInt(Number.MIN_SAFE_INTEGER);

const scratch = new DataView(new ArrayBuffer(8));

/**
 * Builds keys in a buffer that grows and is used again.
 *
 * @example
 * writer.reset().add('Oslo', 'text').add(7, 'integer', true).addRowId(12).finish()
 */
export class KeyWriter {
  #bytes: Uint8Array;
  #end = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Bytes written since the last reset. */
  get length(): number {
    return this.#end;
  }

  /** Forgets what was written. */
  reset(): this {
    this.#end = 0;
    return this;
  }

  /** Takes back what was written after `length` bytes, to write another ending to the same beginning. */
  truncate(length: number): this {
    if (length < this.#end) this.#end = length;
    return this;
  }

  /**
   * Appends one value. `desc` inverts its bytes; NULL stands first or last as `nullsFirst` says,
   * by default last ascending and first descending.
   */
  add(value: Value, type: ScalarType, desc = false, nullsFirst = desc): this {
    if (value === null) {
      this.#ensure(1);
      this.#bytes[this.#end++] = nullsFirst ? NULL_FIRST : NULL_LAST;
      return this;
    }
    const start = this.#end;
    switch (type) {
      case 'integer':
        if (typeof value === 'bigint') this.#bigint(value);
        else this.#integer(value as number);
        break;
      case 'timestamp':
      case 'date':
        this.#integer(value as number);
        break;
      case 'real':
        this.#ensure(9);
        this.#bytes[this.#end++] = PRESENT;
        this.#double(value as number);
        break;
      case 'text':
      case 'json':
        this.#text(value as string);
        this.#terminate();
        break;
      case 'boolean':
        this.#ensure(1);
        this.#bytes[this.#end++] = value === true ? 2 : 1;
        break;
      case 'blob':
        this.#blob(value as Uint8Array);
        break;
      case 'point': {
        const { coordinates } = value as Point;
        this.#ensure(17);
        this.#bytes[this.#end++] = PRESENT;
        this.#double(coordinates[0]!);
        this.#double(coordinates[1]!);
        break;
      }
      case 'geometry':
        this.#text(geometryText(value as Geometry));
        this.#terminate();
        break;
      default:
        never(type, 'type');
    }
    if (desc) this.#invert(start);
    return this;
  }

  /**
   * Appends the beginning that all texts with this prefix share (no terminator): the start of a prefix scan,
   * whose end is `successor` of the whole.
   */
  addTextPrefix(prefix: string, desc = false): this {
    const start = this.#end;
    this.#text(prefix);
    if (desc) this.#invert(start);
    return this;
  }

  /** Appends a row id (0 to 2^32 - 1) as 4 bytes, big endian, without a tag. */
  addRowId(rowId: number): this {
    this.#ensure(4);
    const bytes = this.#bytes;
    const p = this.#end;
    bytes[p] = rowId >>> 24;
    bytes[p + 1] = rowId >>> 16;
    bytes[p + 2] = rowId >>> 8;
    bytes[p + 3] = rowId;
    this.#end = p + 4;
    return this;
  }

  /** Appends bytes as they are. */
  addBytes(bytes: Uint8Array): this {
    this.#ensure(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
    return this;
  }

  /** A copy of what was written (see `copyBytes`). */
  finish(): Uint8Array {
    return copyBytes(this.#bytes, 0, this.#end);
  }

  /** What was written, valid until the writer is used again. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  #ensure(more: number): void {
    const need = this.#end + more;
    if (need <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(need, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = grown;
  }

  #invert(start: number): void {
    const bytes = this.#bytes;
    for (let i = start; i < this.#end; i++) bytes[i] = ~bytes[i]!;
  }

  #integer(n: number): void {
    this.#ensure(9);
    if (n >= SMALL_MIN && n <= SMALL_MAX) {
      this.#bytes[this.#end++] = SMALL_ZERO + n;
      return;
    }
    // The length is that of the magnitude; the bytes are those of the two's complement.
    const magnitude = n < 0 ? -1 - n : n;
    const high = Math.floor(n / TWO_32);
    const low = n >>> 0;
    let size = 4;
    if (magnitude >= TWO_32) {
      const top = Math.floor(magnitude / TWO_32);
      size = top < 0x100 ? 5 : top < 0x10000 ? 6 : 7;
    } else if (magnitude < 0x100) size = 1;
    else if (magnitude < 0x10000) size = 2;
    else if (magnitude < 0x1000000) size = 3;
    this.#long(n < 0, size, high, low);
  }

  #bigint(n: bigint): void {
    if (n >= SAFE_MIN && n <= SAFE_MAX) return this.#integer(Number(n));
    this.#ensure(9);
    scratch.setBigInt64(0, n);
    const magnitude = n < 0n ? -1n - n : n;
    this.#long(n < 0n, magnitude >> 56n === 0n ? 7 : 8, scratch.getInt32(0), scratch.getInt32(4));
  }

  #long(negative: boolean, size: number, high: number, low: number): void {
    const bytes = this.#bytes;
    let p = this.#end;
    bytes[p++] = negative ? LONG_NEGATIVE - size : LONG_POSITIVE + size;
    for (let i = size - 5; i >= 0; i--) bytes[p++] = high >>> (8 * i);
    for (let i = (size < 4 ? size : 4) - 1; i >= 0; i--) bytes[p++] = low >>> (8 * i);
    this.#end = p;
  }

  #double(x: number): void {
    // -0 + 0 is 0. Positive: set the sign bit. Negative: invert every bit. One NaN, above Infinity.
    scratch.setFloat64(0, x === x ? x + 0 : NaN);
    let high = scratch.getInt32(0);
    let low = scratch.getInt32(4);
    if (x !== x) {
      high = 0x7ff80000;
      low = 0;
    }
    if (high < 0) {
      high = ~high;
      low = ~low;
    } else high |= 0x80000000;
    const bytes = this.#bytes;
    const p = this.#end;
    bytes[p] = high >>> 24;
    bytes[p + 1] = high >>> 16;
    bytes[p + 2] = high >>> 8;
    bytes[p + 3] = high;
    bytes[p + 4] = low >>> 24;
    bytes[p + 5] = low >>> 16;
    bytes[p + 6] = low >>> 8;
    bytes[p + 7] = low;
    this.#end = p + 8;
  }

  #text(text: string): void {
    const n = text.length;
    this.#ensure(n * 3 + 1);
    const bytes = this.#bytes;
    let p = this.#end;
    for (let i = 0; i < n; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) {
        if (unit <= ESCAPE) {
          bytes[p++] = ESCAPE;
          bytes[p++] = unit + 1;
        } else bytes[p++] = unit;
      } else if (unit < 0x800) {
        bytes[p++] = 0xc0 | (unit >> 6);
        bytes[p++] = 0x80 | (unit & 0x3f);
      } else if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < n) {
        const point = 0x10000 + ((unit - 0xd800) << 10) + (text.charCodeAt(++i) - 0xdc00);
        bytes[p++] = 0xf0 | (point >> 18);
        bytes[p++] = 0x80 | ((point >> 12) & 0x3f);
        bytes[p++] = 0x80 | ((point >> 6) & 0x3f);
        bytes[p++] = 0x80 | (point & 0x3f);
      } else {
        bytes[p++] = 0xe0 | (unit >> 12);
        bytes[p++] = 0x80 | ((unit >> 6) & 0x3f);
        bytes[p++] = 0x80 | (unit & 0x3f);
      }
    }
    this.#end = p;
  }

  #terminate(): void {
    this.#ensure(1);
    this.#bytes[this.#end++] = TERMINATOR;
  }

  #blob(blob: Uint8Array): void {
    this.#ensure(blob.length * 2 + 2);
    const bytes = this.#bytes;
    let p = this.#end;
    bytes[p++] = PRESENT;
    for (let i = 0; i < blob.length; i++) {
      const b = blob[i]!;
      if (b <= ESCAPE) {
        bytes[p++] = ESCAPE;
        bytes[p++] = b + 1;
      } else bytes[p++] = b;
    }
    bytes[p++] = TERMINATOR;
    this.#end = p;
  }
}
