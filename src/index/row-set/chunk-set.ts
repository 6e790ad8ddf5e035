// A large set in TypeScript: chunks in ascending order. Used where the Roaring addon is not built; its results are the same.

import type { Chunk } from './chunk.js';
import {
  BIT_WORDS,
  chunkAnd,
  chunkAndNot,
  chunkAndSize,
  chunkHas,
  chunkInto,
  chunkOfBits,
  chunkOfIds,
  chunkOr,
} from './chunk.js';
import type { RowSet } from './row-set.js';
import { SORTED_MAX, SortedRowSet } from './sorted-set.js';

export class ChunkRowSet implements RowSet {
  readonly size: number;

  /** @param chunks ascending by number, none empty */
  constructor(readonly chunks: readonly Chunk[]) {
    this.size = chunks.reduce((sum, chunk) => sum + chunk.size, 0);
  }

  get bytes(): number {
    return this.chunks.reduce((sum, chunk) => sum + 64 + (chunk.bits ?? chunk.ids!).byteLength, 64);
  }

  private chunk(number: number): Chunk | undefined {
    let from = 0;
    let to = this.chunks.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.chunks[middle]!.chunk < number) from = middle + 1;
      else to = middle;
    }
    const found = this.chunks[from];
    return found?.chunk === number ? found : undefined;
  }

  has(rowId: number): boolean {
    const chunk = this.chunk(rowId >>> 16);
    return chunk !== undefined && chunkHas(chunk, rowId & 0xffff);
  }

  and(other: RowSet): RowSet {
    if (other instanceof SortedRowSet) return other.and(this);
    const chunks: Chunk[] = [];
    for (const chunk of this.chunks) {
      const match = asChunks(other).chunk(chunk.chunk);
      const both = match && chunkAnd(chunk, match);
      if (both && both.size > 0) chunks.push(both);
    }
    return shrink(chunks);
  }

  andSize(other: RowSet): number {
    if (other instanceof SortedRowSet) return other.andSize(this);
    let size = 0;
    for (const chunk of this.chunks) {
      const match = asChunks(other).chunk(chunk.chunk);
      if (match) size += chunkAndSize(chunk, match);
    }
    return size;
  }

  andNot(other: RowSet): RowSet {
    const against = asChunks(other);
    const chunks: Chunk[] = [];
    for (const chunk of this.chunks) {
      const match = against.chunk(chunk.chunk);
      const rest = match ? chunkAndNot(chunk, match) : chunk;
      if (rest.size > 0) chunks.push(rest);
    }
    return shrink(chunks);
  }

  or(other: RowSet): RowSet {
    const a = this.chunks;
    const b = asChunks(other).chunks;
    const chunks: Chunk[] = [];
    let [i, j] = [0, 0];
    while (i < a.length || j < b.length) {
      const x = a[i]?.chunk ?? Infinity;
      const y = b[j]?.chunk ?? Infinity;
      if (x < y) chunks.push(a[i++]!);
      else if (y < x) chunks.push(b[j++]!);
      else chunks.push(chunkOr(a[i++]!, b[j++]!));
    }
    return new ChunkRowSet(chunks);
  }

  *batches(size = 1024): Iterable<Uint32Array> {
    let buffer = new Uint32Array(size + 65536);
    let held = 0;
    for (const chunk of this.chunks) {
      held = chunkInto(chunk, buffer, held);
      let from = 0;
      for (; held - from >= size; from += size) yield buffer.slice(from, from + size);
      const rest = buffer.subarray(from, held);
      buffer = new Uint32Array(size + 65536);
      buffer.set(rest);
      held -= from;
    }
    if (held > 0) yield buffer.slice(0, held);
  }

  toArray(): Uint32Array {
    const out = new Uint32Array(this.size);
    let at = 0;
    for (const chunk of this.chunks) at = chunkInto(chunk, out, at);
    return out;
  }
}

/** Ascending, distinct ids as chunks. */
export function chunksOf(ids: Uint32Array): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0; from < ids.length;) {
    const chunk = ids[from]! >>> 16;
    let to = from;
    while (to < ids.length && ids[to]! >>> 16 === chunk) to++;
    chunks.push(chunkOfIds(chunk, Uint16Array.from(ids.subarray(from, to))));
    from = to;
  }
  return chunks;
}

/** The ids from `from` up to, not including, `to`. */
export function chunksOfRange(from: number, to: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (let chunk = from >>> 16; chunk * 65536 < to; chunk++) {
    const low = Math.max(from - chunk * 65536, 0);
    const high = Math.min(to - chunk * 65536, 65536);
    const bits = new Uint32Array(BIT_WORDS);
    if (low === 0 && high === 65536) bits.fill(0xffffffff);
    else for (let i = low; i < high; i++) bits[i >>> 5]! |= 1 << (i & 31);
    if (high > low) chunks.push(chunkOfBits(chunk, bits));
  }
  return chunks;
}

function asChunks(set: RowSet): ChunkRowSet {
  return set instanceof ChunkRowSet ? set : new ChunkRowSet(chunksOf(set.toArray()));
}

function shrink(chunks: readonly Chunk[]): RowSet {
  const set = new ChunkRowSet(chunks);
  return set.size > SORTED_MAX ? set : new SortedRowSet(set.toArray(), (ids) => new ChunkRowSet(chunksOf(ids)));
}
