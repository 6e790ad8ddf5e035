// Fills indexes from a table's rows: at once, or in steps that commit one by one, so that other writers get in between and a kill loses
// no more than a step. A step reads whole chunks of 65,536 row ids from where the last one ended, the frontier: rows below it are in the
// index, and writers keep them so; rows from there on are met later, as they are then.

import type { IndexBuild, IndexDef, TableDef } from '../catalog/definitions.js';
import { invariant } from '../errors.js';
import type { Entry, EntryChange, IndexWriter } from '../index/kind.js';
import { kindOf } from '../index/registry.js';
import { repeatedKey } from '../index/repeated-key.js';
import { CHUNK_ROWS } from '../pages/index.js';
import type { PageReader, PageWriter } from '../pages/page.js';
import { ROW_COUNTERS } from '../pages/row-pages.js';
import type { Value } from '../values/types.js';
import { encodeKey } from '../values/index.js';
import { dropIndex } from './define.js';
import { entriesOf } from './entries.js';
import { codeOf, entryOf } from './table-code.js';

/** How far a build has come: rows read and their keys gathered, then entries written. */
export interface BuildStep {
  readonly index: IndexDef;
  readonly phase: 'reading' | 'writing';
  /** Of the whole build, those of earlier steps among them. */
  readonly rows: number;
  /** Rows of the table, then entries read so far. */
  readonly total: number;
}

/** Hears of a build every few thousand rows; it may throw to give it up. */
export type WatchBuild = (step: BuildStep) => void;

/** Positions in the counters of a build's progress. */
const PROGRESS = {
  /** The row ids below it are passed. */
  FRONTIER: 0,
  /** Rows and entries so far. */
  ROWS: 1,
  ENTRIES: 2,
} as const;

const REPORT = 1_024;

/** Creates an index and fills it from the table's rows. */
export function buildIndex(table: TableDef, index: IndexDef, writer: PageWriter, watch?: WatchBuild): void {
  kindOf(index.kind).create(index, table, writer);
  fill(table, index, writer, { watch, entries: entriesOf(table, index, writer), rowsBefore: 0, entriesBefore: 0 });
  refuseRepeated(table, index, writer);
}

/** Drops an index's contents and builds them anew from the rows. */
export function rebuildIndex(table: TableDef, index: IndexDef, writer: PageWriter, watch?: WatchBuild): void {
  dropIndex(index, writer);
  buildIndex(table, index, writer, watch);
}

/** Row ids below have been passed by a build. */
export function frontierOf(progress: number, reader: PageReader): number {
  return progressOf(progress, reader)[PROGRESS.FRONTIER]!;
}

/** Rows that a build has read. */
export function rowsPassed(progress: number, reader: PageReader): number {
  return progressOf(progress, reader)[PROGRESS.ROWS]!;
}

function progressOf(progress: number, reader: PageReader): Float64Array {
  const counters = reader.counters(progress);
  invariant(counters !== undefined, `there is no build in space ${progress}`);
  return counters;
}

/**
 * One step: passes the next `rows` rows, up to a whole chunk more. Whether they were the last: the index is whole then.
 * @throws LightningError UNIQUE at the end, and what the kind throws
 */
export function stepBuild(
  table: TableDef,
  { index, progress }: IndexBuild,
  writer: PageWriter,
  rows: number,
  watch?: WatchBuild,
): boolean {
  const from = frontierOf(progress, writer);
  const rowsBefore = rowsPassed(progress, writer);
  const entriesBefore = progressOf(progress, writer)[PROGRESS.ENTRIES]!;
  const { to, count } = reach(table, writer, from, rows);
  const entries = entriesOf(table, index, writer, from, to);
  const read = fill(table, index, writer, { watch, entries, rowsBefore, entriesBefore });
  const counters = writer.changeCounters(progress);
  counters[PROGRESS.FRONTIER] = to;
  counters[PROGRESS.ROWS] = rowsBefore + count;
  counters[PROGRESS.ENTRIES] = entriesBefore + read;
  if (to !== Infinity) return false;
  refuseRepeated(table, index, writer);
  return true;
}

/** Where a step ends: after the chunk that completes its rows; Infinity when there are no rows behind it. */
function reach(table: TableDef, reader: PageReader, from: number, rows: number): { to: number; count: number } {
  const pages = codeOf(table).rows;
  let count = 0;
  let to = from;
  for (const chunk of pages.chunks(reader)) {
    if (chunk * CHUNK_ROWS < from) continue;
    if (count >= rows) return { to, count };
    count += pages.chunk(reader, chunk)!.count;
    to = (chunk + 1) * CHUNK_ROWS;
  }
  return { to: Infinity, count };
}

interface Filling {
  readonly entries: Iterable<Entry>;
  readonly watch: WatchBuild | undefined;
  readonly rowsBefore: number;
  readonly entriesBefore: number;
}

/** Adds entries to the index, and gives their number. */
function fill(table: TableDef, index: IndexDef, writer: PageWriter, filling: Filling): number {
  const { entries, watch, rowsBefore, entriesBefore } = filling;
  const total = writer.counters(table.space)?.[ROW_COUNTERS.ROWS] ?? 0;
  let read = 0;
  let phase: BuildStep['phase'] = 'reading';
  function* reading(): Generator<Entry> {
    for (const entry of entries) {
      if (read++ % REPORT === 0) watch?.({ index, phase, rows: rowsBefore + read - 1, total });
      yield entry;
    }
    phase = 'writing';
    watch?.({ index, phase, rows: entriesBefore, total: entriesBefore + read });
  }
  // What a kind tells while it is still reading is known here already.
  const writing = (done: number): void => {
    if (phase !== 'writing') return;
    watch?.({ index, phase, rows: entriesBefore + Math.min(done, read), total: entriesBefore + read });
  };
  kindOf(index.kind).maintain(index, table, writer).build(reading(), writing);
  return read;
}

/** @throws LightningError UNIQUE when two rows have a key of a unique index */
function refuseRepeated(table: TableDef, index: IndexDef, writer: PageWriter): void {
  if (!index.unique) return;
  const { rows } = codeOf(table);
  const entry = entryOf(table, index);
  for (const rowIds of kindOf(index.kind).maintain(index, table, writer).repeated?.() ?? []) {
    const seen = new Set<string>();
    for (const rowId of rowIds) {
      const row = rows.read(writer, rowId);
      const keys: Value[] | undefined = row && entry(row)?.slice(0, index.keys.length);
      if (keys === undefined || keys.includes(null)) continue;
      const key = Buffer.from(encodeKey(keys, index.keys)).toString('latin1');
      if (seen.has(key)) throw repeatedKey(index, keys);
      seen.add(key);
    }
  }
}

/** Changes an index that is being made: what concerns rows that the build has yet to meet is left to it. */
export function passedWriter(table: TableDef, { index, progress }: IndexBuild, writer: PageWriter): IndexWriter {
  const frontier = frontierOf(progress, writer);
  const whole = kindOf(index.kind).maintain(index, table, writer);
  return {
    apply: (change: EntryChange) => {
      if (change.rowId < frontier) whole.apply(change);
    },
    postpone: () => whole.postpone?.(),
    settle: () => whole.settle?.(),
    build: (entries, progress) => whole.build(entries, progress),
  };
}
