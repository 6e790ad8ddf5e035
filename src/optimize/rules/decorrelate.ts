// Takes the terms that read an outer row's slots out of a sub-query's filters and inner joins, so that they can be tested by a join.
// Not a rule by itself: `unnest-subqueries` uses it.

import { and, canRaise, conjuncts } from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import type { LogicalPlan, OutputColumn } from '../../plan/logical.js';
import { outputOf } from '../../plan/logical.js';
import { exprReadsSlots, exprsOf, readsOf, readsSlots } from '../plan-tree.js';
import { filtered } from './movable.js';

export interface Separated {
  /** Reads none of the slots; yields at least the columns of the original and those the links read. */
  readonly plan: LogicalPlan;
  /** Terms over the plan's columns and the slots. */
  readonly links: readonly Expr[];
}

/** Undefined when the slots are read where no term can be taken out. */
export function decorrelate(
  plan: LogicalPlan,
  slots: ReadonlySet<number>,
  subqueries: readonly LogicalPlan[],
): Separated | undefined {
  if (slots.size === 0 || !readsSlots(plan, slots, subqueries)) return { plan, links: [] };
  const reads = (expr: Expr) => exprReadsSlots(expr, slots, subqueries);
  switch (plan.kind) {
    case 'filter': {
      const below = decorrelate(plan.input, slots, subqueries);
      if (below === undefined) return undefined;
      const taken = take(plan.predicate, reads);
      return taken && { plan: filtered(below.plan, taken.kept), links: [...below.links, ...taken.links] };
    }
    case 'project': {
      if (exprsOf(plan).some(reads)) return undefined;
      const below = decorrelate(plan.input, slots, subqueries);
      if (below === undefined) return undefined;
      const items = [...plan.items];
      const shown = new Set(items.map((item) => item.column.id));
      const offered = new Map<ColumnId, OutputColumn>(outputOf(below.plan).map((c) => [c.id, c]));
      for (const link of below.links) {
        for (const id of readsOf(link)) {
          const column = offered.get(id);
          if (shown.has(id) || column === undefined) continue;
          shown.add(id);
          items.push({
            column,
            expr: { kind: 'column', id, name: column.name, type: column.type, nullable: column.nullable },
          });
        }
      }
      return { plan: { ...plan, input: below.plan, items }, links: below.links };
    }
    case 'join': {
      if (plan.type !== 'inner') {
        // Only the left side keeps its rows as they are; of a full join neither does.
        if (plan.type === 'full' || reads(plan.condition) || readsSlots(plan.right, slots, subqueries))
          return undefined;
        const left = decorrelate(plan.left, slots, subqueries);
        return left && { plan: { ...plan, left: left.plan }, links: left.links };
      }
      const left = decorrelate(plan.left, slots, subqueries);
      const right = decorrelate(plan.right, slots, subqueries);
      const taken = take(plan.condition, reads);
      if (left === undefined || right === undefined || taken === undefined) return undefined;
      return {
        plan: { ...plan, left: left.plan, right: right.plan, condition: and(taken.kept) },
        links: [...left.links, ...right.links, ...taken.links],
      };
    }
    // The order of a sub-query's rows decides nothing here; distinct rows may repeat under other links without harm only if nothing is
    // added to them, which a link would do.
    case 'sort':
      return decorrelate(plan.input, slots, subqueries);
    default:
      return undefined;
  }
}

function take(predicate: Expr, reads: (expr: Expr) => boolean): { kept: Expr[]; links: Expr[] } | undefined {
  const kept: Expr[] = [];
  const links: Expr[] = [];
  for (const term of conjuncts(predicate)) {
    if (!reads(term)) kept.push(term);
    else if (canRaise(term)) return undefined;
    else links.push(term);
  }
  return { kept, links };
}
