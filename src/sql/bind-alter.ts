// ALTER TABLE, one action at a time: each is bound to the table that the actions before it have left.

import type * as ast from '../../grammar/ast.js';
import type { TableDef } from '../catalog/definitions.js';
import { constraintNames } from '../catalog/keys.js';
import { never } from '../errors.js';
import * as build from '../expr/build.js';
import { suggestion } from '../text/suggestion.js';
import { Constraints } from './bind-constraints.js';
import { ordinalOf } from './bind-dml.js';
import { requireTable } from './bind-from.js';
import { definitionBinder } from './bind-stored.js';
import { bindCollation, bindColumnDefinition, bindDefault } from './bind-table.js';
import type { AlterTable, BoundAlteration } from './bound.js';
import type { BindContext } from './context.js';
import { resolveType } from './types.js';

/** PostgreSQL's order of passes: what is dropped goes first, then types change, columns come, and constraints over all of them. */
const PASSES: readonly (readonly string[])[] = [
  ['drop-column', 'drop-constraint', 'drop-default', 'drop-not-null'],
  ['set-type'],
  ['add-column'],
  ['set-default', 'set-not-null'],
  ['add-constraint', 'rename-column', 'rename-constraint', 'rename-table'],
];

/** The statement as statements of one action each, in the order in which they are to be carried out. */
export function alterSteps(statement: ast.AlterTable): ast.AlterTable[] {
  const passOf = (action: ast.AlterAction) => {
    const kind = action.kind === 'alter-column' ? action.change.kind : action.kind;
    return PASSES.findIndex((pass) => pass.includes(kind));
  };
  const inOrder = statement.actions.toSorted((a, b) => passOf(a) - passOf(b));
  return inOrder.map((action) => ({ ...statement, actions: [action] }));
}

/** Binds the first action: see `alterSteps`. */
export function bindAlterTable(context: BindContext, node: ast.AlterTable): AlterTable {
  const name = node.table.text;
  if (node.ifExists && !context.catalog.table(name) && !context.catalog.view(name)) {
    return { kind: 'alter-table', table: name, action: undefined };
  }
  const table = requireTable(context, node.table);
  return { kind: 'alter-table', table: name, action: bindAction(context, table, node.actions[0]!) };
}

function bindAction(context: BindContext, table: TableDef, node: ast.AlterAction): BoundAlteration | undefined {
  switch (node.kind) {
    case 'add-column':
      return addColumn(context, table, node);
    case 'add-constraint': {
      const constraints = new Constraints(context, table);
      constraints.ofTable(node.constraint);
      return { kind: 'add-constraints', constraints: constraints.finish() };
    }
    case 'drop-column': {
      const { name, cascade } = node;
      if (node.ifExists && !table.columns.some((column) => column.name === name.text)) return undefined;
      const ordinal = ordinalOf(context, table, name);
      if (table.columns.length > 1) return { kind: 'drop-column', ordinal, cascade };
      const message = `"${name.text}" is the only column of "${table.name}"`;
      throw context.error(name, 'INVALID_DEFINITION', message, 'drop the table');
    }
    case 'drop-constraint': {
      const { name, cascade } = node;
      if (node.ifExists && !constraintNames(table).includes(name.text)) return undefined;
      return { kind: 'drop-constraint', name: requireConstraint(context, table, name), cascade };
    }
    case 'alter-column':
      return alterColumn(context, table, ordinalOf(context, table, node.column), node);
    case 'rename-column': {
      const ordinal = ordinalOf(context, table, node.name);
      refuseColumn(context, table, node.to);
      return { kind: 'rename-column', ordinal, to: node.to.text };
    }
    case 'rename-constraint': {
      const from = requireConstraint(context, table, node.name);
      if (constraintNames(table).includes(node.to.text)) {
        const message = `there is a constraint "${node.to.text}" in "${table.name}" already`;
        throw context.error(node.to, 'DUPLICATE_NAME', message, 'choose another name');
      }
      return { kind: 'rename-constraint', from, to: node.to.text };
    }
    case 'rename-table':
      return { kind: 'rename-table', to: node.to.text };
    default:
      return never(node, 'alteration');
  }
}

function refuseColumn(context: BindContext, table: TableDef, name: ast.Name): void {
  if (!table.columns.some((column) => column.name === name.text)) return;
  const message = `there is a column "${name.text}" in "${table.name}" already`;
  throw context.error(name, 'DUPLICATE_NAME', message, 'choose another name');
}

function requireConstraint(context: BindContext, table: TableDef, name: ast.Name): string {
  const names = constraintNames(table);
  if (names.includes(name.text)) return name.text;
  const message = `there is no constraint "${name.text}" in "${table.name}"`;
  throw context.error(name, 'UNKNOWN_CONSTRAINT', message, suggestion(name.text, names, 'its constraints'));
}

function addColumn(
  context: BindContext,
  table: TableDef,
  node: Extract<ast.AlterAction, { kind: 'add-column' }>,
): BoundAlteration | undefined {
  if (node.ifNotExists && table.columns.some((column) => column.name === node.column.name.text)) return undefined;
  refuseColumn(context, table, node.column.name);
  const column = bindColumnDefinition(context, table.name, node.column);
  const columns = [...table.columns, column];
  const constraints = new Constraints(context, { ...table, columns });
  constraints.ofColumn(node.column, table.columns.length);
  return { kind: 'add-column', column, constraints: constraints.finish() };
}

function alterColumn(
  context: BindContext,
  table: TableDef,
  ordinal: number,
  { column, change }: Extract<ast.AlterAction, { kind: 'alter-column' }>,
): BoundAlteration {
  const definition = table.columns[ordinal]!;
  switch (change.kind) {
    case 'set-default':
      return {
        kind: 'set-default',
        ordinal,
        value: bindDefault(context, table.name, change.expression, definition.type),
      };
    case 'drop-default':
      return { kind: 'set-default', ordinal, value: undefined };
    case 'set-not-null':
      return { kind: 'set-not-null', ordinal, notNull: true };
    case 'drop-not-null':
      if (!table.primaryKey.includes(ordinal)) return { kind: 'set-not-null', ordinal, notNull: false };
      throw context.error(column, 'INVALID_DEFINITION', `column "${column.text}" is part of the primary key`);
    case 'set-type': {
      const { type, array, maxLength } = resolveType(context.text, change.type);
      if (array) throw context.unsupported(change.type, 'a column of an array type', 'use JSON, or a table of its own');
      const binder = definitionBinder(context, table.name, table.columns, 'USING');
      const source: ast.Expr = change.using ?? { kind: 'column', table: undefined, name: column, ...spanOf(column) };
      const value = binder.typed(source, type, true);
      if (build.parametersOf(value).size > 0) throw context.error(column, 'PARAMETER', 'USING cannot hold parameters');
      const collation = bindCollation(context, change.collate, column, type);
      return { kind: 'set-type', ordinal, type, maxLength, collation, value };
    }
    default:
      return never(change, 'change of a column');
  }
}

function spanOf({ offset, length }: ast.Span): ast.Span {
  return { offset, length };
}
