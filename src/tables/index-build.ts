// Fills an index from a table's rows, all of them in the caller's transaction: what is given up on the way leaves nothing behind.

import type { IndexDef, TableDef } from '../catalog/definitions.js';
import { LightningError } from '../errors.js';
import type { Entry } from '../index/kind.js';
import { kindOf } from '../index/registry.js';
import type { PageWriter } from '../pages/page.js';
import { ROW_COUNTERS } from '../pages/row-pages.js';
import type { Row, Value } from '../values/types.js';
import { encodeKey, formatValue } from '../values/index.js';
import { dropIndex } from './define.js';
import { entriesOf } from './entries.js';

/** How far a build has come: rows read and their keys gathered, then entries written. */
export interface BuildStep {
  readonly index: IndexDef;
  readonly phase: 'reading' | 'writing';
  readonly rows: number;
  /** Rows of the table, then entries of the index. */
  readonly total: number;
}

/** Hears of a build every few thousand rows; it may throw to give it up. */
export type WatchBuild = (step: BuildStep) => void;

const REPORT = 1_024;

/** Creates an index and fills it from the table's rows. */
export function buildIndex(table: TableDef, index: IndexDef, writer: PageWriter, watch?: WatchBuild): void {
  const kind = kindOf(index.kind);
  kind.create(index, table, writer);
  const all = entriesOf(table, index, writer);
  const entries = index.unique ? withoutDuplicates(table, index, all) : all;
  const maintained = kind.maintain(index, table, writer);
  if (watch === undefined) return maintained.build(entries);
  const rows = writer.counters(table.space)?.[ROW_COUNTERS.ROWS] ?? 0;
  const step = { index, total: rows };
  let read = 0;
  let phase: BuildStep['phase'] = 'reading';
  function* reading(): Generator<Entry> {
    for (const entry of entries) {
      if (read++ % REPORT === 0) watch!({ ...step, phase, rows: read - 1 });
      yield entry;
    }
    phase = 'writing';
    watch!({ ...step, phase, rows: 0, total: read });
  }
  // What a kind tells while it is still reading is known here already.
  maintained.build(reading(), (done) => {
    if (phase === 'writing') watch({ ...step, phase, rows: Math.min(done, read), total: read });
  });
}

/** Passes entries on until two have the same key. */
function* withoutDuplicates<E extends { readonly values: Row }>(
  table: TableDef,
  index: IndexDef,
  entries: Iterable<E>,
): Iterable<E> {
  const seen = new Set<string>();
  for (const entry of entries) {
    const keys: Value[] = entry.values.slice(0, index.keys.length);
    if (!keys.includes(null)) {
      const key = Buffer.from(encodeKey(keys, index.keys)).toString('latin1');
      if (seen.has(key)) {
        const names = index.keys.map((each) => each.text).join(', ');
        const shown = keys.map((value, i) => formatValue(value, index.keys[i]!.type)).join(', ');
        throw new LightningError(
          'UNIQUE',
          `"${index.name}" cannot be unique: (${names}) = (${shown}) is in "${table.name}" twice`,
          { hint: 'remove the duplicates first' },
        );
      }
      seen.add(key);
    }
    yield entry;
  }
}

/** Drops an index's contents and builds them anew from the rows. */
export function rebuildIndex(table: TableDef, index: IndexDef, writer: PageWriter, watch?: WatchBuild): void {
  dropIndex(index, writer);
  buildIndex(table, index, writer, watch);
}
