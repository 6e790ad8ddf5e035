// The rows of one table by 32-bit row id: row pages, long values and the live ids, in three spaces. Reads need one cached page; which
// pages must exist is known from the live ids, so that a lost one is `CORRUPT` and never a missing row.

import { invariant, LightningError } from '../errors.js';
import { ByteView, decodeLong, encodeLong, ExternalValue, isVariable, tailSize } from '../values/row.js';
import type { FieldReader, RowCodec, StoredValue } from '../values/row.js';
import type { Row, ScalarType, Value } from '../values/types.js';
import { CHUNK_BITS, CHUNK_LIST, CHUNK_ROWS, LIVE_ROWS, LiveRows } from './live-rows.js';
import { checkLongValue, dropLongValue, piecesOf, readLongValue, writeLongValue } from './long-values.js';
import { corrupt, missing } from './page-format.js';
import type { PageReader, PageWriter } from './page.js';
import { placeOf, ROW_PAGE, RowPage } from './row-page.js';
import type { RowPlace } from './row-page.js';
import { scanRows } from './row-scan.js';
import type { RowBatch } from './row-scan.js';
import { verifyRows } from './row-verify.js';

export { chooseShift } from './row-page.js';
export type { RowBatch } from './row-scan.js';

/** Positions in the counters of the rows' space. Those from `OWN` on are free for the table. */
export const ROW_COUNTERS = {
  /** Live rows. */
  ROWS: 0,
  /** The greatest id ever used, + 1. */
  NEXT_ID: 1,
  /** Encoded bytes of the live rows, long values not counted. */
  BYTES: 2,
  NEXT_LONG: 3,
  /** No chunk below has a free id. */
  FREE_CHUNK: 4,
  OWN: 8,
} as const;

/** Values of more bytes leave their row. */
const LONG = 1_024;
/** A row that makes its page larger than this sends away all that is not short. */
const CROWDED = 16_000;
const SHORT = 64;
const MAX_IDS = 2 ** 32;

const place: RowPlace = { start: 0, length: 0 };
let whole: ByteView | undefined;
let wholeBuffer: ArrayBufferLike | undefined;

/** All of the memory behind a body: the store uses the same again and again. */
function wholeOf(body: Uint8Array): ByteView {
  const { buffer } = body;
  if (whole === undefined || buffer !== wholeBuffer) {
    wholeBuffer = buffer;
    whole = new ByteView(new Uint8Array(buffer));
  }
  return whole;
}

/** Row ids freed by one transaction, by chunk. */
interface Freed {
  readonly chunks: Map<number, Uint32Array>;
  count: number;
}

/** Where the rows of a table lie. */
export interface RowSpaces {
  readonly rows: number;
  readonly long: number;
  readonly live: number;
}

/**
 * Stateless but for what it knows about its table: one object serves every snapshot and transaction.
 *
 * @example
 * const rows = new RowPages({ rows: 1, long: 2, live: 3 }, rowCodec(['integer', 'text']), chooseShift(40));
 * pages.transaction((tx) => { rows.create(tx, 1); rows.insert(tx, rows.allocate(tx), [7, 'Oslo']); });
 */
export class RowPages {
  private readonly mask: number;
  private readonly readers: FieldReader[];
  private readonly freed = new WeakMap<PageWriter, Freed>();

  constructor(
    readonly spaces: RowSpaces,
    readonly codec: RowCodec,
    readonly shift: number,
    /** By ordinal: what rows hold that were written before the column was there. Where nothing is said, NULL. */
    private readonly missing: readonly Value[] = [],
  ) {
    invariant(shift >= 0 && shift <= 6, `a row page of 2^${shift} rows`);
    this.mask = (1 << shift) - 1;
    this.readers = codec.types.map((_, ordinal) => codec.reader(ordinal));
  }

  /** Makes the table's rows, none yet; the counters join the group. */
  create(writer: PageWriter, group: number): void {
    writer.createCounters(this.spaces.rows, group);
    writer.put(this.spaces.live, CHUNK_LIST, LIVE_ROWS, LiveRows.make());
  }

