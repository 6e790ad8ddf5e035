// A 64-bit hash in two 32-bit halves, for hash indexes, blooms and hash joins. Stored on disk: its values must never change.

import { KeyWriter } from './key-writer.js';
import type { ScalarType, Value } from './types.js';

/** Two unsigned 32-bit halves. */
export interface Hash64 {
  readonly hi: number;
  readonly lo: number;
}

const SEED_LO = 0x9747b28c;

/**
 * Hashes bytes. `hi` is MurmurHash3_x86_32 with seed 0; `lo` is the same construction with the multipliers and rotations of
 * the second lane of MurmurHash3_x86_128, so that the halves are independent.
 * Source: Austin Appleby, SMHasher, MurmurHash3.cpp (public domain).
 */
export function hashBytes(bytes: Uint8Array, start = 0, end: number = bytes.length): Hash64 {
  const length = end - start;
  const tail = end - (length & 3);
  let h = 0;
  let g = SEED_LO;
  let p = start;
  for (; p < tail; p += 4) {
    const k = bytes[p]! | (bytes[p + 1]! << 8) | (bytes[p + 2]! << 16) | (bytes[p + 3]! << 24);
    let a = Math.imul(k, 0xcc9e2d51);
    a = (a << 15) | (a >>> 17);
    h ^= Math.imul(a, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
    let b = Math.imul(k, 0xab0e9789);
    b = (b << 16) | (b >>> 16);
    g ^= Math.imul(b, 0x38b34ae5);
    g = (g << 17) | (g >>> 15);
    g = (Math.imul(g, 5) + 0x0bcaa747) | 0;
  }
  if (p < end) {
    let k = bytes[p]!;
    if (p + 1 < end) k |= bytes[p + 1]! << 8;
    if (p + 2 < end) k |= bytes[p + 2]! << 16;
    let a = Math.imul(k, 0xcc9e2d51);
    a = (a << 15) | (a >>> 17);
    h ^= Math.imul(a, 0x1b873593);
    let b = Math.imul(k, 0xab0e9789);
    b = (b << 16) | (b >>> 16);
    g ^= Math.imul(b, 0x38b34ae5);
  }
  return { hi: finalMix(h ^ length), lo: finalMix(g ^ length) };
}

function finalMix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const writer = new KeyWriter();

/**
 * Hashes one value, NULL included, through its key form: values that are equal in the order of their type hash alike
 * (0 and -0, every NaN, number and bigint). Values of two types are not comparable: convert first.
 */
export function hashValue(value: Value, type: ScalarType): Hash64 {
  return hashBytes(writer.reset().add(value, type).view());
}

/** Hashes a tuple of values, NULLs included. */
export function hashValues(values: readonly Value[], types: readonly ScalarType[]): Hash64 {
  writer.reset();
  for (let i = 0; i < types.length; i++) writer.add(values[i]!, types[i]!);
  return hashBytes(writer.view());
}
