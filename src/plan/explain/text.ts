// A physical plan as an indented text, with what really happened beside what was expected when that is known.

import type { PhysicalPlan, PhysicalQuery } from '../physical.js';
import type { Actuals } from './figures.js';
import { figures } from './figures.js';
import { describeMemo, memoLines } from './memo.js';
import { describeConsidered, describeNode, firedRules, isUnused } from './node.js';

/**
 * The plan as text: one operator a line, inputs indented below it, then the access paths that were weighed, the
 * rules that fired, and the memo where one was kept.
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
  if (query.trace.length > 0) lines.push(`Rules: ${firedRules(query)}`);
  const memo = describeMemo(query);
  if (memo.length > 0) lines.push('Memo');
  for (const group of memo) lines.push(`  ${group.title}`, ...memoLines(group).map((line) => `    ${line}`));
  return lines.join('\n');
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
  lines.push(`${lead}${node.title}  ${figures(plan, actual).join('  ')}`);
  for (const [label, text] of node.details) lines.push(`${indent}  ${label}: ${text}`);
  if (node.considered.length > 0) {
    weighed.push(`  ${node.title}`, ...node.considered.map((item) => `    ${describeConsidered(item)}`));
  }
  for (const input of node.inputs) writePlan(input, `${indent}  -> `, `${indent}     `, lines, weighed, actual);
}
