// Columns and constraints that come to a table with rows. A new column costs no write of the rows: what they hold in it is said once, in
// its definition.

import type { ColumnDef, IndexDef, TableDef } from '../../catalog/definitions.js';
import { compileClosure } from '../../expr/evaluate.js';
import { kindOf } from '../../index/registry.js';
import type { BoundConstraints, NamedKey } from '../../sql/bound.js';
import { checkFirstRow, checkRows, moveRows } from '../../tables/define.js';
import { buildIndex } from '../../tables/index-build.js';
import { isDirect } from '../../tables/row-ids.js';
import { TABLE_SPACES } from '../../tables/table-code.js';
import { addForeignKey, addUnique, keyIndex } from './create.js';
import type { Definitions } from './definitions.js';
import { followReaders, readersOf, withColumns } from './follow.js';

/** A default that depends on the moment is taken once, for all rows that are there. */
export function addColumn(to: Definitions, table: TableDef, column: ColumnDef, constraints: BoundConstraints): void {
  const readers = readersOf(to, table.name);
  const evaluation = { parameters: [], now: to.now };
  const missing = column.default ? compileClosure(column.default.expr, new Map())([], 0, evaluation) : null;
  const extended: TableDef = { ...table, columns: [...table.columns, { ...column, missing }] };
  checkFirstRow(extended, to.tx);
  to.catalog.putTable(extended);
  addConstraints(to, extended, constraints);
  followReaders(to, readers, { kind: 'new-column', table, name: column.name });
}

/** @throws LightningError CHECK, UNIQUE, NOT_NULL, FOREIGN_KEY when rows that are there break them */
export function addConstraints(to: Definitions, before: TableDef, constraints: BoundConstraints): void {
  const { checks, uniques, primaryKey, primaryName, foreignKeys } = constraints;
  let table: TableDef = { ...before, checks: [...before.checks, ...checks] };
  if (checks.length > 0) {
    checkRows(table, to.tx);
    to.catalog.putTable(table);
  }
  if (primaryName !== undefined) table = addPrimaryKey(to, table, { name: primaryName, columns: primaryKey });
  for (const unique of uniques) table = addUnique(to, table, unique);
  for (const foreignKey of foreignKeys) addForeignKey(to, table.id, foreignKey);
}

function addPrimaryKey(to: Definitions, table: TableDef, key: NamedKey): TableDef {
  const columns = table.columns.map((column, i) => (key.columns.includes(i) ? { ...column, notNull: true } : column));
  const bare: TableDef = { ...withColumns(table, columns), primaryKey: key.columns };
  checkRows(bare, to.tx);
  const index = keyIndex(to, bare, key, 'primary');
  const keyed: TableDef = { ...bare, indexes: [index, ...bare.indexes] };
  if (!isDirect(keyed)) {
    buildIndex(keyed, index, to.tx);
    to.catalog.putTable(keyed);
    return keyed;
  }
  const moved = withNewSpaces(to, keyed);
  moveRows(table, moved, to.tx, (row) => row);
  to.catalog.putTable(moved);
  return moved;
}

/** The table with storage of its own; what it holds is not there yet. */
export function withNewSpaces(to: Definitions, table: TableDef): TableDef {
  const [space, ...spaces] = to.catalog.newSpaces(1 + TABLE_SPACES);
  const indexes = table.indexes.map((index): IndexDef => {
    return { ...index, spaces: to.catalog.newSpaces(kindOf(index.kind).spaces) };
  });
  return { ...table, space: space!, spaces, indexes };
}
