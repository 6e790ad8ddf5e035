// Decoded, versioned, cached pages over a key-value store. Hands out snapshots and transactions, and keeps the cache in step with the
// commits of this process (published after they are made) and of others (learnt from the commit record).

import { invariant, LightningError } from '../errors.js';
import type { PolicyName } from '../cache/index.js';
import { isPromise } from '../kv/bytes.js';
import type { Reader, Snapshot, Store, StoreStats, Writer } from '../kv/store.js';
import { CommitRecord } from './commit-record.js';
import { CounterMemo } from './counters.js';
import { PageCache } from './page-cache.js';
import type { PageCacheStats } from './page-cache.js';
import { PageSnapshot } from './snapshot.js';
import { PageTransaction } from './transaction.js';

export interface PageStoreOptions {
  /** Budget of the cache, bytes of decoded pages. Default 64 MB. */
  readonly cacheBytes?: number | undefined;
  /** Default 'w-tinylfu'. */
  readonly cachePolicy?: PolicyName | undefined;
  /**
   * When commits of other processes are noticed. 'turn' (default): at the next turn of the event loop, after a millisecond, or on
   * `refresh`. 'strict': at every snapshot, for one or two microseconds.
   */
  readonly freshness?: 'turn' | 'strict' | undefined;
  /** Bytes of changed pages past which a transaction writes them early. Default 64 MB. */
  readonly changedPagesBudget?: number | undefined;
}

/** The cache's figures, and: */
export interface PageStoreStats extends PageCacheStats {
  readonly store: StoreStats;
  /** The newest commit known here. */
  readonly sequence: number;
}

const DEFAULT_BYTES = 64 * 1024 * 1024;
/** Changed pages of a transaction that stays open between calls: all of them are in memory until its commit. */
const HELD_BYTES = 256 * 1024 * 1024;

/**
 * @example
 * const pages = new PageStore(store);
 * pages.transaction((tx) => tx.put(1, 0, codec, content));
 * const snapshot = pages.snapshot();
 * try { snapshot.page(1, 0, codec); } finally { snapshot.close(); }
 */
export class PageStore {
  private readonly cache: PageCache;
  private readonly memo = new CounterMemo();
  private readonly strict: boolean;
  /** Other processes may commit. */
  private readonly shared: boolean;
  private readonly changedPagesBudget: number;
  private record = CommitRecord.empty;
  private current: PageSnapshot | undefined;
  /** Snapshots that somebody holds, and the current one. */
  private readonly live = new Set<PageSnapshot>();
  private tx: PageTransaction | undefined;
  /** What the transaction of `begin` reads. */
  private base: PageSnapshot | undefined;
  /** The millisecond in which other processes' commits were last looked for. */
  private checkedAt = -1;
  private turn: NodeJS.Immediate | undefined;
  private closed = false;

  constructor(
    private readonly store: Store,
    options: PageStoreOptions = {},
  ) {
    const { cacheBytes = DEFAULT_BYTES, cachePolicy = 'w-tinylfu', freshness = 'turn' } = options;
    this.changedPagesBudget = options.changedPagesBudget ?? DEFAULT_BYTES;
    if (!(this.changedPagesBudget >= 0)) {
      throw new LightningError(
        'INVALID_ARGUMENT',
        `a budget of changed pages is a number of bytes, got ${this.changedPagesBudget}`,
      );
    }
    if (freshness !== 'turn' && freshness !== 'strict') {
      throw new LightningError('UNKNOWN_OPTION', `unknown freshness '${String(freshness)}'`, {
        hint: "use 'turn' or 'strict'",
      });
    }
    this.cache = new PageCache(cacheBytes, cachePolicy);
    this.strict = freshness === 'strict';
    this.shared = store.capabilities.processes;
  }

  get storeName(): string {
    return this.store.name;
  }

  /** The newest commit known here. */
  get sequence(): number {
    return this.cache.sequence;
  }

  /**
   * The newest commit, shared with all who ask meanwhile; close it exactly once. Inside a transaction: the commit it began from.
   *
   * @throws LightningError `CLOSED`, `CORRUPT`, `IO`
   */
  snapshot(): PageSnapshot {
    const { current } = this;
    if (current !== undefined && (!this.shared || (!this.strict && this.checkedAt === Date.now()))) {
      current.holders++;
      return current;
    }
    return this.renew();
  }

  /** Looks for commits of other processes now. Snapshots that are open stay as they are. */
  refresh(): void {
    this.mustBeOpen();
    this.renew().close();
  }

  /**
   * Runs `fn` as the one writer, at the newest commit of any process; commits when it returns, and leaves no trace when it throws.
   * A transaction that changed nothing makes no commit.
   *
   * @throws LightningError `IN_TRANSACTION` for a nested call, `ASYNC_TRANSACTION` when fn returns a promise, and what the store throws.
   */
  transaction<T>(fn: (tx: PageTransaction) => T): T {
    this.mustBeOpen();
    if (this.tx !== undefined) throw new LightningError('IN_TRANSACTION', 'a transaction inside a transaction');
    let next: CommitRecord | undefined;
    let tx: PageTransaction | undefined;
    try {
      const result = this.store.write((writer) => {
        this.learn(writer);
        tx = new PageTransaction(
          this.cache.sequence,
          this.store,
          writer,
          this.cache,
          this.memo,
          this.changedPagesBudget,
        );
        this.tx = tx;
        const value = fn(tx);
        // The store refuses it, and nothing must be written before it does.
        if (isPromise(value)) return value;
        next = this.write(tx, writer);
        return value;
      });
      if (tx !== undefined && next !== undefined) this.publish(tx, next);
      return result;
    } finally {
      this.tx = undefined;
      tx?.end();
    }
  }

