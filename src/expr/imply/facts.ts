// Literal values held against literal ranges, values and prefixes. Whatever is not a literal proves nothing.

import type { Constraint } from '../constraint.js';
import { orderOf } from '../compile/compare.js';
import type { Expr } from '../expression.js';
import { typeOf } from '../expression.js';

function orderOfLiterals(a: Expr, b: Expr): number | undefined {
  if (a.kind !== 'constant' || b.kind !== 'constant' || a.value === null || b.value === null) return undefined;
  return orderOf(typeOf(a), typeOf(b))(a.value, b.value);
}

/** Whether a literal surely lies in a range of literal bounds. */
export function valueIn(value: Expr, range: Extract<Constraint, { kind: 'range' }>): boolean {
  const { low, high } = range;
  if (low !== undefined) {
    const order = orderOfLiterals(value, low.value);
    if (order === undefined || order < 0 || (order === 0 && !low.inclusive)) return false;
  }
  if (high !== undefined) {
    const order = orderOfLiterals(value, high.value);
    if (order === undefined || order > 0 || (order === 0 && !high.inclusive)) return false;
  }
  return true;
}

/** Whether two literals surely differ. */
export function valueOutside(value: Expr, other: Expr): boolean {
  const order = orderOfLiterals(value, other);
  return order !== undefined && order !== 0;
}

/** Whether a literal text surely begins with a literal prefix. */
export function startsWithConstant(value: Expr, prefix: Expr): boolean {
  if (value.kind !== 'constant' || prefix.kind !== 'constant') return false;
  return typeof value.value === 'string' && typeof prefix.value === 'string' && value.value.startsWith(prefix.value);
}
