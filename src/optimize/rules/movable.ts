// What the push-down rules share: which terms may move, and how a filter is rebuilt from what stays.

import { and, canRaise, conjuncts, hasSubquery } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { LogicalPlan } from '../../plan/logical.js';

/**
 * A term may be tested on rows which the query as written would not have shown it only if it can raise nothing. Sub-queries are costly
 * besides, so they stay where the fewest rows reach them.
 */
export function isMovable(expr: Expr): boolean {
  return !canRaise(expr) && !hasSubquery(expr);
}

export function split(predicate: Expr, moves: (term: Expr) => boolean): { moved: Expr[]; kept: Expr[] } {
  const moved: Expr[] = [];
  const kept: Expr[] = [];
  for (const term of conjuncts(predicate)) (moves(term) ? moved : kept).push(term);
  return { moved, kept };
}

/** The plan under the terms; the plan itself when there are none. */
export function filtered(input: LogicalPlan, terms: readonly Expr[]): LogicalPlan {
  return terms.length === 0 ? input : { kind: 'filter', input, predicate: and(terms) };
}