  /** The row, or undefined when no such row is live. It may be shared: never change it. */
  read(reader: PageReader, rowId: number): Row | undefined {
    const page = this.glance(reader, rowId);
    if (page === undefined) return this.absent(reader, rowId);
    const slot = rowId & this.mask;
    if (!(page instanceof RowPage)) {
      placeOf(page, slot, place);
      return place.length === 0 ? undefined : this.decode(reader, wholeOf(page), page.byteOffset + place.start);
    }
    const known = page.rows?.[slot];
    if (known !== undefined && known.length === this.readers.length) return known;
    return page.lengths[slot] === 0 ? undefined : this.decodeKept(reader, page, rowId);
  }

  /** One column's value without decoding the row, or undefined when no such row is live. */
  field(reader: PageReader, rowId: number, ordinal: number): Value | undefined {
    const page = this.glance(reader, rowId);
    if (page === undefined) return this.absent(reader, rowId);
    const slot = rowId & this.mask;
    let value;
    if (page instanceof RowPage) {
      if (page.lengths[slot] === 0) return undefined;
      value = this.readers[ordinal]!(page.source, page.starts[slot]!);
    } else {
      placeOf(page, slot, place);
      if (place.length === 0) return undefined;
      value = this.readers[ordinal]!(wholeOf(page), page.byteOffset + place.start);
    }
    return this.whole(reader, value, ordinal);
  }

  /**
   * Columns of rows that must be live, in any order of ids; ids that share a page are cheapest side by side. `out[c][i]` becomes
   * column `ordinals[c]` of `rowIds[i]`, for the first `count` ids.
   *
   * @throws LightningError `CORRUPT` when an id is not live: whoever named it is wrong
   */
  readMany(
    reader: PageReader,
    rowIds: Uint32Array,
    ordinals: readonly number[],
    out: readonly Value[][],
    count = rowIds.length,
  ): void {
    const { shift } = this;
    for (let from = 0; from < count;) {
      const number = rowIds[from]! >>> shift;
      let to = from + 1;
      while (to < count && rowIds[to]! >>> shift === number) to++;
      this.readRun(reader, reader.page(this.spaces.rows, number, ROW_PAGE), rowIds, from, to, ordinals, out);
      from = to;
    }
  }

  /** All live rows from an id on, ascending, in batches of up to 1,024. A batch is reused by the next step. */
  scanPages(reader: PageReader, ordinals: readonly number[], fromRowId = 0): Iterable<RowBatch> {
    return scanRows(this, reader, ordinals, fromRowId);
  }

  live(reader: PageReader, rowId: number): boolean {
    return this.chunk(reader, rowId >>> CHUNK_BITS)?.has(rowId & (CHUNK_ROWS - 1)) ?? false;
  }

  /** The live ids of a chunk, by their lower 16 bits; undefined when there are none. Never change it. */
  chunk(reader: PageReader, chunk: number): LiveRows | undefined {
    const live = reader.find(this.spaces.live, chunk, LIVE_ROWS);
    if (live !== undefined) return live;
    const list = reader.page(this.spaces.live, CHUNK_LIST, LIVE_ROWS);
    if (list.has(chunk)) throw missing(this.spaces.live, chunk, LIVE_ROWS.name);
    return undefined;
  }

  /** The chunks that have live rows, ascending. */
  chunks(reader: PageReader): Uint16Array {
    return reader.page(this.spaces.live, CHUNK_LIST, LIVE_ROWS).ids();
  }

  /** Number of live rows, from the counters. */
  count(reader: PageReader): number {
    return this.counters(reader)[ROW_COUNTERS.ROWS]!;
  }

  /** Encoded bytes of an average row, 0 for none. */
  averageWidth(reader: PageReader): number {
    const counters = this.counters(reader);
    return counters[ROW_COUNTERS.ROWS] === 0 ? 0 : counters[ROW_COUNTERS.BYTES]! / counters[ROW_COUNTERS.ROWS]!;
  }

