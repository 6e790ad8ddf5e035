// A filter that is never true yields no rows, and what is made of no rows yields none: they become VALUES without rows.
// Wrong for an aggregate without groups, which gives its one row over nothing, and for rows that an outer or anti join keeps unmatched.

import { and, conjuncts, nullOf } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { LogicalPlan } from '../../plan/logical.js';
import { outputOf } from '../../plan/logical.js';
import type { Rule } from '../engine.js';
import { columnOf } from '../plan-tree.js';

export const eliminateEmpty: Rule = {
  name: 'eliminate-empty',
  on: ['filter', 'project', 'join', 'aggregate', 'distinct', 'distinct-on', 'sort', 'limit', 'set-operation'],
  rewrite(plan) {
    switch (plan.kind) {
      case 'filter':
        return isEmpty(plan.input) || isNever(plan.predicate) ? nothing(plan) : undefined;
      case 'project':
      case 'distinct':
      case 'distinct-on':
      case 'sort':
        return isEmpty(plan.input) ? nothing(plan) : undefined;
      case 'limit': {
        const zero = plan.limit?.kind === 'constant' && plan.limit.value === 0;
        // An offset that is not known to be valid must still be judged.
        const sound = plan.offset === undefined || plan.offset.kind === 'constant';
        return zero && sound ? nothing(plan) : undefined;
      }
      case 'aggregate':
        return plan.groups.length > 0 && isEmpty(plan.input) ? nothing(plan) : undefined;
      case 'set-operation': {
        const left = isEmpty(plan.left);
        const right = isEmpty(plan.right);
        const empty = plan.operation === 'union' ? left && right : plan.operation === 'except' ? left : left || right;
        return empty ? nothing(plan) : undefined;
      }
      case 'join':
        return join(plan);
      default:
        return undefined;
    }
  },
};

function join(plan: LogicalPlan & { kind: 'join' }): LogicalPlan | undefined {
  const unmatched = isEmpty(plan.right) || isNever(plan.condition);
  switch (plan.type) {
    case 'inner':
    case 'semi':
      return unmatched || isEmpty(plan.left) ? nothing(plan) : undefined;
    case 'anti':
      return isEmpty(plan.left) ? nothing(plan) : unmatched ? plan.left : undefined;
    case 'left': {
      if (isEmpty(plan.left)) return nothing(plan);
      if (!unmatched) return undefined;
      return besideNothing(plan, plan.left);
    }
    case 'full':
      if (isEmpty(plan.left)) return isEmpty(plan.right) ? nothing(plan) : besideNothing(plan, plan.right);
      return isEmpty(plan.right) ? besideNothing(plan, plan.left) : undefined;
  }
}

/** The rows of one side with NULLs for the other. */
function besideNothing(plan: LogicalPlan, side: LogicalPlan): LogicalPlan {
  const own = new Set(outputOf(side).map((c) => c.id));
  const items = outputOf(plan).map((column) => ({
    column,
    expr: own.has(column.id) ? columnOf(column) : nullOf(column.type),
  }));
  return { kind: 'project', input: side, items };
}

function isNever(predicate: Expr): boolean {
  const terms = conjuncts(predicate);
  return terms.length === 1 && terms[0]?.kind === 'constant' && terms[0].value !== true && and(terms) === terms[0];
}

function isEmpty(plan: LogicalPlan): boolean {
  return plan.kind === 'values' && plan.rows.length === 0;
}

function nothing(plan: LogicalPlan): LogicalPlan {
  return { kind: 'values', columns: outputOf(plan), rows: [] };
}
