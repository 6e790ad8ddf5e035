// The pages of an R-tree in Hilbert order. A bucket holds entries (row ids with places); a directory holds, for each page below it, the
// least Hilbert key that belongs there and a box around all that is in it.
// Bodies, little-endian: level u8, form u8, count u16, then columns: row ids u32, then
//   bucket, form 0 (points): 2 doubles each; 1 (points, all with at most 7 decimals): 2 i32 each; 2 (boxes): 4 floats each
//   directory: keys (Hilbert u32, row id u32), children u32, boxes 4 floats each
// Boxes are w, s, e, n, rounded outward to single precision; that of an empty geometry is inside out and meets nothing.

import { invariant } from '../../errors.js';
import { hilbert } from '../../geo/index.js';
import { PAGE_BODY } from '../../pages/index.js';
import type { PageCodec } from '../../pages/index.js';
import { BoxTree } from './box-tree.js';

const HEADER = 4;
/** Entries of a bucket at most; of doubles and boxes fewer, so that a page fits its place in the store. */
export const BUCKET_MOST = 256;
/** Pages below a directory at most. */
export const DIRECTORY_MOST = Math.floor((PAGE_BODY - HEADER) / 28);

const DOUBLES = 0;
const DECIMALS = 1;
const BOXES = 2;
const SCALE = 1e7;
const MOST_DECIMALS = Math.min(BUCKET_MOST, Math.floor((PAGE_BODY - HEADER) / 12));
const MOST_OTHERS = Math.min(BUCKET_MOST, Math.floor((PAGE_BODY - HEADER) / 20));

/** Numbers per place: a point's or a box's. */
export type Width = 2 | 4;

/** Entries in no order. */
export class Bucket {
  readonly level = 0;
  private tree: BoxTree | undefined;

  constructor(
    readonly width: Width,
    public count: number,
    public rowIds: Uint32Array,
    /** `width` numbers each. */
    public places: Float64Array,
    /** Every number is one of at most 7 decimals. Only for points. */
    public decimal: boolean,
  ) {}

  static make(width: Width, capacity = 64): Bucket {
    return new Bucket(width, 0, new Uint32Array(capacity), new Float64Array(capacity * width), width === 2);
  }

  /** Entries that fit. */
  get most(): number {
    return this.decimal ? MOST_DECIMALS : MOST_OTHERS;
  }

  /** Entries that fit once this place is among them. */
  mostWith(place: ArrayLike<number>, from: number): number {
    return this.decimal && isDecimal(place[from]!) && isDecimal(place[from + 1]!) ? MOST_DECIMALS : MOST_OTHERS;
  }

  append(rowId: number, place: ArrayLike<number>, from = 0): void {
    const { width } = this;
    if (this.count === this.rowIds.length) {
      const rowIds = new Uint32Array(this.count * 2);
      rowIds.set(this.rowIds);
      const places = new Float64Array(this.count * 2 * width);
      places.set(this.places);
      this.rowIds = rowIds;
      this.places = places;
    }
    const at = this.count++;
    this.rowIds[at] = rowId;
    for (let k = 0; k < width; k++) {
      const number = place[from + k]!;
      this.places[at * width + k] = number;
      if (this.decimal && !isDecimal(number)) this.decimal = false;
    }
    this.tree = undefined;
  }

  /** The last entry takes the place of the one that goes. */
  remove(at: number): void {
    const { width } = this;
    const last = --this.count;
    this.rowIds[at] = this.rowIds[last]!;
    this.places.copyWithin(at * width, last * width, last * width + width);
    this.tree = undefined;
  }

  indexOf(rowId: number): number {
    const { rowIds, count } = this;
    for (let i = 0; i < count; i++) if (rowIds[i] === rowId) return i;
    return -1;
  }

  key(at: number): number {
    return placeKey(this.places, at * this.width, this.width);
  }

