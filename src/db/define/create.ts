// CREATE TABLE, CREATE INDEX, CREATE VIEW, and the constraints that a table is given at any time.

import type { ForeignKeyDef, IndexDef, TableDef } from '../../catalog/definitions.js';
import { columnKey, uniqueKeys } from '../../catalog/keys.js';
import { invariant } from '../../errors.js';
import { chooseShift } from '../../pages/index.js';
import type { BoundForeignKey, CreateTable, CreateView, NamedKey } from '../../sql/bound.js';
import { createTable, valuesOf } from '../../tables/define.js';
import { buildIndex } from '../../tables/index-build.js';
import { danglingError, danglingKeys, referenceOf } from '../../tables/references.js';
import { TABLE_SPACES } from '../../tables/table-code.js';
import { rowWidth } from './row-width.js';
import type { Definitions } from './definitions.js';

export function defineTable(to: Definitions, { name, columns, constraints, ifNotExists }: CreateTable): void {
  if (!to.free(name, 'table', ifNotExists)) return;
  const { primaryKey, primaryName, checks } = constraints;
  const id = to.catalog.newId();
  const [space, ...spaces] = to.catalog.newSpaces(1 + TABLE_SPACES);
  const bare: TableDef = {
    ...{ id, name, columns, primaryKey, checks, foreignKeys: [], referencedBy: [], indexes: [], builds: [], spaces },
    space: space!,
    rowPageShift: chooseShift(rowWidth(columns)),
  };
  const keys: IndexDef[] = [];
  if (primaryName !== undefined) keys.push(keyIndex(to, bare, { name: primaryName, columns: primaryKey }, 'primary'));
  for (const unique of constraints.uniques) keys.push(keyIndex(to, bare, unique, 'unique'));
  const table: TableDef = { ...bare, indexes: keys };
  createTable(table, to.tx);
  to.catalog.putTable(table);
  for (const foreignKey of constraints.foreignKeys) addForeignKey(to, id, foreignKey);
}

/** The index of a constraint, without storage. */
export function keyIndex(
  to: Definitions,
  table: TableDef,
  { name, columns }: NamedKey,
  constraint: 'primary' | 'unique',
): IndexDef {
  to.free(name, 'index');
  const keys = columns.map((ordinal) => ({ ...columnKey(table.columns, ordinal), desc: false, nullsFirst: false }));
  const kind = constraint === 'primary' ? 'primary' : 'btree';
  return to.complete(table, {
    ...{ name, table: table.name, kind, keys, include: [], unique: true, where: undefined, options: {}, constraint },
  });
}

/** Adds a UNIQUE constraint to a table that has rows. @throws LightningError UNIQUE */
export function addUnique(to: Definitions, table: TableDef, unique: NamedKey): TableDef {
  const index = keyIndex(to, table, unique, 'unique');
  const extended: TableDef = { ...table, indexes: [...table.indexes, index] };
  buildIndex(extended, index, to.tx, to.watch);
  to.catalog.putTable(extended);
  return extended;
}

/** @throws LightningError FOREIGN_KEY when rows that are there name no parent */
export function addForeignKey(to: Definitions, childId: number, bound: BoundForeignKey): void {
  const parent = to.requireTable(bound.parent);
  const key = uniqueKeys(parent).find(({ columns }) => {
    return columns.length === bound.parentColumns.length && columns.every((each) => bound.parentColumns.includes(each));
  });
  invariant(key !== undefined, `"${parent.name}" has no such key`);
  const { name, onDelete, onUpdate } = bound;
  const columns = key.columns.map((ordinal) => bound.columns[bound.parentColumns.indexOf(ordinal)]!);
  const foreignKey: ForeignKeyDef = { name, columns, parent: parent.id, key: key.index.id, onDelete, onUpdate };
  const before = to.catalog.tableOf(childId);
  to.catalog.putTable({ ...before, foreignKeys: [...before.foreignKeys, foreignKey] });
  const target = to.catalog.tableOf(parent.id);
  if (!target.referencedBy.includes(childId)) {
    to.catalog.putTable({ ...target, referencedBy: [...target.referencedBy, childId] });
  }
  const child = to.catalog.tableOf(childId);
  const reference = referenceOf(child, foreignKey, to.tx);
  for (const values of danglingKeys(reference, to.tx, valuesOf(child, columns, to.tx))) {
    throw danglingError(reference, values);
  }
}

export function defineView(to: Definitions, { name, columns, query, orReplace }: CreateView): void {
  if (!(orReplace && to.catalog.view(name))) to.free(name, 'view');
  to.catalog.putView({ name, columns, query });
}