  /**
   * Starts a transaction that stays open between calls, until `commit` or `rollback`. It sees the newest commit, holds no lock, and keeps
   * its changes in memory. There is one at a time, and no other kind beside it.
   *
   * @throws LightningError `IN_TRANSACTION`, `CLOSED`; its changes past 256 MB are `MEMORY_BUDGET`
   */
  begin(): PageTransaction {
    this.mustBeOpen();
    if (this.tx !== undefined) throw new LightningError('IN_TRANSACTION', 'a transaction inside a transaction');
    const base = this.renew();
    const { cache, memo, store } = this;
    this.tx = new PageTransaction(base.sequence, store, base, cache, memo, HELD_BYTES);
    this.base = base;
    return this.tx;
  }

  /**
   * Commits what `begin` started. It is over afterwards, whether that succeeded or not.
   *
   * @throws LightningError `CONFLICT` when another process has committed since `begin`, and what the store throws
   */
  commit(): void {
    const { tx } = this;
    invariant(tx !== undefined && this.base !== undefined, 'there is no open transaction to commit');
    try {
      if (tx.unchanged) return;
      const next = this.store.write((writer) => {
        const value = writer.get(CommitRecord.key);
        if ((value === undefined ? 0 : CommitRecord.peek(value)) !== tx.sequence) {
          throw new LightningError('CONFLICT', 'another process has committed since the transaction began', {
            hint: 'run the transaction again from its beginning',
          });
        }
        return this.write(tx, writer);
      });
      if (next !== undefined) this.publish(tx, next);
    } finally {
      this.rollback();
    }
  }

  /** Ends what `begin` started, without a trace. */
  rollback(): void {
    this.tx?.end();
    this.tx = undefined;
    this.base?.close();
    this.base = undefined;
  }

  /** Writes the pages of a transaction and its commit record; undefined when it changed nothing. */
  private write(tx: PageTransaction, writer: Writer): CommitRecord | undefined {
    const changes = tx.flush(writer);
    if (changes.length === 0) return undefined;
    const next = this.record.next(changes);
    writer.put(CommitRecord.key, next.encode());
    return next;
  }

  /** After the store has committed. */
  private publish(tx: PageTransaction, next: CommitRecord): void {
    tx.publish(next.sequence);
    this.record = next;
    this.retire();
  }

  /** All that is committed is durable once it resolves. */
  flush(): Promise<void> {
    return this.store.flush();
  }

  stats(): PageStoreStats {
    return { ...this.cache.stats(), store: this.store.stats(), sequence: this.cache.sequence };
  }

  /** Ends open snapshots and closes the store. Idempotent. `IN_TRANSACTION` inside a transaction. */
  close(): void {
    if (this.closed) return;
    if (this.tx !== undefined) throw new LightningError('IN_TRANSACTION', 'close inside a transaction');
    this.closed = true;
    if (this.turn !== undefined) clearImmediate(this.turn);
    this.current = undefined;
    for (const snapshot of this.live) snapshot.end();
    this.live.clear();
    this.cache.clear();
    this.store.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** A snapshot after looking at the store. */
  private renew(): PageSnapshot {
    this.mustBeOpen();
    const opened = this.store.snapshot();
    try {
      this.learn(opened);
    } catch (error) {
      opened.close();
      throw error;
    }
    this.checkedAt = this.shared ? Date.now() : -1;
    if (this.current !== undefined && this.current.sequence === this.cache.sequence) {
      opened.close();
      this.scheduleTurn();
      this.current.holders++;
      return this.current;
    }
    this.retire();
    return this.makeCurrent(opened);
  }

  private makeCurrent(opened: Snapshot): PageSnapshot {
    const snapshot = new PageSnapshot(this.cache.sequence, this.cache, opened, this.memo, this.idle);
    this.live.add(snapshot);
    this.current = snapshot;
    this.scheduleTurn();
    return snapshot;
  }

  /** Brings the cache up to the newest commit that a reader sees. */
  private learn(reader: Reader): void {
    const value = reader.get(CommitRecord.key);
    if (value === undefined) {
      if (this.cache.sequence !== 0) {
        throw new LightningError('CORRUPT', 'the commit record is missing', {
          hint: 'restore the file from a backup',
        });
      }
      return;
    }
    if (CommitRecord.peek(value) === this.record.sequence) return;
    const record = CommitRecord.decode(value);
    // The store is read at a commit that this process has published already, or at a later one.
    this.cache.catchUp(record);
    this.record = record;
  }

  /** The current snapshot is no longer the newest. */
  private retire(): void {
    const { current } = this;
    this.current = undefined;
    if (current !== undefined && current.holders === 0) this.end(current);
  }

  private end(snapshot: PageSnapshot): void {
    snapshot.end();
    this.live.delete(snapshot);
  }

  private readonly idle = (snapshot: PageSnapshot): void => {
    if (snapshot !== this.current) {
      if (this.live.has(snapshot)) this.end(snapshot);
    } else if (this.turn === undefined) {
      this.scheduleTurn();
    }
  };

  /** After this turn of the event loop, others' commits are looked for again, and a snapshot that nobody holds is given back. */
  private scheduleTurn(): void {
    if (this.turn !== undefined || this.closed) return;
    this.turn = setImmediate(() => {
      this.turn = undefined;
      this.checkedAt = -1;
      if (this.current?.holders === 0) this.retire();
    });
    this.turn.unref();
  }

  private mustBeOpen(): void {
    if (this.closed) throw new LightningError('CLOSED', 'the page store is closed');
  }
}
