// Writing and reading of small page bodies: varints (LEB128, up to 2^53), doubles and raw bytes.

import { invariant } from '../errors.js';

export class ByteWriter {
  private buffer: Uint8Array;
  private at = 0;

  constructor(capacity = 256) {
    this.buffer = new Uint8Array(capacity);
  }

  get length(): number {
    return this.at;
  }

  varint(value: number): void {
    this.reserve(8);
    while (value >= 0x80) {
      this.buffer[this.at++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.buffer[this.at++] = value;
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Begins anew in the same memory. */
  reset(): void {
    this.at = 0;
  }

  /** The bytes so far, a view. */
  finish(): Uint8Array {
    return this.buffer.subarray(0, this.at);
  }

  /** The bytes so far, in memory of their own. */
  copy(): Uint8Array {
    return this.buffer.slice(0, this.at);
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const grown = new Uint8Array((this.at + bytes) * 2);
    grown.set(this.buffer);
    this.buffer = grown;
  }
}

export class ByteReader {
  at = 0;

  constructor(private readonly buffer: Uint8Array) {}

  get done(): boolean {
    return this.at === this.buffer.length;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      invariant(this.at < this.buffer.length, 'a page body ends too early');
      const byte = this.buffer[this.at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  /** A view of the next bytes. */
  take(length: number): Uint8Array {
    invariant(this.at + length <= this.buffer.length, 'a page body ends too early');
    return this.buffer.subarray(this.at, (this.at += length));
  }

  /** A copy of what has been read since a position. */
  since(start: number): Uint8Array {
    return new Uint8Array(this.buffer.subarray(start, this.at));
  }
}
