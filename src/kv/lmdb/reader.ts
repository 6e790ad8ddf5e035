// Reading LMDB: one way for snapshots and for the open write transaction. Values come through the buffer that the lmdb package shares
// among all handles of a thread; a scan copies a batch at a time out of it, and no position is kept from batch to batch.

import { invariant } from '../../errors.js';
import { checkBatchSize, checkKey, copyBytes, isEmptyRange, successor } from '../bytes.js';
import { DEFAULT_BATCH } from '../store.js';
import type { Capabilities, Range, Reader, ScanBatch } from '../store.js';
import { failure, failureOf, NOT_FOUND } from './failure.js';
import type { Handle, Lmdb, NativeCursor, Reading, SharedValue } from './native.js';

/** What all readers of one file share. */
export interface Source {
  readonly lmdb: Lmdb;
  readonly path: string;
  readonly capabilities: Capabilities;
}

const WITH_VALUES = 0x100;
const REVERSE = 0x400;
const INCLUSIVE_END = 0x8000;
const EXCLUSIVE_START = 0x10000;
/** Where a cursor leaves its key in the key buffer. */
const KEY_AT = 32;
const NOTHING = new Uint8Array(0);
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
/** A batch ends early once it holds this many bytes. */
const BATCH_BYTES = 256 * 1024;

/** The end of the scan in hand, where native code reads it: its length as u32, then its bytes. */
const endBytes = new Uint8Array(8_192);
const endLength = new Uint32Array(endBytes.buffer, 0, 1);
let endAddress = 0;
/** The lmdb package's one key buffer of this thread. */
let keyBytes: Uint8Array | undefined;
/** Its first 8 bytes: where a cursor leaves the length of its value and whether that lies elsewhere. */
let sizes: DataView = new DataView(endBytes.buffer, 0, 8);

let sharedOwner: SharedValue | undefined;
let shared: Uint8Array = new Uint8Array(0);

/** All of the memory behind a value that was just read, as plain bytes. */
function memoryOf(value: SharedValue): Uint8Array {
  if (value !== sharedOwner) {
    sharedOwner = value;
    shared = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return shared;
}

/** The key buffer, caught at the one moment when the package hands it to a function of ours. */
function keyBufferOf(handle: Handle, reading: Reading | undefined): Uint8Array {
  if (keyBytes === undefined) {
    const { writeKey } = handle;
    handle.writeKey = (key, target, start) => {
      // As plain bytes: `slice` of a Buffer is no copy.
      keyBytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
      sizes = new DataView(target.buffer, target.byteOffset, 8);
      return writeKey(key, target, start);
    };
    try {
      handle.getBinaryFast(Uint8Array.of(0), reading);
    } finally {
      handle.writeKey = writeKey;
    }
  }
  invariant(keyBytes !== undefined, 'the lmdb package wrote no key');
  return keyBytes;
}

/** A bound no longer than a key can be, plus one: keys compare with it as with the bound itself. */
function bound(bytes: Uint8Array | undefined, longest: number): Uint8Array | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  return bytes.length > longest ? successor(bytes.subarray(0, longest)) : copyBytes(bytes);
}

class LmdbBatch implements ScanBatch {
  count = 0;
  used = 0;
  private arena = NOTHING;
  /** Starts of key 0, value 0, key 1, ...; the end of the last follows. */
  private readonly starts: number[] = [];

  constructor(
    private readonly keysOnly: boolean,
    /** First size of the memory, bytes; a batch of one takes no more than it needs. */
    private readonly firstBytes: number,
  ) {}

  key(i: number): Uint8Array {
    this.check(i);
    return this.arena.subarray(this.starts[2 * i] as number, this.starts[2 * i + 1] as number);
  }

  value(i: number): Uint8Array {
    invariant(!this.keysOnly, 'a scan of keys only has no values');
    this.check(i);
    return this.arena.subarray(this.starts[2 * i + 1] as number, this.starts[2 * i + 2] as number);
  }

  clear(): void {
    this.count = 0;
    this.used = 0;
  }

  append(keySource: Uint8Array, keyAt: number, keyLength: number, value: Uint8Array, valueLength: number): void {
    const end = this.used + keyLength + valueLength;
    if (end > this.arena.length) {
      const grown = new Uint8Array(Math.max(end, this.arena.length * 2, this.firstBytes));
      if (this.used > 0) grown.set(this.arena.subarray(0, this.used));
      this.arena = grown;
    }
    const at = this.used + keyLength;
    copyInto(this.arena, this.used, keySource, keyAt, keyLength);
    copyInto(this.arena, at, value, 0, valueLength);
    this.starts[2 * this.count] = this.used;
    this.starts[2 * this.count + 1] = at;
    this.starts[2 * this.count + 2] = end;
    this.used = end;
    this.count++;
  }

  private check(i: number): void {
    invariant(i >= 0 && i < this.count, `entry ${i} of a batch of ${this.count}`);
  }
}

function copyInto(target: Uint8Array, at: number, source: Uint8Array, from: number, length: number): void {
  if (length > 48) {
    target.set(source.subarray(from, from + length), at);
    return;
  }
  for (let i = 0; i < length; i++) target[at + i] = source[from + i] as number;
}

export abstract class LmdbReader implements Reader {
  constructor(
    protected readonly handle: Handle,
    protected readonly source: Source,
  ) {}

