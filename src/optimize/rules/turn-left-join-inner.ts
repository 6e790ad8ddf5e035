// A left join whose unmatched rows are all rejected above is an inner join.
// Wrong when the predicate can be true although every column of the right side is NULL (IS NULL, COALESCE, OR with the left side).

import { conjuncts } from '../../expr/build.js';
import type { LogicalPlan } from '../../plan/logical.js';
import type { Rule } from '../engine.js';
import { outputIds } from '../plan-tree.js';
import { rejectsNulls } from './null-rejection.js';

export const turnLeftJoinInner: Rule = {
  name: 'turn-left-join-inner',
  on: ['filter', 'join'],
  rewrite(plan) {
    if (plan.kind === 'filter') {
      const input = inner(plan.input, conjuncts(plan.predicate));
      return input === undefined ? undefined : { ...plan, input };
    }
    if (plan.kind !== 'join' || (plan.type !== 'inner' && plan.type !== 'semi')) return undefined;
    const terms = conjuncts(plan.condition);
    const left = inner(plan.left, terms);
    const right = plan.type === 'inner' ? inner(plan.right, terms) : undefined;
    if (left === undefined && right === undefined) return undefined;
    return { ...plan, left: left ?? plan.left, right: right ?? plan.right };
  },
};

/** The plan with a left join turned, when one of the terms above it rejects its unmatched rows; looks through inner and left joins. */
function inner(
  plan: LogicalPlan,
  terms: readonly Parameters<typeof rejectsNulls>[0][],
): (LogicalPlan & { kind: 'join' }) | undefined {
  if (plan.kind !== 'join' || plan.type === 'full') return undefined;
  if (plan.type === 'left') {
    const ids = outputIds(plan.right);
    if (terms.some((term) => rejectsNulls(term, ids))) return { ...plan, type: 'inner' };
    const left = inner(plan.left, terms);
    return left === undefined ? undefined : { ...plan, left };
  }
  const left = inner(plan.left, terms);
  const right = plan.type === 'inner' ? inner(plan.right, terms) : undefined;
  if (left === undefined && right === undefined) return undefined;
  return { ...plan, left: left ?? plan.left, right: right ?? plan.right };
}
