// Queries inside expressions: their plans stand in the table of sub-queries, the values they read of the query around are handed in.

import * as build from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { ScalarType } from '../../values/types.js';
import type { LogicalPlan, OutputColumn } from '../logical.js';
import type { Coercion } from './coercion.js';
import type { BindingContext } from './context.js';
import type { Correlations, Scope } from './scope.js';
import { columnExpr } from './scope.js';

export interface BoundSubquery {
  readonly id: number;
  /** Values of the query around, for the slots. */
  readonly args: readonly Expr[];
  readonly slots: readonly number[];
  readonly output: readonly OutputColumn[];
}

export interface InnerQuery {
  readonly plan: LogicalPlan;
  readonly output: readonly OutputColumn[];
  /** What it reads of queries around. */
  readonly correlations: Correlations;
}

export function addSubquery<Place>(context: BindingContext<Place>, scope: Scope, inner: InnerQuery): BoundSubquery {
  const id = context.subqueries.push(inner.plan) - 1;
  const args: Expr[] = [];
  const slots: number[] = [];
  for (const { column, slot } of inner.correlations.values()) {
    // A column of this very query is read; one of a query further out is already in its slot, and handed on for the record.
    const through = scope.correlations.get(column.id);
    args.push(through ? build.parameter(through.slot, column.type) : columnExpr(column));
    slots.push(slot);
  }
  return { id, args, slots, output: inner.output };
}

export function existsSubquery({ id, args, slots }: BoundSubquery): Expr {
  return build.subquery({ form: 'exists', id, args, slots });
}

export function scalarSubquery<Place>(context: BindingContext<Place>, bound: BoundSubquery, place: Place): Expr {
  const { id, args, slots } = bound;
  const { type } = onlyColumn(context, bound, place);
  return build.subquery({ form: 'scalar', id, args, slots, type: type as ScalarType | 'null' });
}

/** @param operand bound once the sub-query is */
export function inSubquery<Place>(
  coercion: Coercion<Place>,
  bound: BoundSubquery,
  operand: () => Expr,
  negated: boolean,
  place: Place,
): Expr {
  const { context } = coercion;
  const { id, args, slots } = bound;
  const column = onlyColumn(context, bound, place);
  const [left, right] = coercion.comparable(operand(), columnExpr(column), place);
  if (right.kind !== 'column') {
    // The sub-query yields the cast of its one column.
    const input = context.subqueries[id]!;
    const output = context.newColumn(column.name, typeOf(right), column.nullable);
    context.subqueries[id] = { kind: 'project', input, items: [{ column: output, expr: right }] };
  }
  const expr = build.subquery({ form: 'in', id, args, slots, operand: left });
  return negated ? build.not(expr) : expr;
}

function onlyColumn<Place>(context: BindingContext<Place>, { output }: BoundSubquery, place: Place): OutputColumn {
  const [column] = output;
  if (column !== undefined && output.length === 1) return column;
  return context.fail(place, 'SUBQUERY_SHAPE', ...context.wording.notOneColumn(output.length));
}
