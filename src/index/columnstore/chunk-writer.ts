// Writing whole chunks: the rows that there are, the zones, and a vector for each column.

import type { PageWriter } from '../../pages/page.js';
import { CHUNK_LIST, LIVE_ROWS, LiveRows } from '../../pages/live-rows.js';
import { hasBit, valueAt } from '../../values/column-vector.js';
import type { Value } from '../../values/types.js';
import { COLUMN_PAGE } from './column-page.js';
import { CHUNK_SHIFT, CHUNK_SLOTS, CHUNK_WORDS, COLUMN_COUNTERS, GROUP_SHIFT } from './layout.js';
import type { ColumnLayout } from './layout.js';
import type { ChunkChanges } from './overlay.js';
import { packVector, vectorBytes } from './vector.js';
import type { ChunkZones, ZonePage } from './zone-page.js';
import { CHUNKS_PER_GROUP, zoneOf } from './zone-page.js';

/** A chunk on its way: for each column a value per slot, undefined where there is no row. All of one length, the last slot a row. */
export class OpenChunk {
  readonly columns: (Value | undefined)[][];
  rows = 0;

  constructor(readonly layout: ColumnLayout) {
    this.columns = layout.types.map(() => []);
  }

  get length(): number {
    return this.columns[0]!.length;
  }

  /** Puts a row in a slot, or takes it away. */
  set(slot: number, row: readonly Value[] | undefined): void {
    const [first] = this.columns;
    this.rows += Number(row !== undefined) - Number(first![slot] !== undefined);
    this.columns.forEach((column, c) => {
      while (column.length <= slot) column.push(undefined);
      column[slot] = row?.[c];
    });
  }

  trim(): void {
    let { length } = this;
    while (length > 0 && this.columns[0]![length - 1] === undefined) length--;
    for (const column of this.columns) column.length = length;
  }
}

/** Lays changes over a stored chunk. */
export function mergeChunk(writer: PageWriter, layout: ColumnLayout, chunk: number, changes: ChunkChanges): void {
  const open = readChunk(writer, layout, chunk);
  changes.slots.forEach((slot, i) => open.set(slot, changes.rows[i]));
  putChunk(writer, layout, chunk, open);
}

function readChunk(writer: PageWriter, layout: ColumnLayout, chunk: number): OpenChunk {
  const open = new OpenChunk(layout);
  const group = layout.group(writer, chunk >>> GROUP_SHIFT);
  const zones = group && writer.page(layout.zones, chunk >>> GROUP_SHIFT, layout.zonePage)[chunk % CHUNKS_PER_GROUP];
  if (group === undefined || zones === undefined) return open;
  const words = wordsOf(group, chunk);
  open.rows = zones.rows;
  open.columns.forEach((column, c) => {
    const vector = writer.page(layout.columns, layout.columnPage(chunk, c), COLUMN_PAGE);
    for (let slot = 0; slot < zones.length; slot++) {
      column.push(hasBit(words, slot) ? valueAt(vector, slot) : undefined);
    }
  });
  return open;
}

/** The bits of a chunk within those of its group. */
export function wordsOf(group: LiveRows, chunk: number): Uint32Array {
  const from = (chunk % CHUNKS_PER_GROUP) * CHUNK_WORDS;
  return group.words.subarray(from, from + CHUNK_WORDS);
}

/** Puts a chunk in the place of what is stored under its number; one without rows leaves nothing. */
export function putChunk(writer: PageWriter, layout: ColumnLayout, chunk: number, open: OpenChunk): void {
  open.trim();
  const width = layout.types.length;
  let zones: ChunkZones | undefined;
  if (open.rows > 0) {
    let bytes = 0;
    open.columns.forEach((values, c) => {
      const vector = packVector(layout.types[c]!, values);
      bytes += vectorBytes(vector);
      writer.put(layout.columns, layout.columnPage(chunk, c), COLUMN_PAGE, vector);
    });
    const columns = open.columns.map((values, c) => zoneOf(layout.types[c]!, values));
    zones = { rows: open.rows, length: open.length, bytes, columns };
  }
  const page = changeGroup(writer, layout, chunk, open);
  const before = page?.[chunk % CHUNKS_PER_GROUP];
  if (page !== undefined) page[chunk % CHUNKS_PER_GROUP] = zones;
  if (zones === undefined && before !== undefined) {
    for (let c = 0; c < width; c++) writer.drop(layout.columns, layout.columnPage(chunk, c));
  }
  const counters = writer.changeCounters(layout.rows);
  counters[COLUMN_COUNTERS.BYTES]! += (zones?.bytes ?? 0) - (before?.bytes ?? 0);
  counters[COLUMN_COUNTERS.PAGES]! += width * (Number(zones !== undefined) - Number(before !== undefined));
  if (zones === undefined) dropEmptyGroup(writer, layout, chunk >>> GROUP_SHIFT);
}

/** Sets the chunk's rows in its group, which is made when it is not there, and gives the group's zones to be changed. */
function changeGroup(writer: PageWriter, layout: ColumnLayout, chunk: number, open: OpenChunk): ZonePage | undefined {
  const group = chunk >>> GROUP_SHIFT;
  const present = layout.group(writer, group) !== undefined;
  if (!present && open.rows === 0) return undefined;
  if (!present) {
    writer.change(layout.rows, CHUNK_LIST, LIVE_ROWS).add(group);
    writer.put(layout.rows, group, LIVE_ROWS, LiveRows.make());
    writer.put(layout.zones, group, layout.zonePage, new Array<undefined>(CHUNKS_PER_GROUP).fill(undefined));
    writer.changeCounters(layout.rows)[COLUMN_COUNTERS.PAGES]! += 2;
  }
  const zones = writer.change(layout.zones, group, layout.zonePage);
  const rows = writer.change(layout.rows, group, LIVE_ROWS);
  rows.count += open.rows - (zones[chunk % CHUNKS_PER_GROUP]?.rows ?? 0);
  const words = wordsOf(rows, chunk).fill(0);
  const [first] = open.columns;
  for (let slot = 0; slot < open.length; slot++) {
    if (first![slot] !== undefined) words[slot >>> 5]! |= 1 << (slot & 31);
  }
  return zones;
}

function dropEmptyGroup(writer: PageWriter, layout: ColumnLayout, group: number): void {
  if (layout.group(writer, group)?.count !== 0) return;
  writer.change(layout.rows, CHUNK_LIST, LIVE_ROWS).delete(group);
  writer.drop(layout.rows, group);
  writer.drop(layout.zones, group);
  writer.changeCounters(layout.rows)[COLUMN_COUNTERS.PAGES]! -= 2;
}

/** Chunk and slot of a row id. */
export function placeOf(rowId: number): { readonly chunk: number; readonly slot: number } {
  return { chunk: rowId >>> CHUNK_SHIFT, slot: rowId & (CHUNK_SLOTS - 1) };
}
