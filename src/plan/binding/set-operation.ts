// UNION, INTERSECT, EXCEPT: both sides are brought to common types, column by column.

import type { Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { ArgumentType } from '../../expr/typing.js';
import { commonType } from '../../expr/typing.js';
import type { Type } from '../../values/types.js';
import type { LogicalPlan, OutputColumn, SetOperation } from '../logical.js';
import { outputOf } from '../logical.js';
import type { Coercion } from './coercion.js';
import type { BindingContext } from './context.js';
import { columnExpr } from './scope.js';
import { distinctRows, sorted } from './select.js';

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

/**
 * Texts of which one side compares by NOCASE do so in the operation, and in its rows. Of rows that are equal and yet differ, the first by
 * code point are kept; of those that pair in EXCEPT ALL and INTERSECT ALL, the first pair first.
 *
 * @param name the operation, for messages
 */
export function setOperation<Place>(
  coercion: Coercion<Place>,
  { operation, all }: Pick<SetOperation, 'operation' | 'all'>,
  left: Side,
  right: Side,
  name: string,
  place: Place,
): { readonly plan: LogicalPlan; readonly output: readonly OutputColumn[] } {
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
  const output = pairs.map((pair) => pair.column);
  const nocase = output.filter((_, i) =>
    [left, right].some((side) => context.collations.ofColumn(side.output[i]!.id) === 'nocase'),
  );
  const sides = { left: sideOf(left, 0), right: sideOf(right, 1) };
  if (nocase.length === 0)
    return { plan: { kind: 'set-operation', operation, all, ...sides, columns: output }, output };
  for (const column of nocase) context.collations.stored(column.id, { collation: 'nocase' });
  const plan: LogicalPlan =
    operation === 'union'
      ? { kind: 'set-operation', operation, all: true, ...sides, columns: output }
      : keyedOperation(context, operation, all, sides, output);
  return { plan: all ? plan : distinctRows(context, plan, output), output };
}

/** INTERSECT or EXCEPT by keys: lower-case forms stand behind the columns of both sides, and are left out again above. */
function keyedOperation<Place>(
  context: BindingContext<Place>,
  operation: 'intersect' | 'except',
  all: boolean,
  sides: Pick<SetOperation, 'left' | 'right'>,
  output: readonly OutputColumn[],
): LogicalPlan {
  const { collations } = context;
  const folds = output.map((column) => collations.ofColumn(column.id) === 'nocase');
  const keyed = (input: LogicalPlan): LogicalPlan => {
    const own = outputOf(input).map((column) => ({ expr: columnExpr(column), column }));
    const keys = own.flatMap(({ expr, column }, i) =>
      folds[i] === true ? [{ expr: collations.fold(expr), column: context.newColumn(column.name, 'text', true) }] : [],
    );
    return { kind: 'project', input, items: [...own, ...keys] };
  };
  const left = keyed(sides.left);
  const keys = output.flatMap((column, i) => (folds[i] === true ? [context.newColumn(column.name, 'text', true)] : []));
  let next = output.length;
  const by = folds.map((isFolded, i) => (isFolded ? next++ : i));
  const texts = outputOf(left).filter((_, i) => folds[i] === true);
  const order = texts.map((column) => ({ expr: columnExpr(column), desc: false, nullsFirst: false }));
  const plan: SetOperation = {
    kind: 'set-operation',
    operation,
    all,
    // Without ALL it is decided above which rows are kept.
    left: all ? sorted(left, order) : left,
    right: keyed(sides.right),
    by,
    columns: [...output, ...keys],
  };
  return { kind: 'project', input: plan, items: output.map((column) => ({ expr: columnExpr(column), column })) };
}

function casted<Place>(context: BindingContext<Place>, side: Side, exprs: readonly Expr[]): LogicalPlan {
  if (exprs.every((expr) => expr.kind === 'column')) return side.plan;
  const items = exprs.map((expr, i) => {
    const own = side.output[i]!;
    return { expr, column: expr.kind === 'column' ? own : context.newColumn(own.name, typeOf(expr), own.nullable) };
  });
  return { kind: 'project', input: side.plan, items };
}
