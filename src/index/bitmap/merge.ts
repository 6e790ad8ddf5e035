// Unions and intersections of chunks that do not come as row sets.

import { ARRAY_MAX, BIT_WORDS, chunkOfBits, chunkOfIds } from '../row-set/index.js';
import type { Chunk, RowSet } from '../row-set/index.js';
import { popCount } from '../row-set/chunk.js';

/** The union of chunks in any order, ascending by number. */
export function mergeChunks(chunks: readonly Chunk[]): Chunk[] {
  const byNumber = new Map<number, Chunk[]>();
  for (const chunk of chunks) {
    const same = byNumber.get(chunk.chunk);
    if (same === undefined) byNumber.set(chunk.chunk, [chunk]);
    else same.push(chunk);
  }
  return [...byNumber].sort((a, b) => a[0] - b[0]).map(([number, same]) => mergeSame(number, same));
}

function mergeSame(number: number, chunks: readonly Chunk[]): Chunk {
  if (chunks.length === 1) return chunks[0]!;
  const size = chunks.reduce((sum, chunk) => sum + chunk.size, 0);
  if (size <= ARRAY_MAX / 4) {
    const ids = new Uint16Array(size);
    let at = 0;
    for (const chunk of chunks) {
      ids.set(chunk.ids!, at);
      at += chunk.size;
    }
    ids.sort();
    return chunkOfIds(number, ids);
  }
  const bits = new Uint32Array(BIT_WORDS);
  for (const chunk of chunks) {
    if (chunk.bits) for (let i = 0; i < BIT_WORDS; i++) bits[i]! |= chunk.bits[i]!;
    else for (const low of chunk.ids!) bits[low >>> 5]! |= 1 << (low & 31);
  }
  return chunkOfBits(number, bits);
}

/** Ids of a set's chunk up to which they are tried one by one against a chunk's bits. */
const FEW = 300;

/** |chunk AND set|, for many chunks and one set. */
export function sizesWithin(set: RowSet): (chunk: Chunk) => number {
  let parts: Map<number, Part> | undefined;
  return (chunk) => {
    parts ??= partsOf(set);
    const part = parts.get(chunk.chunk);
    if (part === undefined) return 0;
    let size = 0;
    const { bits } = part;
    if (chunk.bits === undefined) {
      const ids = chunk.ids!;
      for (let i = 0; i < ids.length; i++) size += (bits[ids[i]! >>> 5]! >>> (ids[i]! & 31)) & 1;
    } else if (part.ids !== undefined) {
      const { ids } = part;
      for (let i = 0; i < ids.length; i++) size += (chunk.bits[ids[i]! >>> 5]! >>> (ids[i]! & 31)) & 1;
    } else {
      for (let i = 0; i < BIT_WORDS; i++) size += popCount(bits[i]! & chunk.bits[i]!);
    }
    return size;
  };
}

interface Part {
  readonly bits: Uint32Array;
  /** There when they are few. */
  readonly ids: Uint16Array | undefined;
}

function partsOf(set: RowSet): Map<number, Part> {
  const parts = new Map<number, Part>();
  const all = set.toArray();
  for (let from = 0; from < all.length;) {
    const chunk = all[from]! >>> 16;
    const bits = new Uint32Array(BIT_WORDS);
    let to = from;
    for (; to < all.length && all[to]! >>> 16 === chunk; to++) {
      const low = all[to]! & 0xffff;
      bits[low >>> 5]! |= 1 << (low & 31);
    }
    parts.set(chunk, { bits, ids: to - from <= FEW ? Uint16Array.from(all.subarray(from, to)) : undefined });
    from = to;
  }
  return parts;
}