  /**
   * A row id for a new row: a free one below the greatest, else the next. An id that this transaction freed is not given out.
   *
   * @throws LightningError `TABLE_FULL`
   */
  allocate(writer: PageWriter): number {
    const counters = this.counters(writer);
    const next = counters[ROW_COUNTERS.NEXT_ID]!;
    const freed = this.freed.get(writer);
    if (next - counters[ROW_COUNTERS.ROWS]! > (freed?.count ?? 0)) {
      const id = this.freeId(writer, next, freed);
      if (id !== undefined) return id;
    }
    if (next >= MAX_IDS) {
      throw new LightningError('TABLE_FULL', 'all 4,294,967,296 row ids of the table are taken', {
        hint: 'delete rows in a transaction of its own, or divide the table',
      });
    }
    return next;
  }

  /** Puts a row under an id that is not live. @throws LightningError `VALUE_TOO_LONG` */
  insert(writer: PageWriter, rowId: number, row: Row): void {
    invariant(rowId >>> 0 === rowId, `a row id of ${rowId}`);
    const { spaces } = this;
    const chunk = rowId >>> CHUNK_BITS;
    if (this.chunk(writer, chunk) === undefined) {
      writer.change(spaces.live, CHUNK_LIST, LIVE_ROWS).add(chunk);
      writer.put(spaces.live, chunk, LIVE_ROWS, LiveRows.make());
    }
    const live = writer.change(spaces.live, chunk, LIVE_ROWS);
    const id = rowId & (CHUNK_ROWS - 1);
    invariant(!live.has(id), `row ${rowId} is inserted twice`);
    const number = rowId >>> this.shift;
    if (this.pageIsDue(live, rowId)) {
      this.store(writer, writer.change(spaces.rows, number, ROW_PAGE), rowId, row);
    } else {
      const page = RowPage.make(this.shift);
      writer.put(spaces.rows, number, ROW_PAGE, page);
      this.store(writer, page, rowId, row);
    }
    live.add(id);
    const counters = writer.changeCounters(spaces.rows);
    counters[ROW_COUNTERS.ROWS]!++;
    if (rowId >= counters[ROW_COUNTERS.NEXT_ID]!) counters[ROW_COUNTERS.NEXT_ID] = rowId + 1;
  }

  /** Replaces a live row. @throws LightningError `VALUE_TOO_LONG` */
  update(writer: PageWriter, rowId: number, row: Row): void {
    const page = this.changeRow(writer, rowId);
    this.dropLong(writer, page, rowId);
    this.store(writer, page, rowId, row);
  }

  /** Removes a live row. Its id is free for later transactions. */
  remove(writer: PageWriter, rowId: number): void {
    const { spaces } = this;
    const page = this.changeRow(writer, rowId);
    this.dropLong(writer, page, rowId);
    const counters = writer.changeCounters(spaces.rows);
    const slot = rowId & this.mask;
    counters[ROW_COUNTERS.BYTES]! -= page.lengths[slot]!;
    page.clear(slot);
    if (page.empty) writer.drop(spaces.rows, rowId >>> this.shift);
    const chunk = rowId >>> CHUNK_BITS;
    const id = rowId & (CHUNK_ROWS - 1);
    const live = writer.change(spaces.live, chunk, LIVE_ROWS);
    live.delete(id);
    if (live.count === 0) {
      writer.drop(spaces.live, chunk);
      writer.change(spaces.live, CHUNK_LIST, LIVE_ROWS).delete(chunk);
    }
    counters[ROW_COUNTERS.ROWS]!--;
    if (chunk < counters[ROW_COUNTERS.FREE_CHUNK]!) counters[ROW_COUNTERS.FREE_CHUNK] = chunk;
    this.noteFreed(writer, chunk, id);
  }

  /** Removes all rows, as if the table were made anew. */
  clear(writer: PageWriter, group: number): void {
    for (const space of [this.spaces.rows, this.spaces.long, this.spaces.live]) writer.dropSpace(space);
    this.create(writer, group);
  }

