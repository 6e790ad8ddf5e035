// The tree of a bitmap index: (value, chunk) -> the rows of the chunk that have the value.
// Key: the value's key form, or for one of over 64 bytes FE, its 64-bit hash and a number (u16) among values of that hash; then the
// chunk (u16, big endian). Value: up to 500 sorted 16-bit ids (even length), or 01 and the number of a container's page (5 bytes).
// A long value has an entry of its own, its 11 bytes without a chunk -> the number of the page that holds it in full (4 bytes).

import type { IndexDef } from '../../catalog/definitions.js';
import { invariant, LightningError } from '../../errors.js';
import { OrderedTree, TREE_COUNTERS } from '../../pages/ordered-tree.js';
import type { TreeBatch, TreeRange } from '../../pages/ordered-tree.js';
import type { PageReader } from '../../pages/page.js';
import { equalBytes } from '../../values/bytes.js';
import { hashBytes, KeyReader, KeyWriter, successor } from '../../values/key.js';
import type { ScalarType, Value } from '../../values/types.js';
import { rowSets } from '../row-set/index.js';
import type { Chunk } from '../row-set/index.js';
import { BITMAP_PAGE, chunkOf } from './page.js';
import type { BitmapPage, Container } from './page.js';

/** Ids that an entry holds itself, at most; a container shrinks back below `INLINE_LOW`. */
export const INLINE_MAX = 500;
export const INLINE_LOW = 300;
const SHORT_VALUE = 64;
const LONG = 0xfe;
/** FE, hash, number. */
export const LONG_KEY = 11;

/** Positions in the counters of the tree's space. */
export const BITMAP_COUNTERS = {
  ROWS: TREE_COUNTERS.OWN,
  DISTINCT: TREE_COUNTERS.OWN + 1,
  NEXT_PAGE: TREE_COUNTERS.OWN + 2,
  FREE_HEAD: TREE_COUNTERS.OWN + 3,
  FREE_PAGES: TREE_COUNTERS.OWN + 4,
} as const;

const writer = new KeyWriter();
const keyReader = new KeyReader();

/** A value's key form; valid until the next call. */
export function formOf(value: Value, type: ScalarType): Uint8Array {
  return writer.reset().add(value, type).view();
}

export function isLong(form: Uint8Array): boolean {
  return form.length > SHORT_VALUE;
}

/** FE and the hash: what the keys of all values with this hash begin with. */
export function hashPrefix(form: Uint8Array): Uint8Array {
  const { hi, lo } = hashBytes(form);
  const prefix = new Uint8Array(9);
  prefix[0] = LONG;
  const view = new DataView(prefix.buffer);
  view.setUint32(1, hi);
  view.setUint32(5, lo);
  return prefix;
}

export function longPrefix(hash: Uint8Array, number: number): Uint8Array {
  const prefix = new Uint8Array(LONG_KEY);
  prefix.set(hash);
  prefix[9] = number >>> 8;
  prefix[10] = number;
  return prefix;
}

/** Whether an entry states a long value, and holds no rows. */
export function statesLongValue(batch: TreeBatch, i: number): boolean {
  const start = batch.keyStart(i);
  return batch.bytes[start] === LONG && batch.keyEnd(i) - start === LONG_KEY;
}

export function chunkNumber(batch: TreeBatch, i: number): number {
  const end = batch.keyEnd(i);
  return (batch.bytes[end - 2]! << 8) | batch.bytes[end - 1]!;
}

/** The key of a value's rows in one chunk, in memory of its own. */
export function entryKey(prefix: Uint8Array, chunk: number): Uint8Array {
  const key = new Uint8Array(prefix.length + 2);
  key.set(prefix);
  key[prefix.length] = chunk >>> 8;
  key[prefix.length + 1] = chunk;
  return key;
}

/** The entries with rows of one value. */
export function rangeOfValue(prefix: Uint8Array): TreeRange {
  return { gte: entryKey(prefix, 0), lt: successor(prefix) };
}

/** The page that an entry's value names; -1 when it holds the ids itself. */
export function pageOf(bytes: Uint8Array, start: number, end: number): number {
  if ((end - start) % 2 === 0) return -1;
  return (bytes[start + 1]! | (bytes[start + 2]! << 8) | (bytes[start + 3]! << 16) | (bytes[start + 4]! << 24)) >>> 0;
}

/** The ids that an entry's value holds itself. */
export function idsOf(value: Uint8Array): Uint16Array<ArrayBuffer> {
  return new Uint16Array(value.slice().buffer as ArrayBuffer);
}

