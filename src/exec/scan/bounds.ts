// LIMIT and OFFSET as numbers, once the parameters are known.

import { LightningError } from '../../errors.js';
import type { Expr } from '../../expr/expression.js';
import { evaluateConstant } from '../../expr/evaluate.js';
import type { Context } from '../operator.js';

function count(expr: Expr | undefined, name: string, absent: number, context: Context): number {
  if (expr === undefined) return absent;
  const value = evaluateConstant(expr, context.evaluation);
  if (value === null) return absent;
  const number = Number(value);
  if (number >= 0) return number;
  throw new LightningError('INVALID_VALUE', `${name} must not be negative, this is ${number}`);
}

/** Rows to pass over, and rows to yield after them (Infinity without a LIMIT). */
export function boundsOf(
  plan: { readonly limit: Expr | undefined; readonly offset: Expr | undefined },
  context: Context,
): { readonly offset: number; readonly limit: number } {
  return {
    offset: count(plan.offset, 'OFFSET', 0, context),
    limit: count(plan.limit, 'LIMIT', Infinity, context),
  };
}
