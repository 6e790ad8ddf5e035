// What goes, and what goes with it: CASCADE takes what depends on it along, otherwise it stays.

import type { IndexDef, TableDef } from '../../catalog/definitions.js';
import { dropStatistics } from '../../catalog/stored-statistics.js';
import { dropIndex, dropTable } from '../../tables/define.js';
import type { Definitions, What } from './definitions.js';
import { dependent, readBy } from './definitions.js';
import { giveUp } from './index-steps.js';

export interface Dropping {
  readonly what: What;
  readonly names: readonly string[];
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

export function drop(from: Definitions, { what, names, ifExists, cascade }: Dropping): void {
  const there = names.filter((name) => {
    const found =
      what === 'table'
        ? from.catalog.table(name)
        : what === 'view'
          ? from.catalog.view(name)
          : (from.findIndex(name) ?? from.findBuild(name));
    if (found === undefined && !ifExists) throw from.absent(what, name);
    return found !== undefined;
  });
  if (what === 'index') return there.forEach((name) => dropNamedIndex(from, name, cascade));
  dropReaders(from, there, cascade, there);
  if (what === 'view') return there.forEach((name) => from.catalog.dropView(name));
  const ids = there.map((name) => from.catalog.table(name)!.id);
  for (const id of ids) dropReferencesTo(from, id, cascade, ids);
  // Once more a name may stand in the list.
  for (const id of new Set(ids)) removeTable(from, from.catalog.tableOf(id));
}

function removeTable(from: Definitions, table: TableDef): void {
  for (const foreignKey of table.foreignKeys) dropForeignKey(from, table.id, foreignKey.name);
  dropTable(table, from.tx);
  dropStatistics(from.tx, table);
  from.catalog.dropTable(table);
}

/**
 * Drops the views that read these tables and views, and those that read them in turn.
 * @param going names that are dropped anyway
 */
function dropReaders(from: Definitions, names: readonly string[], cascade: boolean, going: readonly string[]): void {
  for (const { view, read } of [...from.readers(names)]) {
    if (going.includes(view.name)) continue;
    if (!cascade) throw readBy(view, `"${read}"`);
    dropViewAndReaders(from, view.name);
  }
}

/** As DROP VIEW CASCADE. */
export function dropViewAndReaders(from: Definitions, name: string): void {
  if (from.catalog.view(name) === undefined) return;
  dropReaders(from, [name], true, [name]);
  from.catalog.dropView(name);
}

/** The foreign keys of other tables than those in `going` that name the table, or one of its keys. */
export function dropReferencesTo(
  from: Definitions,
  id: number,
  cascade: boolean,
  going: readonly number[],
  key?: IndexDef,
): void {
  const parent = from.catalog.tableOf(id);
  for (const childId of parent.referencedBy) {
    if (going.includes(childId)) continue;
    const child = from.catalog.tableOf(childId);
    for (const { name, parent: named, key: index } of child.foreignKeys) {
      if (named !== id || (key !== undefined && key.id !== index)) continue;
      if (cascade) dropForeignKey(from, childId, name);
      else {
        const what = key === undefined ? `"${parent.name}"` : `the key "${key.name}" of "${parent.name}"`;
        const hint = `ALTER TABLE ${child.name} DROP CONSTRAINT ${name} first, or write CASCADE`;
        throw dependent(`the foreign key "${name}" of "${child.name}" names ${what}`, hint);
      }
    }
  }
}

export function dropForeignKey(from: Definitions, childId: number, name: string): void {
  const child = from.catalog.tableOf(childId);
  const dropped = child.foreignKeys.find((foreignKey) => foreignKey.name === name)!;
  const foreignKeys = child.foreignKeys.filter((foreignKey) => foreignKey !== dropped);
  from.catalog.putTable({ ...child, foreignKeys });
  if (foreignKeys.some((foreignKey) => foreignKey.parent === dropped.parent)) return;
  const parent = from.catalog.tableOf(dropped.parent);
  from.catalog.putTable({ ...parent, referencedBy: parent.referencedBy.filter((id) => id !== childId) });
}

function dropNamedIndex(from: Definitions, name: string, cascade: boolean): void {
  const found = from.findIndex(name);
  if (found === undefined) {
    const begun = from.findBuild(name);
    if (begun) giveUp(from, begun.table, (build) => build === begun.build);
    return;
  }
  const { table, index } = found;
  if (index.constraint) {
    const hint = `ALTER TABLE ${table.name} DROP CONSTRAINT ${index.name}`;
    throw dependent(`"${index.name}" belongs to a constraint of "${table.name}"`, hint);
  }
  removeIndex(from, table.id, index, cascade);
}

/** The index with the foreign keys that name it. */
export function removeIndex(from: Definitions, tableId: number, index: IndexDef, cascade: boolean): void {
  dropReferencesTo(from, tableId, cascade, [], index);
  dropIndex(index, from.tx);
  const table = giveUp(from, from.catalog.tableOf(tableId), (build) => build.index.id === index.id);
  const indexes = table.indexes.filter((other) => other.id !== index.id);
  from.catalog.putTable({ ...table, indexes, primaryKey: index.constraint === 'primary' ? [] : table.primaryKey });
}