  /** What is wrong with the rows, in sentences. */
  verify(reader: PageReader): string[] {
    return verifyRows(this, reader);
  }

  /** @internal Columns of the rows `from` to `to` (exclusive), which lie in one page. */
  readRun(
    reader: PageReader,
    page: RowPage,
    rowIds: Uint32Array,
    from: number,
    to: number,
    ordinals: readonly number[],
    out: readonly Value[][],
  ): void {
    const { mask } = this;
    const { source, starts, lengths } = page;
    for (let i = from; i < to; i++) {
      if (lengths[rowIds[i]! & mask] === 0) throw this.lost(rowIds[i]!);
    }
    for (let c = 0; c < ordinals.length; c++) {
      const ordinal = ordinals[c]!;
      const read = this.readers[ordinal]!;
      const column = out[c]!;
      for (let i = from; i < to; i++) {
        column[i] = this.whole(reader, read(source, starts[rowIds[i]! & mask]!), ordinal);
      }
    }
  }

  /** A field as a value: fetched where it lies out of line, the column's own where the row has none. */
  private whole(reader: PageReader, field: StoredValue | undefined, ordinal: number): Value {
    if (field === undefined) return this.missing[ordinal] ?? null;
    return field instanceof ExternalValue ? this.long(reader, field, this.codec.types[ordinal]!) : field;
  }

  /** @internal */
  long(reader: PageReader, value: ExternalValue, type: ScalarType): Value {
    return readLongValue(reader, this.spaces.long, value.page, value.length, (bytes) => decodeLong(bytes, type));
  }

  private counters(reader: PageReader): Float64Array {
    const counters = reader.counters(this.spaces.rows);
    invariant(counters !== undefined, `there are no rows in space ${this.spaces.rows}`);
    return counters;
  }

  /** The row's page, or its bytes where one look at them is all that they are worth. */
  private glance(reader: PageReader, rowId: number): RowPage | Uint8Array | undefined {
    const { rows } = this.spaces;
    const page = rowId >>> this.shift;
    return reader.glance === undefined ? reader.find(rows, page, ROW_PAGE) : reader.glance(rows, page, ROW_PAGE);
  }

  /** The row that lies at `start`. */
  private decode(reader: PageReader, source: ByteView, start: number): Row {
    const { codec } = this;
    const row = codec.decode(source, start);
    for (let i = row.length; i < codec.types.length; i++) row.push(this.missing[i] ?? null);
    if (!codec.hasExternal(source, start)) return row as Value[];
    return row.map((value, i) => (value instanceof ExternalValue ? this.long(reader, value, codec.types[i]!) : value));
  }

  /**
   * A row of a page that stays, which may keep it. Long values are worth no second place in memory, and columns that came later are
   * the table's to say: such a row is made anew each time.
   */
  private decodeKept(reader: PageReader, page: RowPage, rowId: number): Row {
    const slot = rowId & this.mask;
    const start = page.starts[slot]!;
    const row = this.decode(reader, page.source, start);
    const { codec } = this;
    const asWritten = codec.width(page.source, start) === codec.types.length && !codec.hasExternal(page.source, start);
    if (asWritten && page.readAgain(slot) && reader.memoRoom()) {
      page.remember(slot, row);
      reader.reweigh(this.spaces.rows, rowId >>> this.shift);
    }
    return row;
  }

  /** A row whose page is not there: fine, unless a row of that page is live. */
  private absent(reader: PageReader, rowId: number): undefined {
    const live = this.chunk(reader, rowId >>> CHUNK_BITS);
    if (live !== undefined && this.pageIsDue(live, rowId)) {
      throw missing(this.spaces.rows, rowId >>> this.shift, ROW_PAGE.name);
    }
    return undefined;
  }

  /** Whether a row of this id's page is live. */
  private pageIsDue(live: LiveRows, rowId: number): boolean {
    const first = rowId & (CHUNK_ROWS - 1) & ~this.mask;
    return (live.low(first, this.shift) | live.high(first, this.shift)) !== 0;
  }