  /** Throws when the reader is closed; else which transaction it reads: undefined for the open write transaction. */
  protected abstract reading(): Reading | undefined;

  get(key: Uint8Array): Uint8Array | undefined {
    const reading = this.reading();
    checkKey(key, this.source.capabilities);
    const value = this.fetch(key, reading);
    if (value === undefined) return undefined;
    const { lastSize } = this.handle;
    if (value.isGlobal !== true) return copyBytes(value.subarray(0, lastSize));
    const memory = memoryOf(value);
    return new Uint8Array(memory.buffer, memory.byteOffset, lastSize);
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return keys.map((key) => {
      const value = this.get(key);
      return value === undefined ? undefined : copyBytes(value);
    });
  }

  scan(range: Range, batchSize = DEFAULT_BATCH): Iterable<ScanBatch> {
    this.reading();
    checkBatchSize(batchSize);
    if (isEmptyRange(range)) return [];
    const longest = this.source.capabilities.maxKeyBytes;
    const gte = bound(range.gte, longest);
    const lt = bound(range.lt, longest);
    return this.batches(gte, lt, range.reverse === true, range.keysOnly === true, batchSize);
  }

  private *batches(
    gte: Uint8Array | undefined,
    lt: Uint8Array | undefined,
    reverse: boolean,
    keysOnly: boolean,
    batchSize: number,
  ): Generator<ScanBatch> {
    const batch = new LmdbBatch(keysOnly, batchSize === 1 ? 0 : 4_096);
    for (;;) {
      batch.clear();
      const more = this.fill(batch, gte, lt, reverse, keysOnly, batchSize);
      if (batch.count === 0) return;
      // Kept apart: the views of the batch are the caller's until the next step.
      const last = more ? copyBytes(batch.key(batch.count - 1)) : undefined;
      yield batch;
      if (last === undefined) return;
      if (reverse) lt = last;
      else gte = successor(last);
    }
  }

  /** Fills a batch from the range's start on; whether there may be more. */
  private fill(
    batch: LmdbBatch,
    gte: Uint8Array | undefined,
    lt: Uint8Array | undefined,
    reverse: boolean,
    keysOnly: boolean,
    batchSize: number,
  ): boolean {
    const reading = this.reading();
    const native = this.source.lmdb.nativeAddon;
    const keys = keyBufferOf(this.handle, reading);
    // A single entry is fetched by its key: half the price of a cursor that also delivers the value.
    const together = !keysOnly && batchSize > 1;
    let flags = (reverse ? REVERSE | INCLUSIVE_END : 0) | (together ? WITH_VALUES : 0);
    const start = reverse ? lt : gte;
    const end = reverse ? gte : lt;
    if (reverse && start !== undefined) flags |= EXCLUSIVE_START;
    let cursor;
    try {
      cursor = this.takeCursor(reading);
      if (start !== undefined) keys.set(start);
      let keyLength = native.position(
        cursor.address,
        flags,
        0,
        start?.length ?? 0,
        end === undefined ? 0 : setEnd(end, native),
      );
      let memory: Uint8Array | undefined;
      while (keyLength > 0) {
        if (keysOnly) {
          batch.append(keys, KEY_AT, keyLength, NOTHING, 0);
        } else {
          const size = together ? sizes.getUint32(0, LITTLE_ENDIAN) : 0;
          // The first value of a batch tells where the shared buffer is now: other users of the package may have replaced it.
          if (memory === undefined || sizes.getUint32(4, LITTLE_ENDIAN) !== 0 || size > memory.length) {
            const key = keys.slice(KEY_AT, KEY_AT + keyLength);
            const value = this.fetch(key, reading);
            if (value === undefined) throw failureOf(-30797, this.source.path);
            memory = value.isGlobal === true ? memoryOf(value) : undefined;
            batch.append(key, 0, keyLength, memory ?? value, this.handle.lastSize);
          } else {
            batch.append(keys, KEY_AT, keyLength, memory, size);
          }
        }
        if (batch.count === batchSize || batch.used >= BATCH_BYTES) return true;
        keyLength = native.iterate(cursor.address);
      }
      if (keyLength < 0 && keyLength !== NOT_FOUND) throw failureOf(keyLength, this.source.path);
      return false;
    } catch (cause) {
      throw failure(cause, this.source.path);
    } finally {
      if (cursor !== undefined) this.giveCursor(cursor);
    }
  }

  /** A cursor of the transaction; wherever it stands, each batch seeks anew. */
  protected takeCursor(reading: Reading | undefined): NativeCursor {
    return new this.source.lmdb.nativeAddon.Cursor(this.handle.db, reading?.transaction.address ?? 0);
  }

  protected giveCursor(cursor: NativeCursor): void {
    cursor.close();
  }

  private fetch(key: Uint8Array, reading: Reading | undefined): SharedValue | undefined {
    try {
      return reading === undefined ? this.handle.getBinaryFast(key) : this.handle.getBinaryFast(key, reading);
    } catch (cause) {
      throw failure(cause, this.source.path);
    }
  }
}

/** Puts the end of a scan where native code will look for it, and returns the address. */
function setEnd(end: Uint8Array, native: Lmdb['nativeAddon']): number {
  if (endAddress === 0) endAddress = native.getAddress(endBytes.buffer);
  endLength[0] = end.length;
  endBytes.set(end, 4);
  return endAddress;
}
