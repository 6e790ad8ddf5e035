// A constraint of a filter with its values known, in the few forms that zones are asked about.

import type { Bound, Constraint, ValueSet } from '../../expr/constraint.js';
import { evaluateConstant } from '../../expr/evaluate.js';
import type { Evaluation } from '../../expr/evaluation.js';
import type { Expr } from '../../expr/expression.js';
import { LightningError } from '../../errors.js';
import type { Value } from '../../values/types.js';

export type BoundConstraint =
  | { readonly kind: 'null' | 'not-null' }
  /** No value satisfies it. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'values' | 'not-values'; readonly values: readonly Value[] }
  | { readonly kind: 'range'; readonly low: Bound<Value> | undefined; readonly high: Bound<Value> | undefined }
  | { readonly kind: 'prefix'; readonly prefix: string };

/** Undefined where zones have nothing to say, or where a value cannot be had: the error belongs to the rows, if there are any. */
export function bindConstraint(constraint: Constraint, evaluation: Evaluation): BoundConstraint | undefined {
  try {
    return bind(constraint, (expr) => evaluateConstant(expr, evaluation));
  } catch (error) {
    if (error instanceof LightningError) return undefined;
    throw error;
  }
}

function bind(constraint: Constraint, value: (expr: Expr) => Value): BoundConstraint | undefined {
  switch (constraint.kind) {
    case 'set': {
      if (constraint.set.kind === 'null') return { kind: 'null' };
      const values = valuesOf(constraint.set, value).filter((each) => each !== null);
      return { kind: 'values', values };
    }
    case 'not-set': {
      if (constraint.set.kind === 'null') return { kind: 'not-null' };
      const values = valuesOf(constraint.set, value);
      return values.includes(null) ? { kind: 'nothing' } : { kind: 'not-values', values };
    }
    case 'range': {
      const bound = (of: Bound<Expr> | undefined): Bound<Value> | undefined =>
        of && { value: value(of.value), inclusive: of.inclusive };
      const [low, high] = [bound(constraint.low), bound(constraint.high)];
      return low?.value === null || high?.value === null ? { kind: 'nothing' } : { kind: 'range', low, high };
    }
    case 'prefix': {
      const prefix = value(constraint.prefix);
      return typeof prefix === 'string' ? { kind: 'prefix', prefix } : { kind: 'nothing' };
    }
    case 'beyond':
    case 'match':
    case 'spatial':
      return undefined;
  }
}

function valuesOf(set: Exclude<ValueSet<Expr>, { kind: 'null' }>, value: (expr: Expr) => Value): readonly Value[] {
  if (set.kind === 'values') return set.values.map(value);
  const array = value(set.array);
  return array === null ? [null] : (array as readonly Value[]);
}
