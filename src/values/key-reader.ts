// Reads back, value by value, what `key-writer.ts` wrote. Bytes that no writer makes are an error of kind `corrupt`.

import { copyBytes } from './bytes.js';
import { geometryFromText } from './geojson.js';
import {
  ESCAPE,
  LONG_NEGATIVE,
  LONG_POSITIVE,
  NULL_FIRST,
  NULL_LAST,
  SMALL_MAX,
  SMALL_MIN,
  SMALL_ZERO,
  TERMINATOR,
} from './key-writer.js';
import { allocateText } from './text-buffer.js';
import type { ScalarType, Value } from './types.js';
import { LightningError, never } from '../errors.js';

const scratch = new DataView(new ArrayBuffer(8));
let unescaped = allocateText(256);

/** Whether a safe integer is the value, or only a bigint can hold it. */
function normal(n: bigint): number | bigint {
  const asNumber = Number(n);
  return Number.isSafeInteger(asNumber) ? asNumber : n;
}

/**
 * Reads a key piece by piece.
 *
 * @example
 * reader.reset(key); const name = reader.value('text'); reader.skip('integer', true); const rowId = reader.rowId();
 */
export class KeyReader {
  #bytes: Uint8Array;
  #at: number;
  #end: number;

  constructor(bytes: Uint8Array = new Uint8Array(0), start = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Reads `bytes[start, end)` from its beginning. */
  reset(bytes: Uint8Array, start = 0, end: number = bytes.length): this {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    return this;
  }

  /** Offset of the next byte to read. */
  get position(): number {
    return this.#at;
  }

  /** Bytes not yet read. */
  get remaining(): number {
    return this.#end - this.#at;
  }

  /** Reads the next value. */
  value(type: ScalarType, desc = false): Value {
    const first = this.#need(1);
    if (first === NULL_FIRST || first === NULL_LAST) {
      this.#at++;
      return null;
    }
    const mask = desc ? 0xff : 0;
    switch (type) {
      case 'integer':
      case 'timestamp':
      case 'date':
        return this.#integer(first ^ mask, mask);
      case 'real':
        this.#at++;
        return this.#double(mask);
      case 'text':
      case 'json':
        return this.#text(mask);
      case 'boolean':
        this.#at++;
        return (first ^ mask) === 2;
      case 'blob': {
        this.#at++;
        const n = this.#unescape(mask) & 0x3fffffff;
        return copyBytes(unescaped, 0, n);
      }
      case 'point': {
        this.#at++;
        const lon = this.#double(mask);
        return { type: 'Point', coordinates: [lon, this.#double(mask)] };
      }
      case 'geometry':
        return geometryFromText(this.#text(mask));
      default:
        return never(type, 'type');
    }
  }

  /** Passes over the next value without making it. */
  skip(type: ScalarType, desc = false): this {
    const first = this.#need(1);
    if (first === NULL_FIRST || first === NULL_LAST) {
      this.#at++;
      return this;
    }
    const mask = desc ? 0xff : 0;
    switch (type) {
      case 'integer':
      case 'timestamp':
      case 'date':
        this.#at += 1 + this.#size(first ^ mask);
        break;
      case 'real':
        this.#at += 9;
        break;
      case 'text':
      case 'json':
      case 'geometry':
      case 'blob':
        this.#at = this.#afterTerminator(mask);
        break;
      case 'boolean':
        this.#at += 1;
        break;
      case 'point':
        this.#at += 17;
        break;
      default:
        never(type, 'type');
    }
    if (this.#at > this.#end) throw truncated();
    return this;
  }

  /** Reads a row id (4 bytes, big endian). */
  rowId(): number {
    this.#need(4);
    const bytes = this.#bytes;
    const p = this.#at;
    this.#at = p + 4;
    return ((bytes[p]! << 24) | (bytes[p + 1]! << 16) | (bytes[p + 2]! << 8) | bytes[p + 3]!) >>> 0;
  }

  /** Checks that `n` bytes remain and returns the first of them. */
  #need(n: number): number {
    if (this.#at + n > this.#end) throw truncated();
    return this.#bytes[this.#at]!;
  }

  /** Bytes that follow an integer's header. */
  #size(header: number): number {
    if (header >= SMALL_ZERO + SMALL_MIN && header <= SMALL_ZERO + SMALL_MAX) return 0;
    const size = header > LONG_POSITIVE ? header - LONG_POSITIVE : LONG_NEGATIVE - header;
    if (size < 1 || size > 8)
      throw new LightningError('CORRUPT', `a key holds an integer header 0x${header.toString(16)}`);
    return size;
  }

  #integer(header: number, mask: number): number | bigint {
    this.#at++;
    const size = this.#size(header);
    if (size === 0) return header - SMALL_ZERO;
    this.#need(size);
    const bytes = this.#bytes;
    const negative = header < LONG_NEGATIVE;
    if (size <= 6) {
      let n = 0;
      for (let i = 0; i < size; i++) n = n * 256 + (bytes[this.#at + i]! ^ mask);
      this.#at += size;
      return negative ? n - 256 ** size : n;
    }
    scratch.setUint8(0, negative ? 0xff : 0);
    for (let i = 0; i < size; i++) scratch.setUint8(8 - size + i, bytes[this.#at + i]! ^ mask);
    this.#at += size;
    return normal(scratch.getBigInt64(0));
  }

  #double(mask: number): number {
    this.#need(8);
    const bytes = this.#bytes;
    for (let i = 0; i < 8; i++) scratch.setUint8(i, bytes[this.#at + i]! ^ mask);
    this.#at += 8;
    const high = scratch.getInt32(0);
    if (high < 0) scratch.setInt32(0, high & 0x7fffffff);
    else {
      scratch.setInt32(0, ~high);
      scratch.setInt32(4, ~scratch.getInt32(4));
    }
    return scratch.getFloat64(0);
  }

  #text(mask: number): string {
    const result = this.#unescape(mask);
    const n = result & 0x3fffffff;
    return (result & 0x40000000) === 0 ? unescaped.latin1Slice(0, n) : unescaped.utf8Slice(0, n);
  }

  /** Copies up to the terminator into `unescaped`. Returns the length, with bit 30 set when a byte is above 0x7F. */
  #unescape(mask: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    if (unescaped.length < end - this.#at) unescaped = allocateText(Math.max(end - this.#at, unescaped.length * 2));
    const out = unescaped;
    let n = 0;
    let seen = 0;
    for (let p = this.#at; p < end; p++) {
      let b = bytes[p]! ^ mask;
      if (b <= ESCAPE) {
        if (b === TERMINATOR) {
          this.#at = p + 1;
          return n | (seen > 0x7f ? 0x40000000 : 0);
        }
        if (b !== ESCAPE || p + 1 === end) break;
        b = (bytes[++p]! ^ mask) - 1;
      }
      seen |= b;
      out[n++] = b;
    }
    throw truncated();
  }

  #afterTerminator(mask: number): number {
    const bytes = this.#bytes;
    for (let p = this.#at; p < this.#end; p++) {
      const b = bytes[p]! ^ mask;
      if (b === TERMINATOR) return p + 1;
      if (b === ESCAPE) p++;
    }
    throw truncated();
  }
}

function truncated(): LightningError {
  return new LightningError('CORRUPT', 'a key ends in the middle of a value');
}
