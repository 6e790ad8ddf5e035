// A large set as a Roaring bitmap of the `roaring` addon, and the one place that loads it.

import { createRequire } from 'node:module';
import type * as roaringModule from 'roaring';
import type { Chunk } from './chunk.js';
import type { RowSet } from './row-set.js';
import { SORTED_MAX, SortedRowSet } from './sorted-set.js';

type Roaring = typeof roaringModule;
type Bitmap = roaringModule.RoaringBitmap32;

/** Loads the addon; undefined where it is not installed or was not built. */
export function loadRoaring(): Roaring | undefined {
  try {
    const roaring = createRequire(import.meta.url)('roaring') as Roaring;
    return new roaring.RoaringBitmap32([1]).size === 1 ? roaring : undefined;
  } catch {
    return undefined;
  }
}

export class RoaringRowSet implements RowSet {
  readonly size: number;

  constructor(
    private readonly roaring: Roaring,
    private readonly bitmap: Bitmap,
  ) {
    this.size = bitmap.size;
  }

  static of(roaring: Roaring, ids: Uint32Array): RoaringRowSet {
    return new RoaringRowSet(roaring, new roaring.RoaringBitmap32(ids));
  }

  static ofRange(roaring: Roaring, from: number, to: number): RoaringRowSet {
    return new RoaringRowSet(roaring, roaring.RoaringBitmap32.fromRange(from, to));
  }

  /** The chunks' containers are laid out in Roaring's portable format and read back in one call. */
  static ofChunks(roaring: Roaring, chunks: readonly Chunk[]): RoaringRowSet {
    return new RoaringRowSet(roaring, roaring.RoaringBitmap32.deserialize(portable(chunks), 'portable'));
  }

  /** Undefined when some are of another kind. */
  static union(roaring: Roaring, sets: readonly RowSet[]): RoaringRowSet | undefined {
    const bitmaps: Bitmap[] = [];
    for (const set of sets) {
      if (!(set instanceof RoaringRowSet)) return undefined;
      bitmaps.push(set.bitmap);
    }
    return new RoaringRowSet(roaring, roaring.RoaringBitmap32.orMany(bitmaps));
  }

  get bytes(): number {
    return 64 + this.bitmap.getSerializationSizeInBytes('portable');
  }

  has(rowId: number): boolean {
    return this.bitmap.has(rowId);
  }

  and(other: RowSet): RowSet {
    if (other instanceof SortedRowSet) return other.and(this);
    return this.shrink(this.roaring.RoaringBitmap32.and(this.bitmap, this.bitmapOf(other)));
  }

  or(other: RowSet): RowSet {
    return new RoaringRowSet(this.roaring, this.roaring.RoaringBitmap32.or(this.bitmap, this.bitmapOf(other)));
  }

  andNot(other: RowSet): RowSet {
    return this.shrink(this.roaring.RoaringBitmap32.andNot(this.bitmap, this.bitmapOf(other)));
  }

  andSize(other: RowSet): number {
    if (other instanceof SortedRowSet) return other.andSize(this);
    return this.bitmap.andCardinality(this.bitmapOf(other));
  }

  *batches(size = 1024): Iterable<Uint32Array> {
    const { bitmap } = this;
    for (let at = 0; at < this.size; at += size) {
      yield bitmap.rangeUint32Array(new Uint32Array(Math.min(size, this.size - at)), at, size);
    }
  }

  toArray(): Uint32Array {
    return this.bitmap.toUint32Array();
  }

  private bitmapOf(other: RowSet): Bitmap {
    return other instanceof RoaringRowSet ? other.bitmap : new this.roaring.RoaringBitmap32(other.toArray());
  }

  private shrink(bitmap: Bitmap): RowSet {
    if (bitmap.size > SORTED_MAX) return new RoaringRowSet(this.roaring, bitmap);
    return new SortedRowSet(bitmap.toUint32Array(), (ids) => RoaringRowSet.of(this.roaring, ids));
  }
}

/** RoaringFormatSpec, without run containers: cookie, count, (key, cardinality - 1) pairs, offsets, containers. */
function portable(chunks: readonly Chunk[]): Buffer {
  const header = 8 + chunks.length * 8;
  const size = chunks.reduce((sum, chunk) => sum + (chunk.bits ?? chunk.ids!).byteLength, header);
  const out = Buffer.allocUnsafe(size);
  out.writeUInt32LE(12346, 0);
  out.writeUInt32LE(chunks.length, 4);
  let at = header;
  chunks.forEach((chunk, i) => {
    out.writeUInt16LE(chunk.chunk, 8 + i * 4);
    out.writeUInt16LE(chunk.size - 1, 10 + i * 4);
    out.writeUInt32LE(at, 8 + chunks.length * 4 + i * 4);
    const { buffer, byteOffset, byteLength } = chunk.bits ?? chunk.ids!;
    out.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  });
  return out;
}
