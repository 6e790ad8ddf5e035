// Grouping by hash or over sorted input, and the cases that indexes answer alone: count(*) from a set's cardinality, facets from a bitmap index, the least or
// greatest value from the end of an ordered walk.

import type { RowSetPlan } from '../../catalog/offer.js';
import { aggregateExprs, constant, exprKey, isNull } from '../../expr/build.js';
import type { Aggregate, ColumnId, Expr } from '../../expr/expression.js';
import type { AggregatePlan, LogicalPlan, SortKey } from '../../plan/logical.js';
import type { Considered, PhysicalPlan } from '../../plan/physical.js';
import { scanContext } from '../access/access-paths.js';
import { evaluationCost } from '../access/predicates.js';
import type { Term } from '../access/row-sets.js';
import { labelOf } from '../access/row-sets.js';
import type { ScanContext } from '../access/scan-context.js';
import { makeSet } from '../access/set-paths.js';
import type { Candidate, Want } from '../candidate.js';
import { expected, prune, wantAll } from '../candidate.js';
import { heldBytes, spillCost } from '../cost.js';
import { estimate, exactly } from '../cardinality/estimate.js';
import { readsOf } from '../plan-tree.js';
import { overColumns } from './column-aggregates.js';
import type { Planner } from './planner.js';
import { scanUnder } from './planner.js';

export function planAggregate(planner: Planner, node: AggregatePlan, want: Want): Candidate[] {
  const candidates = [
    hashed(planner, node, node.input),
    ...overSorted(planner, node, want),
    ...overColumns(planner, node),
  ];
  const fromIndexes = answeredBySets(planner, node);
  if (fromIndexes !== undefined) candidates.push(fromIndexes);
  const end = endOfWalk(planner, node);
  if (end !== undefined) candidates.push(end);
  return prune(candidates, want.rows).map((chosen) =>
    chosen === fromIndexes ? tellChoice(chosen, candidates) : chosen,
  );
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

/** `count(*)`, also as the count of something that is never NULL. */
function isCountAll(aggregate: Aggregate): boolean {
  if (aggregate.name !== 'count' || aggregate.distinct || aggregate.filter !== undefined) return false;
  const arg = aggregate.args[0];
  return arg === undefined || (arg.kind === 'constant' && arg.value !== null);
}

function answeredBySets(planner: Planner, node: AggregatePlan): Candidate | undefined {
  const only = node.aggregates[0];
  if (only === undefined || node.aggregates.length !== 1 || !isCountAll(only.aggregate) || node.groups.length > 1)
    return undefined;
  const target = scanUnder(node.input);
  if (target === undefined) return undefined;
  const context = scanContext(planner.planning, target.scan, target.predicates, wantAll(new Set()));
  if (context === undefined) return undefined;
  const terms = exactCover(context);
  if (terms === undefined) return undefined;
  const chosen = terms.length === 0 ? undefined : makeSet(context, terms);
  const group = node.groups[0];
  return group === undefined
    ? countOfSet(planner, context, chosen, only.column.id)
    : facets(planner, context, chosen, group.expr, [group.column.id, only.column.id]);
}

interface Chosen {
  readonly set: RowSetPlan;
  readonly terms: readonly Term[];
  readonly cost: number;
}

function countOfSet(planner: Planner, context: ScanContext, chosen: Chosen | undefined, id: ColumnId): Candidate {
  // One probe is counted without making its set, where its kind counts quickly: as it did for the estimate.
  const counted = chosen?.terms.length === 1 && isCounted(chosen.terms[0]);
  const cost = planner.costs.operator + (counted ? 2 * planner.costs.seek : (chosen?.cost ?? 0));
  const plan: PhysicalPlan = {
    kind: 'row-set-count',
    table: context.scan.table,
    name: context.scan.name,
    set: chosen?.set,
    considered: [
      { path: `count of ${pathOf(chosen)}`, verdict: 'chosen', reason: 'cardinalities alone answer it', cost },
    ],
    columns: [id],
    expected: expected(exactly(1), cost, cost),
  };
  return { plan, ordered: true, high: cost, clustered: false };
}

function facets(
  planner: Planner,
  context: ScanContext,
  chosen: Chosen | undefined,
  group: Expr,
  columns: readonly ColumnId[],
): Candidate | undefined {
  const { costs, planning } = planner;
  const key = exprKey(context.ordinals.toLocal(group));
  const usable = usableFor(context);
  const index = context.scan.table.indexes.find(
    (i) =>
      i.kind === 'bitmap' &&
      i.where === undefined &&
      i.keys.length === 1 &&
      usable(i.name) &&
      i.keys[0] !== undefined &&
      exprKey(i.keys[0].expr) === key,
  );
  if (index === undefined) return undefined;
  const counted = planning.catalog.index(index);
  const distinct = counted.distinct ?? 100;
  const pages = Math.max(1, counted.pages);
  const perValue =
    costs.setOperation + (chosen === undefined ? 0 : costs.setOperation * Math.ceil(context.tableRows / 65_536) * 0.1);
  const cost = costs.operator + (chosen?.cost ?? 0) + distinct * perValue + pages * costs.pageCached;
  const within = chosen?.set.rows.est ?? context.tableRows;
  const rows = estimate(0, Math.min(distinct, Math.max(1, within)), distinct + 1, 'index');
  const plan: PhysicalPlan = {
    kind: 'facet-scan',
    table: context.scan.table,
    name: context.scan.name,
    index,
    set: chosen?.set,
    considered: [
      {
        path: `facets of ${index.name} (bitmap)${chosen === undefined ? '' : ` within ${pathOf(chosen)}`}`,
        verdict: 'chosen',
        reason: 'cardinalities alone answer it',
        cost,
      },
    ],
    columns,
    expected: expected(rows, cost, cost),
  };
  return { plan, ordered: false, high: cost, clustered: false };
}

function usableFor(context: ScanContext): (name: string) => boolean {
  const refused = new Set(context.refused.filter((r) => r.reason.includes('hint')).map((r) => r.path.split(' ')[0]));
  return (name) => !refused.has(name);
}

function pathOf(chosen: Chosen | undefined): string {
  return chosen === undefined ? 'all rows' : labelOf(chosen.terms);
}

function isCounted(term: Term | undefined): boolean {
  return term?.set.kind === 'probe' && term.rows.lo === term.rows.hi;
}

/** The cheapest terms that answer every conjunct exactly; undefined when some conjunct needs a look at the row. */
function exactCover(context: ScanContext): readonly Term[] | undefined {
  const whole = context.terms.find((term) => term.exact === context.all && isCounted(term));
  if (whole !== undefined) return [whole];
  const chosen: Term[] = [];
  let open = context.all;
  while (open !== 0) {
    let next: Term | undefined;
    let least = Infinity;
    for (const term of context.terms) {
      // A term with conjuncts that it answers only loosely restricts too little, but never too much: it may still take part.
      const won = bitCount(term.exact & open);
      if (won === 0) continue;
      const price = (term.cost + 1) / won;
      if (price < least) {
        least = price;
        next = term;
      }
    }
    if (next === undefined) return undefined;
    chosen.push(next);
    open &= ~next.exact;
  }
  return chosen;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let m = mask; m !== 0; m &= m - 1) count++;
  return count;
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
  const first: LogicalPlan = {
    kind: 'limit',
    input: {
      kind: 'sort',
      input: present,
      keys: [{ expr: arg, desc: only.name === 'max', nullsFirst: only.name === 'max' }],
    },
    limit: constant(1, 'integer'),
    offset: undefined,
  };
  return hashed(planner, node, first);
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
