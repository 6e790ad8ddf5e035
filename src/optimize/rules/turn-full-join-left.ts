// A full join of which the unmatched rows of one side are all rejected above keeps those of the other alone: it is a left join, with its
// sides exchanged when the right one is kept.
// Wrong when the predicate can be true although every column of the side is NULL (IS NULL, COALESCE as USING makes it).

import { conjuncts } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { Join, LogicalPlan } from '../../plan/logical.js';
import { outputOf } from '../../plan/logical.js';
import type { Rule } from '../engine.js';
import { columnOf, outputIds } from '../plan-tree.js';
import { rejectsNulls } from './null-rejection.js';

export const turnFullJoinLeft: Rule = {
  name: 'turn-full-join-left',
  on: ['filter', 'join'],
  rewrite(plan) {
    if (plan.kind === 'filter') {
      const input = narrowed(plan.input, conjuncts(plan.predicate));
      return input && { ...plan, input };
    }
    if (plan.kind !== 'join' || (plan.type !== 'inner' && plan.type !== 'semi')) return undefined;
    const terms = conjuncts(plan.condition);
    const left = narrowed(plan.left, terms);
    const right = plan.type === 'inner' ? narrowed(plan.right, terms) : undefined;
    return left || right ? { ...plan, left: left ?? plan.left, right: right ?? plan.right } : undefined;
  },
};

function narrowed(plan: LogicalPlan, terms: readonly Expr[]): LogicalPlan | undefined {
  if (plan.kind !== 'join' || plan.type !== 'full') return undefined;
  const rejects = (side: LogicalPlan) => terms.some((term) => rejectsNulls(term, outputIds(side)));
  if (rejects(plan.left)) return { ...plan, type: 'left' };
  return rejects(plan.right) ? exchanged(plan) : undefined;
}

function exchanged(plan: Join): LogicalPlan {
  const input: Join = { ...plan, type: 'left', left: plan.right, right: plan.left };
  return { kind: 'project', input, items: outputOf(plan).map((column) => ({ column, expr: columnOf(column) })) };
}
