// A page of 2^shift rows by slot. Rows lie anywhere in the page's bytes, as the row codec wrote them, and are read field by field or
// decoded once and kept. Body: shift u8, width u8, then the length of each slot's row (width bytes; 0: no row), then the rows.

import { invariant } from '../errors.js';
import { ByteView } from '../values/row.js';
import type { RowCodec, StoredValue } from '../values/row.js';
import type { Row } from '../values/types.js';
import { PAGE_BODY } from './page.js';
import type { PageCodec } from './page.js';

const HEADER = 2;

export class RowPage {
  /** Rows that were decoded, and roughly the bytes they take. */
  rows: (Row | undefined)[] | undefined = undefined;
  rowBytes = 0;
  /** Slots whose row was decoded once, as bits. */
  private readonly touched = [0, 0];

  constructor(
    readonly shift: number,
    public source: ByteView,
    /** By slot: where the row lies, and its length (0: there is none). Plain arrays are made faster than typed ones of this size. */
    readonly starts: number[],
    readonly lengths: number[],
    /** Bytes of the source that are taken, garbage included. */
    public used: number,
    /** Bytes of the rows that are there. */
    public live: number,
  ) {}

  static make(shift: number): RowPage {
    const slots = 1 << shift;
    const source = new ByteView(new Uint8Array(PAGE_BODY));
    return new RowPage(shift, source, zeros(slots), zeros(slots), 0, 0);
  }

  get empty(): boolean {
    return this.live === 0;
  }

  /** Puts a row into a slot, instead of what is there. */
  set(slot: number, codec: RowCodec, row: readonly StoredValue[]): void {
    this.clear(slot);
    const length = codec.prepare(row);
    this.reserve(length);
    codec.copyTo(this.source.bytes, this.used);
    this.starts[slot] = this.used;
    this.lengths[slot] = length;
    this.used += length;
    this.live += length;
  }

  clear(slot: number): void {
    this.live -= this.lengths[slot]!;
    this.lengths[slot] = 0;
    if (this.rows !== undefined) this.rows[slot] = undefined;
  }

  /** Forgets the rows that were decoded. */
  forgetRows(): void {
    this.rows = undefined;
    this.rowBytes = 0;
  }

  /** Whether the slot's row has been decoded before: one that is read once is not worth keeping. Notes that it has been now. */
  readAgain(slot: number): boolean {
    const bit = 1 << (slot & 31);
    const half = slot >>> 5;
    const again = (this.touched[half]! & bit) !== 0;
    this.touched[half]! |= bit;
    return again;
  }

  /** Keeps a decoded row. Its size is a guess: text takes up to twice its bytes, an object some tens beside. */
  remember(slot: number, row: Row): void {
    this.rows ??= new Array<Row | undefined>(1 << this.shift).fill(undefined);
    this.rows[slot] = row;
    this.rowBytes += 64 + 24 * row.length + 2 * this.lengths[slot]!;
  }

  private reserve(length: number): void {
    if (this.used + length <= this.source.bytes.length) return;
    const bytes = new Uint8Array(Math.max(PAGE_BODY, (this.live + length) * 1.25));
    this.used = this.copyRows(bytes, 0, this.starts);
    this.source = new ByteView(bytes);
  }

  /** Copies the rows in slot order, noting where they begin; returns the end. */
  copyRows(target: Uint8Array, at: number, starts: number[] | undefined): number {
    const { bytes } = this.source;
    for (let slot = 0; slot < this.lengths.length; slot++) {
      const length = this.lengths[slot]!;
      if (length === 0) continue;
      const start = this.starts[slot]!;
      target.set(bytes.subarray(start, start + length), at);
      if (starts !== undefined) starts[slot] = at;
      at += length;
    }
    return at;
  }
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}

/** Where a slot's row lies in an encoded page: from `start` on; 0 bytes: there is no row. */
export interface RowPlace {
  start: number;
  length: number;
}

/** Finds a slot's row in the body of a page without decoding the page. */
export function placeOf(body: Uint8Array, slot: number, place: RowPlace): void {
  const { shift, width } = formOf(body);
  const rows = HEADER + (width << shift);
  let start = rows;
  let length = lengthAt(body, HEADER, width);
  for (let i = 0, at = HEADER; i < slot; i++) {
    start += length;
    at += width;
    length = lengthAt(body, at, width);
  }
  invariant(start + length <= body.length, 'a row page of another size than its rows');
  place.start = start;
  place.length = length;
}

function formOf(body: Uint8Array): { readonly shift: number; readonly width: number } {
  const shift = body[0]!;
  const width = body[1]!;
  invariant(shift <= MOST_SHIFT && (width === 2 || width === 4), 'a row page of unknown form');
  return { shift, width };
}

function lengthAt(body: Uint8Array, at: number, width: number): number {
  const low = body[at]! | (body[at + 1]! << 8);
  return width === 2 ? low : low | (body[at + 2]! << 16) | (body[at + 3]! << 24);
}

let scratch = new Uint8Array(2 * PAGE_BODY);

export const ROW_PAGE: PageCodec<RowPage> = {
  name: 'row page',
  encode(page) {
    const { lengths } = page;
    const width = lengths.some((length) => length > 0xffff) ? 4 : 2;
    const rows = HEADER + lengths.length * width;
    const size = rows + page.live;
    if (scratch.length < size) scratch = new Uint8Array(size * 2);
    const out = scratch;
    out[0] = page.shift;
    out[1] = width;
    let at = HEADER;
    for (const length of lengths) {
      out[at++] = length;
      out[at++] = length >>> 8;
      if (width === 4) {
        out[at++] = length >>> 16;
        out[at++] = length >>> 24;
      }
    }
    invariant(page.copyRows(out, rows, undefined) === size, 'a row page of another size than counted');
    return out.subarray(0, size);
  },
  decode(body) {
    const { shift, width } = formOf(body);
    const slots = 1 << shift;
    const starts = zeros(slots);
    const lengths = zeros(slots);
    let used = 0;
    for (let slot = 0, at = HEADER; slot < slots; slot++, at += width) {
      const length = lengthAt(body, at, width);
      starts[slot] = used;
      lengths[slot] = length;
      used += length;
    }
    const rows = HEADER + slots * width;
    invariant(rows + used === body.length, 'a row page of another size than its rows');
    const bytes = new Uint8Array(body.subarray(rows));
    return new RowPage(shift, new ByteView(bytes), starts, lengths, used, used);
  },
  copy(page) {
    const bytes = new Uint8Array(Math.max(PAGE_BODY, page.live * 1.25));
    const starts = zeros(page.starts.length);
    const used = page.copyRows(bytes, 0, starts);
    const copy = new RowPage(page.shift, new ByteView(bytes), starts, page.lengths.slice(), used, page.live);
    if (page.rows !== undefined) {
      copy.rows = page.rows.slice();
      copy.rowBytes = page.rowBytes;
    }
    return copy;
  },
  bytes: (page) => 600 + page.source.bytes.length + 16 * page.lengths.length + page.rowBytes,
  memo: { bytes: (page) => page.rowBytes, forget: (page) => page.forgetRows() },
};

/** Fewest and most row ids to a page, as powers of two. */
const LEAST_SHIFT = 2;
const MOST_SHIFT = 6;

/** How many row ids share a page, as a power of two, so that rows of this many encoded bytes fill about one page of the store. */
export function chooseShift(averageWidth: number): number {
  let shift = MOST_SHIFT;
  while (shift > LEAST_SHIFT && HEADER + (averageWidth + 2) * 2 ** shift > PAGE_BODY) shift--;
  return shift;
}
