// The store in memory: a persistent tree, so that a snapshot is a root and costs nothing to keep beside a writer. For `:memory:`
// databases and tests; what it holds ends with the process.

import { invariant } from '../errors.js';
import {
  checkBatchSize,
  checkKey,
  checkValue,
  closedError,
  copyBytes,
  isEmptyRange,
  nestedError,
  refusePromise,
  successor,
} from './bytes.js';
import { collectDown, collectUp, emptyTree, find, put, remove } from './memory-tree.js';
import type { Collected, Edit, Node } from './memory-tree.js';
import { DEFAULT_BATCH } from './store.js';
import type { Capabilities, CostHints, Range, ScanBatch, Snapshot, Store, StoreStats, Writer } from './store.js';

const CAPABILITIES: Capabilities = {
  durable: false,
  processes: false,
  // As the default store, so that what works in memory works in a file.
  maxKeyBytes: 1_978,
  maxValueBytes: 16 * 1024 * 1024,
  readOnly: false,
};

/** Measured as those of LMDB are (`lmdb/store.ts`): get 420, scan step 35, commit of 1 page 2,680, of 20 pages 61,500, snapshot 140. */
const COSTS: CostHints = { get: 420, scanStep: 35, readKilobyte: 0, pageWrite: 3_000, commit: 100, snapshot: 140 };

class MemoryBatch implements ScanBatch, Collected {
  count = 0;
  readonly keys: Uint8Array[] = [];
  readonly values: Uint8Array[] = [];

  constructor(private readonly keysOnly: boolean) {}

  key(i: number): Uint8Array {
    invariant(i >= 0 && i < this.count, `entry ${i} of a batch of ${this.count}`);
    return this.keys[i] as Uint8Array;
  }

  value(i: number): Uint8Array {
    invariant(!this.keysOnly, 'a scan of keys only has no values');
    invariant(i >= 0 && i < this.count, `entry ${i} of a batch of ${this.count}`);
    return this.values[i] as Uint8Array;
  }
}

abstract class MemoryReader {
  /** The tree that is read; throws when the reader is closed. */
  protected abstract root(): Node;

  get(key: Uint8Array): Uint8Array | undefined {
    const root = this.root();
    checkKey(key, CAPABILITIES);
    return find(root, key);
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return keys.map((key) => {
      const value = this.get(key);
      return value === undefined ? undefined : copyBytes(value);
    });
  }

  scan(range: Range, batchSize = DEFAULT_BATCH): Iterable<ScanBatch> {
    this.root();
    checkBatchSize(batchSize);
    // The bounds are kept beyond the call.
    const gte = range.gte === undefined ? undefined : copyBytes(range.gte);
    const lt = range.lt === undefined ? undefined : copyBytes(range.lt);
    return this.batches({ gte, lt, reverse: range.reverse, keysOnly: range.keysOnly }, batchSize);
  }

  private *batches(range: Range, batchSize: number): Generator<ScanBatch> {
    if (isEmptyRange(range)) return;
    const batch = new MemoryBatch(range.keysOnly === true);
    let { gte, lt } = range;
    for (;;) {
      batch.count = 0;
      const root = this.root();
      if (range.reverse === true) collectDown(root, gte, lt, batchSize, batch);
      else collectUp(root, gte, lt, batchSize, batch);
      if (batch.count === 0) return;
      const last = batch.keys[batch.count - 1] as Uint8Array;
      const full = batch.count === batchSize;
      yield batch;
      if (!full) return;
      if (range.reverse === true) lt = last;
      else gte = successor(last);
    }
  }
}

class MemorySnapshot extends MemoryReader implements Snapshot {
  private tree: Node | undefined;

  constructor(
    tree: Node,
    private readonly open: Set<MemorySnapshot>,
  ) {
    super();
    this.tree = tree;
    open.add(this);
  }

  protected root(): Node {
    if (this.tree === undefined) throw closedError('snapshot');
    return this.tree;
  }

  get closed(): boolean {
    return this.tree === undefined;
  }

  close(): void {
    this.tree = undefined;
    this.open.delete(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

class MemoryWriter extends MemoryReader implements Writer {
  private readonly edit: Edit = { edit: true };
  private done = false;

  constructor(
    public tree: Node,
    public entries: number,
    public bytes: number,
  ) {
    super();
  }

  protected root(): Node {
    if (this.done) throw closedError('write transaction');
    return this.tree;
  }

  put(key: Uint8Array, value: Uint8Array): void {
    const root = this.root();
    checkKey(key, CAPABILITIES);
    checkValue(value, CAPABILITIES);
    const old = find(root, key);
    if (old === undefined) {
      this.entries++;
      this.bytes += key.length;
    } else {
      this.bytes -= old.length;
    }
    this.bytes += value.length;
    this.tree = put(root, copyBytes(key), copyBytes(value), this.edit);
  }

  delete(key: Uint8Array): boolean {
    const old = this.get(key);
    if (old === undefined) return false;
    this.entries--;
    this.bytes -= key.length + old.length;
    this.tree = remove(this.tree, key, this.edit);
    return true;
  }

  end(): void {
    this.done = true;
  }
}

class MemoryStore implements Store {
  readonly name = 'memory';
  readonly capabilities = CAPABILITIES;
  readonly costs = COSTS;
  private readonly snapshots = new Set<MemorySnapshot>();
  private tree = emptyTree();
  private entries = 0;
  private bytes = 0;
  private commits = 0;
  private writing = false;
  private open = true;

  snapshot(): Snapshot {
    this.mustBeOpen();
    return new MemorySnapshot(this.tree, this.snapshots);
  }

  write<T>(fn: (writer: Writer) => T): T {
    this.mustBeOpen();
    if (this.writing) throw nestedError('write');
    const writer = new MemoryWriter(this.tree, this.entries, this.bytes);
    this.writing = true;
    try {
      const result = fn(writer);
      refusePromise(result);
      this.tree = writer.tree;
      this.entries = writer.entries;
      this.bytes = writer.bytes;
      this.commits++;
      return result;
    } finally {
      this.writing = false;
      writer.end();
    }
  }

  async flush(): Promise<void> {
    this.mustBeOpen();
  }

  stats(): StoreStats {
    this.mustBeOpen();
    return {
      entries: this.entries,
      bytes: this.bytes,
      snapshots: this.snapshots.size,
      commits: this.commits,
    };
  }

  close(): void {
    if (this.writing) throw nestedError('close');
    this.open = false;
    for (const snapshot of this.snapshots) snapshot.close();
    this.tree = emptyTree();
  }

  private mustBeOpen(): void {
    if (!this.open) throw closedError('store');
  }
}

/** An empty store in memory, private to whoever opens it. */
export function openMemory(): Store {
  return new MemoryStore();
}
