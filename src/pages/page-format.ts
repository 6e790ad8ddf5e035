// Stored pages as bytes. Layout of a value, numbers little-endian:
//   0  checksum   u32   CRC-32 of all that follows, begun from a hash of the address: a page under another key does not pass
//   4  version    u8    FORMAT
//   5  flags      u8    0
//   6  sequence   6 B   the commit that wrote it
//   12 body
// Keys, big-endian so that they sort: namespace byte, space u32, page u32.

import { crc32 } from 'node:zlib';
import { LightningError } from '../errors.js';

export const PAGE_HEADER = 12;
const FORMAT = 1;
const PAGE_NAMESPACE = 1;
const KEY_BYTES = 9;

/** Where the record of recent commits lies: before all pages. */
export const HEAD_KEY = Uint8Array.of(0);

/** The store's key of a page, written into a buffer that the next call reuses. */
export function pageKey(space: number, page: number): Uint8Array {
  return writeKey(scratchKey, space, page);
}

const scratchKey = new Uint8Array(KEY_BYTES);

function writeKey(key: Uint8Array, space: number, page: number): Uint8Array {
  key[0] = PAGE_NAMESPACE;
  key[1] = space >>> 24;
  key[2] = space >>> 16;
  key[3] = space >>> 8;
  key[4] = space;
  key[5] = page >>> 24;
  key[6] = page >>> 16;
  key[7] = page >>> 8;
  key[8] = page;
  return key;
}

/** The range of keys of one space. */
export function spaceRange(space: number): { readonly gte: Uint8Array; readonly lt: Uint8Array } {
  return {
    gte: writeKey(new Uint8Array(KEY_BYTES), space, 0),
    lt: writeKey(new Uint8Array(KEY_BYTES), space + 1, 0),
  };
}

/** The address that a key of a page names. */
export function keyPage(key: Uint8Array): number {
  return ((key[5]! << 24) | (key[6]! << 16) | (key[7]! << 8) | key[8]!) >>> 0;
}

let scratch = new Uint8Array(16 * 1024);

/** Header and body as one value, in a buffer that the next call reuses. */
export function sealPage(space: number, page: number, sequence: number, body: Uint8Array): Uint8Array {
  const length = PAGE_HEADER + body.length;
  if (scratch.length < length) scratch = new Uint8Array(length * 2);
  // A single huge value must not keep its buffer for good.
  else if (scratch.length > 1 << 20 && length < 1 << 16) scratch = new Uint8Array(16 * 1024);
  const bytes = scratch;
  bytes[4] = FORMAT;
  bytes[5] = 0;
  writeSequence(bytes, 6, sequence);
  bytes.set(body, PAGE_HEADER);
  const sealed = bytes.subarray(0, length);
  const sum = crc32(sealed.subarray(4), seed(space, page));
  bytes[0] = sum;
  bytes[1] = sum >>> 8;
  bytes[2] = sum >>> 16;
  bytes[3] = sum >>> 24;
  return sealed;
}

/**
 * Checks a value and returns its body, a view.
 *
 * @throws LightningError `CORRUPT` when the bytes are not what was written under this address, `FORMAT_VERSION` when they were
 * written by another version of the library.
 */
export function openPage(space: number, page: number, bytes: Uint8Array, what: string): Uint8Array {
  if (bytes.length < PAGE_HEADER) {
    throw corrupt(space, page, what, `has ${bytes.length} bytes, fewer than its header`);
  }
  const stored = (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
  if (crc32(bytes.subarray(4), seed(space, page)) !== stored) {
    throw corrupt(space, page, what, 'does not match its checksum');
  }
  if (bytes[4] !== FORMAT || bytes[5] !== 0) {
    throw new LightningError(
      'FORMAT_VERSION',
      `${what} ${page} of space ${space} has format ${bytes[4]!}.${bytes[5]!}; this version reads ${FORMAT}.0`,
      { hint: 'open the database with the version of the library that wrote it' },
    );
  }
  return bytes.subarray(PAGE_HEADER);
}

/** The commit that wrote a value. */
export function sequenceOf(bytes: Uint8Array): number {
  return readSequence(bytes, 6);
}

export function writeSequence(bytes: Uint8Array, at: number, sequence: number): void {
  let low = sequence % 0x1_0000_0000;
  const high = (sequence - low) / 0x1_0000_0000;
  for (let i = 0; i < 4; i++, low >>>= 8) bytes[at + i] = low;
  bytes[at + 4] = high;
  bytes[at + 5] = high >>> 8;
}

export function readSequence(bytes: Uint8Array, at: number): number {
  const low = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  return (bytes[at + 4]! | (bytes[at + 5]! << 8)) * 0x1_0000_0000 + low;
}

/** A page that must exist and does not. */
export function missing(space: number, page: number, what: string): LightningError {
  return corrupt(space, page, what, 'is missing');
}

export function corrupt(space: number, page: number, what: string, how: string, cause?: unknown): LightningError {
  return new LightningError('CORRUPT', `${what} ${page} of space ${space} ${how}`, {
    hint: 'run `lightning verify` on a copy of the file, and restore what is damaged from a backup',
    cause,
  });
}

/** The finalizer of MurmurHash3 over both numbers. CRC-32 is a bijection of where it begins, so that equal bytes differ by address. */
function seed(space: number, page: number): number {
  let h = Math.imul(space ^ (space >>> 16), 0x85ebca6b) ^ page;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
