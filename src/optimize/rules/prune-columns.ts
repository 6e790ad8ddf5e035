// Columns that nothing above reads are not computed: items of projections, aggregates, columns of VALUES.
// Wrong below DISTINCT and set operations, where every column decides which rows there are; it never looks through them.

import type { ColumnId } from '../../expr/expression.js';
import type { LogicalPlan } from '../../plan/logical.js';
import type { Rule } from '../engine.js';
import { exprsOf, outputIds, readsOf } from '../plan-tree.js';

export const pruneColumns: Rule = {
  name: 'prune-columns',
  on: ['project', 'aggregate', 'join'],
  rewrite(plan) {
    if (plan.kind === 'project' || plan.kind === 'aggregate') {
      const input = keepOnly(plan.input, readBy(plan, new Set()));
      return input === plan.input ? undefined : { ...plan, input };
    }
    // Of the right side of a semi or anti join nothing is seen but what its condition reads.
    if (plan.kind !== 'join' || (plan.type !== 'semi' && plan.type !== 'anti')) return undefined;
    const right = keepOnly(plan.right, readBy(plan, new Set()));
    return right === plan.right ? undefined : { ...plan, right };
  },
};

function readBy(plan: LogicalPlan, above: ReadonlySet<ColumnId>): ReadonlySet<ColumnId> {
  const ids = new Set(above);
  for (const expr of exprsOf(plan)) for (const id of readsOf(expr)) ids.add(id);
  return ids;
}

/** The plan without what is not in `ids`; the plan itself when nothing can go. */
function keepOnly(plan: LogicalPlan, ids: ReadonlySet<ColumnId>): LogicalPlan {
  switch (plan.kind) {
    case 'filter':
    case 'distinct-on':
    case 'sort':
    case 'limit': {
      const input = keepOnly(plan.input, readBy(plan, ids));
      return input === plan.input ? plan : { ...plan, input };
    }
    case 'join': {
      const needed = readBy(plan, ids);
      const left = keepOnly(plan.left, needed);
      const right = keepOnly(plan.right, needed);
      return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
    }
    case 'project': {
      const items = plan.items.filter((item) => ids.has(item.column.id));
      return items.length === plan.items.length ? plan : { ...plan, items };
    }
    case 'aggregate': {
      const aggregates = plan.aggregates.filter((a) => ids.has(a.column.id));
      return aggregates.length === plan.aggregates.length ? plan : { ...plan, aggregates };
    }
    case 'values': {
      const kept = plan.columns.map((c, i) => (ids.has(c.id) ? i : -1)).filter((i) => i !== -1);
      if (kept.length === plan.columns.length || outputIds(plan).size !== plan.columns.length) return plan;
      return {
        kind: 'values',
        columns: plan.columns.filter((_, i) => kept.includes(i)),
        rows: plan.rows.map((row) => row.filter((_, i) => kept.includes(i))),
      };
    }
    case 'scan':
    case 'common-table':
    case 'distinct':
    case 'set-operation':
    case 'insert':
    case 'update':
    case 'delete':
      return plan;
  }
}
