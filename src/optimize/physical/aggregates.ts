// Grouping by hash or over sorted input, and the cases that indexes answer alone: the least or greatest value from the end of an ordered
// walk, and what sets or columns know.

import { aggregateExprs, constant, exprKey, isDeterministic, isNull } from '../../expr/build.js';
import type { ColumnId } from '../../expr/expression.js';
import type { AggregatePlan, LogicalPlan, SortKey } from '../../plan/logical.js';
import type { Considered, PhysicalPlan } from '../../plan/physical.js';
import { evaluationCost } from '../access/predicates.js';
import type { Candidate, Want } from '../candidate.js';
import { expected, wantAll } from '../candidate.js';
import { heldBytes, spillCost } from '../cost.js';
import { exactly } from '../cardinality/estimate.js';
import { readsOf } from '../plan-tree.js';
import { overColumns } from './column-aggregates.js';
import type { Planner } from './planner.js';
import { scanUnder } from './planner.js';
import { answeredBySets } from './set-aggregates.js';

export function planAggregate(planner: Planner, node: AggregatePlan, want: Want): Candidate[] {
  const candidates = [
    hashed(planner, node, node.input),
    ...overSorted(planner, node, want),
    ...overColumns(planner, node),
  ];
  const fromIndexes = answeredBySets(planner, node);
  if (fromIndexes !== undefined) candidates.push(fromIndexes);
  const end = endOfWalk(planner, node) ?? oneByOne(planner, node);
  if (end !== undefined) candidates.push(end);
  return planner.planning
    .choose('aggregate', candidates, want)
    .map((chosen) => (chosen === fromIndexes ? tellChoice(chosen, candidates) : chosen));
}

/** What every way of grouping reads and yields; and the cost of one row but for finding its group. */
export function grouping(planner: Planner, node: AggregatePlan) {
  const { costs } = planner;
  const reads = new Set<ColumnId>();
  const groups = node.groups.map((g) => g.expr);
  const exprs = [...groups, ...node.aggregates.flatMap((a) => aggregateExprs(a.aggregate))];
  for (const expr of exprs) for (const id of readsOf(expr)) reads.add(id);
  const perRow =
    exprs.reduce((total, expr) => total + evaluationCost(expr, costs), 0) + node.aggregates.length * costs.aggregate;
  const columns = [...node.groups.map((g) => g.column.id), ...node.aggregates.map((a) => a.column.id)];
  return { groups, reads, perRow, columns, aggregates: node.aggregates.map((a) => a.aggregate) };
}

/** Grouping of inputs whose rows come in an order of the groups: in the wanted one, where that is of groups alone. */
function overSorted(planner: Planner, node: AggregatePlan, want: Want): Candidate[] {
  if (node.groups.length === 0 || planner.planning.forbids('sorted-aggregate')) return [];
  const { costs } = planner;
  const { groups, reads, perRow, columns, aggregates } = grouping(planner, node);
  const wanted = orderOfGroups(want.order ?? [], node);
  const ordered = want.order === undefined || wanted !== undefined;
  const before = wanted ?? [];
  const there = new Set(before.map((key) => exprKey(key.expr)));
  const rest = groups.filter((expr) => !there.has(exprKey(expr)));
  const order = [...before, ...rest.map((expr) => ({ expr, desc: false, nullsFirst: false }))];
  const inputs = planner.plan(node.input, { columns: reads, order, rows: undefined }).filter((c) => c.ordered);
  return inputs.map((input) => {
    const below = input.plan.expected;
    const rows = planner.knowledge.groups(groups, below.rows);
    const work = (n: number, out: number) => n * (perRow + costs.sortedStep) + out * costs.kernel;
    const cost = below.cost + costs.operator + work(below.rows.est, rows.est);
    const plan: PhysicalPlan = {
      kind: 'sorted-aggregate',
      input: input.plan,
      groups,
      aggregates,
      columns,
      expected: expected(rows, cost, below.startup + costs.operator),
    };
    return { plan, ordered, high: input.high + work(below.rows.hi, rows.hi), clustered: input.clustered };
  });
}

/** An order over the groups' columns as one over their expressions; undefined when it is over anything else. */
function orderOfGroups(order: readonly SortKey[], node: AggregatePlan): readonly SortKey[] | undefined {
  const keys: SortKey[] = [];
  for (const key of order) {
    const { expr } = key;
    const group = expr.kind === 'column' ? node.groups.find((g) => g.column.id === expr.id) : undefined;
    if (group === undefined) return undefined;
    keys.push({ ...key, expr: group.expr });
  }
  return keys;
}

