// A small set: ascending row ids in one array. Calls into an addon cost more than walking a few hundred numbers.

import type { RowSet } from './row-set.js';

/** Above this many ids, sets use the implementation behind `index.ts`. */
export const SORTED_MAX = 1024;

/** From here on, meeting a large set as one of its kind is quicker than asking it for each id (measured: 70 ns an id). */
const MANY = 96;

/** What a small set needs of the large kind, to grow into it. */
export type Grow = (ids: Uint32Array) => RowSet;

export class SortedRowSet implements RowSet {
  constructor(
    /** Ascending, distinct. */
    readonly ids: Uint32Array,
    private readonly grow: Grow,
  ) {}

  get size(): number {
    return this.ids.length;
  }

  get bytes(): number {
    return 64 + this.ids.byteLength;
  }

  has(rowId: number): boolean {
    const { ids } = this;
    const at = lowerBound(ids, rowId);
    return at < ids.length && ids[at] === rowId;
  }

  and(other: RowSet): RowSet {
    if (other instanceof SortedRowSet) {
      const [few, many] = this.size <= other.size ? [this, other] : [other, this];
      return few.keep((id) => many.has(id));
    }
    if (this.size >= MANY) return this.grow(this.ids).and(other);
    return this.keep((id) => other.has(id));
  }

  andNot(other: RowSet): RowSet {
    if (this.size >= MANY && !(other instanceof SortedRowSet)) return this.grow(this.ids).andNot(other);
    return this.keep((id) => !other.has(id));
  }

  andSize(other: RowSet): number {
    if (this.size >= MANY && !(other instanceof SortedRowSet)) return this.grow(this.ids).andSize(other);
    let size = 0;
    for (const id of this.ids) if (other.has(id)) size++;
    return size;
  }

  or(other: RowSet): RowSet {
    if (!(other instanceof SortedRowSet)) return other.or(this);
    const merged = mergeSorted(this.ids, other.ids);
    return merged.length <= SORTED_MAX ? new SortedRowSet(merged, this.grow) : this.grow(merged);
  }

  *batches(size = 1024): Iterable<Uint32Array> {
    for (let at = 0; at < this.ids.length; at += size) yield this.ids.slice(at, at + size);
  }

  toArray(): Uint32Array {
    return this.ids.slice();
  }

  private keep(test: (id: number) => boolean): RowSet {
    return new SortedRowSet(this.ids.filter(test), this.grow);
  }
}

/** Position of the first id that is not below `rowId`. */
export function lowerBound(ids: Uint32Array, rowId: number): number {
  let from = 0;
  let to = ids.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (ids[middle]! < rowId) from = middle + 1;
    else to = middle;
  }
  return from;
}

function mergeSorted(a: Uint32Array, b: Uint32Array): Uint32Array {
  const out = new Uint32Array(a.length + b.length);
  let [i, j, at] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const x = i < a.length ? a[i]! : Infinity;
    const y = j < b.length ? b[j]! : Infinity;
    if (x <= y) i++;
    if (y <= x) j++;
    out[at++] = x < y ? x : y;
  }
  return out.slice(0, at);
}
