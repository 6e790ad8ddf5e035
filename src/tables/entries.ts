// The entries that an index should hold, in row-id order: for builds and for verification.

import type { IndexDef, TableDef } from '../catalog/definitions.js';
import { columnsOf } from '../expr/tree.js';
import type { Entry } from '../index/kind.js';
import type { PageReader } from '../pages/page.js';
import type { Value } from '../values/types.js';
import { codeOf, entryOf } from './table-code.js';

/** Of the rows from row id `from` up to, not including, `to`. */
export function* entriesOf(
  table: TableDef,
  index: IndexDef,
  reader: PageReader,
  from = 0,
  to = Infinity,
): Iterable<Entry> {
  const { rows } = codeOf(table);
  const make = entryOf(table, index);
  const ordinals = [...ordinalsOf(index)];
  // An entry takes its values out of the row: one row, filled in at the columns that the index reads, serves for all.
  const row: Value[] = table.columns.map(() => null);
  for (const { rowIds, columns, count } of rows.scanPages(reader, ordinals, from)) {
    for (let r = 0; r < count; r++) {
      if (rowIds[r]! >= to) return;
      for (let c = 0; c < ordinals.length; c++) row[ordinals[c]!] = columns[c]![r]!;
      const values = make(row);
      if (values) yield { rowId: rowIds[r]!, values };
    }
  }
}

/** The columns that an index reads: in its keys, beside them, and in its predicate. */
function ordinalsOf(index: IndexDef): Set<number> {
  const ordinals = new Set(index.include);
  for (const key of index.keys) columnsOf(key.expr, ordinals);
  if (index.where) columnsOf(index.where.expr, ordinals);
  return ordinals;
}
