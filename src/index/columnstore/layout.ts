// Where a columnstore keeps what. A chunk is 8,192 row ids, a group eight chunks, which are the 65,536 ids of one chunk of the live rows.
// Four spaces:
//   rows     page g: which row ids of group g the columns hold; page 65,536: the groups that there are; the index's counters
//   zones    page g: what is known of the group's chunks
//   columns  page chunk * columns + column: the column's vector
//   pending  pages 0..n-1: rows that changed since their chunks were written

import type { IndexDef } from '../../catalog/definitions.js';
import { invariant } from '../../errors.js';
import { CHUNK_LIST, LIVE_ROWS, LiveRows } from '../../pages/live-rows.js';
import type { Counters, PageCodec, PageReader, PageWriter } from '../../pages/page.js';
import { rowCodec } from '../../values/index.js';
import type { RowCodec } from '../../values/index.js';
import type { ScalarType } from '../../values/types.js';
import type { PendingPage } from './pending-page.js';
import { pendingPageCodec } from './pending-page.js';
import type { ZonePage } from './zone-page.js';
import { zonePageCodec } from './zone-page.js';

export const CHUNK_SHIFT = 13;
export const CHUNK_SLOTS = 1 << CHUNK_SHIFT;
export const CHUNK_WORDS = CHUNK_SLOTS / 32;
export const GROUP_SHIFT = 3;

/** Positions in the counters of the rows' space. `REMOVED`: pending entries of rows that have gone. */
export const COLUMN_COUNTERS = {
  ENTRIES: 0,
  PENDING: 1,
  PENDING_PAGES: 2,
  PENDING_BYTES: 3,
  REMOVED: 4,
  PAGES: 5,
  BYTES: 6,
};

/** One index as its code sees it. */
export class ColumnLayout {
  readonly rows: number;
  readonly zones: number;
  readonly columns: number;
  readonly pending: number;
  readonly types: readonly ScalarType[];
  readonly codec: RowCodec;
  readonly zonePage: PageCodec<ZonePage>;
  readonly pendingPage: PageCodec<PendingPage>;

  constructor(index: IndexDef) {
    const [rows, zones, columns, pending] = index.spaces;
    invariant(pending !== undefined, 'a columnstore has four spaces');
    this.rows = rows!;
    this.zones = zones!;
    this.columns = columns!;
    this.pending = pending;
    this.types = index.keys.map((key) => key.type);
    this.codec = rowCodec(this.types);
    this.zonePage = zonePageCodec(this.types);
    this.pendingPage = pendingPageCodec(this.codec);
  }

  create(writer: PageWriter, group: number): void {
    writer.createCounters(this.rows, group);
    writer.put(this.rows, CHUNK_LIST, LIVE_ROWS, LiveRows.make());
  }

  counters(reader: PageReader): Counters {
    const counters = reader.counters(this.rows);
    invariant(counters !== undefined, `there is no columnstore in space ${this.rows}`);
    return counters;
  }

  /** Groups with rows in their columns, ascending. */
  groups(reader: PageReader): Uint16Array {
    return reader.page(this.rows, CHUNK_LIST, LIVE_ROWS).ids();
  }

  /** The rows of a group that its columns hold; undefined when there are none. */
  group(reader: PageReader, group: number): LiveRows | undefined {
    if (!reader.page(this.rows, CHUNK_LIST, LIVE_ROWS).has(group)) return undefined;
    return reader.page(this.rows, group, LIVE_ROWS);
  }

  columnPage(chunk: number, column: number): number {
    return chunk * this.types.length + column;
  }
}

const layouts = new WeakMap<IndexDef, ColumnLayout>();

export function layoutOf(index: IndexDef): ColumnLayout {
  let layout = layouts.get(index);
  if (layout === undefined) layouts.set(index, (layout = new ColumnLayout(index)));
  return layout;
}
