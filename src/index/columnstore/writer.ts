// Changes: rows go to the pending pages, and into their chunks once those have grown long. A bulk build packs chunk after chunk.

import { invariant } from '../../errors.js';
import type { PageWriter } from '../../pages/page.js';
import { PAGE_BODY } from '../../pages/page.js';
import type { Row } from '../../values/types.js';
import type { Entry, EntryChange, IndexWriter } from '../kind.js';
import { mergeChunk, OpenChunk, placeOf, putChunk } from './chunk-writer.js';
import { COLUMN_COUNTERS } from './layout.js';
import type { ColumnLayout } from './layout.js';
import { overlayOf } from './overlay.js';
import { entrySize, PendingPage } from './pending-page.js';

/** Pending entries and bytes past which they are merged: half a chunk. */
const MOST_ENTRIES = 4_096;
const MOST_BYTES = 1024 * 1024;
const REPORT = 8_192;

export class ColumnstoreWriter implements IndexWriter {
  constructor(
    private readonly layout: ColumnLayout,
    private readonly writer: PageWriter,
  ) {}

  apply({ rowId, before, after }: EntryChange): void {
    const { layout, writer } = this;
    const counters = writer.changeCounters(layout.rows);
    if (before === undefined) counters[COLUMN_COUNTERS.ENTRIES]!++;
    if (after === undefined) counters[COLUMN_COUNTERS.ENTRIES]!--;
    // A row that was not there can have an entry only if it went before.
    const mayHaveEntry = before !== undefined || counters[COLUMN_COUNTERS.REMOVED]! > 0;
    if (!mayHaveEntry || !this.replace(rowId, after)) this.append(rowId, after);
  }

  /** Changes the row's pending entry, if it has one. */
  private replace(rowId: number, row: Row | undefined): boolean {
    const { layout, writer } = this;
    const counters = writer.changeCounters(layout.rows);
    for (let number = counters[COLUMN_COUNTERS.PENDING_PAGES]! - 1; number >= 0; number--) {
      const at = writer.page(layout.pending, number, layout.pendingPage).find(rowId);
      if (at < 0) continue;
      const page = writer.change(layout.pending, number, layout.pendingPage);
      counters[COLUMN_COUNTERS.REMOVED]! += Number(row === undefined) - Number(page.rows[at] === undefined);
      counters[COLUMN_COUNTERS.PENDING_BYTES]! += page.replace(at, row, entrySize(layout.codec, row));
      return true;
    }
    return false;
  }

  private append(rowId: number, row: Row | undefined): void {
    const { layout, writer } = this;
    const counters = writer.changeCounters(layout.rows);
    const size = entrySize(layout.codec, row);
    const last = counters[COLUMN_COUNTERS.PENDING_PAGES]! - 1;
    if (last >= 0 && writer.page(layout.pending, last, layout.pendingPage).size + size <= PAGE_BODY) {
      writer.change(layout.pending, last, layout.pendingPage).add(rowId, row, size);
    } else {
      const page = new PendingPage();
      page.add(rowId, row, size);
      writer.put(layout.pending, last + 1, layout.pendingPage, page);
      counters[COLUMN_COUNTERS.PENDING_PAGES]!++;
    }
    counters[COLUMN_COUNTERS.PENDING]!++;
    counters[COLUMN_COUNTERS.PENDING_BYTES]! += size;
    if (row === undefined) counters[COLUMN_COUNTERS.REMOVED]!++;
    if (counters[COLUMN_COUNTERS.PENDING]! >= MOST_ENTRIES || counters[COLUMN_COUNTERS.PENDING_BYTES]! > MOST_BYTES) {
      this.merge();
    }
  }

  /** Empties the pending pages into the chunks. */
  private merge(): void {
    const { layout, writer } = this;
    const overlay = overlayOf(writer, layout);
    const counters = writer.changeCounters(layout.rows);
    for (let page = counters[COLUMN_COUNTERS.PENDING_PAGES]! - 1; page >= 0; page--) writer.drop(layout.pending, page);
    for (const name of ['PENDING', 'PENDING_PAGES', 'PENDING_BYTES', 'REMOVED'] as const) {
      counters[COLUMN_COUNTERS[name]] = 0;
    }
    for (const [chunk, changes] of [...overlay].sort(([a], [b]) => a - b)) {
      mergeChunk(writer, layout, chunk, changes);
      writer.relieve();
    }
  }

  build(entries: Iterable<Entry>, progress?: (done: number) => void): void {
    const { layout, writer } = this;
    let done = 0;
    let current = -1;
    let open = new OpenChunk(layout);
    const close = () => {
      if (current >= 0) putChunk(writer, layout, current, open);
      writer.relieve();
    };
    for (const { rowId, values } of entries) {
      const { chunk, slot } = placeOf(rowId);
      if (chunk !== current) {
        invariant(chunk > current, 'entries of a build ascend by row id');
        close();
        current = chunk;
        open = new OpenChunk(layout);
      }
      open.set(slot, values);
      if (++done % REPORT === 0) progress?.(done);
    }
    close();
    writer.changeCounters(layout.rows)[COLUMN_COUNTERS.ENTRIES]! += done;
    progress?.(done);
  }
}
