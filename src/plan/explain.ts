// EXPLAIN: a physical plan as an indented text or as JSON, with what really happened beside what was expected when that is known.

import type { PhysicalPlan, PhysicalQuery } from './physical.js';
import { formatBytes, formatCount, formatEstimate, formatTime } from './explain-format.js';
import { describeConsidered, describeNode } from './explain-node.js';

/** What an execution measured for one node, over all its runs: rows yielded, runs, nanoseconds (inputs included). */
export interface Actual {
  readonly rows: number;
  readonly loops: number;
  readonly ns: number;
  /** Of a columnstore: chunks read, and chunks that their zones ruled out. */
  readonly chunks?: { readonly read: number; readonly pruned: number };
  /** Bytes that a run held at most, and that all runs wrote to temporary files; absent where a node holds none. */
  readonly memory?: number;
  readonly spilled?: number;
}

export type Actuals = ReadonlyMap<object, Actual>;

/**
 * The plan as text: one operator a line, inputs indented below it, then the access paths that were weighed and the rules that fired.
 *
 * @example
 * Row Set Scan on places  rows=120 (40..300, sample)  cost=310.0 us
 *   Index Set: and(kind = 'town' [bitmap places_kind], ST_Within(...) [rtree places_geo, superset])
 *   Filter: ST_Within(places.geo, $1)
 */
export function explainText(query: PhysicalQuery, actual?: Actuals): string {
  const lines: string[] = [];
  const weighed: string[] = [];
  writePlan(query.plan, '', '', lines, weighed, actual);
  query.subqueries.forEach((plan, id) => {
    if (isUnused(plan)) return;
    lines.push(`Sub-query ${id}`);
    writePlan(plan, '  ', '  ', lines, weighed, actual);
  });
  if (weighed.length > 0) lines.push('Considered', ...weighed);
  if (query.trace.length > 0) {
    lines.push(`Rules: ${query.trace.map(({ rule, count }) => (count === 1 ? rule : `${rule} x${count}`)).join(', ')}`);
  }
  return lines.join('\n');
}

/** A sub-query that the rules have taken into the plan is left behind as an empty VALUES. */
function isUnused(plan: PhysicalPlan): boolean {
  return plan.kind === 'values' && plan.rows.length === 0;
}

/** @param lead what stands before the title; `indent` before the lines under it. */
function writePlan(
  plan: PhysicalPlan,
  lead: string,
  indent: string,
  lines: string[],
  weighed: string[],
  actual: Actuals | undefined,
): void {
  const node = describeNode(plan);
  lines.push(`${lead}${node.title}  ${figures(plan, actual)}`);
  for (const [label, text] of node.details) lines.push(`${indent}  ${label}: ${text}`);
  if (node.considered.length > 0) {
    weighed.push(`  ${node.title}`, ...node.considered.map((item) => `    ${describeConsidered(item)}`));
  }
  for (const input of node.inputs) writePlan(input, `${indent}  -> `, `${indent}     `, lines, weighed, actual);
}

function figures(plan: PhysicalPlan, actual: Actuals | undefined): string {
  const { rows, cost } = plan.expected;
  const text = `rows=${formatEstimate(rows)}  cost=${formatTime(cost)}`;
  if (actual === undefined) return text;
  const measured = actual.get(plan);
  if (measured === undefined) return `${text}  (never run)`;
  const { chunks } = measured;
  const read = chunks ? ` chunks=${formatCount(chunks.read)} pruned=${formatCount(chunks.pruned)}` : '';
  const loops = measured.loops === 1 ? '' : ` loops=${formatCount(measured.loops)}`;
  const memory = measured.memory === undefined ? '' : ` memory=${formatBytes(measured.memory)}`;
  const spilled = measured.spilled ? ` spilled=${formatBytes(measured.spilled)}` : '';
  return `${text}  actual rows=${formatCount(measured.rows)}${loops}${read} time=${formatTime(measured.ns)}${memory}${spilled}`;
}

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
