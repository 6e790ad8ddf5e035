// Pages beside a bitmap index's tree: containers that are too large for an entry, values that are too long for a key, free pages.
// Body: tag u8, 0, chunk u16 (containers), then 16-bit ids, or 8 KB of bits, or the value's bytes, or the next free page + 1 (u32).

import { invariant } from '../../errors.js';
import type { PageCodec } from '../../pages/page.js';
import { ARRAY_MAX, BIT_WORDS, chunkOfBits } from '../row-set/index.js';
import type { Chunk } from '../row-set/index.js';
import type { ValueMemo } from './value-memo.js';

/** Stamps that were given out. */
let stamps = 0;

/** The rows of one value in one chunk. In form as `Chunk`: ids while they are few, bits when they are many. */
export class Container {
  readonly kind = 'container';
  /** Another one for every content: changes with each change, and is never given twice. */
  stamp = ++stamps;
  /** All rows of the value whose first container this is. */
  memo: ValueMemo | undefined = undefined;
  /** All rows of a list of values, this one the first. */
  listMemo: ValueMemo | undefined = undefined;

  constructor(
    readonly chunk: number,
    public size: number,
    public ids: Uint16Array | undefined,
    public bits: Uint32Array | undefined,
  ) {}

  private changed(): void {
    this.stamp = ++stamps;
    this.memo = undefined;
    this.listMemo = undefined;
  }

  /** Whether the id is new. */
  add(low: number): boolean {
    const { bits, ids } = this;
    if (bits !== undefined) {
      const mask = 1 << (low & 31);
      if ((bits[low >>> 5]! & mask) !== 0) return false;
      bits[low >>> 5]! |= mask;
      this.size++;
      this.changed();
      return true;
    }
    const grown = withId(ids!, low);
    if (grown === undefined) return false;
    this.size++;
    this.changed();
    if (grown.length <= ARRAY_MAX) this.ids = grown;
    else {
      this.ids = undefined;
      this.bits = new Uint32Array(BIT_WORDS);
      for (const id of grown) this.bits[id >>> 5]! |= 1 << (id & 31);
    }
    return true;
  }

  /** Whether the id was there. */
  remove(low: number): boolean {
    const { bits, ids } = this;
    if (bits === undefined) {
      const left = withoutId(ids!, low);
      if (left === undefined) return false;
      this.ids = left;
      this.size--;
      this.changed();
      return true;
    }
    const mask = 1 << (low & 31);
    if ((bits[low >>> 5]! & mask) === 0) return false;
    bits[low >>> 5]! &= ~mask;
    this.changed();
    if (--this.size <= ARRAY_MAX) {
      this.ids = chunkOfBits(this.chunk, bits).ids;
      this.bits = undefined;
    }
    return true;
  }
}

/** A value whose key form is longer than a key of the tree should be. */
export interface LongValue {
  readonly kind: 'long value';
  /** The key form in full. */
  readonly bytes: Uint8Array;
}

export interface FreePage {
  readonly kind: 'free';
  /** The next free page + 1; 0 when there is none. */
  readonly next: number;
}

export type BitmapPage = Container | LongValue | FreePage;

const IDS = 1;
const BITS = 2;
const LONG_VALUE = 3;
const FREE = 4;
const HEADER = 4;

function body(tag: number, chunk: number, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(HEADER + content.length);
  out[0] = tag;
  out[2] = chunk;
  out[3] = chunk >>> 8;
  out.set(content, HEADER);
  return out;
}

function bytesOf(array: Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

export const BITMAP_PAGE: PageCodec<BitmapPage> = {
  name: 'bitmap page',
  encode(page) {
    switch (page.kind) {
      case 'container':
        return page.bits === undefined
          ? body(IDS, page.chunk, bytesOf(page.ids!))
          : body(BITS, page.chunk, bytesOf(page.bits));
      case 'long value':
        return body(LONG_VALUE, 0, page.bytes);
      case 'free':
        return body(FREE, 0, bytesOf(Uint32Array.of(page.next)));
    }
  },
  decode(bytes) {
    invariant(bytes.length >= HEADER, 'a bitmap page without a header');
    const chunk = bytes[2]! | (bytes[3]! << 8);
    const content = bytes.slice(HEADER);
    switch (bytes[0]) {
      case IDS: {
        const ids = new Uint16Array(content.buffer);
        invariant(ids.length <= ARRAY_MAX, 'a bitmap container with too many ids');
        return new Container(chunk, ids.length, ids, undefined);
      }
      case BITS: {
        invariant(content.length === BIT_WORDS * 4, 'a bitmap container of another size');
        const counted = chunkOfBits(chunk, new Uint32Array(content.buffer));
        invariant(counted.bits !== undefined, 'a bitmap container with too few bits');
        return new Container(chunk, counted.size, undefined, counted.bits);
      }
      case LONG_VALUE:
        return { kind: 'long value', bytes: content };
      case FREE:
        return { kind: 'free', next: new Uint32Array(content.buffer)[0]! };
      default:
        invariant(false, `a bitmap page with tag ${bytes[0]}`);
    }
  },
  // Arrays of ids are replaced when they change, bits are changed in place.
  copy: (page) =>
    page.kind === 'container' ? new Container(page.chunk, page.size, page.ids, page.bits?.slice()) : page,
  bytes(page) {
    switch (page.kind) {
      case 'container':
        return 200 + (page.bits ?? page.ids!).byteLength + memoBytes(page);
      case 'long value':
        return 200 + page.bytes.length;
      case 'free':
        return 100;
    }
  },
  memo: {
    bytes: memoBytes,
    forget: (page) => {
      if (page.kind === 'container') page.memo = page.listMemo = undefined;
    },
  },
};

function memoBytes(page: BitmapPage): number {
  return page.kind === 'container' ? (page.memo?.bytes ?? 0) + (page.listMemo?.bytes ?? 0) : 0;
}

/** A chunk that stays as it is when the page changes. */
export function chunkOf(container: Container, keepsBits: boolean): Chunk {
  const { chunk, size, ids, bits } = container;
  return { chunk, size, ids, bits: keepsBits ? bits?.slice() : bits };
}

/** Undefined when the id is there already. */
export function withId(ids: Uint16Array, low: number): Uint16Array<ArrayBuffer> | undefined {
  const at = search(ids, low);
  if (ids[at] === low) return undefined;
  const grown = new Uint16Array(ids.length + 1);
  grown.set(ids.subarray(0, at));
  grown[at] = low;
  grown.set(ids.subarray(at), at + 1);
  return grown;
}

/** Undefined when the id is not there. */
export function withoutId(ids: Uint16Array, low: number): Uint16Array<ArrayBuffer> | undefined {
  const at = search(ids, low);
  if (ids[at] !== low) return undefined;
  const left = new Uint16Array(ids.length - 1);
  left.set(ids.subarray(0, at));
  left.set(ids.subarray(at + 1), at);
  return left;
}

function search(ids: Uint16Array, low: number): number {
  let from = 0;
  let to = ids.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (ids[middle]! < low) from = middle + 1;
    else to = middle;
  }
  return from;
}
