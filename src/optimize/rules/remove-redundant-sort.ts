// A sort goes where nothing above can tell its order: below another sort, a join, a set operation, or an aggregate whose functions do not
// depend on order. Keys that repeat or are constant go from the others; a sort of at most one row goes.
// Wrong below LIMIT (which rows it keeps is decided by the sort), below `string_agg` or `array_agg`, and on the left of a set operation by
// some columns only.

import { dependsOnOrder } from '../../expr/aggregates.js';
import { exprKey, isConstant } from '../../expr/build.js';
import type { LogicalPlan } from '../../plan/logical.js';
import type { Rule } from '../engine.js';

export const removeRedundantSort: Rule = {
  name: 'remove-redundant-sort',
  on: ['sort', 'join', 'set-operation', 'aggregate'],
  rewrite(plan) {
    switch (plan.kind) {
      case 'sort': {
        if (plan.input.kind === 'sort') return { ...plan, input: plan.input.input };
        if (hasOneRow(plan.input)) return plan.input;
        const seen = new Set<string>();
        const keys = plan.keys.filter((key) => {
          const text = exprKey(key.expr);
          if (seen.has(text) || (isConstant(key.expr) && key.expr.kind !== 'call')) return false;
          seen.add(text);
          return true;
        });
        if (keys.length === 0) return plan.input;
        return keys.length === plan.keys.length ? undefined : { ...plan, keys };
      }
      case 'join':
      case 'set-operation': {
        const left = plan.kind === 'set-operation' && plan.by ? plan.left : unsorted(plan.left);
        const right = unsorted(plan.right);
        return left === plan.left && right === plan.right ? undefined : { ...plan, left, right };
      }
      case 'aggregate': {
        const ordered = plan.aggregates.some(({ aggregate }) => dependsOnOrder(aggregate));
        const input = ordered ? plan.input : unsorted(plan.input);
        return input === plan.input ? undefined : { ...plan, input };
      }
      default:
        return undefined;
    }
  },
};

function unsorted(plan: LogicalPlan): LogicalPlan {
  if (plan.kind === 'sort') return unsorted(plan.input);
  if (plan.kind !== 'project') return plan;
  const input = unsorted(plan.input);
  return input === plan.input ? plan : { ...plan, input };
}

function hasOneRow(plan: LogicalPlan): boolean {
  if (plan.kind === 'aggregate') return plan.groups.length === 0;
  if (plan.kind === 'values') return plan.rows.length <= 1;
  return plan.kind === 'project' && hasOneRow(plan.input);
}
