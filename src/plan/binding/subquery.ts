// Queries inside expressions: their plans stand in the table of sub-queries, the values they read of the query around are handed in.

import * as build from '../../expr/build.js';
import { inverse } from '../../expr/compile/compare.js';
import type { CompareOperator, Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
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
  onlyColumn(context, bound, place);
  return columnOfRow(context, bound, 0);
}

/** All the columns of a query's one row, for as many places. */
export function rowSubquery<Place>(
  context: BindingContext<Place>,
  bound: BoundSubquery,
  places: number,
  place: Place,
): Expr[] {
  const { length } = bound.output;
  if (length === places) return bound.output.map((_, i) => columnOfRow(context, bound, i));
  return context.fail(place, 'SUBQUERY_SHAPE', `${places} columns are assigned a sub-query of ${length}`);
}

function columnOfRow<Place>(context: BindingContext<Place>, bound: BoundSubquery, column: number): Expr {
  const { id, args, slots, output } = bound;
  const { type, id: source } = output[column]!;
  return context.collations.valueOf(source, build.subquery({ form: 'scalar', id, args, slots, column, type }));
}

/** How operands compare with the rows of a query: with some (`any`, as IN does), with all, or with its one row. */
export interface RowsComparison {
  readonly operator: CompareOperator;
  readonly quantifier: 'any' | 'all' | 'row';
}

/** @param operands a value, or the items of a row; bound once the sub-query is */
export function compareSubquery<Place>(
  coercion: Coercion<Place>,
  bound: BoundSubquery,
  { operator, quantifier }: RowsComparison,
  operands: () => readonly Expr[],
  place: Place,
): Expr {
  const { context } = coercion;
  const { id, args, slots, output } = bound;
  const given = operands();
  if (given.length === 1) onlyColumn(context, bound, place);
  else if (given.length !== output.length) {
    const message = `a row of ${given.length} values is compared with a sub-query of ${output.length} columns`;
    context.fail(place, 'SUBQUERY_SHAPE', message);
  }
  const pairs = given.map((operand, i) => coercion.comparable(operand, columnExpr(output[i]!), place));
  if (pairs.some(([, right]) => right.kind !== 'column')) {
    // The sub-query yields its columns cast.
    const input = context.subqueries[id]!;
    const items = pairs.map(([, expr], i) => {
      const { name, nullable } = output[i]!;
      return { column: context.newColumn(name, typeOf(expr), nullable), expr };
    });
    context.subqueries[id] = { kind: 'project', input, items };
  }
  const left = pairs.map(([operand]) => operand);
  if (quantifier === 'row') return build.subquery({ form: 'row', id, args, slots, operands: left, operator });
  const all = quantifier === 'all';
  const any = build.subquery({
    form: 'any',
    id,
    args,
    slots,
    operands: left,
    operator: all ? inverse(operator) : operator,
  });
  return all ? build.not(any) : any;
}

function onlyColumn<Place>(context: BindingContext<Place>, { output }: BoundSubquery, place: Place): void {
  if (output.length !== 1) context.fail(place, 'SUBQUERY_SHAPE', ...context.wording.notOneColumn(output.length));
}
