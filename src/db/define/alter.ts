// ALTER TABLE: one action, with all that depends on what it changes.

import type { ColumnDef, TableDef } from '../../catalog/definitions.js';
import { LightningError, never } from '../../errors.js';
import type { AlterTable, BoundAlteration } from '../../sql/bound.js';
import { checkRows } from '../../tables/define.js';
import { addColumn, addConstraints } from './alter-add.js';
import { changeType } from './change-type.js';
import type { Definitions } from './definitions.js';
import { dropColumn } from './drop-column.js';
import { dropForeignKey, removeIndex } from './drop.js';
import { followReaders, readersOf, withColumns } from './follow.js';
import { giveUp } from './index-steps.js';

export function alterTable(definitions: Definitions, { table: name, action }: AlterTable): void {
  if (action === undefined) return;
  // An index that is being made is of the table as it was.
  alter(definitions, giveUp(definitions, definitions.requireTable(name)), action);
}

function alter(definitions: Definitions, table: TableDef, action: BoundAlteration): void {
  const { catalog, tx } = definitions;
  switch (action.kind) {
    case 'add-column':
      return addColumn(definitions, table, action.column, action.constraints);
    case 'add-constraints':
      return addConstraints(definitions, table, action.constraints);
    case 'drop-column':
      return dropColumn(definitions, table, action.ordinal, action.cascade);
    case 'drop-constraint':
      return dropConstraint(definitions, table, action.name, action.cascade);
    case 'set-default':
      return catalog.putTable({
        ...table,
        columns: replaced(table, action.ordinal, (column) => ({ ...column, default: action.value })),
      });
    case 'set-not-null': {
      const { notNull } = action;
      const after = withColumns(
        table,
        replaced(table, action.ordinal, (column) => ({ ...column, notNull })),
      );
      if (notNull) checkRows(after, tx);
      return catalog.putTable(after);
    }
    case 'set-type':
      return changeType(definitions, table, action);
    case 'rename-column':
      return renameColumn(definitions, table, action.ordinal, action.to);
    case 'rename-constraint':
      return renameConstraint(definitions, table, action.from, action.to);
    case 'rename-table':
      return renameTable(definitions, table, action.to);
    default:
      return never(action, 'alteration');
  }
}

function replaced(table: TableDef, ordinal: number, by: (column: ColumnDef) => ColumnDef): ColumnDef[] {
  return table.columns.map((column, i) => (i === ordinal ? by(column) : column));
}

function dropConstraint(definitions: Definitions, table: TableDef, name: string, cascade: boolean): void {
  const index = table.indexes.find((each) => each.constraint && each.name === name);
  if (index) return removeIndex(definitions, table.id, index, cascade);
  if (table.foreignKeys.some((each) => each.name === name)) return dropForeignKey(definitions, table.id, name);
  definitions.catalog.putTable({ ...table, checks: table.checks.filter((check) => check.name !== name) });
}

function renameColumn(definitions: Definitions, table: TableDef, ordinal: number, to: string): void {
  const readers = readersOf(definitions, table.name);
  const from = table.columns[ordinal]!.name;
  const columns = replaced(table, ordinal, (column) => ({ ...column, name: to }));
  definitions.catalog.putTable(withColumns(table, columns, (old) => old, { column: { from, to } }));
  followReaders(definitions, readers, { kind: 'column', table, ordinal, to });
}

function renameConstraint(definitions: Definitions, table: TableDef, from: string, to: string): void {
  const named = <T extends { readonly name: string }>(each: T): T =>
    each.name === from ? { ...each, name: to } : each;
  if (table.indexes.some((index) => index.constraint && index.name === from)) definitions.free(to, 'index');
  definitions.catalog.putTable({
    ...table,
    checks: table.checks.map(named),
    foreignKeys: table.foreignKeys.map(named),
    indexes: table.indexes.map((index) => (index.constraint ? named(index) : index)),
  });
}

function renameTable(definitions: Definitions, table: TableDef, to: string): void {
  if (to === table.name) throw new LightningError('ALREADY_EXISTS', `the table is named "${to}" already`);
  definitions.free(to, 'table');
  const readers = readersOf(definitions, table.name);
  const { name: from, columns } = table;
  const renamed = withColumns({ ...table, name: to }, columns, (old) => old, { table: { from, to } });
  definitions.catalog.renameTable(renamed, from);
  followReaders(definitions, readers, { kind: 'relation', from, to });
}
