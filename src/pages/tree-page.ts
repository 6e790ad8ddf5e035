// A page of an ordered tree: sorted entries of key and value bytes. In a leaf they are the tree's entries; in an inner page the value is
// the number of a child, and the key the least that belongs under it (the first one's is empty).
// Body: level u8, widths u8, count u16, prefix u16, key length u16, value length u16, then the common prefix, the lengths of each entry
// (widths & 3 bytes for the key's rest, widths >> 2 for the value; 0: all as the header says), then rests and values.
// In memory keys are whole; entries lie anywhere in `bytes`, value after key, and `entries` has {start, key length, value length}.

import { invariant } from '../errors.js';
import { PAGE_BODY } from './page.js';
import type { PageCodec } from './page.js';

const HEADER = 10;
/** Bound of the decoded bytes, below 2^16 even when a copy grows: long shared prefixes shrink on disk only. */
export const MAX_BYTES = 24_000;
/** Level of a page that waits for reuse; its one value is the next such page's number + 1. */
export const FREE_LEVEL = 255;
const EMPTY = new Uint8Array(0);
/** Bytes of removed entries that a copy keeps at most: positions are 16 bits, and each transaction copies a page and adds to it. */
const MOST_GARBAGE = 4_096;

/** Positions in the counters of a tree's space. Those from `OWN` on are free for the structure that uses the tree. */
export const TREE_COUNTERS = { ENTRIES: 0, NEXT_PAGE: 1, FREE_HEAD: 2, FREE_PAGES: 3, LEAVES: 4, OWN: 8 } as const;

export class TreePage {
  /** Sums over the entries. */
  keyBytes = 0;
  valueBytes = 0;

  constructor(
    /** 0: a leaf. */
    public level: number,
    public count: number,
    public bytes: Uint8Array,
    public entries: Uint16Array,
    /** Bytes of `bytes` that are taken, garbage included. */
    public used: number,
  ) {}

  static make(level: number): TreePage {
    return new TreePage(level, 0, new Uint8Array(PAGE_BODY + 512), new Uint16Array(3 * 128), 0);
  }

  key(i: number): Uint8Array {
    const start = this.entries[3 * i]!;
    return this.bytes.subarray(start, start + this.entries[3 * i + 1]!);
  }

  value(i: number): Uint8Array {
    const start = this.entries[3 * i]! + this.entries[3 * i + 1]!;
    return this.bytes.subarray(start, start + this.entries[3 * i + 2]!);
  }

  /** The page number that an inner entry's value holds. */
  child(i: number): number {
    const { bytes } = this;
    const at = this.entries[3 * i]! + this.entries[3 * i + 1]!;
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  }

