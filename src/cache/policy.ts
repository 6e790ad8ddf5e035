// The contract of a replacement policy. A policy orders entries and decides which must go; it holds no keys and no
// values, and it looks nothing up: the owner (a Map in `cache.ts`, dense arrays in the page layer) finds the entry and
// tells the policy what happened to it. Single-threaded and synchronous.

import type { PolicyName } from './policies.js';

/**
 * What a policy needs of an entry. Owners extend it with their key and value; `id`, `hash` and `weight` are set by the
 * owner (`weight` changes only through `Policy.resize`), the other fields belong to the policy that holds the entry.
 *
 * Invariants: `queue !== 0` exactly while a policy holds the entry; then `prev.next === next.prev === this`.
 * An entry that is not held links to itself, so that it keeps nothing else alive.
 *
 * @example
 * class PageEntry extends PolicyEntry { constructor(id: number, public page: Page, bytes: number) { super(id, id >>> 0, bytes); } }
 */
export class PolicyEntry {
  /** Which of its queues the policy keeps the entry in; 0: not held by any policy. */
  queue = 0;
  /** A small integer at the policy's disposal: reference bits and the like. */
  mark = 0;
  prev: PolicyEntry = this;
  next: PolicyEntry = this;

  /**
   * @param id identity of the key as a safe integer: entries of the same key carry the same id, also after an eviction
   * @param hash uint32 drawn from the key, the same each time; need not be well mixed
   * @param weight bytes, a non-negative integer
   */
  constructor(
    readonly id: number,
    readonly hash: number,
    public weight: number,
  ) {}
}

/**
 * A replacement policy over a byte budget. An entry that was replaced by a newer version of the same key keeps its
 * place when the owner swaps the value inside the entry and calls `resize`; `remove` and `add` would start it afresh.
 */
export interface Policy<E extends PolicyEntry> {
  readonly name: PolicyName | (string & {});
  /** In bytes. */
  readonly budget: number;
  /** Sum of the weights held; never above the budget once a call has returned. */
  readonly bytes: number;
  /** How many entries are held. */
  readonly size: number;
  /** The entry was used. Cheap; ignored when the entry is not held. */
  hit(entry: E): void;
  /**
   * Whether an entry that is not held would be worth its place at all, as far as the past of its key tells; asking counts as a use of
   * the key. A policy without it takes every entry for a while.
   */
  worthwhile?(hash: number): boolean;
  /** Takes an entry that is not held. Evicts what must go, possibly the entry itself (heavier than the budget, or not worth its place). */
  add(entry: E): void;
  /** Lets go of an entry on the owner's wish, without `evict`; ignored when it is not held. */
  remove(entry: E): void;
  /** Sets the entry's weight and evicts what must go, possibly the entry itself. Not a use of it. */
  resize(entry: E, weight: number): void;
  /** Lets go of everything, history included, without `evict`. */
  clear(): void;
  stats(): PolicyStats;
}

export interface PolicyOptions<E extends PolicyEntry> {
  /** In bytes: a non-negative safe integer. */
  readonly budget: number;
  /**
   * Told once of each entry that the policy drops by its own decision; the entry is already let go. Must not call the
   * policy. Eviction only forgets the cache's reference: whoever still uses the value may go on doing so.
   */
  evict(entry: E): void;
  /** Uint32 behind the policy's random choices, for runs that must repeat exactly; drawn at random when absent. */
  readonly seed?: number | undefined;
}

/** Counters since creation, except where they describe the present. Hits and misses are the owner's to count. */
export interface PolicyStats {
  readonly policy: string;
  readonly budget: number;
  readonly bytes: number;
  readonly entries: number;
  /** Calls of `evict`. */
  readonly evictions: number;
  /** Of these, entries heavier than the whole budget. */
  readonly oversize: number;
  /** Evicted keys that are remembered now, and additions that met such a memory (ARC, CLOCK-Pro). */
  readonly ghosts: number;
  readonly ghostHits: number;
  /** What the policy adapts, in bytes: ARC's target for T1, W-TinyLFU's window, CLOCK-Pro's cold target; absent in static policies. */
  readonly target?: number | undefined;
}