function hashed(planner: Planner, node: AggregatePlan, from: LogicalPlan): Candidate {
  const { costs } = planner;
  const { groups, reads, perRow: perInput, columns, aggregates } = grouping(planner, node);
  const input = planner.cheapest(from, wantAll(reads));
  const below = input.plan.expected;
  const rows = planner.knowledge.groups(groups, below.rows);
  const perRow = perInput + (groups.length > 0 ? costs.hashProbe : 0);
  const { memoryBudget } = planner.planning;
  const work = (n: number, out: number) =>
    n * perRow +
    (groups.length > 0 ? out * costs.hashBuild + spillCost(costs, n, heldBytes(out, columns.length), memoryBudget) : 0);
  const cost = below.cost + costs.operator + work(below.rows.est, rows.est);
  const plan: PhysicalPlan = {
    kind: 'hash-aggregate',
    input: input.plan,
    groups,
    aggregates,
    columns,
    expected: expected(rows, cost, cost),
  };
  return { plan, ordered: groups.length === 0, high: input.high + work(below.rows.hi, rows.hi), clustered: false };
}

/** `min(x)` is the first non-NULL x in order; over one row the aggregate still gives its row when there is none. */
function endOfWalk(planner: Planner, node: AggregatePlan): Candidate | undefined {
  const only = node.aggregates[0]?.aggregate;
  if (only === undefined || node.aggregates.length !== 1 || node.groups.length !== 0) return undefined;
  if ((only.name !== 'min' && only.name !== 'max') || only.filter !== undefined) return undefined;
  const arg = only.args[0];
  if (arg === undefined || scanUnder(node.input) === undefined || readsOf(arg).size === 0) return undefined;
  const present: LogicalPlan =
    arg.kind === 'column' && !arg.nullable
      ? node.input
      : { kind: 'filter', input: node.input, predicate: isNull(arg, true) };
  const desc = only.name === 'max';
  const keys = [...(only.keys ?? []), arg].map((expr): SortKey => ({ expr, desc, nullsFirst: desc }));
  const first: LogicalPlan = {
    kind: 'limit',
    input: { kind: 'sort', input: present, keys },
    limit: constant(1, 'integer'),
    offset: undefined,
  };
  return hashed(planner, node, first);
}

/** Aggregates that are asked for together for all rows, each answered by itself: `min(x), max(x), count(*)`. */
const MOST_ALONE = 8;

/** Several such aggregates, as the one combination of their one row each. */
function oneByOne(planner: Planner, node: AggregatePlan): Candidate | undefined {
  const { aggregates } = node;
  if (node.groups.length > 0 || aggregates.length < 2 || aggregates.length > MOST_ALONE) return undefined;
  // Each reads the rows for itself: they must be the same rows.
  const target = scanUnder(node.input);
  if (target === undefined || !target.predicates.every(isDeterministic)) return undefined;
  const { costs } = planner;
  let all: Candidate | undefined;
  for (const one of aggregates) {
    const alone: AggregatePlan = { ...node, aggregates: [one] };
    const next = answeredBySets(planner, alone) ?? endOfWalk(planner, alone);
    if (next === undefined) return undefined;
    if (all === undefined) {
      all = next;
      continue;
    }
    const left: PhysicalPlan = all.plan;
    const right = next.plan;
    const cost = left.expected.cost + right.expected.cost + costs.operator + costs.joinRow;
    const plan: PhysicalPlan = {
      kind: 'nested-loop-join',
      type: 'inner',
      left,
      right,
      condition: undefined,
      columns: [...left.columns, ...right.columns],
      expected: expected(exactly(1), cost, cost),
    };
    all = { plan, ordered: true, high: all.high + next.high, clustered: false };
  }
  return all;
}

function tellChoice(chosen: Candidate, all: readonly Candidate[]): Candidate {
  const { plan } = chosen;
  if (plan.kind !== 'row-set-count' && plan.kind !== 'facet-scan') return chosen;
  const others: Considered[] = [];
  for (const other of all) {
    if (other === chosen) continue;
    const { cost } = other.plan.expected;
    const ratio = cost / Math.max(1, plan.expected.cost);
    others.push({
      path: 'aggregate over rows',
      verdict: 'rejected',
      reason: `costs ${ratio.toFixed(1)} times the chosen path`,
      cost,
    });
  }
  return { ...chosen, plan: { ...plan, considered: [...plan.considered, ...others] } };
}