  /** The box around entry `at`, or around all of them, joined to `box`. */
  joinTo(box: Float32Array): void {
    const { places, count, width } = this;
    let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity];
    const far = width - 2;
    for (let at = 0; at < count * width; at += width) {
      if (places[at]! < w) w = places[at]!;
      if (places[at + 1]! < s) s = places[at + 1]!;
      if (places[at + far]! > e) e = places[at + far]!;
      if (places[at + far + 1]! > n) n = places[at + far + 1]!;
    }
    join(box, roundDown(w), roundDown(s), roundUp(e), roundUp(n));
  }

  /** The boxes as a tree, made once for each version of the page. */
  boxTree(): BoxTree {
    return (this.tree ??= new BoxTree(this.places, this.count));
  }

  get hasTree(): boolean {
    return this.tree !== undefined;
  }

  copy(): Bucket {
    return new Bucket(this.width, this.count, this.rowIds.slice(), this.places.slice(), this.decimal);
  }
}

/** Pages below, in the order of their keys. An entry belongs under the last key that is not above its own. */
export class Directory {
  count = 0;
  readonly hilberts: Uint32Array;
  readonly rowIds: Uint32Array;
  readonly children: Uint32Array;
  readonly boxes: Float32Array;

  constructor(readonly level: number) {
    this.hilberts = new Uint32Array(DIRECTORY_MOST + 1);
    this.rowIds = new Uint32Array(DIRECTORY_MOST + 1);
    this.children = new Uint32Array(DIRECTORY_MOST + 1);
    this.boxes = new Float32Array(4 * (DIRECTORY_MOST + 1));
  }

