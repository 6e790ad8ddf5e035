// Constructors of expressions, with the normalisation that is local to a node, and the door to the tree tools.
// Rules and the binder build through these, so that the invariants stated in `expression.ts` hold everywhere.

import { LightningError, invariant } from '../errors.js';
import type { Type, Value } from '../values/types.js';
import type {
  Call,
  Case,
  Column,
  ColumnId,
  Compare,
  CompareOperator,
  Constant,
  Expr,
  Match,
  Subquery,
} from './expression.js';
import { typeOf } from './expression.js';
import { inverse } from './compile/compare.js';
import { resolveFunction } from './functions.js';
import { commonType } from './typing.js';
import type { UserFunctions } from './user-functions.js';

export { canRaise, hasSubquery, isConstant, isDeterministic } from './facts.js';
export { equalExprs, exprKey } from './key.js';
export {
  accumulated,
  aggregateExprs,
  children,
  columnsOf,
  conjuncts,
  mapAggregate,
  mapChildren,
  parametersOf,
  rewrite,
  substitute,
  walk,
} from './tree.js';

export const TRUE: Constant = { kind: 'constant', value: true, type: 'boolean' };
export const FALSE: Constant = { kind: 'constant', value: false, type: 'boolean' };
/** The unknown truth value. */
export const UNKNOWN: Constant = { kind: 'constant', value: null, type: 'boolean' };

export function constant(value: Value, type: Type): Constant {
  if (type === 'boolean') {
    if (value === true) return TRUE;
    if (value === false) return FALSE;
  }
  return { kind: 'constant', value, type };
}

/** NULL of a type. */
export function nullOf(type: Type): Constant {
  return { kind: 'constant', value: null, type };
}

export function parameter(index: number, type: Type): Expr {
  return { kind: 'parameter', index, type };
}

export function column(id: ColumnId, name: string, type: Type, nullable: boolean): Column {
  return { kind: 'column', id, name, type, nullable };
}

export function compare(operator: CompareOperator, left: Expr, right: Expr): Compare {
  return { kind: 'compare', operator, left, right };
}

export function distinct(left: Expr, right: Expr, negated = false): Expr {
  return { kind: 'distinct', left, right, negated };
}

/** Flat, without TRUE; no argument is TRUE, one is itself. */
export function and(args: readonly Expr[]): Expr {
  const flat: Expr[] = [];
  for (const arg of args) {
    if (arg.kind === 'and') flat.push(...arg.args);
    else if (!isValue(arg, true)) flat.push(arg);
  }
  return flat.length === 0 ? TRUE : flat.length === 1 ? flat[0]! : { kind: 'and', args: flat };
}

/** Flat, without FALSE; no argument is FALSE, one is itself. */
export function or(args: readonly Expr[]): Expr {
  const flat: Expr[] = [];
  for (const arg of args) {
    if (arg.kind === 'or') flat.push(...arg.args);
    else if (!isValue(arg, false)) flat.push(arg);
  }
  return flat.length === 0 ? FALSE : flat.length === 1 ? flat[0]! : { kind: 'or', args: flat };
}

function isValue(expr: Expr, value: Value): boolean {
  return expr.kind === 'constant' && expr.value === value;
}

/** `not(not x)` is x; NOT of a truth value is folded. De Morgan is a rule's business. */
export function not(arg: Expr): Expr {
  if (arg.kind === 'not') return arg.arg;
  if (arg.kind === 'constant') return arg.value === null ? UNKNOWN : constant(arg.value !== true, 'boolean');
  return { kind: 'not', arg };
}

export function isNull(arg: Expr, negated = false): Expr {
  return { kind: 'is-null', arg, negated };
}

/** `arg IS [NOT] TRUE | FALSE`. */
export function isTruth(arg: Expr, truth: boolean, negated = false): Expr {
  return { kind: 'is-truth', arg, truth, negated };
}

export function inList(arg: Expr, items: readonly Expr[], negated = false): Expr {
  invariant(items.length > 0, 'IN needs an item');
  return { kind: 'in-list', arg, items, negated };
}

export function inArray(arg: Expr, array: Expr, negated = false): Expr {
  return { kind: 'in-array', arg, array, negated };
}

/** `arg operator ANY (array)`; `all`: `arg operator ALL (array)`. */
export function quantified(operator: CompareOperator, arg: Expr, array: Expr, all: boolean): Expr {
  if (all && operator === '<>') return inArray(arg, array, true);
  if (all) return not(quantified(inverse(operator), arg, array, false));
  return operator === '=' ? inArray(arg, array) : { kind: 'any-array', operator, arg, array };
}

