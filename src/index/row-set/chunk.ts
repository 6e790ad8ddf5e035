// The rows of one chunk (65,536 row ids with the same upper half), as pages hold them: sorted 16-bit ids while they are few,
// a bit set of 8 KB when they are many. The containers of the Roaring bitmap (Lemire et al., "Roaring Bitmaps", 2018), without runs.

/** Ids that an array container holds at most; with more, a bit set is smaller. */
export const ARRAY_MAX = 4096;
export const BIT_WORDS = 2048;

/** Exactly one of `ids` (ascending) and `bits` is there. Immutable. */
export interface Chunk {
  /** Row id >>> 16. */
  readonly chunk: number;
  readonly size: number;
  readonly ids: Uint16Array | undefined;
  readonly bits: Uint32Array | undefined;
}

export function chunkOfIds(chunk: number, ids: Uint16Array): Chunk {
  return ids.length <= ARRAY_MAX ? { chunk, size: ids.length, ids, bits: undefined } : chunkOfBits(chunk, toBits(ids));
}

export function chunkOfBits(chunk: number, bits: Uint32Array): Chunk {
  const size = countBits(bits);
  return size <= ARRAY_MAX
    ? { chunk, size, ids: toIds(bits, size), bits: undefined }
    : { chunk, size, ids: undefined, bits };
}

export function bitsOf(chunk: Chunk): Uint32Array {
  return chunk.bits ?? toBits(chunk.ids!);
}

export function idsOf(chunk: Chunk): Uint16Array {
  return chunk.ids ?? toIds(chunk.bits!, chunk.size);
}

export function chunkHas(chunk: Chunk, low: number): boolean {
  const { bits, ids } = chunk;
  if (bits) return (bits[low >>> 5]! & (1 << (low & 31))) !== 0;
  let from = 0;
  let to = ids!.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (ids![middle]! < low) from = middle + 1;
    else to = middle;
  }
  return from < ids!.length && ids![from] === low;
}

export function chunkAnd(a: Chunk, b: Chunk): Chunk {
  if (a.bits && b.bits) {
    const bits = new Uint32Array(BIT_WORDS);
    for (let i = 0; i < BIT_WORDS; i++) bits[i] = a.bits[i]! & b.bits[i]!;
    return chunkOfBits(a.chunk, bits);
  }
  const [few, other] = a.ids && (!b.ids || a.size <= b.size) ? [a, b] : [b, a];
  return chunkOfIds(
    a.chunk,
    few.ids!.filter((low) => chunkHas(other, low)),
  );
}

export function chunkAndSize(a: Chunk, b: Chunk): number {
  if (!a.bits || !b.bits) return chunkAnd(a, b).size;
  let size = 0;
  for (let i = 0; i < BIT_WORDS; i++) size += popCount(a.bits[i]! & b.bits[i]!);
  return size;
}

export function chunkOr(a: Chunk, b: Chunk): Chunk {
  const bits = a.bits ? a.bits.slice() : toBits(a.ids!);
  if (b.bits) for (let i = 0; i < BIT_WORDS; i++) bits[i]! |= b.bits[i]!;
  else for (const low of b.ids!) bits[low >>> 5]! |= 1 << (low & 31);
  return chunkOfBits(a.chunk, bits);
}

export function chunkAndNot(a: Chunk, b: Chunk): Chunk {
  if (a.ids)
    return chunkOfIds(
      a.chunk,
      a.ids.filter((low) => !chunkHas(b, low)),
    );
  const bits = a.bits!.slice();
  if (b.bits) for (let i = 0; i < BIT_WORDS; i++) bits[i]! &= ~b.bits[i]!;
  else for (const low of b.ids!) bits[low >>> 5]! &= ~(1 << (low & 31));
  return chunkOfBits(a.chunk, bits);
}

/** Writes the chunk's row ids into `out` from `at`; gives the position after the last. */
export function chunkInto(chunk: Chunk, out: Uint32Array, at: number): number {
  const high = chunk.chunk * 65536;
  if (chunk.ids) {
    for (const low of chunk.ids) out[at++] = high + low;
    return at;
  }
  for (let i = 0; i < BIT_WORDS; i++) {
    let word = chunk.bits![i]!;
    while (word !== 0) {
      out[at++] = high + i * 32 + (31 - Math.clz32(word & -word));
      word &= word - 1;
    }
  }
  return at;
}

/** Bits set in a 32-bit word (Hacker's Delight, 5-1). */
export function popCount(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  return (((w + (w >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

function countBits(bits: Uint32Array): number {
  let size = 0;
  for (let i = 0; i < bits.length; i++) size += popCount(bits[i]!);
  return size;
}

function toBits(ids: Uint16Array): Uint32Array {
  const bits = new Uint32Array(BIT_WORDS);
  for (const low of ids) bits[low >>> 5]! |= 1 << (low & 31);
  return bits;
}

function toIds(bits: Uint32Array, size: number): Uint16Array {
  const ids = new Uint16Array(size);
  let at = 0;
  for (let i = 0; i < BIT_WORDS; i++) {
    let word = bits[i]!;
    while (word !== 0) {
      ids[at++] = i * 32 + (31 - Math.clz32(word & -word));
      word &= word - 1;
    }
  }
  return ids;
}
