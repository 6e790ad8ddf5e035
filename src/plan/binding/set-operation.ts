// UNION, INTERSECT, EXCEPT: both sides are brought to common types, column by column.

import type { Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { LogicalPlan, OutputColumn, SetOperation } from '../logical.js';
import type { Coercion } from './coercion.js';
import type { BindingContext } from './context.js';
import { columnExpr } from './scope.js';

interface Side {
  readonly plan: LogicalPlan;
  readonly output: readonly OutputColumn[];
}

/** @param name the operation, for messages */
export function setOperation<Place>(
  coercion: Coercion<Place>,
  { operation, all }: Pick<SetOperation, 'operation' | 'all'>,
  left: Side,
  right: Side,
  name: string,
  place: Place,
): SetOperation {
  const { context } = coercion;
  if (left.output.length !== right.output.length) {
    const message = `the sides of ${name} have ${left.output.length} and ${right.output.length} columns`;
    context.fail(place, 'TYPE_MISMATCH', message, 'select the same number of columns on both sides');
  }
  const pairs = left.output.map((column, i) => {
    const other = right.output[i]!;
    const { exprs, type } = coercion.unify([columnExpr(column), columnExpr(other)], name, place);
    return { exprs, column: context.newColumn(column.name, type, column.nullable || other.nullable) };
  });
  const sideOf = (side: Side, which: 0 | 1) => {
    const exprs = pairs.map((pair) => pair.exprs[which]!);
    return casted(context, side, exprs);
  };
  const columns = pairs.map((pair) => pair.column);
  return { kind: 'set-operation', operation, all, left: sideOf(left, 0), right: sideOf(right, 1), columns };
}

function casted<Place>(context: BindingContext<Place>, side: Side, exprs: readonly Expr[]): LogicalPlan {
  if (exprs.every((expr) => expr.kind === 'column')) return side.plan;
  const items = exprs.map((expr, i) => {
    const own = side.output[i]!;
    return { expr, column: expr.kind === 'column' ? own : context.newColumn(own.name, typeOf(expr), own.nullable) };
  });
  return { kind: 'project', input: side.plan, items };
}