/**
 * Rows are compared from the left: `(a, b) < (c, d)` is `a < c OR (a = c AND b < d)`.
 *
 * @param pairs comparable values of the two rows, one pair at least
 */
export function compareRows(operator: CompareOperator, pairs: readonly (readonly [Expr, Expr])[]): Expr {
  const at = (op: CompareOperator, i: number) => compare(op, ...pairs[i]!);
  const all = pairs.map((_, i) => i);
  if (operator === '=') return and(all.map((i) => at('=', i)));
  if (operator === '<>') return or(all.map((i) => at('<>', i)));
  const strict = operator === '<' || operator === '<=' ? '<' : '>';
  return or(
    all.map((i) => {
      const last = i === all.length - 1;
      return and([...all.slice(0, i).map((j) => at('=', j)), at(last ? operator : strict, i)]);
    }),
  );
}

export interface LikeOptions {
  /** Default: a backslash. */
  readonly escape?: Expr | undefined;
  readonly insensitive?: boolean | undefined;
  readonly negated?: boolean | undefined;
}

export function like(arg: Expr, pattern: Expr, options: LikeOptions = {}): Expr {
  return {
    kind: 'like',
    arg,
    pattern,
    escape: options.escape ?? constant('\\', 'text'),
    insensitive: options.insensitive ?? false,
    negated: options.negated ?? false,
  };
}

/** `arg BETWEEN low AND high`: two comparisons. */
export function between(arg: Expr, low: Expr, high: Expr): Expr {
  return and([compare('>=', arg, low), compare('<=', arg, high)]);
}

/** Results are cast to their common type; without one it is a TYPE_MISMATCH. `otherwise` defaults to NULL. */
export function caseWhen(branches: Case['branches'], otherwise: Expr = nullOf('null')): Expr {
  const type = commonType([...branches.map((b) => typeOf(b.then)), typeOf(otherwise)]);
  if (type === undefined) throw new LightningError('TYPE_MISMATCH', 'the results of CASE have no common type');
  return {
    kind: 'case',
    branches: branches.map((b) => ({ when: b.when, then: cast(b.then, type) })),
    otherwise: cast(otherwise, type),
    type,
  };
}

/** No cast where the type is already right; NULL takes the type at once. */
export function cast(arg: Expr, type: Type): Expr {
  const from = typeOf(arg);
  if (from === type) return arg;
  if (arg.kind === 'constant' && arg.value === null) return nullOf(type);
  return { kind: 'cast', arg, type };
}

/**
 * A call of the function table, or of what the application registered, its arguments cast as the chosen overload asks.
 * Raises UNKNOWN_FUNCTION or TYPE_MISMATCH.
 * @example call('+', [column(1, 'a', 'integer', true), constant(1, 'integer')])
 */
export function call(name: string, args: readonly Expr[], functions?: UserFunctions): Call {
  const resolution = resolveFunction(name, args.map(typeOf), functions);
  if ('problem' in resolution) {
    const code = resolution.problem === 'unknown-function' ? 'UNKNOWN_FUNCTION' : 'TYPE_MISMATCH';
    const hint = resolution.signatures.length === 0 ? undefined : `use ${resolution.signatures.join(' or ')}`;
    throw new LightningError(code, resolution.message, { hint });
  }
  const typed = args.map((arg, i) => {
    const type = resolution.casts[i];
    return type === undefined ? arg : cast(arg, type);
  });
  const { type, external } = resolution;
  return { kind: 'call', name, args: typed, type, ...(external && { external }) };
}

export function match(
  index: number,
  fields: Match['fields'],
  analysis: Readonly<Record<string, unknown>>,
  query: Expr,
): Expr {
  return { kind: 'match', index, fields, analysis, query };
}

export interface SubqueryParts {
  readonly form: Subquery['form'];
  readonly id: number;
  /** Outer values, put into `slots` before the sub-query runs. */
  readonly args?: readonly Expr[];
  readonly slots?: readonly number[];
  /** `any` and `row` only. */
  readonly operands?: readonly Expr[];
  /** `any` and `row` only. */
  readonly operator?: CompareOperator;
  /** `scalar` only. */
  readonly column?: number;
  /** `scalar` only; the others are boolean. */
  readonly type?: Type;
}

export function subquery(parts: SubqueryParts): Expr {
  const { form, id, args = [], slots = [], operands = [], operator = '=', column = 0 } = parts;
  const type = form === 'scalar' ? (parts.type ?? 'null') : 'boolean';
  invariant(args.length === slots.length, 'each outer value of a sub-query has a slot');
  invariant((form === 'any' || form === 'row') === operands.length > 0, 'only comparisons with rows have operands');
  return { kind: 'subquery', form, id, args, slots, operands, operator, column, type };
}
