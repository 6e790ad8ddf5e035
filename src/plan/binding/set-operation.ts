// UNION, INTERSECT, EXCEPT: both sides are brought to common types, column by column.

import type { Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { ArgumentType } from '../../expr/typing.js';
import { commonType } from '../../expr/typing.js';
import type { Type } from '../../values/types.js';
import type { LogicalPlan, OutputColumn, SetOperation } from '../logical.js';
import type { Coercion } from './coercion.js';
import type { BindingContext } from './context.js';
import { columnExpr } from './scope.js';

interface Side {
  readonly plan: LogicalPlan;
  readonly output: readonly OutputColumn[];
}

/** A query resolved but for the types of those of its columns that are open constants or parameters: what takes its rows may decide them. */
export interface Draft<Finished extends Side = Side> {
  /** `unknown` for a column of open type. */
  readonly types: readonly ArgumentType[];
  /** @param wanted types for columns of open type, by position; they are what they are by themselves where it is undefined */
  readonly finish: (wanted?: readonly (Type | undefined)[]) => Finished;
}

/** A query that decides all its types itself. */
export function whole<Finished extends Side>(finished: Finished): Draft<Finished> {
  return { types: finished.output.map((column) => column.type), finish: () => finished };
}

/** The select list of a draft: a column that other clauses read (`read`) has its own type, one that is open may be given another. */
export function draftList<Place>(
  coercion: Coercion<Place>,
  items: readonly { readonly expr: Expr; readonly place: Place }[],
  read: (expr: Expr) => boolean,
): { readonly types: readonly ArgumentType[]; readonly settled: (wanted: readonly (Type | undefined)[]) => Expr[] } {
  const types = items.map(({ expr }) => (read(expr) ? typeOf(coercion.settle(expr)) : coercion.argumentType(expr)));
  const settled = (wanted: readonly (Type | undefined)[]) =>
    items.map(({ expr, place }, i) => {
      const type = types[i] === 'unknown' ? wanted[i] : undefined;
      return type ? coercion.coerce(expr, type, place, { widening: 'numbers' }) : coercion.settle(expr);
    });
  return { types, settled };
}

/** Both sides, their open columns of the type that the other side has there. */
export function finishSides<S extends Side>(left: Draft<S>, right: Draft<S>): [left: S, right: S] {
  const types = left.types.map((type, i) => openType(type, right.types[i]));
  return [left.finish(types), right.finish(types)];
}

function openType(left: ArgumentType, right: ArgumentType | undefined): Type | undefined {
  if (right === undefined || (left === 'unknown') === (right === 'unknown')) return undefined;
  return commonType([left, right]);
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
