// The door to row sets: which implementation is active, and how sets are made.

import type { Chunk } from './chunk.js';
import { ChunkRowSet, chunksOf, chunksOfRange } from './chunk-set.js';
import { RoaringRowSet, loadRoaring } from './roaring-set.js';
import type { RowSet } from './row-set.js';
import { SORTED_MAX, SortedRowSet } from './sorted-set.js';

export type { Chunk } from './chunk.js';
export { ARRAY_MAX, BIT_WORDS, bitsOf, chunkHas, chunkOfBits, chunkOfIds, idsOf } from './chunk.js';
export { membershipOf } from './membership.js';
export type { RowSet } from './row-set.js';

/** Makes row sets. */
export interface RowSets {
  readonly implementation: 'roaring' | 'typescript';
  readonly empty: RowSet;
  /** @param ids ascending, distinct; kept, not copied */
  fromSorted(ids: Uint32Array): RowSet;
  /** Any order, duplicates allowed; the array is sorted in place. */
  fromUnsorted(ids: Uint32Array): RowSet;
  /** `from` up to, not including, `to`. */
  fromRange(from: number, to: number): RowSet;
  /** @param chunks ascending by number; empty ones are left out */
  fromChunks(chunks: readonly Chunk[]): RowSet;
  union(sets: readonly RowSet[]): RowSet;
}

type Large = Pick<RowSets, 'implementation' | 'fromSorted' | 'fromRange' | 'fromChunks'> & {
  /** The union of many at once, where all are of the large kind. */
  readonly unionLarge?: (sets: readonly RowSet[]) => RowSet | undefined;
};

function roaringSets(): Large | undefined {
  const roaring = loadRoaring();
  if (roaring === undefined) return undefined;
  return {
    implementation: 'roaring',
    fromSorted: (ids) => RoaringRowSet.of(roaring, ids),
    fromRange: (from, to) => RoaringRowSet.ofRange(roaring, from, to),
    fromChunks: (chunks) => RoaringRowSet.ofChunks(roaring, chunks),
    unionLarge: (sets) => RoaringRowSet.union(roaring, sets),
  };
}

function typescriptSets(): Large {
  return {
    implementation: 'typescript',
    fromSorted: (ids) => new ChunkRowSet(chunksOf(ids)),
    fromRange: (from, to) => new ChunkRowSet(chunksOfRange(from, to)),
    fromChunks: (chunks) => new ChunkRowSet(chunks),
  };
}

function withSmall(large: Large): RowSets {
  const small = (ids: Uint32Array) => new SortedRowSet(ids, large.fromSorted);
  const sets: RowSets = {
    implementation: large.implementation,
    empty: small(new Uint32Array(0)),
    fromSorted: (ids) => (ids.length <= SORTED_MAX ? small(ids) : large.fromSorted(ids)),
    fromUnsorted: (ids) => sets.fromSorted(distinct(ids.sort())),
    fromRange(from, to) {
      if (to - from > SORTED_MAX) return large.fromRange(from, to);
      const ids = new Uint32Array(Math.max(to - from, 0));
      for (let i = 0; i < ids.length; i++) ids[i] = from + i;
      return small(ids);
    },
    fromChunks(chunks) {
      const filled = chunks.filter((chunk) => chunk.size > 0);
      const size = filled.reduce((sum, chunk) => sum + chunk.size, 0);
      return size <= SORTED_MAX ? small(new ChunkRowSet(filled).toArray()) : large.fromChunks(filled);
    },
    // Pairwise, as a tree: each row is copied log(n) times.
    union(all) {
      let level = all.filter((set) => set.size > 0);
      if (level.length === 0) return sets.empty;
      const whole = level.length > 2 ? large.unionLarge?.(level) : undefined;
      if (whole !== undefined) return whole;
      while (level.length > 1) {
        const next: RowSet[] = [];
        for (let i = 0; i < level.length; i += 2) next.push(level[i + 1] ? level[i]!.or(level[i + 1]!) : level[i]!);
        level = next;
      }
      return level[0]!;
    },
  };
  return sets;
}

function distinct(sorted: Uint32Array): Uint32Array {
  let at = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[at++] = sorted[i]!;
  return at === sorted.length ? sorted : sorted.slice(0, at);
}

let active: RowSets | undefined;

/** The active implementation: Roaring where its addon was built, else TypeScript. */
export function rowSets(): RowSets {
  active ??= withSmall(roaringSets() ?? typescriptSets());
  return active;
}

/** A named implementation, for tests and comparisons; undefined where it cannot be loaded. */
export function rowSetsOf(implementation: RowSets['implementation']): RowSets | undefined {
  const large = implementation === 'roaring' ? roaringSets() : typescriptSets();
  return large && withSmall(large);
}
