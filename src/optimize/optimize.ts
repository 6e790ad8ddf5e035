// The planner's door: rules over the logical plan of the query and of each of its sub-queries, then the choice of a physical plan for each.

import type { LogicalPlan, LogicalQuery } from '../plan/logical.js';
import { outputOf } from '../plan/logical.js';
import type { PhysicalPlan, PhysicalQuery } from '../plan/physical.js';
import type { OptimizeEnvironment } from './environment.js';
import type { RuleContext, Trace } from './engine.js';
import { applyRules } from './engine.js';
import { walk } from '../expr/build.js';
import { exprsOf, walkPlan } from './plan-tree.js';
import { Planner } from './physical/planner.js';
import { Planning } from './planning.js';
import { RULES } from './rules/rules.js';

/**
 * The plan that is expected to be cheapest. It gives the same answer as every other plan of the query, for any parameters: those in the
 * environment, like statistics, only steer the choice.
 *
 * @example optimize(bind(ast, catalog), { catalog, offers, parameters: ['town'] })
 */
export function optimize(query: LogicalQuery, environment: OptimizeEnvironment): PhysicalQuery {
  const { rewritten, trace } = rewriteQuery(query, environment);
  const planning = new Planning(rewritten, environment);
  for (const plan of [rewritten.plan, ...rewritten.subqueries]) planning.learn(plan);
  const planner = new Planner(planning);
  const plan = planTop(planner, rewritten.plan);
  const subqueries = rewritten.subqueries.map((sub) => planTop(planner, sub));
  return {
    plan,
    output: query.output,
    subqueries,
    parameters: query.parameters,
    slots: planning.slots,
    trace: [...trace].map(([rule, count]) => ({ rule, count })),
    memo: planning.memo?.groups,
  };
}

/** Only the rules: the rewritten query, and what fired. */
export function rewriteQuery(
  query: LogicalQuery,
  environment: OptimizeEnvironment,
): { readonly rewritten: LogicalQuery; readonly trace: Trace } {
  const hints = { ...query.hints, ...environment.hints };
  const disabled = new Set(hints.disabledRules ?? []);
  const rules = RULES.filter((rule) => !disabled.has(rule.name));
  const trace: Trace = new Map();
  let nextColumn = query.nextColumn;
  const subqueries: LogicalPlan[] = [...query.subqueries];
  const context: RuleContext = {
    catalog: environment.catalog,
    subqueries,
    stated: new Set(),
    newColumn: () => nextColumn++,
  };
  // Inner sub-queries have been bound before the ones around them, and a rule may take one into the plan that asks for it.
  for (let id = 0; id < subqueries.length; id++) {
    const plan = subqueries[id];
    if (plan !== undefined) subqueries[id] = applyRules(plan, rules, context, trace);
  }
  const plan = applyRules(query.plan, rules, context, trace);
  const used = usedSubqueries(plan, subqueries);
  const kept = subqueries.map((sub, id): LogicalPlan =>
    used.has(id) ? sub : { kind: 'values', columns: outputOf(sub), rows: [] },
  );
  return { rewritten: { ...query, plan, subqueries: kept, nextColumn, hints }, trace };
}

/** Ids of the sub-queries and common tables that the plan still reads, directly or through one another. */
function usedSubqueries(plan: LogicalPlan, subqueries: readonly LogicalPlan[]): ReadonlySet<number> {
  const used = new Set<number>();
  const use = (id: number): void => {
    const inner = subqueries[id];
    if (used.has(id) || inner === undefined) return;
    used.add(id);
    visit(inner);
  };
  const visit = (from: LogicalPlan): void => {
    walkPlan(from, (node) => {
      if (node.kind === 'common-table') use(node.id);
      for (const expr of exprsOf(node)) walk(expr, (part) => void (part.kind === 'subquery' && use(part.id)));
    });
  };
  visit(plan);
  return used;
}

function planTop(planner: Planner, plan: LogicalPlan): PhysicalPlan {
  return planner.exact(
    plan,
    outputOf(plan).map((c) => c.id),
  ).plan;
}
