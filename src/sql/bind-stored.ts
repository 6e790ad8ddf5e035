// Expressions that definitions keep: bound over the ordinals of one table, with the text they came from.

import type * as ast from '../../grammar/ast.js';
import type { ColumnDef, StoredExpr } from '../catalog/definitions.js';
import * as build from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import { definitionColumn } from '../expr/expression.js';
import { ExpressionBinder } from './bind-expression.js';
import type { BindContext } from './context.js';
import type { Relation } from './scope.js';
import { Scope } from './scope.js';

/** A binder over a table's own columns, by ordinal: no sub-queries, no parameters of other places. */
export function definitionBinder(
  context: BindContext,
  name: string,
  columns: readonly ColumnDef[],
  clause: string,
): ExpressionBinder {
  const relation: Relation = {
    name,
    columns: columns.map((column, i) => definitionColumn(i, column.name, column.type, !column.notNull)),
    table: undefined,
    merged: new Set(),
  };
  columns.forEach((column, i) => context.collations.stored(i, column));
  return new ExpressionBinder(context, { scope: new Scope([relation], undefined), clause });
}

function slice(context: BindContext, span: ast.Span): string {
  return context.text.slice(span.offset, span.offset + span.length).trim();
}

/** The expression with its text. */
export function stored(context: BindContext, node: ast.Expr, expr: Expr, clause: string): StoredExpr {
  if (build.parametersOf(expr).size > 0)
    throw context.error(node, 'PARAMETER', `${clause} cannot hold parameters`, 'write the value');
  return { text: slice(context, node), expr: bare(expr) };
}

/** Definitions name columns without their table. */
function bare(expr: Expr): Expr {
  return build.substitute(expr, (column) => ({ ...column, name: column.name.slice(column.name.lastIndexOf('.') + 1) }));
}
