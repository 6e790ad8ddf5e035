// `x IN (SELECT ...)` and `EXISTS (...)` among the terms of a filter become semi joins, `NOT EXISTS` an anti join; equalities and other
// terms that link the sub-query to the outer row become the join's condition.
// Wrong for NOT IN where a NULL is possible on either side (then no row, or not this row, is in the answer, while an anti join would keep
// it); for sub-queries that count, limit or group over the outer value; and for terms that can raise an error.

import { and, canRaise, compare, conjuncts, hasSubquery, rewrite as rewriteExpr, TRUE } from '../../expr/build.js';
import type { Expr, Subquery } from '../../expr/expression.js';
import type { LogicalPlan } from '../../plan/logical.js';
import { outputOf } from '../../plan/logical.js';
import type { Rule, RuleContext } from '../engine.js';
import { decorrelate } from './decorrelate.js';
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
      if (subquery.kind !== 'subquery' || subquery.form === 'scalar') continue;
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
  const outer = [...subquery.args, ...(subquery.operand === undefined ? [] : [subquery.operand])];
  if (outer.some((expr) => canRaise(expr) || hasSubquery(expr))) return undefined;

  const result = outputOf(inner)[0];
  const body = subquery.form === 'exists' ? existenceOf(inner) : inner;
  if (body === undefined) return undefined;
  const separated = decorrelate(body, new Set(subquery.slots), context.subqueries);
  if (separated === undefined) return undefined;
  const bySlot = new Map(subquery.slots.map((slot, i) => [slot, subquery.args[i] as Expr]));
  const links = separated.links.map((link) =>
    rewriteExpr(link, (node) => (node.kind === 'parameter' ? (bySlot.get(node.index) ?? node) : node)),
  );
  if (subquery.form === 'in') {
    if (result === undefined || subquery.operand === undefined) return undefined;
    const value: Expr = {
      kind: 'column',
      id: result.id,
      name: result.name,
      type: result.type,
      nullable: result.nullable,
    };
    if (negated && (result.nullable || !isNeverNull(subquery.operand))) return undefined;
    links.unshift(compare('=', subquery.operand, value));
  }
  return {
    kind: 'join',
    type: negated ? 'anti' : 'semi',
    left,
    right: separated.plan,
    condition: links.length === 0 ? TRUE : and(links),
  };
}

/** The part of a sub-query that decides whether it has rows. */
function existenceOf(plan: LogicalPlan): LogicalPlan | undefined {
  switch (plan.kind) {
    case 'project':
    case 'distinct':
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
