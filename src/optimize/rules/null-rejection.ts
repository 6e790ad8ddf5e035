// Whether a predicate can be true for a row in which certain columns are all NULL. Errs towards yes.

import { conjuncts } from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { strictArguments } from '../../expr/simplify.js';

/** True when the predicate is never true while all of `ids` are NULL. */
export function rejectsNulls(predicate: Expr, ids: ReadonlySet<ColumnId>): boolean {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value !== true;
    case 'and':
      return conjuncts(predicate).some((term) => rejectsNulls(term, ids));
    case 'or':
      return predicate.args.every((term) => rejectsNulls(term, ids));
    case 'is-null':
      return predicate.negated && isNullWith(predicate.arg, ids);
    case 'is-truth':
      return !predicate.negated && isNullWith(predicate.arg, ids);
    case 'in-array':
      // NULL NOT IN an empty array is true.
      return !predicate.negated && isNullWith(predicate.arg, ids);
    default:
      return isNullWith(predicate, ids);
  }
}

/** Whether the expression is NULL when all of `ids` are. */
function isNullWith(expr: Expr, ids: ReadonlySet<ColumnId>): boolean {
  if (expr.kind === 'column') return ids.has(expr.id);
  if (expr.kind === 'constant') return expr.value === null;
  return strictArguments(expr).some((arg) => isNullWith(arg, ids));
}
