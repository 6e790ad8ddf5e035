// The newest known version of each cached page. Knows all commits up to `sequence`: an entry is right for every reader whose sequence
// is not below the entry's, and whoever reads anything older goes to its own snapshot of the store.

import { createPolicy, idHash, PolicyEntry } from '../cache/index.js';
import type { Policy, PolicyName, PolicyStats } from '../cache/index.js';
import type { CommitRecord } from './commit-record.js';
import { PageTable } from './page-table.js';
import type { PageCodec } from './page.js';

/** What an entry costs beside the decoded page, bytes. */
const ENTRY_BYTES = 160;
/** Share of the budget that pages may fill with what they memoise: a page is worth more than one of its rows decoded. */
const MEMO_SHARE = 0.25;
/** Mask: of so many refusals, less one, the last is none. */
const REFUSALS = 63;

export class PageEntry extends PolicyEntry {
  /** Bytes of what the page memoises, as last counted. */
  memo = 0;

  constructor(
    readonly space: number,
    readonly page: number,
    /** The commit that wrote the page; for an absent one, the commit as of which it is known to be absent. */
    public sequence: number,
    /** The decoded page; undefined: there is none. */
    public content: unknown,
    public codec: PageCodec<unknown>,
    id: number,
    weight: number,
  ) {
    super(id, idHash(id), weight);
  }
}

export interface PageCacheStats extends PolicyStats {
  readonly hits: number;
  readonly misses: number;
  /** Hits over reads, 0 to 1; 0 before the first read. */
  readonly hitRate: number;
  /** Pages forgotten because another process changed them. */
  readonly invalidations: number;
}

export class PageCache {
  /** All commits up to this one are known. */
  sequence = 0;
  hits = 0;
  misses = 0;
  readonly policy: Policy<PageEntry>;
  readonly table = new PageTable<PageEntry>();
  private invalidations = 0;
  /** Pages that memoise, the longest first, and the bytes of that. */
  private readonly memos = new Set<PageEntry>();
  private memoBytes = 0;
  private refusals = 0;

  constructor(bytes: number, policy: PolicyName) {
    this.policy = createPolicy<PageEntry>(policy, {
      budget: bytes,
      evict: (entry) => this.drop(entry),
    });
  }

  private drop(entry: PageEntry): void {
    this.noteMemo(entry, 0);
    this.table.delete(entry.space, entry.page);
  }

  private noteMemo(entry: PageEntry, bytes: number): void {
    if (bytes === entry.memo) return;
    this.memoBytes += bytes - entry.memo;
    entry.memo = bytes;
    if (bytes === 0) this.memos.delete(entry);
    else this.memos.add(entry);
  }

  /** Keeps the newest version of a page, if the policy finds it worth its place. Undefined content: there is no such page. */
  keep(space: number, page: number, codec: PageCodec<unknown>, content: unknown, sequence: number): void {
    const weight = ENTRY_BYTES + (content === undefined ? 0 : codec.bytes(content));
    const old = this.table.get(space, page);
    if (weight > this.policy.budget) {
      if (old !== undefined) this.forget(space, page);
      return;
    }
    if (old !== undefined) {
      this.noteMemo(old, 0);
      old.content = content;
      old.codec = codec;
      old.sequence = sequence;
      this.policy.resize(old, weight);
      return;
    }
    const id = identity(space, page);
    const entry = new PageEntry(space, page, sequence, content, codec, id, weight);
    this.table.set(space, page, entry);
    this.policy.add(entry);
  }

  /** Whether a page that is not here would be kept; asking counts as a use. */
  worthwhile(space: number, page: number): boolean {
    return this.policy.worthwhile?.(idHash(identity(space, page))) ?? true;
  }

  forget(space: number, page: number): void {
    const entry = this.table.get(space, page);
    if (entry === undefined) return;
    this.policy.remove(entry);
    this.drop(entry);
  }

  forgetSpace(space: number): void {
    for (const entry of this.table.inSpace(space)) {
      this.policy.remove(entry);
      this.noteMemo(entry, 0);
    }
    this.table.deleteSpace(space);
  }

  clear(): void {
    this.policy.clear();
    this.table.clear();
    this.memos.clear();
    this.memoBytes = 0;
  }

  reweigh(space: number, page: number): void {
    const entry = this.table.get(space, page);
    if (entry === undefined || entry.content === undefined) return;
    this.noteMemo(entry, entry.codec.memo?.bytes(entry.content) ?? 0);
    this.policy.resize(entry, ENTRY_BYTES + entry.codec.bytes(entry.content));
    while (this.memoBytes > this.policy.budget * MEMO_SHARE) this.forgetOldestMemo();
  }

  /** While memos are full, one in so many is taken nevertheless: what has become hot displaces the oldest. */
  memoRoom(): boolean {
    if (this.memoBytes < this.policy.budget * MEMO_SHARE) return true;
    return (++this.refusals & REFUSALS) === 0;
  }

  private forgetOldestMemo(): void {
    for (const entry of this.memos) {
      this.noteMemo(entry, 0);
      entry.codec.memo?.forget(entry.content);
      this.policy.resize(entry, ENTRY_BYTES + entry.codec.bytes(entry.content));
      return;
    }
  }

  /** Learns of the commits of others, up to the record's. */
  catchUp(record: CommitRecord): void {
    if (record.sequence === this.sequence) return;
    const changed = record.changedSince(this.sequence);
    if (changed === undefined) {
      this.invalidations += this.policy.size;
      this.clear();
    } else {
      const before = this.policy.size;
      for (const { space, pages } of changed) {
        if (pages === undefined) this.forgetSpace(space);
        else for (const page of pages) this.forget(space, page);
      }
      this.invalidations += before - this.policy.size;
    }
    this.sequence = record.sequence;
  }

  stats(): PageCacheStats {
    const { hits, misses } = this;
    return {
      ...this.policy.stats(),
      hits,
      misses,
      hitRate: hits + misses === 0 ? 0 : hits / (hits + misses),
      invalidations: this.invalidations,
    };
  }
}

/** Spaces beyond 2^21 share identities, which costs the policy a little accuracy. */
function identity(space: number, page: number): number {
  return (space & 0x1f_ffff) * 0x1_0000_0000 + page;
}
