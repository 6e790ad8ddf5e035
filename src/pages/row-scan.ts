// Scanning the rows of a table page by page, columns as asked for, into batches of up to 1,024 rows.

import type { Value } from '../values/types.js';
import { CHUNK_BITS, CHUNK_ROWS } from './live-rows.js';
import type { PageReader } from './page.js';
import { ROW_PAGE } from './row-page.js';
import type { RowPages } from './row-pages.js';

/** Rows by ascending id. `columns[c]` has the column that was asked for in place c; arrays may be longer than `count`. */
export interface RowBatch {
  readonly rowIds: Uint32Array;
  readonly columns: Value[][];
  readonly count: number;
}

const BATCH = 1_024;

export function* scanRows(
  rows: RowPages,
  reader: PageReader,
  ordinals: readonly number[],
  fromRowId: number,
): Generator<RowBatch> {
  const { shift, spaces } = rows;
  const slots = 1 << shift;
  const rowIds = new Uint32Array(BATCH);
  const columns: Value[][] = ordinals.map(() => new Array<Value>(BATCH).fill(null));
  let count = 0;
  for (const chunk of rows.chunks(reader)) {
    const base = chunk * CHUNK_ROWS;
    if (base + CHUNK_ROWS <= fromRowId) continue;
    const live = rows.chunk(reader, chunk)!;
    const start = Math.max(0, fromRowId - base) & ~(slots - 1);
    for (let first = start; first < CHUNK_ROWS; first += slots) {
      let low = live.low(first, shift);
      let high = live.high(first, shift);
      if ((low | high) === 0) continue;
      if (count + slots > BATCH) {
        yield { rowIds, columns, count };
        count = 0;
      }
      const from = count;
      for (; low !== 0; low &= low - 1) {
        rowIds[count] = base + first + (31 - Math.clz32(low & -low));
        if (rowIds[count]! >= fromRowId) count++;
      }
      for (; high !== 0; high &= high - 1) {
        rowIds[count] = base + first + 32 + (31 - Math.clz32(high & -high));
        if (rowIds[count]! >= fromRowId) count++;
      }
      const page = reader.page(spaces.rows, ((chunk << (CHUNK_BITS - shift)) >>> 0) + (first >>> shift), ROW_PAGE);
      rows.readRun(reader, page, rowIds, from, count, ordinals, columns);
    }
  }
  if (count > 0) yield { rowIds, columns, count };
}