  /** The index of a key, or the complement of where it would be inserted. */
  search(key: Uint8Array): number {
    const { bytes, entries } = this;
    const length = key.length;
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const start = entries[3 * middle]!;
      const own = entries[3 * middle + 1]!;
      const shared = own < length ? own : length;
      let i = 0;
      let difference = 0;
      while (i < shared && (difference = bytes[start + i]! - key[i]!) === 0) i++;
      if (difference === 0) difference = own - length;
      if (difference < 0) low = middle + 1;
      else if (difference > 0) high = middle - 1;
      else return middle;
    }
    return ~low;
  }

  /** The index of the first entry whose key is not below; `count` when there is none. */
  ceiling(key: Uint8Array): number {
    const at = this.search(key);
    return at < 0 ? ~at : at;
  }

  /** In an inner page, the entry under which a key belongs. */
  floor(key: Uint8Array): number {
    const at = this.search(key);
    return at >= 0 ? at : at === ~0 ? 0 : ~at - 1;
  }

  insert(at: number, key: Uint8Array, value: Uint8Array): void {
    const length = key.length + value.length;
    this.reserve(length);
    let { entries } = this;
    const end = 3 * this.count;
    if (end + 3 > entries.length) {
      const grown = new Uint16Array(entries.length * 2 + 3);
      grown.set(entries);
      this.entries = entries = grown;
    }
    if (at < this.count) entries.copyWithin(3 * at + 3, 3 * at, end);
    const { bytes, used } = this;
    copyInto(bytes, used, key);
    copyInto(bytes, used + key.length, value);
    entries[3 * at] = used;
    entries[3 * at + 1] = key.length;
    entries[3 * at + 2] = value.length;
    this.used = used + length;
    this.count++;
    this.keyBytes += key.length;
    this.valueBytes += value.length;
  }

  insertChild(at: number, key: Uint8Array, page: number): void {
    this.insert(at, key, Uint8Array.of(page, page >>> 8, page >>> 16, page >>> 24));
  }

  append(key: Uint8Array, value: Uint8Array): void {
    this.insert(this.count, key, value);
  }

  remove(at: number): void {
    const { entries } = this;
    this.keyBytes -= entries[3 * at + 1]!;
    this.valueBytes -= entries[3 * at + 2]!;
    entries.copyWithin(3 * at, 3 * at + 3, 3 * this.count);
    this.count--;
  }

  setValue(at: number, value: Uint8Array): void {
    const { entries } = this;
    const old = entries[3 * at + 2]!;
    if (value.length <= old) {
      copyInto(this.bytes, entries[3 * at]! + entries[3 * at + 1]!, value);
      entries[3 * at + 2] = value.length;
      this.valueBytes += value.length - old;
      return;
    }
    const key = this.key(at).slice();
    this.remove(at);
    this.insert(at, key, value);
  }

  /** The first entry's key becomes empty, as an inner page's is. */
  clearFirstKey(): void {
    const { entries } = this;
    const length = entries[1]!;
    entries[0] = entries[0]! + length;
    entries[1] = 0;
    this.keyBytes -= length;
  }

  /** Appends entries of another page. */
  appendFrom(other: TreePage, from: number, to: number): void {
    for (let i = from; i < to; i++) this.append(other.key(i), other.value(i));
  }

  /** Moves the entries from `at` on into a page of their own. */
  splitOff(at: number): TreePage {
    const right = TreePage.make(this.level);
    right.appendFrom(this, at, this.count);
    this.count = at;
    this.keyBytes -= right.keyBytes;
    this.valueBytes -= right.valueBytes;
    return right;
  }

  /** The number of leading bytes that all keys share. */
  prefix(): number {
    if (this.count < 2) return 0;
    return sharedBytes(this.key(0), this.key(this.count - 1));
  }

  /** Whether the page can be stored as it is. */
  fits(): boolean {
    const raw = this.keyBytes + this.valueBytes;
    if (HEADER + raw + 4 * this.count <= PAGE_BODY) return true;
    return raw <= MAX_BYTES && this.size() <= PAGE_BODY;
  }

  /** Bytes of the encoded body. */
  size(): number {
    const prefix = this.prefix();
    const widths = this.widths(prefix);
    const each = (widths & 3) + (widths >> 2) - prefix;
    return HEADER + prefix + this.count * each + this.keyBytes + this.valueBytes;
  }

  /** Bytes of lengths per entry, key | value << 2. */
  widths(prefix: number): number {
    const { entries, count } = this;
    if (count === 0) return 0;
    const firstKey = entries[1]!;
    const firstValue = entries[2]!;
    let key = firstKey;
    let value = firstValue;
    let keysVary = 0;
    let valuesVary = 0;
    for (let at = 3; at < 3 * count; at += 3) {
      const k = entries[at + 1]!;
      const v = entries[at + 2]!;
      keysVary |= k ^ firstKey;
      valuesVary |= v ^ firstValue;
      if (k > key) key = k;
      if (v > value) value = v;
    }
    const keyWidth = keysVary === 0 ? 0 : key - prefix < 256 ? 1 : 2;
    const valueWidth = valuesVary === 0 ? 0 : value < 256 ? 1 : 2;
    return keyWidth | (valueWidth << 2);
  }

  private reserve(length: number): void {
    if (this.used + length <= this.bytes.length) return;
    const live = this.keyBytes + this.valueBytes;
    const size = Math.max(live + length + 512, PAGE_BODY + 512);
    this.compact(new Uint8Array(size));
  }

  /** Moves the entries to other bytes, without what was removed. */
  compact(target: Uint8Array): void {
    const { bytes, entries } = this;
    let used = 0;
    for (let at = 0; at < 3 * this.count; at += 3) {
      const start = entries[at]!;
      const length = entries[at + 1]! + entries[at + 2]!;
      copyRange(target, used, bytes, start, length);
      entries[at] = used;
      used += length;
    }
    this.bytes = target;
    this.used = used;
  }
}

let scratch = new Uint8Array(PAGE_BODY);

