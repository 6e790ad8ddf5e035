// A physical plan as plain data.

import type { PhysicalPlan, PhysicalQuery } from '../physical.js';
import type { Actual, Actuals } from './figures.js';
import { describeNode, isUnused } from './node.js';

/** One operator of `explainJson`. */
export interface ExplainJsonNode {
  readonly operator: string;
  readonly title: string;
  readonly details: Readonly<Record<string, string>>;
  readonly rows: { readonly lo: number; readonly est: number; readonly hi: number; readonly source: string };
  /** Nanoseconds. */
  readonly cost: number;
  readonly startup: number;
  readonly actual?: Actual;
  readonly considered?: readonly {
    readonly path: string;
    readonly verdict: string;
    readonly reason: string;
    readonly cost: number | null;
  }[];
  readonly inputs: readonly ExplainJsonNode[];
}

export interface ExplainJson {
  readonly plan: ExplainJsonNode;
  /** By sub-query id; null for one that the rules have taken into the plan. */
  readonly subqueries: readonly (ExplainJsonNode | null)[];
  readonly rules: readonly { readonly rule: string; readonly count: number }[];
}

/** The same as plain data, ready for `JSON.stringify`. */
export function explainJson(query: PhysicalQuery, actual?: Actuals): ExplainJson {
  return {
    plan: jsonNode(query.plan, actual),
    subqueries: query.subqueries.map((plan) => (isUnused(plan) ? null : jsonNode(plan, actual))),
    rules: query.trace,
  };
}

function jsonNode(plan: PhysicalPlan, actual: Actuals | undefined): ExplainJsonNode {
  const node = describeNode(plan);
  const details: Record<string, string> = {};
  for (const [label, text] of node.details)
    details[label] = label in details ? `${details[label] ?? ''}; ${text}` : text;
  const measured = actual?.get(plan);
  const { lo, est, hi, source } = plan.expected.rows;
  return {
    operator: plan.kind,
    title: node.title,
    details,
    rows: { lo, est, hi, source },
    cost: plan.expected.cost,
    startup: plan.expected.startup,
    ...(measured === undefined ? {} : { actual: measured }),
    ...(node.considered.length === 0
      ? {}
      : {
          considered: node.considered.map((c) => ({
            path: c.path,
            verdict: c.verdict,
            reason: c.reason,
            cost: c.cost ?? null,
          })),
        }),
    inputs: node.inputs.map((input) => jsonNode(input, actual)),
  };
}