  private changeRow(writer: PageWriter, rowId: number): RowPage {
    const page = writer.change(this.spaces.rows, rowId >>> this.shift, ROW_PAGE);
    if (page.lengths[rowId & this.mask] === 0) throw this.lost(rowId);
    return page;
  }

  private lost(rowId: number): LightningError {
    return corrupt(this.spaces.rows, rowId >>> this.shift, ROW_PAGE.name, `lacks row ${rowId}`);
  }

  /** Writes a row into its slot, long values apart. */
  private store(writer: PageWriter, page: RowPage, rowId: number, row: Row): void {
    const slot = rowId & this.mask;
    const counters = writer.changeCounters(this.spaces.rows);
    const before = page.lengths[slot]!;
    page.set(slot, this.codec, this.shorten(writer, row, LONG));
    if (page.live > CROWDED) {
      this.dropLong(writer, page, rowId);
      page.set(slot, this.codec, this.shorten(writer, row, SHORT));
    }
    counters[ROW_COUNTERS.BYTES]! += page.lengths[slot]! - before;
  }

  /** The row with values above a length written apart. */
  private shorten(writer: PageWriter, row: Row, above: number): readonly StoredValue[] {
    const { types } = this.codec;
    let short: StoredValue[] | undefined;
    for (let i = 0; i < types.length; i++) {
      const type = types[i]!;
      const value = row[i]!;
      if (value === null || !isVariable(type) || tailSize(value, type) <= above) continue;
      const bytes = encodeLong(value, type);
      if (bytes.length <= above) continue;
      checkLongValue(bytes.length);
      const counters = writer.changeCounters(this.spaces.rows);
      const page = counters[ROW_COUNTERS.NEXT_LONG]!;
      if (page + piecesOf(bytes.length) > MAX_IDS) {
        throw new LightningError('TABLE_FULL', 'all page numbers for long values of the table are taken');
      }
      counters[ROW_COUNTERS.NEXT_LONG] = page + piecesOf(bytes.length);
      writeLongValue(writer, this.spaces.long, page, bytes);
      short ??= [...row];
      short[i] = new ExternalValue(page, bytes.length);
    }
    return short ?? row;
  }

  private dropLong(writer: PageWriter, page: RowPage, rowId: number): void {
    const start = page.starts[rowId & this.mask]!;
    if (!this.codec.hasExternal(page.source, start)) return;
    for (const value of this.codec.decode(page.source, start)) {
      if (value instanceof ExternalValue) dropLongValue(writer, this.spaces.long, value.page, value.length);
    }
  }

  private noteFreed(writer: PageWriter, chunk: number, id: number): void {
    let freed = this.freed.get(writer);
    if (freed === undefined) this.freed.set(writer, (freed = { chunks: new Map(), count: 0 }));
    let words = freed.chunks.get(chunk);
    if (words === undefined) freed.chunks.set(chunk, (words = new Uint32Array(CHUNK_ROWS / 32)));
    // A rollback makes the row live again, and it may be removed once more.
    if ((words[id >>> 5]! & (1 << (id & 31))) === 0) freed.count++;
    words[id >>> 5]! |= 1 << (id & 31);
  }

  private freeId(writer: PageWriter, next: number, freed: Freed | undefined): number | undefined {
    const first = this.counters(writer)[ROW_COUNTERS.FREE_CHUNK]!;
    let lowest: number | undefined;
    for (let chunk = first; chunk * CHUNK_ROWS < next; chunk++) {
      const live = this.chunk(writer, chunk) ?? LiveRows.make();
      if (live.count === CHUNK_ROWS) continue;
      const end = Math.min(CHUNK_ROWS, next - chunk * CHUNK_ROWS);
      const id = live.firstFree(0, end, freed?.chunks.get(chunk));
      // A chunk whose free ids may not be used yet is not passed over for good.
      lowest ??= chunk;
      if (id < 0) continue;
      if (lowest !== first) writer.changeCounters(this.spaces.rows)[ROW_COUNTERS.FREE_CHUNK] = lowest;
      return chunk * CHUNK_ROWS + id;
    }
    return undefined;
  }
}
