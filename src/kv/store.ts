// The key-value contract: ordered bytes, snapshots, one writer. Everything durable lies behind it, and nothing above it
// knows which engine keeps the bytes. All of it is synchronous. `src/conformance/store.ts` is its suite.

/**
 * Which keys a scan visits: from `gte` (inclusive) to `lt` (exclusive), bytewise; an absent bound is open.
 * A bound may be empty or longer than the longest key; keys may not.
 */
export interface Range {
  readonly gte?: Uint8Array | undefined;
  readonly lt?: Uint8Array | undefined;
  /** From the greatest key down; the bounds keep their meaning. */
  readonly reverse?: boolean | undefined;
  /** Values are not fetched (a fraction of the cost); `ScanBatch.value` is then a `bug` error. */
  readonly keysOnly?: boolean | undefined;
}

/** One batch of a scan. Keys and values are views, valid only until the next step of this scan or the next call on the same reader. */
export interface ScanBatch {
  /** At least 1. */
  readonly count: number;
  key(i: number): Uint8Array;
  value(i: number): Uint8Array;
}

/**
 * Reads one state of the store. Views may be memory that the store goes on using: never change them, and copy or decode at once.
 * Keys given in are read during the call only; the caller may reuse their buffers.
 *
 * Errors of every method: `CLOSED` (this reader or its store is closed), `INVALID_ARGUMENT` (empty key),
 * `KEY_TOO_LONG`, `IO`, `CORRUPT`.
 */
export interface Reader {
  /**
   * The bytes under key, or undefined. A view: valid until the next call on any reader or writer of this thread; copy or decode at once.
   */
  get(key: Uint8Array): Uint8Array | undefined;
  /** Copies, in the order of keys. */
  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[];
  /**
   * Batches of up to `batchSize` entries (default `DEFAULT_BATCH`), in key order. Other calls on the reader are allowed between
   * batches. No cursor outlives a batch: each batch seeks anew by key, so that leaving the loop early leaves nothing behind, and a
   * scan over a `Writer` sees, from its next batch on, what was written meanwhile.
   */
  scan(range: Range, batchSize?: number): Iterable<ScanBatch>;
}

/** One committed state, unchanged until closed. Close it soon: what it sees cannot be reclaimed. */
export interface Snapshot extends Reader, Disposable {
  /** Idempotent. */
  close(): void;
  readonly closed: boolean;
}

/** The open write transaction: reads see its own writes. Valid only while the function given to `Store.write` runs; `CLOSED` afterwards. */
export interface Writer extends Reader {
  /** Key and value are copied. Values may be empty. Errors: `KEY_TOO_LONG`, `VALUE_TOO_LONG`, `STORE_FULL`, `IO`. */
  put(key: Uint8Array, value: Uint8Array): void;
  /** Whether there was such a key. */
  delete(key: Uint8Array): boolean;
}

export interface Capabilities {
  /** Commits survive the end of the process. */
  readonly durable: boolean;
  /** Several processes may open the same store at once. */
  readonly processes: boolean;
  /** Longest key, bytes. */
  readonly maxKeyBytes: number;
  /** Longest value, bytes. */
  readonly maxValueBytes: number;
  /** Writing is refused (`READ_ONLY`). */
  readonly readOnly: boolean;
}

/** What things cost here, in nanoseconds, for values of about 4 KB in a warm store. The cost model starts from these. */
export interface CostHints {
  /** One `get` by a random key, without the bytes. */
  readonly get: number;
  /** One entry of a scan, without the bytes. */
  readonly scanStep: number;
  /** Reading 1,024 bytes of value. */
  readonly readKilobyte: number;
  /** Writing one value of about 4 KB in a transaction. */
  readonly pageWrite: number;
  /** One commit, without its pages. */
  readonly commit: number;
  /** Opening and closing one snapshot. */
  readonly snapshot: number;
}

export interface StoreStats {
  /** Keys in the newest commit. */
  readonly entries: number;
  /** Bytes that the store occupies: its file, or for memory the keys and values alone. */
  readonly bytes: number;
  /** Snapshots open through this handle. */
  readonly snapshots: number;
  /** Transactions committed through this handle. */
  readonly commits: number;
}

export interface Store {
  /** The engine: 'lmdb', 'memory', ... */
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly costs: CostHints;
  /** The newest commit of any process at the moment of the call; inside `write`, the newest commit and not the open transaction. */
  snapshot(): Snapshot;
  /**
   * Exclusive: waits for the write lock (across processes). Commits when fn returns, and then returns what fn returned; rolls back
   * wholly when it throws, and throws the same. Whether the commit is durable on return is an option of the store.
   *
   * Errors: `IN_TRANSACTION` for a nested call; `ASYNC_TRANSACTION` when fn returns a promise (rolled back); `READ_ONLY`; `BUSY` when
   * the lock could not be had in time; `STORE_FULL`, also at commit; `CLOSED`.
   *
   * @example
   * store.write((writer) => writer.put(key, value));
   */
  write<T>(fn: (writer: Writer) => T): T;
  /** All that is committed is durable once it resolves. */
  flush(): Promise<void>;
  stats(): StoreStats;
  /** Closes open snapshots too. Idempotent. `IN_TRANSACTION` inside `write`. */
  close(): void;
}

/** Entries per batch when a scan does not say. */
export const DEFAULT_BATCH = 128;