  /** The page under which a key belongs. */
  floor(key: number, rowId: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const other = this.hilberts[middle]!;
      if (other < key || (other === key && this.rowIds[middle]! <= rowId)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  insert(at: number, key: number, rowId: number, child: number): void {
    const { count } = this;
    this.hilberts.copyWithin(at + 1, at, count);
    this.rowIds.copyWithin(at + 1, at, count);
    this.children.copyWithin(at + 1, at, count);
    this.boxes.copyWithin(4 * at + 4, 4 * at, 4 * count);
    this.hilberts[at] = key;
    this.rowIds[at] = rowId;
    this.children[at] = child;
    this.count++;
  }

  /** What belonged under the page belongs under the one before. Never the first. */
  remove(at: number): void {
    const { count } = this;
    this.hilberts.copyWithin(at, at + 1, count);
    this.rowIds.copyWithin(at, at + 1, count);
    this.children.copyWithin(at, at + 1, count);
    this.boxes.copyWithin(4 * at, 4 * at + 4, 4 * count);
    this.count--;
  }

  joinTo(box: Float32Array): void {
    const { boxes, count } = this;
    for (let at = 0; at < 4 * count; at += 4) join(box, boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!);
  }

  copy(): Directory {
    const copy = new Directory(this.level);
    copy.count = this.count;
    copy.hilberts.set(this.hilberts);
    copy.rowIds.set(this.rowIds);
    copy.children.set(this.children);
    copy.boxes.set(this.boxes);
    return copy;
  }
}

export type SpatialPage = Bucket | Directory;

export function isBucket(page: SpatialPage): page is Bucket {
  return page.level === 0;
}

/** The box around what a page holds, outward in single precision. */
export function boxOf(page: SpatialPage): Float32Array {
  const box = Float32Array.of(Infinity, Infinity, -Infinity, -Infinity);
  page.joinTo(box);
  return box;
}

/** The Hilbert key of a point, or of the middle of a box. */
export function placeKey(places: ArrayLike<number>, at: number, width: Width): number {
  if (width === 2) return hilbert(places[at]!, places[at + 1]!);
  const w = places[at]!;
  const e = places[at + 2]!;
  return w > e ? 0 : hilbert((w + e) / 2, (places[at + 1]! + places[at + 3]!) / 2);
}

function join(box: Float32Array, w: number, s: number, e: number, n: number): void {
  if (w < box[0]!) box[0] = w;
  if (s < box[1]!) box[1] = s;
  if (e > box[2]!) box[2] = e;
  if (n > box[3]!) box[3] = n;
}

const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

/** The greatest single-precision number not above x. */
export function roundDown(x: number): number {
  return -roundUp(-x);
}

/** The least single-precision number not below x. */
export function roundUp(x: number): number {
  const near = Math.fround(x);
  if (near >= x) return near;
  single[0] = near;
  // One step towards Infinity: away from 0 for positive numbers, towards it for negative ones.
  if (near > 0) singleBits[0]!++;
  else if (near < 0) singleBits[0]!--;
  else singleBits[0] = 1;
  return single[0]!;
}

function isDecimal(x: number): boolean {
  return Math.round(x * SCALE) / SCALE === x;
}

let scratch = new ArrayBuffer(8_192);

export const SPATIAL_PAGE: PageCodec<SpatialPage> = {
  name: 'R-tree page',
  encode(page) {
    const size = HEADER + page.count * (isBucket(page) ? 4 + 8 * page.width : 28);
    if (scratch.byteLength < size) scratch = new ArrayBuffer(size * 2);
    const bytes = new Uint8Array(scratch);
    bytes[0] = page.level;
    bytes[1] = isBucket(page) ? formOf(page) : 0;
    bytes[2] = page.count;
    bytes[3] = page.count >>> 8;
    const { count } = page;
    new Uint32Array(scratch, HEADER, count).set(page.rowIds.subarray(0, count));
    let at = HEADER + 4 * count;
    if (!isBucket(page)) {
      new Uint32Array(scratch, at, count).set(page.hilberts.subarray(0, count));
      new Uint32Array(scratch, (at += 4 * count), count).set(page.children.subarray(0, count));
      new Float32Array(scratch, (at += 4 * count), 4 * count).set(page.boxes.subarray(0, 4 * count));
      return bytes.subarray(0, at + 16 * count);
    }
    const numbers = page.width * count;
    const form = formOf(page);
    if (form === DOUBLES) {
      bytes.set(new Uint8Array(page.places.buffer, page.places.byteOffset, 8 * numbers), at);
      return bytes.subarray(0, at + 8 * numbers);
    }
    if (form === BOXES) new Float32Array(scratch, at, numbers).set(page.places.subarray(0, numbers));
    else {
      const out = new Int32Array(scratch, at, numbers);
      for (let i = 0; i < numbers; i++) out[i] = Math.round(page.places[i]! * SCALE);
    }
    return bytes.subarray(0, at + 4 * numbers);
  },
  decode(body) {
    const level = body[0]!;
    const form = body[1]!;
    const count = body[2]! | (body[3]! << 8);
    const each = level > 0 ? 28 : form === DECIMALS ? 12 : 20;
    invariant(body.length === HEADER + each * count && form <= BOXES, 'an R-tree page of another size');
    const bytes = body.slice();
    const column = (at: number, numbers: number) => new Uint32Array(bytes.buffer, HEADER + at * 4 * count, numbers);
    if (level > 0) {
      const page = new Directory(level);
      page.count = count;
      page.rowIds.set(column(0, count));
      page.hilberts.set(column(1, count));
      page.children.set(column(2, count));
      page.boxes.set(new Float32Array(bytes.buffer, HEADER + 12 * count, 4 * count));
      return page;
    }
    const width: Width = form === BOXES ? 4 : 2;
    const numbers = width * count;
    const at = HEADER + 4 * count;
    const places = new Float64Array(Math.max(numbers, 4 * width));
    if (form === DOUBLES) new Uint8Array(places.buffer).set(bytes.subarray(at));
    else if (form === BOXES) places.set(new Float32Array(bytes.buffer, at, numbers));
    else {
      const numbersIn = new Int32Array(bytes.buffer, at, numbers);
      for (let i = 0; i < numbers; i++) places[i] = numbersIn[i]! / SCALE;
    }
    const rowIds = new Uint32Array(Math.max(count, 4));
    rowIds.set(column(0, count));
    return new Bucket(width, count, rowIds, places, form === DECIMALS || (width === 2 && count === 0));
  },
  copy: (page) => page.copy(),
  bytes(page) {
    if (!isBucket(page)) return 400 + page.boxes.byteLength + 3 * page.children.byteLength;
    return 300 + page.rowIds.byteLength + page.places.byteLength + (page.hasTree ? BoxTree.bytes(page.count) : 0);
  },
};

function formOf(page: Bucket): number {
  return page.width === 4 ? BOXES : page.decimal ? DECIMALS : DOUBLES;
}
