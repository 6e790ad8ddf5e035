// Rows written out: VALUES, and the one row of a query without tables.

import type { Expr } from '../../expr/expression.js';
import type { LogicalPlan, OutputColumn, Values } from '../logical.js';
import type { Coercion } from './coercion.js';

/** One row without columns: what a query without FROM reads. */
export function singleRow(): LogicalPlan {
  return { kind: 'values', columns: [], rows: [[]] };
}

/** Rows of one length, at least one; each column has the type that its values have in common. */
export function valuesOf<Place>(coercion: Coercion<Place>, given: readonly (readonly Expr[])[], place: Place): Values {
  const { context } = coercion;
  const columns: OutputColumn[] = [];
  const rows: Expr[][] = given.map(() => []);
  for (let i = 0; i < given[0]!.length; i++) {
    const items = given.map((row) => row[i]!);
    const { exprs, type } = coercion.unify(items, `column ${i + 1} of VALUES`, place);
    exprs.forEach((expr, r) => rows[r]!.push(coercion.settle(expr)));
    const column = context.newColumn(`column${i + 1}`, type, true);
    if (items.some((item) => context.collations.isNocase(item)))
      context.collations.stored(column.id, { collation: 'nocase' });
    columns.push(column);
  }
  return { kind: 'values', columns, rows };
}
