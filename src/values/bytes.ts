// Byte strings in their one order (unsigned, shorter prefix first), as every store orders its keys.

/** No bytes. */
export const EMPTY = new Uint8Array(0);

/** Orders two byte strings: negative, 0 or positive. A plain loop for short ones, the native comparison for long. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = a.length < b.length ? a.length : b.length;
  if (n > 96) return Buffer.compare(a, b);
  for (let i = 0; i < n; i++) {
    const d = a[i]! - b[i]!;
    if (d !== 0) return d;
  }
  return a.length - b.length;
}

const POOL_SIZE = 8192;
let pool = new ArrayBuffer(POOL_SIZE);
let poolUsed = 0;

/**
 * A copy of `bytes[start, end)`. Short copies share pieces of one buffer, because a buffer of its own costs ten times as much
 * to make: heed `byteOffset`, never transfer `.buffer`, and use `new Uint8Array(copy)` for memory of its own.
 */
export function copyBytes(bytes: Uint8Array, start = 0, end: number = bytes.length): Uint8Array {
  const length = end - start;
  if (length > POOL_SIZE / 8) return new Uint8Array(bytes.subarray(start, end));
  if (poolUsed + length > POOL_SIZE) {
    pool = new ArrayBuffer(POOL_SIZE);
    poolUsed = 0;
  }
  const copy = new Uint8Array(pool, poolUsed, length);
  poolUsed += (length + 7) & ~7;
  if (length <= 64) for (let i = 0; i < length; i++) copy[i] = bytes[start + i]!;
  else copy.set(bytes.subarray(start, end));
  return copy;
}

/** `compareBytes` over `a[aStart, aEnd)` and `b[bStart, bEnd)` without making views. */
export function compareByteRanges(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const aLength = aEnd - aStart;
  const bLength = bEnd - bStart;
  const n = aLength < bLength ? aLength : bLength;
  for (let i = 0; i < n; i++) {
    const d = a[aStart + i]! - b[bStart + i]!;
    if (d !== 0) return d;
  }
  return aLength - bLength;
}

/** Whether two byte strings are the same. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/**
 * The least byte string greater than every one that begins with `prefix`: the open end of a prefix scan.
 * Undefined when there is none (the prefix is empty or all 0xFF), which means "to the end".
 */
export function successor(prefix: Uint8Array): Uint8Array | undefined {
  let n = prefix.length;
  while (n > 0 && prefix[n - 1] === 0xff) n--;
  if (n === 0) return undefined;
  const next = copyBytes(prefix, 0, n);
  next[n - 1]!++;
  return next;
}
