// Reading pages of one committed state: from the cache where the newest known version is old enough, else from a snapshot of the store.

import { invariant, LightningError } from '../errors.js';
import type { Reader, Snapshot } from '../kv/store.js';
import { readCounters } from './counters.js';
import type { CounterMemo } from './counters.js';
import type { PageCache } from './page-cache.js';
import { corrupt, missing, openPage, pageKey, sequenceOf } from './page-format.js';
import { PageTable } from './page-table.js';
import type { Counters, PageCodec, PageView } from './page.js';

/** Pages that an outdated snapshot keeps for itself. */
const PRIVATE_PAGES = 32;

interface PrivatePage {
  readonly content: unknown;
  readonly codec: PageCodec<unknown>;
}

/** A stored page, checked and decoded. */
export interface Loaded<P> {
  readonly content: P;
  /** The commit that wrote it. */
  readonly sequence: number;
}

/** @throws LightningError `CORRUPT`, `FORMAT_VERSION` */
export function loadPage<P>(
  reader: Reader,
  space: number,
  page: number,
  codec: PageCodec<P>,
  newest: number,
): Loaded<P> | undefined {
  const value = reader.get(pageKey(space, page));
  if (value === undefined) return undefined;
  const body = checkPage(space, page, value, codec.name, newest);
  return { sequence: sequenceOf(value), content: decodePage(space, page, codec, body) };
}

/** The body of a stored value, a view. */
function checkPage(space: number, page: number, value: Uint8Array, what: string, newest: number): Uint8Array {
  const body = openPage(space, page, value, what);
  const sequence = sequenceOf(value);
  if (sequence > newest) throw corrupt(space, page, what, `is of commit ${sequence}, after the newest, ${newest}`);
  return body;
}

function decodePage<P>(space: number, page: number, codec: PageCodec<P>, body: Uint8Array): P {
  try {
    return codec.decode(body);
  } catch (cause) {
    if (cause instanceof LightningError && cause.kind !== 'bug') throw cause;
    throw corrupt(space, page, codec.name, 'cannot be decoded', cause);
  }
}

/**
 * One committed state, shared by all who ask while it is the newest. Each holder closes it once; what the cache does not have can be
 * read until the last one has.
 */
export class PageSnapshot implements PageView {
  holders = 1;
  private readonly own = new PageTable<PrivatePage>();
  private ownCount = 0;

  constructor(
    readonly sequence: number,
    private readonly cache: PageCache,
    private readonly store: Snapshot,
    private readonly memo: CounterMemo,
    /** Told when the last holder has let go. */
    private readonly idle: (snapshot: PageSnapshot) => void,
  ) {}

  page<P>(space: number, page: number, codec: PageCodec<P>): P {
    const { cache } = this;
    const entry = cache.table.get(space, page);
    if (
      entry !== undefined &&
      entry.sequence <= this.sequence &&
      entry.codec === codec &&
      entry.content !== undefined
    ) {
      cache.hits++;
      cache.policy.hit(entry);
      return entry.content as P;
    }
    const content = this.load(space, page, codec);
    if (content === undefined) throw missing(space, page, codec.name);
    return content;
  }

  find<P>(space: number, page: number, codec: PageCodec<P>): P | undefined {
    const { cache } = this;
    const entry = cache.table.get(space, page);
    if (entry !== undefined && entry.sequence <= this.sequence && entry.codec === codec) {
      cache.hits++;
      cache.policy.hit(entry);
      return entry.content as P | undefined;
    }
    return this.load(space, page, codec);
  }

  glance<P>(space: number, page: number, codec: PageCodec<P>): P | Uint8Array | undefined {
    const { cache } = this;
    const entry = cache.table.get(space, page);
    if (entry !== undefined && entry.sequence <= this.sequence && entry.codec === codec) {
      cache.hits++;
      cache.policy.hit(entry);
      return entry.content as P | undefined;
    }
    if (entry !== undefined || this.sequence !== cache.sequence || cache.worthwhile(space, page)) {
      return this.load(space, page, codec);
    }
    if (this.store.closed) throw new LightningError('CLOSED', 'the snapshot is closed');
    cache.misses++;
    const value = this.store.get(pageKey(space, page));
    return value === undefined ? undefined : checkPage(space, page, value, codec.name, this.sequence);
  }

  counters(space: number): Counters | undefined {
    return readCounters(this, this.memo, space);
  }

  reweigh(space: number, page: number): void {
    this.cache.reweigh(space, page);
  }

  memoRoom(): boolean {
    return this.cache.memoRoom();
  }

  /** One holder lets go. */
  close(): void {
    invariant(this.holders > 0, 'a page snapshot was closed more often than it was opened');
    if (--this.holders === 0) this.idle(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Gives the store's snapshot back: nobody holds this one, and nobody will. */
  end(): void {
    this.store.close();
    this.own.clear();
  }

  private load<P>(space: number, page: number, codec: PageCodec<P>): P | undefined {
    if (this.store.closed) throw new LightningError('CLOSED', 'the snapshot is closed');
    const { cache } = this;
    if (this.sequence !== cache.sequence) {
      const own = this.own.get(space, page);
      if (own !== undefined && own.codec === codec) return own.content as P;
    }
    cache.misses++;
    const loaded = loadPage(this.store, space, page, codec, this.sequence);
    if (this.sequence === cache.sequence) {
      cache.keep(space, page, codec, loaded?.content, loaded?.sequence ?? this.sequence);
    } else if (loaded !== undefined) {
      if (++this.ownCount > PRIVATE_PAGES) {
        this.own.clear();
        this.ownCount = 1;
      }
      this.own.set(space, page, { content: loaded.content, codec });
    }
    return loaded?.content;
  }
}