/** One bitmap index, stateless: reads its entries from any reader. */
export class BitmapEntries {
  readonly tree: OrderedTree;
  readonly pages: number;
  readonly type: ScalarType;

  constructor(readonly index: IndexDef) {
    this.tree = new OrderedTree(index.spaces[0]!);
    this.pages = index.spaces[1]!;
    this.type = index.keys[0]!.type;
  }

  /** The beginning of the value's keys, in memory of its own; undefined when no row has it (known for long values only). */
  find(reader: PageReader, value: Value): Uint8Array | undefined {
    const form = formOf(value, this.type).slice();
    return isLong(form) ? this.findLong(reader, form, hashPrefix(form)).found : form;
  }

  /** `free`: a number that no other value of this hash has. */
  findLong(reader: PageReader, form: Uint8Array, hash: Uint8Array): { found: Uint8Array | undefined; free: number } {
    let free = 0;
    for (const batch of this.tree.scan(reader, { gte: hash, lt: successor(hash) })) {
      for (let i = 0; i < batch.count; i++) {
        if (!statesLongValue(batch, i)) continue;
        if (equalBytes(this.longValue(reader, batch.value(i)), form)) return { found: batch.key(i).slice(), free };
        const number = chunkNumber(batch, i);
        if (number === free) free++;
      }
    }
    if (free > 0xffff) throw new LightningError('TOO_COMPLEX', `65,536 long values of one hash in ${this.index.name}`);
    return { found: undefined, free };
  }

  /** The form of a long value, from its entry. */
  longValue(reader: PageReader, entry: Uint8Array): Uint8Array {
    const page = new DataView(entry.buffer, entry.byteOffset).getUint32(0, true);
    const found = reader.page(this.pages, page, BITMAP_PAGE);
    if (found.kind !== 'long value') throw this.corrupt(page, found, 'a long value');
    return found.bytes;
  }

  container(reader: PageReader, page: number, chunk: number): Container {
    const found = reader.page(this.pages, page, BITMAP_PAGE);
    if (found.kind !== 'container' || found.chunk !== chunk) {
      throw this.corrupt(page, found, `the rows of chunk ${chunk}`);
    }
    return found;
  }

  /** The value of an entry with rows. */
  value(reader: PageReader, prefix: Uint8Array): Value {
    let form = prefix;
    if (prefix[0] === LONG) {
      const entry = this.tree.get(reader, prefix);
      if (entry === undefined) {
        throw new LightningError('CORRUPT', `index ${this.index.name} lacks a long value`, { hint: 'REINDEX' });
      }
      form = this.longValue(reader, entry);
    }
    return keyReader.reset(form).value(this.type);
  }

  /** The rows of entry `i`. */
  chunk(reader: PageReader, batch: TreeBatch, i: number): Chunk {
    const chunk = chunkNumber(batch, i);
    const page = pageOf(batch.bytes, batch.keyEnd(i), batch.valueEnd(i));
    return this.rows(reader, chunk, page, batch.bytes.subarray(batch.keyEnd(i), batch.valueEnd(i)));
  }

  /** The rows of an entry in its parts: its chunk, the page it names (or -1), its value. */
  rows(reader: PageReader, chunk: number, page: number, value: Uint8Array): Chunk {
    // Row sets in TypeScript keep the bits that they are made of; Roaring ones copy them.
    if (page >= 0) return chunkOf(this.container(reader, page, chunk), rowSets().implementation === 'typescript');
    const ids = idsOf(value);
    return { chunk, size: ids.length, ids, bits: undefined };
  }

  /** The number of rows of entry `i`. */
  size(reader: PageReader, batch: TreeBatch, i: number): number {
    const start = batch.keyEnd(i);
    const end = batch.valueEnd(i);
    const page = pageOf(batch.bytes, start, end);
    return page >= 0 ? this.container(reader, page, chunkNumber(batch, i)).size : (end - start) / 2;
  }

  counter(reader: PageReader, position: number): number {
    const counters = reader.counters(this.tree.space);
    invariant(counters !== undefined, `index ${this.index.name} was not created`);
    return counters[position]!;
  }

  private corrupt(page: number, found: BitmapPage, wanted: string): LightningError {
    const what = found.kind === 'container' ? `rows of chunk ${found.chunk}` : found.kind;
    return new LightningError('CORRUPT', `page ${page} of index ${this.index.name} holds ${what}, not ${wanted}`, {
      hint: 'REINDEX makes the index anew from the rows',
    });
  }
}
