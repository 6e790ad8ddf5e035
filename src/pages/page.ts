// The page contract: everything above `kv` reads and writes decoded pages. Immutable in a snapshot, copied on first change in a
// transaction, cached by address and version. How a commit reaches the disk is decided below this line.

/**
 * How one kind of page is kept. A codec is a long-lived object: a cached page is found again only through the codec that decoded it,
 * so a structure uses the same object each time (a constant, or one per open table).
 *
 * A page's address: `space` is one structure of one table or index (allocated by the catalog, 1 .. 2^31 - 1, never reused),
 * `page` a dense number within it (0 .. 2^32 - 1). Space 0 is the page layer's own.
 */
export interface PageCodec<P> {
  /** For error messages and statistics: 'row page', 'tree leaf'. */
  readonly name: string;
  /** The body, without the page header (version, checksum and sequence are the page layer's). The caller copies it before the next call. */
  encode(page: P): Uint8Array;
  /** Decodes a body. The bytes are a view that the caller may reuse afterwards: copy what is kept. */
  decode(body: Uint8Array): P;
  /** An independent copy that a transaction may change. */
  copy(page: P): P;
  /** Approximate memory of the decoded page, in whole bytes, for the cache's budget. */
  bytes(page: P): number;
  /** For pages that memoise what they computed: the bytes of that (part of `bytes`), and how it is forgotten. */
  readonly memo?: { bytes(page: P): number; forget(page: P): void };
}

export interface PageReader {
  /** The sequence whose state is read: all commits up to and including it. Within a transaction, the one it began from. */
  readonly sequence: number;
  /** The page that must exist: a missing one is a `CORRUPT` error naming space and page. Never change what is returned. */
  page<P>(space: number, page: number, codec: PageCodec<P>): P;
  /** The page, or undefined where its absence is legal. */
  find<P>(space: number, page: number, codec: PageCodec<P>): P | undefined;
  /**
   * As `find`, but a page that the cache would not keep comes undecoded: its checked body, valid until the next call. For reading one
   * small thing of a large page, once. Readers that have no use for it leave it out.
   */
  glance?<P>(space: number, page: number, codec: PageCodec<P>): P | Uint8Array | undefined;
  /** The small numbers of one structure (root, height, entry count, ...): see `Counters`. Undefined before the structure is created. */
  counters(space: number): Counters | undefined;
  /** A page that was read from here has grown (it memoises what it computed): its weight in the cache is asked for again. */
  reweigh(space: number, page: number): void;
  /** Whether the cache has room for more that pages memoise. Now and then it says so when it is full, and lets the oldest go. */
  memoRoom(): boolean;
}

export interface PageWriter extends PageReader {
  /** The page, to be changed in place: a private copy since the newest mark. It must exist. */
  change<P>(space: number, page: number, codec: PageCodec<P>): P;
  /** Puts a page in place, new or not. The content belongs to the transaction from then on. */
  put<P>(space: number, page: number, codec: PageCodec<P>, content: P): void;
  /** Whether there is such a page or not, there is none afterwards. */
  drop(space: number, page: number): void;
  /** Drops every page and the counters of a space. */
  dropSpace(space: number): void;
  /** The structure's numbers, to be changed in place. They must exist. Ask again after each mark. */
  changeCounters(space: number): Counters;
  /** Zeros for a structure that has none yet, beside the others of its group (a table's own space: 1 .. 2^31 - 1). */
  createCounters(space: number, group: number): Counters;
  /**
   * Called between the rows of a bulk change: when the changed pages outgrow their budget, those that can be are written into the
   * store's open transaction. Pages that `change` gave before must be asked for again. Nearly free when there is nothing to do.
   */
  relieve(): void;
  /**
   * A stable view of the transaction as of now, for a statement that reads while it writes. Close it: pages that it can see are
   * copied before they change. A rollback to a mark that is older than the view ends it (`ITERATOR_EXPIRED`).
   */
  readAt(): PageView;
}

/** A reader that holds something back until it is closed. Idempotent. */
export interface PageView extends PageReader, Disposable {
  close(): void;
}

/**
 * The small numbers of one structure, by position; each structure names its positions by constants. 16 doubles.
 * The counters of all structures of one table live in one page (their `group` is the table's own space), so that an insert which
 * touches six indexes changes one page for all their roots and counts.
 */
export type Counters = Float64Array;

/** Positions in `Counters`. */
export const COUNTER_SLOTS = 16;

/** Body of a page that fits, with its header, into one overflow page of the default store (4,096 bytes less 24). */
export const PAGE_BODY = 4_060;
