// Makes and removes the storage behind definitions: row pages of a table, an index and its first contents.

import type { IndexBuild, IndexDef, TableDef } from '../catalog/definitions.js';
import { kindOf } from '../index/registry.js';
import type { PageReader, PageWriter } from '../pages/page.js';
import type { Row } from '../values/types.js';
import { checkRow } from './constraints.js';
import { NEXT_KEY, NEXT_MAPPED } from './row-ids.js';
import { codeOf } from './table-code.js';
import { TableWriter } from './table-writer.js';

export function createTable(table: TableDef, writer: PageWriter): void {
  codeOf(table).rows.create(writer, table.space);
  for (const index of table.indexes) kindOf(index.kind).create(index, table, writer);
  for (const build of table.builds) createBuild(table, build, writer);
}

export function dropTable(table: TableDef, writer: PageWriter): void {
  for (const index of table.indexes) dropIndex(index, writer);
  for (const build of table.builds) dropBuild(build, writer);
  for (const space of [...table.spaces, table.space]) writer.dropSpace(space);
}

/** Removes all rows at once. @param restart whether keys that are left out are numbered from 1 again */
export function truncateTable(table: TableDef, writer: PageWriter, restart: boolean): void {
  const next = writer.counters(table.space)![NEXT_KEY]!;
  dropTable(table, writer);
  createTable(table, writer);
  if (!restart) writer.changeCounters(table.space)[NEXT_KEY] = next;
}

/**
 * Writes the rows of `before` as those of `after`, whose spaces for rows are new; ids stay, and so what indexes say of them.
 * @param convert the new row; both tables have the same primary key
 */
export function rewriteRows(before: TableDef, after: TableDef, writer: PageWriter, convert: (row: Row) => Row): void {
  const [from, to] = [codeOf(before), codeOf(after)];
  to.rows.create(writer, after.space);
  for (const rowId of rowIdsOf(before, writer)) {
    const row = convert(from.rows.read(writer, rowId)!);
    checkRow(after, to, row);
    to.rows.insert(writer, rowId, row);
    writer.relieve();
  }
  const counters = writer.changeCounters(after.space);
  for (const own of [NEXT_KEY, NEXT_MAPPED]) counters[own] = writer.counters(before.space)![own]!;
  for (const space of [...before.spaces, before.space]) writer.dropSpace(space);
}

/** As `rewriteRows`, where the primary key decides anew where rows lie: all storage of `after` is new. */
export function moveRows(before: TableDef, after: TableDef, writer: PageWriter, convert: (row: Row) => Row): void {
  createTable(after, writer);
  const target = new TableWriter(after, writer).postpone();
  for (const rowId of rowIdsOf(before, writer)) target.insert(convert(codeOf(before).rows.read(writer, rowId)!));
  target.settle();
  dropTable(before, writer);
}

function* rowIdsOf(table: TableDef, writer: PageWriter): Generator<number> {
  for (const { rowIds, count } of codeOf(table).rows.scanPages(writer, [])) yield* rowIds.slice(0, count);
}

/** Judges every row that is there by the table's definition. @throws LightningError NOT_NULL, CHECK, VALUE_TOO_LONG */
export function checkRows(table: TableDef, reader: PageReader): void {
  for (const row of wholeRows(table, reader)) checkRow(table, codeOf(table), row);
}

/** As `checkRows`, where all rows are alike in what is to be judged. */
export function checkFirstRow(table: TableDef, reader: PageReader): void {
  for (const row of wholeRows(table, reader)) return checkRow(table, codeOf(table), row);
}

function wholeRows(table: TableDef, reader: PageReader): Generator<Row> {
  return valuesOf(
    table,
    table.columns.map((_, ordinal) => ordinal),
    reader,
  );
}

/** Values of some columns, row by row. */
export function* valuesOf(table: TableDef, columns: readonly number[], reader: PageReader): Generator<Row> {
  for (const batch of codeOf(table).rows.scanPages(reader, columns)) {
    for (let r = 0; r < batch.count; r++) yield batch.columns.map((column) => column[r]!);
  }
}

export function dropIndex(index: IndexDef, writer: PageWriter): void {
  for (const space of index.spaces) writer.dropSpace(space);
}

/** The storage of an index that will be filled in steps, with no row read. */
export function createBuild(table: TableDef, { index, progress }: IndexBuild, writer: PageWriter): void {
  kindOf(index.kind).create(index, table, writer);
  writer.createCounters(progress, table.space);
}

export function dropBuild({ index, progress }: IndexBuild, writer: PageWriter): void {
  dropIndex(index, writer);
  writer.dropSpace(progress);
}
