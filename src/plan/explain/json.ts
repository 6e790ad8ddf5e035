// A physical plan as plain data.

import type { PhysicalPlan, PhysicalQuery } from '../physical.js';
import type { Actual, Actuals } from './figures.js';
import type { DescribedGroup } from './memo.js';
import { describeMemo } from './memo.js';
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
  /** With `memo`: each part that was planned on its own, and its priced ways, the cheapest first. */
  readonly memo?: readonly {
    readonly part: string;
    readonly options: readonly {
      readonly way: string;
      readonly verdict: 'chosen' | 'kept' | 'dropped';
      readonly ordered: boolean;
      readonly rows: ExplainJsonNode['rows'];
      /** Nanoseconds. */
      readonly cost: number;
    }[];
  }[];
}

/** The same as plain data, ready for `JSON.stringify`. */
export function explainJson(query: PhysicalQuery, actual?: Actuals): ExplainJson {
  return {
    plan: jsonNode(query.plan, actual),
    subqueries: query.subqueries.map((plan) => (isUnused(plan) ? null : jsonNode(plan, actual))),
    rules: query.trace,
    ...(query.memo === undefined ? {} : { memo: describeMemo(query).map(jsonGroup) }),
  };
}

function jsonGroup({ title, options }: DescribedGroup) {
  return {
    part: title,
    options: options.map(({ way, verdict, ordered, plan: { expected } }) => {
      const { lo, est, hi, source } = expected.rows;
      return { way, verdict, ordered, rows: { lo, est, hi, source }, cost: expected.cost };
    }),
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
