// Takes the terms that read an outer row's slots out of a sub-query's filters and inner joins, so that they can be tested by a join.
// Not a rule by itself: `unnest-subqueries` and `join-scalar-subqueries` use it.

import { and, canRaise, compare, conjuncts, exprKey, hasSubquery, rewrite } from '../../expr/build.js';
import type { ColumnId, Expr, Subquery } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { AggregatePlan, LogicalPlan, OutputColumn } from '../../plan/logical.js';
import { outputOf } from '../../plan/logical.js';
import type { RuleContext } from '../engine.js';
import { columnOf, exprReadsSlots, exprsOf, readsOf, readsSlots } from '../plan-tree.js';
import { filtered } from './movable.js';

export interface Separated {
  /** Reads none of the slots; yields at least the columns of the original and those the links read. */
  readonly plan: LogicalPlan;
  /** Terms over the plan's columns and the slots. */
  readonly links: readonly Expr[];
}

/**
 * Undefined when the slots are read where no term can be taken out.
 * @param asSet whether it matters only which rows there are: neither how often nor in which order
 */
export function decorrelate(
  plan: LogicalPlan,
  slots: ReadonlySet<number>,
  context: RuleContext,
  asSet: boolean,
): Separated | undefined {
  const { subqueries } = context;
  if (slots.size === 0 || !readsSlots(plan, slots, subqueries)) return { plan, links: [] };
  const reads = (expr: Expr) => exprReadsSlots(expr, slots, subqueries);
  switch (plan.kind) {
    case 'filter': {
      const below = decorrelate(plan.input, slots, context, asSet);
      if (below === undefined) return undefined;
      const taken = take(plan.predicate, reads);
      return taken && { plan: filtered(below.plan, taken.kept), links: [...below.links, ...taken.links] };
    }
    case 'project': {
      if (exprsOf(plan).some(reads)) return undefined;
      const below = decorrelate(plan.input, slots, context, asSet);
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
        const left = decorrelate(plan.left, slots, context, asSet);
        return left && { plan: { ...plan, left: left.plan }, links: left.links };
      }
      const left = decorrelate(plan.left, slots, context, asSet);
      const right = decorrelate(plan.right, slots, context, asSet);
      const taken = take(plan.condition, reads);
      if (left === undefined || right === undefined || taken === undefined) return undefined;
      return {
        plan: { ...plan, left: left.plan, right: right.plan, condition: and(taken.kept) },
        links: [...left.links, ...right.links, ...taken.links],
      };
    }
    case 'sort':
    case 'distinct':
      return asSet ? decorrelate(plan.input, slots, context, asSet) : undefined;
    case 'aggregate': {
      // Without groups there is a row even where no row is linked, which a join cannot give.
      if (plan.groups.length === 0 || exprsOf(plan).some(reads)) return undefined;
      const below = decorrelate(plan.input, slots, context, false);
      return below && groupedByLinks(plan, below, slots, context);
    }
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

/**
 * The grouping, divided further by what the links compare with outer values, so that they can be tested above it: the groups of one outer
 * row are those whose columns equal its values. Undefined for other links than equalities of one type: integer 1 and real 1.0 are equal, but
 * two groups.
 */
export function groupedByLinks(
  plan: AggregatePlan,
  below: Separated,
  slots: ReadonlySet<number>,
  context: RuleContext,
): Separated | undefined {
  const groups = [...plan.groups];
  const links: Expr[] = [];
  for (const link of below.links) {
    const sides = linkSides(link, slots, context);
    if (sides === undefined) return undefined;
    const { inner, outer } = sides;
    let group = groups.find(({ expr }) => exprKey(expr) === exprKey(inner));
    if (group === undefined) {
      const [name, nullable] = inner.kind === 'column' ? [inner.name, inner.nullable] : ['key', true];
      group = { column: { id: context.newColumn(), name, type: typeOf(inner), nullable }, expr: inner };
      groups.push(group);
    }
    links.push(compare('=', columnOf(group.column), outer));
  }
  return { plan: { ...plan, input: below.plan, groups }, links };
}

function linkSides(link: Expr, slots: ReadonlySet<number>, { subqueries }: RuleContext) {
  if (link.kind !== 'compare' || link.operator !== '=' || hasSubquery(link)) return undefined;
  if (typeOf(link.left) !== typeOf(link.right)) return undefined;
  const isOuter = (expr: Expr) => readsOf(expr).size === 0 && exprReadsSlots(expr, slots, subqueries);
  const isInner = (expr: Expr) => readsOf(expr).size > 0 && !exprReadsSlots(expr, slots, subqueries);
  const { left, right } = link;
  if (isInner(left) && isOuter(right)) return { inner: left, outer: right };
  return isInner(right) && isOuter(left) ? { inner: right, outer: left } : undefined;
}

/** Links with the outer expressions in the place of the slots that carried them. */
export function overOuter(links: readonly Expr[], { slots, args }: Subquery): Expr[] {
  const bySlot = new Map(slots.map((slot, i) => [slot, args[i]!]));
  return links.map((link) =>
    rewrite(link, (node) => (node.kind === 'parameter' ? (bySlot.get(node.index) ?? node) : node)),
  );
}
