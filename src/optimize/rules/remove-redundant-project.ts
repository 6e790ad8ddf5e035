// A projection that yields its input's columns in their order goes; one over another becomes one.
// Wrong if merging made a costly item be computed twice, or a sub-query run for more rows: such items keep their projection.

import { hasSubquery, isDeterministic, substitute } from '../../expr/build.js';
import type { ColumnId } from '../../expr/expression.js';
import { outputOf } from '../../plan/logical.js';
import type { Rule } from '../engine.js';
import { readsOf } from '../plan-tree.js';

export const removeRedundantProject: Rule = {
  name: 'remove-redundant-project',
  on: ['project'],
  rewrite(plan) {
    if (plan.kind !== 'project') return undefined;
    const below = outputOf(plan.input);
    const same =
      below.length === plan.items.length &&
      plan.items.every((item, i) => {
        const id = below[i]?.id;
        return item.column.id === id && item.expr.kind === 'column' && item.expr.id === id;
      });
    if (same) return plan.input;
    if (plan.input.kind !== 'project') return undefined;
    const inner = plan.input;
    const uses = new Map<ColumnId, number>();
    for (const item of plan.items) for (const id of readsOf(item.expr)) uses.set(id, (uses.get(id) ?? 0) + 1);
    const mergeable = inner.items.every(({ column, expr }) => {
      if (expr.kind === 'column' || expr.kind === 'constant' || expr.kind === 'parameter') return true;
      const used = uses.get(column.id) ?? 0;
      return used <= 1 && isDeterministic(expr) && !hasSubquery(expr);
    });
    // An outer item may read a column more than once inside one expression: only bare ones are surely read once.
    const single = plan.items.every(
      (item) => item.expr.kind === 'column' || [...readsOf(item.expr)].every((id) => isTrivial(inner.items, id)),
    );
    if (!mergeable || !single) return undefined;
    const items = new Map(inner.items.map((item) => [item.column.id, item.expr]));
    return {
      kind: 'project',
      input: inner.input,
      items: plan.items.map((item) => ({ ...item, expr: substitute(item.expr, (column) => items.get(column.id)) })),
    };
  },
};

function isTrivial(items: readonly { column: { id: ColumnId }; expr: { kind: string } }[], id: ColumnId): boolean {
  const item = items.find((i) => i.column.id === id);
  return (
    item === undefined || item.expr.kind === 'column' || item.expr.kind === 'constant' || item.expr.kind === 'parameter'
  );
}