export const TREE_PAGE: PageCodec<TreePage> = {
  name: 'tree page',
  encode(page) {
    const { count, entries, bytes } = page;
    const prefix = page.prefix();
    const widths = page.widths(prefix);
    const keyWidth = widths & 3;
    const valueWidth = widths >> 2;
    const size = HEADER + prefix + count * (keyWidth + valueWidth - prefix) + page.keyBytes + page.valueBytes;
    if (scratch.length < size) scratch = new Uint8Array(size);
    const out = scratch;
    out[0] = page.level;
    out[1] = widths;
    write16(out, 2, count);
    write16(out, 4, prefix);
    write16(out, 6, count === 0 ? 0 : entries[1]! - prefix);
    write16(out, 8, count === 0 ? 0 : entries[2]!);
    if (prefix > 0) copyRange(out, HEADER, bytes, entries[0]!, prefix);
    let at = HEADER + prefix;
    for (let e = 0; e < 3 * count; e += 3) {
      if (keyWidth > 0) {
        const rest = entries[e + 1]! - prefix;
        out[at++] = rest;
        if (keyWidth === 2) out[at++] = rest >>> 8;
      }
      if (valueWidth > 0) {
        const value = entries[e + 2]!;
        out[at++] = value;
        if (valueWidth === 2) out[at++] = value >>> 8;
      }
    }
    for (let e = 0; e < 3 * count; e += 3) {
      const length = entries[e + 1]! - prefix + entries[e + 2]!;
      copyRange(out, at, bytes, entries[e]! + prefix, length);
      at += length;
    }
    invariant(at === size, 'a tree page of another size than counted');
    return out.subarray(0, size);
  },
  decode(body) {
    const level = body[0]!;
    const keyWidth = body[1]! & 3;
    const valueWidth = body[1]! >> 2;
    const count = read16(body, 2);
    const prefix = read16(body, 4);
    const commonKey = read16(body, 6);
    const commonValue = read16(body, 8);
    const entries = new Uint16Array(3 * count);
    let lengths = HEADER + prefix;
    let at = lengths + count * (keyWidth + valueWidth);
    invariant(at <= body.length, 'a tree page ends too early');
    const rests = at;
    const bytes = new Uint8Array(body.length - rests + prefix * count);
    let used = 0;
    let keyBytes = 0;
    for (let e = 0; e < 3 * count; e += 3) {
      let rest = commonKey;
      let value = commonValue;
      if (keyWidth > 0) {
        rest = body[lengths++]!;
        if (keyWidth === 2) rest |= body[lengths++]! << 8;
      }
      if (valueWidth > 0) {
        value = body[lengths++]!;
        if (valueWidth === 2) value |= body[lengths++]! << 8;
      }
      entries[e] = used;
      entries[e + 1] = prefix + rest;
      entries[e + 2] = value;
      keyBytes += prefix + rest;
      if (prefix > 0) {
        copyRange(bytes, used, body, HEADER, prefix);
        copyRange(bytes, used + prefix, body, at, rest + value);
      }
      used += prefix + rest + value;
      at += rest + value;
    }
    invariant(at === body.length, 'a tree page of another size than its entries');
    if (prefix === 0) bytes.set(body.subarray(rests));
    const page = new TreePage(level, count, bytes, entries, used);
    page.keyBytes = keyBytes;
    page.valueBytes = used - keyBytes;
    return page;
  },
  copy(page) {
    const live = page.keyBytes + page.valueBytes;
    const crowded = page.used - live > MOST_GARBAGE;
    const bytes = new Uint8Array(Math.max(crowded ? live : page.used, PAGE_BODY) + 512);
    if (!crowded) bytes.set(page.used === page.bytes.length ? page.bytes : page.bytes.subarray(0, page.used));
    const entries = new Uint16Array(3 * page.count + 96);
    const taken = 3 * page.count;
    entries.set(taken === page.entries.length ? page.entries : page.entries.subarray(0, taken));
    const copy = new TreePage(page.level, page.count, crowded ? page.bytes : bytes, entries, page.used);
    copy.keyBytes = page.keyBytes;
    copy.valueBytes = page.valueBytes;
    if (crowded) copy.compact(bytes);
    return copy;
  },
  bytes: (page) => 300 + page.bytes.length + page.entries.byteLength,
};

/** A page that waits for reuse; `next` is the number + 1 of another, or 0. */
export function freePage(next: number): TreePage {
  const page = new TreePage(FREE_LEVEL, 0, new Uint8Array(4), new Uint16Array(3), 0);
  page.insertChild(0, EMPTY, next);
  return page;
}

/** The shortest key above `left` and not above `right`, where left < right: a view of right. */
export function separator(left: Uint8Array, right: Uint8Array): Uint8Array {
  return right.subarray(0, sharedBytes(left, right) + 1);
}

export function sharedBytes(a: Uint8Array, b: Uint8Array): number {
  const length = a.length < b.length ? a.length : b.length;
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return i;
}

function copyInto(target: Uint8Array, at: number, source: Uint8Array): void {
  const { length } = source;
  if (length > 48) target.set(source, at);
  else for (let i = 0; i < length; i++) target[at + i] = source[i]!;
}

function copyRange(target: Uint8Array, at: number, source: Uint8Array, from: number, length: number): void {
  if (length > 64) target.set(source.subarray(from, from + length), at);
  else for (let i = 0; i < length; i++) target[at + i] = source[from + i]!;
}

function write16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

function read16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}
