// Whether the rows of a plan differ in certain columns. Errs towards no.

import type { ColumnId } from '../../expr/expression.js';
import type { LogicalPlan } from '../../plan/logical.js';
import { outputIds } from '../plan-tree.js';

/** True when no two rows of the plan agree in all of `ids` (NULLs agreeing). */
export function isKey(plan: LogicalPlan, ids: ReadonlySet<ColumnId>): boolean {
  switch (plan.kind) {
    case 'scan':
      if (plan.rowId !== undefined && ids.has(plan.rowId)) return true;
      return plan.table.indexes.some(
        (index) =>
          (index.unique || index.kind === 'primary') &&
          index.where === undefined &&
          index.keys.length > 0 &&
          index.keys.every((key) => {
            const column = key.expr.kind === 'column' ? plan.columns[key.expr.id] : undefined;
            return column !== undefined && !column.nullable && ids.has(column.id);
          }),
      );
    case 'values':
      return plan.rows.length <= 1;
    case 'filter':
    case 'sort':
    case 'limit':
      return isKey(plan.input, ids);
    case 'distinct':
      return covers(ids, plan) || isKey(plan.input, ids);
    case 'distinct-on': {
      const on = plan.keys.slice(0, plan.on).map(({ expr }) => expr);
      return on.every((e) => e.kind === 'column' && ids.has(e.id)) || isKey(plan.input, ids);
    }
    case 'project': {
      const below = new Set<ColumnId>();
      for (const { column, expr } of plan.items) if (ids.has(column.id) && expr.kind === 'column') below.add(expr.id);
      return isKey(plan.input, below);
    }
    case 'aggregate':
      return plan.groups.every((g) => ids.has(g.column.id));
    case 'join':
      if (plan.type === 'semi' || plan.type === 'anti') return isKey(plan.left, ids);
      // A row of NULLs for either side may repeat one of the other.
      return plan.type !== 'full' && isKey(plan.left, ids) && isKey(plan.right, ids);
    case 'set-operation':
      return !plan.all && covers(ids, plan);
    case 'common-table':
    case 'insert':
    case 'update':
    case 'delete':
      return false;
  }
}

function covers(ids: ReadonlySet<ColumnId>, plan: LogicalPlan): boolean {
  for (const id of outputIds(plan)) if (!ids.has(id)) return false;
  return true;
}
