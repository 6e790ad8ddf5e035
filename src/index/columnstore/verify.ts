// Compares a columnstore with the entries that it should hold, and its zones, rows and counters with its vectors.

import { CHUNK_LIST, LIVE_ROWS } from '../../pages/live-rows.js';
import type { PageReader } from '../../pages/page.js';
import { hasBit, valueAt } from '../../values/column-vector.js';
import type { ColumnVector } from '../../values/column-vector.js';
import type { Value } from '../../values/types.js';
import type { Entry, VerifyProblem } from '../kind.js';
import { Problems } from '../verify-entries.js';
import type { ColumnChunk } from './chunk.js';
import { COLUMN_COUNTERS } from './layout.js';
import type { ColumnLayout } from './layout.js';
import { ColumnstoreReader } from './reader.js';
import { zoneOf } from './zone-page.js';

/** @param entries in row-id order */
export function verifyColumnstore(layout: ColumnLayout, reader: PageReader, entries: Iterable<Entry>): VerifyProblem[] {
  const problems = new Problems();
  verifyStructure(layout, reader, problems);
  const expected = entries[Symbol.iterator]();
  let next = expected.next();
  let count = 0;
  const missingBefore = (rowId: number) => {
    while (next.done !== true && next.value.rowId < rowId) {
      problems.add(`row ${next.value.rowId} is missing`);
      next = expected.next();
    }
  };
  for (const chunk of new ColumnstoreReader(layout, reader).columns().chunks()) {
    const vectors = layout.types.map((_, column) => chunk.column(column));
    if (chunk.exact) verifyZones(layout, chunk, vectors, problems);
    for (let slot = 0; slot < chunk.length; slot++) {
      if (chunk.present !== undefined && !hasBit(chunk.present, slot)) continue;
      const rowId = chunk.first + slot;
      count++;
      missingBefore(rowId);
      if (next.done === true || next.value.rowId !== rowId) {
        problems.add(`there are values of row ${rowId}, which the index should not hold`);
        continue;
      }
      const { values } = next.value;
      if (vectors.some((vector, c) => !Object.is(valueAt(vector, slot), values[c]!))) {
        problems.add(`row ${rowId} has other values than in the table`);
      }
      next = expected.next();
    }
  }
  missingBefore(Infinity);
  const counted = layout.counters(reader)[COLUMN_COUNTERS.ENTRIES];
  if (counted !== count) problems.add(`counts ${counted} entries where there are ${count}`);
  return problems.finish();
}

function verifyZones(
  layout: ColumnLayout,
  chunk: ColumnChunk,
  vectors: readonly ColumnVector[],
  problems: Problems,
): void {
  const name = `the chunk from row ${chunk.first} on`;
  let rows = chunk.length;
  if (chunk.present !== undefined) {
    rows = 0;
    for (let slot = 0; slot < chunk.length; slot++) rows += Number(hasBit(chunk.present, slot));
  }
  if (rows !== chunk.rows) problems.add(`${name} counts ${chunk.rows} rows where there are ${rows}`);
  vectors.forEach((vector, c) => {
    const slots = vector.kind === 'codes' ? vector.codes.length : vector.values.length;
    if (slots !== chunk.length) {
      problems.add(`column ${c} of ${name} has ${slots} slots instead of ${chunk.length}`);
      return;
    }
    const values = Array.from({ length: slots }, (_, slot): Value | undefined =>
      chunk.present === undefined || hasBit(chunk.present, slot) ? valueAt(vector, slot) : undefined,
    );
    const [found, wanted] = [chunk.zone(c), zoneOf(layout.types[c]!, values)];
    if (
      (['nulls', 'low', 'high', 'sum'] as const).some(
        (part) => found[part] !== wanted[part] && !bothNaN(found[part], wanted[part]),
      )
    ) {
      problems.add(`the zone of column ${c} of ${name} is not that of its values`);
    }
  });
}

function bothNaN(a: unknown, b: unknown): boolean {
  return Number.isNaN(a) && Number.isNaN(b);
}

function verifyStructure(layout: ColumnLayout, reader: PageReader, problems: Problems): void {
  const counters = layout.counters(reader);
  let [entries, removed, bytes] = [0, 0, 0];
  const seen = new Set<number>();
  for (let number = 0; number < counters[COLUMN_COUNTERS.PENDING_PAGES]!; number++) {
    const page = reader.page(layout.pending, number, layout.pendingPage);
    page.rowIds.forEach((rowId, i) => {
      if (seen.has(rowId)) problems.add(`row ${rowId} is pending twice`);
      seen.add(rowId);
      entries++;
      removed += Number(page.rows[i] === undefined);
      bytes += page.sizes[i]!;
    });
  }
  const told = [COLUMN_COUNTERS.PENDING, COLUMN_COUNTERS.REMOVED, COLUMN_COUNTERS.PENDING_BYTES];
  if ([entries, removed, bytes].some((number, i) => counters[told[i]!] !== number)) {
    problems.add('the pending rows are others than counted');
  }
  const list = reader.page(layout.rows, CHUNK_LIST, LIVE_ROWS);
  let pages = 0;
  for (const group of list.ids()) {
    const rows = layout.group(reader, group)!;
    const zones = reader.page(layout.zones, group, layout.zonePage);
    pages += 2 + layout.types.length * zones.filter((chunk) => chunk !== undefined).length;
    const zoned = zones.reduce((sum, chunk) => sum + (chunk?.rows ?? 0), 0);
    if (zoned !== rows.count) problems.add(`the zones of group ${group} count ${zoned} rows, its bits ${rows.count}`);
  }
  if (counters[COLUMN_COUNTERS.PAGES] !== pages)
    problems.add(`counts ${counters[COLUMN_COUNTERS.PAGES]} pages where there are ${pages}`);
}
