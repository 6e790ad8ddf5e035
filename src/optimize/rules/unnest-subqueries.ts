// `x IN (SELECT ...)` and `EXISTS (...)` among the terms of a filter become semi joins, `NOT EXISTS` and `NOT IN` anti joins; equalities
// and other terms that link the sub-query to the outer row become the join's condition. ANY and ALL with other operators follow where
// such an equality links them: without one a sub-query that is run once and asked for its ends is better than any join.
// A row is not in a query when no comparison with its rows is true or unknown: where NULLs are possible, that is what the anti join asks.
// Wrong for NOT IN over NULLs as a plain anti join (then no row, or not this row, is in the answer, while an anti join would keep it); for
// sub-queries that count or limit over the outer value; and for terms that can raise an error.

import { and, canRaise, compareRows, conjuncts, hasSubquery, isTruth } from '../../expr/build.js';
import type { Expr, Subquery } from '../../expr/expression.js';
import type { LogicalPlan } from '../../plan/logical.js';
import { outputOf } from '../../plan/logical.js';
import type { Rule, RuleContext } from '../engine.js';
import { columnOf, outputIds, readsAny } from '../plan-tree.js';
import { decorrelate, overOuter } from './decorrelate.js';
import { filtered } from './movable.js';

export const unnestSubqueries: Rule = {
  name: 'unnest-subqueries',
  on: ['filter'],
  rewrite(plan, context) {
    if (plan.kind !== 'filter') return undefined;
    const terms = conjuncts(plan.predicate);
    for (let i = 0; i < terms.length; i++) {
      const term = terms[i] as Expr;
      const negated = term.kind === 'not';
      const subquery = negated ? term.arg : term;
      if (subquery.kind !== 'subquery' || (subquery.form !== 'any' && subquery.form !== 'exists')) continue;
      const joined = join(plan.input, subquery, negated, context);
      if (joined !== undefined)
        return filtered(
          joined,
          terms.filter((_, at) => at !== i),
        );
    }
    return undefined;
  },
};

function join(left: LogicalPlan, subquery: Subquery, negated: boolean, context: RuleContext): LogicalPlan | undefined {
  const inner = context.subqueries[subquery.id];
  if (inner === undefined) return undefined;
  const outer = [...subquery.args, ...subquery.operands];
  if (outer.some((expr) => canRaise(expr) || hasSubquery(expr))) return undefined;

  const body = subquery.form === 'exists' ? existenceOf(inner) : inner;
  if (body === undefined) return undefined;
  const separated = decorrelate(body, new Set(subquery.slots), context, true);
  if (separated === undefined) return undefined;
  const links = overOuter(separated.links, subquery);
  if (subquery.form === 'any') {
    const compared = comparison(
      subquery,
      inner,
      negated,
      links.some((link) => isLink(link, left, separated.plan)),
    );
    if (compared === undefined) return undefined;
    links.unshift(compared);
  }
  return { kind: 'join', type: negated ? 'anti' : 'semi', left, right: separated.plan, condition: and(links) };
}

/** How operands and columns meet in the join; undefined where running the sub-query once is better. */
function comparison(subquery: Subquery, inner: LogicalPlan, negated: boolean, linked: boolean): Expr | undefined {
  const { operands, operator } = subquery;
  const columns = outputOf(inner);
  const compared = compareRows(
    operator,
    operands.map((operand, i): [Expr, Expr] => [operand, columnOf(columns[i]!)]),
  );
  if (operator !== '=' && !linked) return undefined;
  if (!negated || (operands.every(isNeverNull) && columns.every((column) => !column.nullable))) return compared;
  return linked ? isTruth(compared, false, true) : undefined;
}

/** An equality between the two sides, by which they can be hashed or looked up. */
function isLink(link: Expr, left: LogicalPlan, right: LogicalPlan): boolean {
  if (link.kind !== 'compare' || link.operator !== '=') return false;
  const sides = [outputIds(left), outputIds(right)] as const;
  const across = (a: Expr, b: Expr) =>
    readsAny(a, sides[0]) && !readsAny(a, sides[1]) && readsAny(b, sides[1]) && !readsAny(b, sides[0]);
  return across(link.left, link.right) || across(link.right, link.left);
}

/** The part of a sub-query that decides whether it has rows. */
function existenceOf(plan: LogicalPlan): LogicalPlan | undefined {
  switch (plan.kind) {
    case 'project':
    case 'distinct':
    case 'distinct-on':
    case 'sort':
      return existenceOf(plan.input);
    case 'limit': {
      const some = plan.limit?.kind === 'constant' && typeof plan.limit.value === 'number' && plan.limit.value >= 1;
      return some && plan.offset === undefined ? existenceOf(plan.input) : undefined;
    }
    default:
      return plan;
  }
}

function isNeverNull(expr: Expr): boolean {
  return (expr.kind === 'column' && !expr.nullable) || (expr.kind === 'constant' && expr.value !== null);
}
