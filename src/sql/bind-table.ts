// CREATE TABLE: its columns, and the constraints of columns and table.

import type * as ast from '../../grammar/ast.js';
import type { ColumnDef, StoredExpr } from '../catalog/definitions.js';
import type { ScalarType } from '../values/types.js';
import { elementType } from '../values/types.js';
import { Constraints } from './bind-constraints.js';
import { QueryBinder } from './bind-query.js';
import { definitionBinder, stored } from './bind-stored.js';
import type { CreateTable } from './bound.js';
import type { BindContext } from './context.js';
import { resolveCollation, resolveType } from './types.js';

export function bindCreateTable(context: BindContext, node: ast.CreateTable): CreateTable {
  const name = node.name.text;
  const columns: ColumnDef[] = [];
  for (const column of node.columns) {
    if (columns.some((other) => other.name === column.name.text)) {
      throw context.error(column.name, 'DUPLICATE_NAME', `column "${column.name.text}" is defined twice`);
    }
    columns.push(bindColumnDefinition(context, name, column));
  }
  const constraints = new Constraints(context, { name, columns });
  node.columns.forEach((column, i) => constraints.ofColumn(column, i));
  node.constraints.forEach((constraint) => constraints.ofTable(constraint));
  const bound = constraints.finish();
  const withKeys = columns.map((column, i) => (bound.primaryKey.includes(i) ? { ...column, notNull: true } : column));
  return { kind: 'create-table', name, ifNotExists: node.ifNotExists, columns: withKeys, constraints: bound };
}

/** The table that holds the query's rows; they are inserted afterwards. A column of unknown type is TEXT, as in PostgreSQL. */
export function bindCreateTableAs(context: BindContext, node: ast.CreateTableAs): CreateTable {
  const { output } = new QueryBinder(context).bindQuery(node.query, undefined);
  if (node.columns.length > output.length) {
    const message = `${node.columns.length} column names are given, the query has ${output.length}`;
    throw context.error(node.columns[output.length]!, 'INVALID_DEFINITION', message);
  }
  const columns = output.map(({ id, name: own, type }, i): ColumnDef => {
    const name = node.columns[i]?.text ?? own;
    if (elementType(type)) throw context.unsupported(node.query, `a column ("${name}") of an array type`, 'use JSON');
    const scalar = type === 'null' ? 'text' : (type as ScalarType);
    const collation = context.collations.ofColumn(id) === 'nocase' ? 'nocase' : undefined;
    return { name, type: scalar, notNull: false, maxLength: undefined, collation, default: undefined, missing: null };
  });
  const twice = columns.find(({ name }, i) => columns.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) {
    const message = `the query has two columns "${twice.name}"`;
    throw context.error(node.query, 'DUPLICATE_NAME', message, 'give one an alias');
  }
  const constraints = new Constraints(context, { name: node.name.text, columns }).finish();
  return { kind: 'create-table', name: node.name.text, ifNotExists: node.ifNotExists, columns, constraints };
}

/** A column without its constraints, but for NOT NULL and DEFAULT. */
export function bindColumnDefinition(context: BindContext, table: string, node: ast.ColumnDefinition): ColumnDef {
  const { type, array, maxLength } = resolveType(context.text, node.type);
  if (array) throw context.unsupported(node.type, 'a column of an array type', 'use JSON, or a table of its own');
  const has = (kind: ast.ColumnConstraint['kind']) => node.constraints.some((constraint) => constraint.kind === kind);
  if (has('null') && has('not-null')) {
    throw context.error(node, 'INVALID_DEFINITION', `column "${node.name.text}" is both NULL and NOT NULL`);
  }
  const [defaulted, second] = node.constraints.filter((constraint) => constraint.kind === 'default');
  if (second) throw context.error(second, 'INVALID_DEFINITION', 'there is more than one DEFAULT');
  const value = defaulted?.kind === 'default' ? bindDefault(context, table, defaulted.expression, type) : undefined;
  const collation = bindCollation(context, node.collate, node.name, type);
  return { name: node.name.text, type, notNull: has('not-null'), maxLength, collation, default: value, missing: null };
}

/** The collation of a column of this type, `binary` where none is written. */
export function bindCollation(
  context: BindContext,
  node: ast.ColumnCollation | undefined,
  column: ast.Name,
  type: ScalarType,
): 'nocase' | undefined {
  if (node === undefined) return undefined;
  const collation = resolveCollation(context.text, node);
  if (type !== 'text') {
    const message = `column "${column.text}" is ${type.toUpperCase()}: only TEXT has a collation`;
    throw context.error(node, 'TYPE_MISMATCH', message);
  }
  return collation === 'nocase' ? 'nocase' : undefined;
}

export function bindDefault(
  context: BindContext,
  table: string,
  expression: ast.Expr,
  type: ColumnDef['type'],
): StoredExpr {
  const binder = definitionBinder(context, table, [], 'DEFAULT');
  return stored(context, expression, binder.typed(expression, type, true), 'DEFAULT');
}
