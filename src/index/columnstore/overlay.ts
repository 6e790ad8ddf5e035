// The pending entries of one state, by chunk. Made once for the same pages, since every query over the columns asks for them.

import type { PageReader } from '../../pages/page.js';
import type { Row } from '../../values/types.js';
import { CHUNK_SHIFT, CHUNK_SLOTS, COLUMN_COUNTERS } from './layout.js';
import type { ColumnLayout } from './layout.js';
import type { PendingPage } from './pending-page.js';

/** Changes of one chunk: slots in no order, each once. */
export interface ChunkChanges {
  readonly slots: number[];
  /** Undefined: the row has gone. */
  readonly rows: (Row | undefined)[];
}

export type Overlay = ReadonlyMap<number, ChunkChanges>;

const none: Overlay = new Map();
/** By the last page, with the versions of all pages then. */
const known = new WeakMap<
  PendingPage,
  { readonly pages: readonly PendingPage[]; readonly versions: readonly number[]; readonly overlay: Overlay }
>();

export function overlayOf(reader: PageReader, layout: ColumnLayout): Overlay {
  const count = layout.counters(reader)[COLUMN_COUNTERS.PENDING_PAGES]!;
  const pages = Array.from({ length: count }, (_, page) => reader.page(layout.pending, page, layout.pendingPage));
  const last = pages.at(-1);
  if (last === undefined) return none;
  const memo = known.get(last);
  if (memo?.pages.length === count && pages.every((p, i) => p === memo.pages[i] && p.version === memo.versions[i])) {
    return memo.overlay;
  }
  const overlay = new Map<number, ChunkChanges>();
  for (const { rowIds, rows } of pages) {
    for (let i = 0; i < rowIds.length; i++) {
      const chunk = rowIds[i]! >>> CHUNK_SHIFT;
      let changes = overlay.get(chunk);
      if (changes === undefined) overlay.set(chunk, (changes = { slots: [], rows: [] }));
      changes.slots.push(rowIds[i]! & (CHUNK_SLOTS - 1));
      changes.rows.push(rows[i]);
    }
  }
  known.set(last, { pages, versions: pages.map((page) => page.version), overlay });
  return overlay;
}
