// What a columnstore gives to execution: its chunks, each with zones that may spare reading it and vectors that are read when asked for.

import type { ColumnVector } from '../../values/column-vector.js';
import type { Zone } from './zone-page.js';

/** Rows of 8,192 consecutive row ids that begin at `first`. */
export interface ColumnChunk {
  readonly first: number;
  /** Slots: row id `first + i` is slot i. */
  readonly length: number;
  readonly rows: number;
  /** Bit i & 31 of word i >>> 5: slot i holds a row. Undefined when all do. */
  readonly present: Uint32Array | undefined;
  /** Zones are exact; otherwise they are bounds, since rows of the chunk have changed. */
  readonly exact: boolean;
  zone(column: number): Zone;
  column(column: number): ColumnVector;
}

export interface ColumnReader {
  /** Chunks that have rows, by ascending row ids. */
  chunks(): Iterable<ColumnChunk>;
  /** The chunk of a row id; undefined when it has no rows. */
  chunkOf(rowId: number): ColumnChunk | undefined;
}
