// Aggregates that a columnstore computes on its columns: where groups are columns, and states can be added to in place.

import { accumulated } from '../../expr/build.js';
import { isInPlace } from '../../expr/vector-aggregation.js';
import type { AggregatePlan } from '../../plan/logical.js';
import type { PhysicalPlan } from '../../plan/physical.js';
import { scanContext } from '../access/access-paths.js';
import { heldBy, readingCost, statedBy } from '../access/column-paths.js';
import { describeIndex } from '../access/offers.js';
import { evaluationCost } from '../access/predicates.js';
import { scanNode } from '../access/scan-context.js';
import type { ScanContext } from '../access/scan-context.js';
import type { Candidate } from '../candidate.js';
import { expected, wantAll } from '../candidate.js';
import { heldBytes } from '../cost.js';
import type { IndexDef } from '../../catalog/definitions.js';
import { grouping } from './aggregates.js';
import type { Planner } from './planner.js';
import { scanUnder } from './planner.js';

export function overColumns(planner: Planner, node: AggregatePlan): Candidate[] {
  const target = scanUnder(node.input);
  if (target === undefined || !node.aggregates.every(({ aggregate }) => isInPlace(aggregate))) return [];
  const stored = new Set(target.scan.columns.map(({ id }) => id));
  if (!node.groups.every(({ expr }) => expr.kind === 'column' && stored.has(expr.id))) return [];
  const { reads } = grouping(planner, node);
  if (![...reads].every((id) => stored.has(id))) return [];
  const context = scanContext(planner.planning, target.scan, target.predicates, wantAll(reads));
  if (context === undefined) return [];
  return context.indexes
    .filter((index) => index.kind === 'columnstore' && holds(context, index))
    .flatMap((index) => aggregated(planner, node, context, index));
}

function holds(context: ScanContext, index: IndexDef): boolean {
  const held = heldBy(index);
  const { fetch } = context.testOutside(statedBy(context, index));
  return [...context.needed.fetch, ...fetch].every(({ ordinal }) => held.has(ordinal));
}

function aggregated(planner: Planner, node: AggregatePlan, context: ScanContext, index: IndexDef): Candidate[] {
  const { costs, planning } = planner;
  const { groups, columns, aggregates } = grouping(planner, node);
  const test = context.testOutside(statedBy(context, index));
  const reading = readingCost(context, index);
  const { rows } = context;
  const out = planner.knowledge.groups(groups, rows);
  if (heldBytes(out.est, columns.length) > planning.memoryBudget / 2) return [];
  const args = aggregates.flatMap(accumulated);
  const perRow =
    args.reduce((sum, expr) => sum + (expr.kind === 'column' ? 0 : evaluationCost(expr, costs)), 0) +
    (groups.length + aggregates.length) * costs.columnValue;
  const work = (n: number, found: number) => n * perRow + found * costs.hashBuild;
  const pages = reading.chunks * context.needed.fetch.length * costs.columnPage;
  const cost = costs.operator + reading.cost + pages + work(rows.est, out.est);
  const plan: PhysicalPlan = {
    kind: 'column-aggregate',
    scan: {
      ...scanNode(context, test),
      considered: [
        {
          path: `aggregate on the columns of ${describeIndex(index)}`,
          verdict: 'chosen',
          reason: 'cheapest: no row is put together',
          cost,
        },
        ...context.refused,
      ],
    },
    index,
    groups,
    aggregates,
    columns,
    expected: expected(out, cost, cost),
  };
  const high = costs.operator + reading.high + pages + work(rows.hi, out.hi);
  return [{ plan, ordered: groups.length === 0, high, clustered: false }];
}
