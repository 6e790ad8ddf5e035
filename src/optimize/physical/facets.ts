// Facets: counts by each of several expressions of the same rows. Each is counted by its own index where that is cheap (a bitmap's
// cardinalities, a columnstore), all of them with one set of rows; the others in one pass over the rows. Or all are, where that costs less.

import type { RowSetPlan } from '../../catalog/offer.js';
import { constant } from '../../expr/build.js';
import type { ColumnId } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { AggregatePlan, OutputColumn } from '../../plan/logical.js';
import type { PhysicalPlan } from '../../plan/physical.js';
import type { Candidate } from '../candidate.js';
import { best, expected, wantAll } from '../candidate.js';
import { plus } from '../cardinality/estimate.js';
import { columnOf, readsOf } from '../plan-tree.js';
import { planAggregate } from './aggregates.js';
import type { Planner } from './planner.js';

interface Facet {
  readonly number: number;
  readonly group: AggregatePlan['groups'][number];
  /** Counted by itself. */
  readonly alone: PhysicalPlan;
}

export function planFacets(planner: Planner, node: AggregatePlan, number: OutputColumn): Candidate {
  const { aggregates, input } = node;
  const columns = [...node.groups.map((g) => g.column.id), aggregates[0]!.column.id, number.id];
  const facets = node.groups.map((group, i): Facet => {
    const single: AggregatePlan = { kind: 'aggregate', input, groups: [group], aggregates };
    const want = wantAll(new Set([group.column.id, aggregates[0]!.column.id]));
    return { number: i, group, alone: best(planAggregate(planner, single, want), undefined)!.plan };
  });
  const overRows = facets.filter(({ alone }) => alone.kind !== 'facet-scan' && alone.kind !== 'column-aggregate');
  const ways = [overRows, facets].map((passed) => {
    const pass = passed.length === 0 ? undefined : inOnePass(planner, node, passed, columns);
    const kept = facets.filter((facet) => !passed.includes(facet));
    const apart = withOneSet(kept, pass).map((facet) => numbered(planner, facet, node, columns));
    return together(pass === undefined ? apart : [...apart, pass], columns);
  });
  const plan = ways.reduce((a, b) => (b.expected.cost < a.expected.cost ? b : a));
  return { plan, ordered: false, high: plan.expected.cost, clustered: false };
}

function inOnePass(
  planner: Planner,
  node: AggregatePlan,
  facets: readonly Facet[],
  columns: readonly ColumnId[],
): PhysicalPlan {
  const { costs, knowledge } = planner;
  const reads = new Set<ColumnId>();
  for (const { group } of facets) for (const id of readsOf(group.expr)) reads.add(id);
  const input = planner.cheapest(node.input, wantAll(reads)).plan;
  const below = input.expected;
  const groups = facets.map(({ group }) => knowledge.groups([group.expr], below.rows));
  const cost =
    below.cost +
    costs.operator +
    below.rows.est * facets.length * (costs.hashProbe + costs.aggregate) +
    groups.reduce((sum, { est }) => sum + est * costs.hashBuild, 0);
  return {
    kind: 'facet-count',
    input,
    facets: facets.map(({ number, group }) => ({ number, expr: group.expr })),
    count: node.aggregates[0]!.aggregate,
    columns,
    expected: expected(groups.reduce(plus), cost, cost),
  };
}

/** All cover the same conjuncts exactly, so that the set of one is that of each: it is made once. */
function withOneSet(facets: readonly Facet[], pass: PhysicalPlan | undefined): Facet[] {
  let set: RowSetPlan | undefined;
  if (pass?.kind === 'facet-count' && pass.input.kind === 'row-set-scan' && pass.input.scan.filter === undefined) {
    ({ set } = pass.input);
  }
  return facets.map((facet) => {
    const { alone } = facet;
    if (alone.kind !== 'facet-scan' || alone.set === undefined) return facet;
    set ??= alone.set;
    return { ...facet, alone: { ...alone, set } };
  });
}

/** A facet's values and counts, in its own column among those of all. */
function numbered(
  planner: Planner,
  { number, group, alone }: Facet,
  node: AggregatePlan,
  columns: readonly ColumnId[],
): PhysicalPlan {
  const count = node.aggregates[0]!.column;
  return {
    kind: 'project',
    input: alone,
    exprs: [
      ...node.groups.map(({ expr }, i) => (i === number ? columnOf(group.column) : constant(null, typeOf(expr)))),
      columnOf(count),
      constant(number, 'integer'),
    ],
    columns,
    expected: { ...alone.expected, cost: alone.expected.cost + alone.expected.rows.est * planner.costs.kernel },
  };
}

function together(plans: readonly PhysicalPlan[], columns: readonly ColumnId[]): PhysicalPlan {
  return plans.reduce((left, right) => ({
    kind: 'set-operation',
    operation: 'union',
    all: true,
    left,
    right,
    columns,
    expected: expected(
      plus(left.expected.rows, right.expected.rows),
      left.expected.cost + right.expected.cost,
      left.expected.startup,
    ),
  }));
}
