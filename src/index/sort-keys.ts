// Sorting many keys for a bulk build: radix passes over 32-bit pieces of the keys (most significant first), comparisons for what is
// left. Keys lie one after another in an arena, so that a million of them are one array and no objects.

import { compareByteRanges } from '../values/bytes.js';

/** Runs up to this length are compared; longer ones are spread by their next piece. */
const SHORT = 1_500;
const RADIX = 65_536;

/** Keys with a number each: row ids, or positions. */
export class KeyArena {
  bytes = new Uint8Array(1 << 10);
  /** Where key i begins; it ends where the next begins. */
  starts = new Float64Array(64);
  ids = new Uint32Array(64);
  count = 0;
  private ascending = true;

  add(key: Uint8Array, id: number): void {
    const { count } = this;
    const start = this.starts[count]!;
    const end = start + key.length;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    if (count + 1 === this.starts.length) {
      const starts = new Float64Array(2 * count + 2);
      starts.set(this.starts);
      this.starts = starts;
      const ids = new Uint32Array(2 * count + 2);
      ids.set(this.ids);
      this.ids = ids;
    }
    this.bytes.set(key, start);
    this.starts[count + 1] = end;
    this.ids[count] = id;
    if (this.ascending && count > 0 && this.compare(count - 1, count) > 0) this.ascending = false;
    this.count++;
  }

  key(i: number): Uint8Array {
    return this.bytes.subarray(this.starts[i], this.starts[i + 1]);
  }

  compare(i: number, j: number): number {
    const { starts, bytes } = this;
    return compareByteRanges(bytes, starts[i]!, starts[i + 1]!, bytes, starts[j]!, starts[j + 1]!);
  }

  /** Positions in the order of their keys; equal keys keep their order. */
  sorted(): Uint32Array {
    const order = new Uint32Array(this.count);
    for (let i = 0; i < order.length; i++) order[i] = i;
    if (!this.ascending) new Sorter(this, order).sort(0, order.length, 0);
    return order;
  }
}

class Sorter {
  private readonly pieces: Uint32Array;
  private readonly spare: Uint32Array;
  private readonly sparePieces: Uint32Array;
  private readonly counts = new Uint32Array(RADIX + 1);

  constructor(
    private readonly arena: KeyArena,
    private readonly order: Uint32Array,
  ) {
    this.pieces = new Uint32Array(order.length);
    this.spare = new Uint32Array(order.length);
    this.sparePieces = new Uint32Array(order.length);
  }

  /** Sorts `order[from, to)`, whose keys agree up to `offset`. */
  sort(from: number, to: number, offset: number): void {
    if (to - from < 2) return;
    if (to - from <= SHORT) {
      this.order.subarray(from, to).sort((a, b) => this.arena.compare(a, b) || a - b);
      return;
    }
    const shared = this.shared(from, to, offset);
    this.load(from, to, shared);
    this.radix(from, to, 0);
    this.radix(from, to, 16);
    const { pieces } = this;
    // What follows overwrites the pieces of a run only once it has been passed.
    for (let start = from; start < to;) {
      const piece = pieces[start];
      let end = start + 1;
      while (end < to && pieces[end] === piece) end++;
      if (end - start > 1) this.tie(start, end, shared);
      start = end;
    }
  }

  /** Keys that end within the piece stand for themselves: a shorter one comes first. */
  private tie(from: number, to: number, offset: number): void {
    const { order, arena } = this;
    let longer = to - from > SHORT;
    for (let i = from; longer && i < to; i++) {
      const key = order[i]!;
      longer = arena.starts[key + 1]! - arena.starts[key]! >= offset + 4;
    }
    if (longer) this.sort(from, to, offset + 4);
    else order.subarray(from, to).sort((a, b) => arena.compare(a, b) || a - b);
  }

  /** Bytes from the start on which all keys of the range agree. */
  private shared(from: number, to: number, offset: number): number {
    const { order, arena } = this;
    const { bytes, starts } = arena;
    const first = starts[order[from]!]!;
    let shared = starts[order[from]! + 1]! - first;
    for (let i = from + 1; i < to && shared > offset; i++) {
      const start = starts[order[i]!]!;
      const length = Math.min(shared, starts[order[i]! + 1]! - start);
      let n = offset;
      while (n < length && bytes[first + n] === bytes[start + n]) n++;
      shared = n;
    }
    return shared;
  }

  /** The next four bytes of each key, zeros where it ends. */
  private load(from: number, to: number, offset: number): void {
    const { order, arena, pieces } = this;
    const { bytes, starts } = arena;
    for (let i = from; i < to; i++) {
      const start = starts[order[i]!]! + offset;
      const end = starts[order[i]! + 1]!;
      let piece = 0;
      for (let b = 0; b < 4; b++) piece = (piece << 8) | (start + b < end ? bytes[start + b]! : 0);
      pieces[i] = piece;
    }
  }

  private radix(from: number, to: number, shift: number): void {
    const { counts, order, pieces, spare, sparePieces } = this;
    counts.fill(0);
    for (let i = from; i < to; i++) counts[((pieces[i]! >>> shift) & 0xffff) + 1]!++;
    for (let d = 1; d <= RADIX; d++) counts[d]! += counts[d - 1]!;
    for (let i = from; i < to; i++) {
      const at = from + counts[(pieces[i]! >>> shift) & 0xffff]!++;
      spare[at] = order[i]!;
      sparePieces[at] = pieces[i]!;
    }
    order.set(spare.subarray(from, to), from);
    pieces.set(sparePieces.subarray(from, to), from);
  }
}
