// A set of row ids (unsigned 32-bit). Immutable: every operation gives a new set. Behind it Roaring bitmaps where the addon is
// built, the project's own containers where it is not; small sets are sorted arrays in both.

export interface RowSet {
  readonly size: number;
  has(rowId: number): boolean;
  and(other: RowSet): RowSet;
  or(other: RowSet): RowSet;
  andNot(other: RowSet): RowSet;
  /** |this AND other| without making the set. */
  andSize(other: RowSet): number;
  /** Ascending ids, in batches of up to `size` (the array is fresh for each batch). */
  batches(size?: number): Iterable<Uint32Array>;
  /** All ids, ascending. */
  toArray(): Uint32Array;
  /** Memory, in bytes, about. */
  readonly bytes: number;
}
