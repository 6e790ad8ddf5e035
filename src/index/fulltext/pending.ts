// Writes the pending list, and merges it into the postings when it has grown long.

import { invariant } from '../../errors.js';
import type { PageReader, PageWriter } from '../../pages/index.js';
import { PAGE_BODY } from '../../pages/index.js';
import { TEXT_COUNTERS } from './layout.js';
import type { TextLayout } from './layout.js';
import { TextBatch, mergeBatch } from './merge.js';
import { PENDING_PAGE, PendingEntry, PendingPage, lengthOf } from './pending-page.js';
import type { DocumentTerms, PendingView } from './pending-page.js';

/** How long the list may grow, in entries and in bytes. */
interface Bound {
  readonly entries: number;
  readonly bytes: number;
}

/** Every query reads the list, so that it is short ... */
export const SHORT: Bound = { entries: 1_000, bytes: 256 * 1024 };
/** ... but for the time of a bulk change: the more documents are merged at once, the less each costs. */
export const LONG: Bound = { entries: 8_000, bytes: 2 * 1024 * 1024 };

export function addDocument(writer: PageWriter, layout: TextLayout, rowId: number, document: DocumentTerms): void {
  const counters = writer.changeCounters(layout.pending);
  counters[TEXT_COUNTERS.DOCUMENTS]!++;
  counters[TEXT_COUNTERS.LENGTH]! += lengthOf(document);
  append(writer, layout, PendingEntry.of(rowId, false, document));
}

/** Puts the document that a row had on the list as removed, or takes it from the list. */
export function removeDocument(writer: PageWriter, layout: TextLayout, rowId: number, document: DocumentTerms): void {
  const counters = writer.changeCounters(layout.pending);
  counters[TEXT_COUNTERS.DOCUMENTS]!--;
  counters[TEXT_COUNTERS.LENGTH]! -= lengthOf(document);
  for (let page = counters[TEXT_COUNTERS.PAGES]! - 1; page >= 0; page--) {
    const { entries } = writer.page(layout.pending, page, PENDING_PAGE);
    for (let at = 0; at < entries.length; at++) {
      const entry = entries[at]!;
      if (entry.rowId !== rowId || entry.removed) continue;
      counters[TEXT_COUNTERS.ENTRIES]!--;
      counters[TEXT_COUNTERS.BYTES]! -= writer.change(layout.pending, page, PENDING_PAGE).remove(at);
      return;
    }
  }
  append(writer, layout, PendingEntry.of(rowId, true, document));
}

function append(writer: PageWriter, layout: TextLayout, entry: PendingEntry): void {
  const counters = writer.changeCounters(layout.pending);
  const { size } = entry;
  const last = counters[TEXT_COUNTERS.PAGES]! - 1;
  if (last >= 0 && writer.page(layout.pending, last, PENDING_PAGE).size + size <= PAGE_BODY) {
    writer.change(layout.pending, last, PENDING_PAGE).add(entry);
  } else {
    const page = new PendingPage([], 0);
    page.add(entry);
    writer.put(layout.pending, last + 1, PENDING_PAGE, page);
    counters[TEXT_COUNTERS.PAGES]!++;
  }
  counters[TEXT_COUNTERS.ENTRIES]!++;
  counters[TEXT_COUNTERS.BYTES]! += size;
}

/** Merges the list when it is longer than it may be. */
export function keepWithin({ entries, bytes }: Bound, writer: PageWriter, layout: TextLayout): void {
  const counters = layout.counters(writer);
  if (counters[TEXT_COUNTERS.ENTRIES]! > entries || counters[TEXT_COUNTERS.BYTES]! > bytes)
    mergePending(writer, layout);
}

/** Empties the list into the postings. */
export function mergePending(writer: PageWriter, layout: TextLayout): void {
  const entries: PendingEntry[] = [];
  const pages = layout.counters(writer)[TEXT_COUNTERS.PAGES]!;
  for (let page = 0; page < pages; page++) {
    entries.push(...writer.page(layout.pending, page, PENDING_PAGE).entries);
    writer.drop(layout.pending, page);
  }
  const counters = writer.changeCounters(layout.pending);
  invariant(counters[TEXT_COUNTERS.ENTRIES] === entries.length, 'the pending list has another length than counted');
  counters[TEXT_COUNTERS.PAGES] = 0;
  counters[TEXT_COUNTERS.ENTRIES] = 0;
  counters[TEXT_COUNTERS.BYTES] = 0;
  const batch = new TextBatch(layout.fields.length);
  for (const { rowId, removed, document } of entries.sort((a, b) => a.rowId - b.rowId)) {
    if (removed) batch.remove(rowId, document);
    else batch.add(rowId, document);
  }
  mergeBatch(writer, layout, batch);
}

/** The list as queries read it, a view for each page. */
export function pendingViews(reader: PageReader, layout: TextLayout): PendingView[] {
  const pages = layout.counters(reader)[TEXT_COUNTERS.PAGES]!;
  return Array.from({ length: pages }, (_, page) => {
    const found = reader.page(layout.pending, page, PENDING_PAGE);
    const fresh = !found.hasView;
    const view = found.view(layout.fields);
    if (fresh) reader.reweigh(layout.pending, page);
    return view;
  });
}
