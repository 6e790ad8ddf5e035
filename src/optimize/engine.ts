// Runs rewrite rules over a logical plan until nothing changes, and keeps count of what fired. It knows no rule: the list is `rules/`.

import type { Catalog } from '../catalog/catalog.js';
import { invariant } from '../errors.js';
import type { ColumnId } from '../expr/expression.js';
import type { LogicalPlan } from '../plan/logical.js';
import { outputOf } from '../plan/logical.js';
import { mapInputs } from './plan-tree.js';

/** What a rule may look at besides the node it is shown. */
export interface RuleContext {
  readonly catalog: Catalog;
  /** Plans of sub-queries, by `Subquery.id`, as they are now. */
  readonly subqueries: readonly LogicalPlan[];
  /** Facts that a rule has added already, in its own words: what was moved out of its sight must not be added again. */
  readonly stated: Set<string>;
  newColumn(): ColumnId;
}

/**
 * A rewrite of one operator (with what lies below it). `rewrite` gives a plan that means the same and has the same output columns, or
 * undefined to decline. It must not go on firing on its own output. The file of each rule says when it would be wrong.
 */
export interface Rule {
  readonly name: string;
  /** The operators it can start from; others are not shown to it. */
  readonly on: readonly LogicalPlan['kind'][];
  rewrite(plan: LogicalPlan, context: RuleContext): LogicalPlan | undefined;
}

/** Passes over the plan, and firings at one operator in one visit. Enough for any plan; a rule that undoes another ends here. */
const MOST_PASSES = 16;
const MOST_FIRINGS = 64;

export type Trace = Map<string, number>;

/** Rewrites to a fixpoint. `trace` receives how often each rule fired, in the order of first firing. */
export function applyRules(plan: LogicalPlan, rules: readonly Rule[], context: RuleContext, trace: Trace): LogicalPlan {
  const byKind = new Map<LogicalPlan['kind'], Rule[]>();
  for (const rule of rules) {
    for (const kind of rule.on) {
      const list = byKind.get(kind);
      if (list === undefined) byKind.set(kind, [rule]);
      else list.push(rule);
    }
  }
  // Subtrees on which a whole visit changed nothing need no second visit.
  const settled = new WeakSet<LogicalPlan>();

  const applyHere = (start: LogicalPlan): LogicalPlan => {
    let current = start;
    let firings = 0;
    for (let again = true; again && firings < MOST_FIRINGS;) {
      again = false;
      for (const rule of byKind.get(current.kind) ?? []) {
        const next = rule.rewrite(current, context);
        if (next === undefined || next === current) continue;
        checkColumns(current, next, rule);
        trace.set(rule.name, (trace.get(rule.name) ?? 0) + 1);
        current = next;
        firings++;
        again = true;
        break;
      }
    }
    return current;
  };

  const visit = (node: LogicalPlan): LogicalPlan => {
    if (settled.has(node)) return node;
    const above = applyHere(node);
    const below = mapInputs(above, visit);
    const done = below === above ? above : applyHere(below);
    if (done === node) settled.add(node);
    return done;
  };

  let current = plan;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const next = visit(current);
    if (next === current) break;
    current = next;
  }
  return current;
}

function checkColumns(before: LogicalPlan, after: LogicalPlan, rule: Rule): void {
  const old = outputOf(before);
  const now = outputOf(after);
  const same = old.length === now.length && old.every((column, i) => column.id === now[i]?.id);
  invariant(
    same,
    `rule ${rule.name} changed output columns [${old.map((c) => c.id).join()}] to [${now.map((c) => c.id).join()}]`,
  );
}
