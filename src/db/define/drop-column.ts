// DROP COLUMN: its indexes and constraints go with it; what other tables and views have of it needs CASCADE (PostgreSQL's rules). The rows
// are written anew, under their ids.

import type { IndexDef, TableDef } from '../../catalog/definitions.js';
import { dropStatistics } from '../../catalog/stored-statistics.js';
import * as build from '../../expr/build.js';
import { rewriteRows } from '../../tables/define.js';
import { TABLE_SPACES } from '../../tables/table-code.js';
import type { Definitions, Reader } from './definitions.js';
import { readBy } from './definitions.js';
import { dropForeignKey, dropViewAndReaders, removeIndex } from './drop.js';
import { readersOf, withColumns } from './follow.js';

export function dropColumn(from: Definitions, before: TableDef, ordinal: number, cascade: boolean): void {
  for (const reader of readersOf(from, before.name)) {
    if (!readsColumn(reader, before, ordinal)) continue;
    if (!cascade) throw readBy(reader.view, `column "${before.columns[ordinal]!.name}" of "${before.name}"`);
    dropViewAndReaders(from, reader.view.name);
  }
  for (const index of before.indexes) {
    if (indexReads(index, ordinal)) removeIndex(from, before.id, index, cascade);
  }
  for (const { name, columns } of before.foreignKeys) {
    if (columns.includes(ordinal)) dropForeignKey(from, before.id, name);
  }
  const table = from.catalog.tableOf(before.id);
  const checks = table.checks.filter((check) => !build.columnsOf(check.predicate.expr).has(ordinal));
  const columns = table.columns.filter((_, i) => i !== ordinal);
  const [space, ...spaces] = from.catalog.newSpaces(1 + TABLE_SPACES);
  const after: TableDef = {
    ...withColumns({ ...table, checks }, columns, (old) => (old > ordinal ? old - 1 : old)),
    ...{ space: space!, spaces },
  };
  const written: TableDef = { ...after, columns: after.columns.map((column) => ({ ...column, missing: null })) };
  rewriteRows(table, written, from.tx, (row) => row.filter((_, i) => i !== ordinal));
  dropStatistics(from.tx, table);
  from.catalog.putTable(written);
}

/** A view that cannot be bound is taken to read every column of what it names. */
export function readsColumn({ traced }: Reader, table: TableDef, ordinal: number): boolean {
  if (traced === undefined) return true;
  return [...traced.trace.reads()].some((column) => column.table?.id === table.id && column.ordinal === ordinal);
}

export function indexReads({ keys, include, where }: IndexDef, ordinal: number): boolean {
  const exprs = [...keys.map((key) => key.expr), ...(where ? [where.expr] : [])];
  return include.includes(ordinal) || exprs.some((expr) => build.columnsOf(expr).has(ordinal));
}
