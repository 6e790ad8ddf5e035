// Makes and removes the storage behind definitions: row pages of a table, an index and its first contents.

import type { IndexDef, TableDef } from '../catalog/definitions.js';
import { LightningError } from '../errors.js';
import { kindOf } from '../index/registry.js';
import type { PageWriter } from '../pages/page.js';
import type { Row, Value } from '../values/types.js';
import { encodeKey, formatValue } from '../values/index.js';
import { entriesOf } from './entries.js';
import { codeOf } from './table-code.js';

export function createTable(table: TableDef, writer: PageWriter): void {
  codeOf(table).rows.create(writer, table.space);
  for (const index of table.indexes) kindOf(index.kind).create(index, table, writer);
}

export function dropTable(table: TableDef, writer: PageWriter): void {
  for (const index of table.indexes) dropIndex(index, writer);
  for (const space of [...table.spaces, table.space]) writer.dropSpace(space);
}

export function dropIndex(index: IndexDef, writer: PageWriter): void {
  for (const space of index.spaces) writer.dropSpace(space);
}

/** Creates an index and fills it from the table's rows. */
export function buildIndex(
  table: TableDef,
  index: IndexDef,
  writer: PageWriter,
  progress?: (done: number) => void,
): void {
  const kind = kindOf(index.kind);
  kind.create(index, table, writer);
  const entries = entriesOf(table, index, writer);
  kind
    .maintain(index, table, writer)
    .build(index.unique ? withoutDuplicates(table, index, entries) : entries, progress);
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
          {
            hint: 'remove the duplicates first',
          },
        );
      }
      seen.add(key);
    }
    yield entry;
  }
}

/** Drops an index's contents and builds them anew from the rows. */
export function rebuildIndex(
  table: TableDef,
  index: IndexDef,
  writer: PageWriter,
  progress?: (done: number) => void,
): void {
  dropIndex(index, writer);
  buildIndex(table, index, writer, progress);
}
