// Comparisons with values of another type, restated in the type of the compared expression, so that an index over it can be probed.
// Everything here follows the one order of values: integers and reals by mathematical value, NaN above all.

import type { Value } from '../../values/types.js';
import { normalInteger } from '../../values/border.js';
import { cast, constant } from '../build.js';
import type { ConstraintShape } from '../constraint.js';
import type { CompareOperator, Expr } from '../expression.js';
import { typeOf } from '../expression.js';

/** What a comparison says, and whether it says all of it. */
export interface Restated {
  readonly shape: ConstraintShape;
  readonly exact: boolean;
}

const DAY_MS = 86_400_000;
const TWO_63 = 9223372036854775808;

/** True of no row. */
export const NOTHING: Restated = { shape: { kind: 'set', set: { kind: 'values', values: [] } }, exact: true };
/** True of every row where the expression is not NULL. */
export const NOT_NULL: Restated = { shape: { kind: 'not-set', set: { kind: 'null' } }, exact: true };

/** `expr <operator> value` for a value of the expression's own type. */
export function plainShape(operator: CompareOperator, value: Expr): ConstraintShape {
  switch (operator) {
    case '=':
      return { kind: 'set', set: { kind: 'values', values: [value] } };
    case '<>':
      return { kind: 'not-set', set: { kind: 'values', values: [value] } };
    case '<':
    case '<=':
      return { kind: 'range', low: undefined, high: { value, inclusive: operator === '<=' } };
    case '>':
    case '>=':
      return { kind: 'range', low: { value, inclusive: operator === '>=' }, high: undefined };
  }
}

/**
 * `expr <operator> value`, where `value` is known at execution; undefined when it cannot be put in the expression's type.
 * NULL makes any comparison true of no row.
 */
export function restate(expr: Expr, operator: CompareOperator, value: Expr): Restated | undefined {
  if (value.kind === 'constant' && value.value === null) return NOTHING;
  const type = typeOf(expr);
  const given = typeOf(value);
  if (given === type) {
    return { shape: plainShape(operator, value), exact: true };
  }
  if (type === 'integer' && given === 'real') {
    return value.kind === 'constant' ? integerAgainstReal(operator, value.value as number) : undefined;
  }
  if (type === 'real' && given === 'integer') {
    return value.kind === 'constant'
      ? realAgainstInteger(operator, value.value as number | bigint)
      : realAgainstRounded(operator, cast(value, 'real'));
  }
  return undefined;
}

function integerAgainstReal(operator: CompareOperator, value: number): Restated {
  const upward = operator === '<' || operator === '<=';
  // NaN is above every integer, as is what lies past the 64 bits.
  if (value !== value || value >= TWO_63) return upward || operator === '<>' ? NOT_NULL : NOTHING;
  if (value < -TWO_63) return upward || operator === '=' ? NOTHING : NOT_NULL;
  if (Number.isInteger(value)) return exactly(operator, integer(value));
  if (operator === '=') return NOTHING;
  if (operator === '<>') return NOT_NULL;
  return upward ? exactly('<=', integer(Math.floor(value))) : exactly('>=', integer(Math.ceil(value)));
}

function integer(value: number): Expr {
  return constant(Number.isSafeInteger(value) ? value + 0 : normalInteger(BigInt(value)), 'integer');
}

function exactly(operator: CompareOperator, value: Expr): Restated {
  return { shape: plainShape(operator, value), exact: true };
}

/** An integer between two doubles is replaced by the nearer one, included or not as it lies above or below. */
function realAgainstInteger(operator: CompareOperator, value: number | bigint): Restated {
  const near = Number(value);
  const bound = constant(near, 'real');
  if (typeof value === 'number' || BigInt(near) === value) return exactly(operator, bound);
  if (operator === '=') return NOTHING;
  if (operator === '<>') return NOT_NULL;
  const nearIsLess = near < value;
  if (operator === '<' || operator === '<=') return exactly(nearIsLess ? '<=' : '<', bound);
  return exactly(nearIsLess ? '>' : '>=', bound);
}

/** Rounding keeps order, so that a rounded bound is implied when it is included. */
function realAgainstRounded(operator: CompareOperator, value: Expr): Restated {
  if (operator === '<>') return { ...NOT_NULL, exact: false };
  const included = operator === '<' ? '<=' : operator === '>' ? '>=' : operator;
  return { shape: plainShape(included, value), exact: false };
}

/** A date, seen as its midnight, against an instant. */
export function dateAgainstInstant(operator: CompareOperator, instant: Value): Restated {
  if (instant === null) return NOTHING;
  const day = Math.floor((instant as number) / DAY_MS);
  const bound = constant(day, 'date');
  if (day * DAY_MS === instant) return exactly(operator, bound);
  switch (operator) {
    case '=':
      return NOTHING;
    case '<>':
      return NOT_NULL;
    case '<':
    case '<=':
      return exactly('<=', bound);
    case '>':
    case '>=':
      return exactly('>', bound);
  }
}
