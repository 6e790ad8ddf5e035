// Logical operators to physical ones, with what is wanted from above handed down: columns, order, how many rows. Each operator answers
// with a few candidates; the one that has the last word (a sort, a limit, the top) chooses.

import { never } from '../../errors.js';
import type { Estimate } from '../../catalog/statistics.js';
import { exprKey, substitute } from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import type { CommonTable, LogicalPlan, Project, Scan, SetOperation, SortKey, Values } from '../../plan/logical.js';
import { outputOf } from '../../plan/logical.js';
import type { PhysicalPlan } from '../../plan/physical.js';
import { accessPaths } from '../access/access-paths.js';
import { evaluationCost } from '../access/predicates.js';
import type { Candidate, Want } from '../candidate.js';
import { best, expected, sameWant, wantAll } from '../candidate.js';
import { heldBytes, spillCost } from '../cost.js';
import { atMost, estimate, exactly, plus, times } from '../cardinality/estimate.js';
import { ColumnKnowledge } from '../cardinality/relations.js';
import { selectivity } from '../cardinality/selectivity.js';
import type { Planning } from '../planning.js';
import { readsOf } from '../plan-tree.js';
import { planAggregate } from './aggregates.js';
import { planChange, planInsert } from './changes.js';
import { planDistinctOn } from './distinct-on.js';
import { planFacets } from './facets.js';
import { planJoin } from './joins.js';
import type { LookupMemo } from './lookup-joins.js';
import { planLimit, planSort } from './sorting.js';

export class Planner {
  readonly knowledge: ColumnKnowledge;
  readonly lookups: LookupMemo = new Map();
  /** What was planned so far: different operators above often want the same of what they share. */
  private readonly planned = new Map<
    LogicalPlan,
    { readonly want: Want; readonly candidates: readonly Candidate[] }[]
  >();

  constructor(readonly planning: Planning) {
    this.knowledge = new ColumnKnowledge(planning);
  }

  get costs() {
    return this.planning.costs;
  }

  /** Candidates for a plan; at least one. */
  plan(node: LogicalPlan, want: Want): readonly Candidate[] {
    let known = this.planned.get(node);
    if (known === undefined) this.planned.set(node, (known = []));
    const found = known.find((entry) => sameWant(entry.want, want));
    if (found !== undefined) return found.candidates;
    const candidates = this.planAnew(node, want);
    known.push({ want, candidates });
    return candidates;
  }

  private planAnew(node: LogicalPlan, want: Want): readonly Candidate[] {
    switch (node.kind) {
      case 'scan':
        return accessPaths(this.planning, node, [], want);
      case 'filter': {
        const target = scanUnder(node);
        return target === undefined
          ? this.filter(node.input, node.predicate, want)
          : accessPaths(this.planning, target.scan, target.predicates, want);
      }
      case 'values':
        return [this.values(node)];
      case 'common-table':
        return [this.commonTable(node, want)];
      case 'project':
        return this.project(node, want);
      case 'join':
        return planJoin(this, node, want);
      case 'aggregate':
        return node.separately ? [planFacets(this, node, node.separately)] : planAggregate(this, node, want);
      case 'distinct':
        return this.distinct(node.input, want);
      case 'distinct-on':
        return planDistinctOn(this, node, want);
      case 'sort':
        return planSort(this, node, want);
      case 'limit':
        return planLimit(this, node, want);
      case 'set-operation':
        return [this.setOperation(node)];
      case 'insert':
        return [planInsert(this, node)];
      case 'update':
      case 'delete':
        return [planChange(this, node)];
      default:
        return never(node, 'logical plan');
    }
  }

  /** The cheapest way to read all rows. */
  cheapest(node: LogicalPlan, want: Want): Candidate {
    const candidate = best(this.plan(node, want), want.rows);
    return candidate as Candidate;
  }

  /** The cheapest way to read all rows with exactly these columns in this order. */
  exact(node: LogicalPlan, ids: readonly ColumnId[]): Candidate {
    return this.withColumns(this.cheapest(node, wantAll(new Set(ids))), ids, node);
  }

  /** Puts a projection on top where a plan yields other columns, or the same in another order. */
  withColumns(candidate: Candidate, ids: readonly ColumnId[], node: LogicalPlan): Candidate {
    const { plan } = candidate;
    if (plan.columns.length === ids.length && plan.columns.every((id, i) => id === ids[i])) return candidate;
    const known = new Map(outputOf(node).map((c) => [c.id, c]));
    const exprs = ids.map((id): Expr => {
      const column = known.get(id);
      return {
        kind: 'column',
        id,
        name: column?.name ?? '',
        type: column?.type ?? 'null',
        nullable: column?.nullable ?? true,
      };
    });
    return this.above(
      candidate,
      (input) => ({ kind: 'project', input, exprs, columns: ids, expected: input.expected }),
      0,
    );
  }

  /** An operator over a candidate that adds a cost per row and keeps rows and order. */
  above(candidate: Candidate, make: (input: PhysicalPlan) => PhysicalPlan, perRow: number): Candidate {
    const input = candidate.plan;
    const { rows, cost, startup } = input.expected;
    const plan = make(input);
    const priced = { ...plan, expected: expected(rows, cost + rows.est * perRow, startup) };
    return { ...candidate, plan: priced, high: candidate.high + rows.hi * perRow };
  }

  private filter(input: LogicalPlan, predicate: Expr, want: Want): Candidate[] {
    const columns = union(want.columns, readsOf(predicate));
    const share = selectivity(predicate, this.knowledge);
    const cost = evaluationCost(predicate, this.costs);
    return this.plan(input, { ...want, columns }).map((candidate) => {
      const below = candidate.plan;
      const { rows } = below.expected;
      const kept = atMost(times(rows, share.lo, share.est, share.hi, share.source), rows);
      const plan: PhysicalPlan = {
        kind: 'filter',
        input: below,
        predicate,
        columns: below.columns,
        expected: expected(kept, below.expected.cost + rows.est * cost, below.expected.startup),
      };
      return { ...candidate, plan, high: candidate.high + rows.hi * cost, clustered: true };
    });
  }

  private values(node: Values): Candidate {
    const rows = exactly(node.rows.length);
    const cost = node.rows.length * this.costs.kernel * Math.max(1, node.columns.length);
    const plan: PhysicalPlan = {
      kind: 'values',
      rows: node.rows,
      columns: node.columns.map((c) => c.id),
      expected: expected(rows, cost, 0),
    };
    return { plan, ordered: node.rows.length <= 1, high: cost, clustered: false };
  }

  /** What evaluating it costs is told where its plan stands. */
  private commonTable({ id, name, columns }: CommonTable, want: Want): Candidate {
    const source = this.planning.query.subqueries[id]!;
    const read = columns.flatMap((column, i) => (want.columns.has(column.id) ? [{ column, position: i }] : []));
    const ids = outputOf(source).map((column) => column.id);
    const { rows } = this.exact(source, ids).plan.expected;
    const perRow = this.costs.kernel * Math.max(1, read.length);
    const plan: PhysicalPlan = {
      kind: 'common-table',
      id,
      name,
      positions: read.map(({ position }) => position),
      types: read.map(({ column }) => column.type),
      columns: read.map(({ column }) => column.id),
      expected: expected(rows, rows.est * perRow, 0),
    };
    return { plan, ordered: rows.hi <= 1, high: rows.hi * perRow, clustered: true };
  }

  private project(node: Project, want: Want): readonly Candidate[] {
    const items = node.items.filter((item) => want.columns.has(item.column.id));
    const columns = new Set<ColumnId>();
    for (const item of items) for (const id of readsOf(item.expr)) columns.add(id);
    const order = want.order === undefined ? undefined : throughItems(want.order, node);
    const candidates = this.plan(node.input, { columns, order, rows: want.rows });
    if (items.every((item) => item.expr.kind === 'column' && item.expr.id === item.column.id)) return candidates;
    const perRow = items.reduce((total, item) => total + evaluationCost(item.expr, this.costs), 0);
    return candidates.map((candidate) =>
      this.above(
        candidate,
        (input) => ({
          kind: 'project',
          input,
          exprs: items.map((item) => item.expr),
          columns: items.map((item) => item.column.id),
          expected: input.expected,
        }),
        perRow,
      ),
    );
  }

  private distinct(input: LogicalPlan, want: Want): Candidate[] {
    const output = outputOf(input);
    const ids = output.map((c) => c.id);
    const candidate = this.exact(input, ids);
    const below = candidate.plan.expected;
    const exprs = output.map((c): Expr => ({
      kind: 'column',
      id: c.id,
      name: c.name,
      type: c.type,
      nullable: c.nullable,
    }));
    const rows = this.knowledge.groups(exprs, below.rows);
    const { memoryBudget } = this.planning;
    const spilled = spillCost(this.costs, below.rows.est, heldBytes(rows.est, ids.length), memoryBudget);
    const added = below.rows.est * this.costs.hashProbe + rows.est * this.costs.hashBuild + spilled;
    const plan: PhysicalPlan = {
      kind: 'distinct',
      input: candidate.plan,
      columns: ids,
      expected: expected(rows, below.cost + added, below.startup),
    };
    const hashed: Candidate = {
      plan,
      ordered: false,
      high: candidate.high + below.rows.hi * (this.costs.hashProbe + this.costs.hashBuild),
      clustered: true,
    };
    return this.planning.choose('distinct', [hashed, ...this.sortedDistinct(input, ids, exprs, rows, want)], want);
  }

  /** DISTINCT over inputs whose equal rows come together: in the wanted order, where that is of columns alone. */
  private sortedDistinct(
    input: LogicalPlan,
    ids: readonly ColumnId[],
    exprs: readonly Expr[],
    rows: Estimate,
    want: Want,
  ): Candidate[] {
    if (ids.length === 0 || this.planning.forbids('sorted-distinct')) return [];
    const isPlain = want.order?.every(({ expr }) => expr.kind === 'column' && ids.includes(expr.id)) ?? true;
    const before = isPlain ? (want.order ?? []) : [];
    const there = new Set(before.map(({ expr }) => exprKey(expr)));
    const rest = exprs.filter((expr) => !there.has(exprKey(expr)));
    const order = [...before, ...rest.map((expr) => ({ expr, desc: false, nullsFirst: false }))];
    return this.plan(input, { columns: new Set(ids), order, rows: undefined })
      .filter((candidate) => candidate.ordered)
      .map((candidate) => {
        const below = this.withColumns(candidate, ids, input);
        const { cost, startup, rows: all } = below.plan.expected;
        const plan: PhysicalPlan = {
          kind: 'sorted-distinct',
          input: below.plan,
          on: undefined,
          columns: ids,
          expected: expected(rows, cost + all.est * this.costs.sortedStep, startup),
        };
        return { ...below, plan, ordered: isPlain, high: below.high + all.hi * this.costs.sortedStep };
      });
  }

  private setOperation(node: SetOperation): Candidate {
    const left = this.exact(
      node.left,
      outputOf(node.left).map((c) => c.id),
    );
    const right = this.exact(
      node.right,
      outputOf(node.right).map((c) => c.id),
    );
    const a = left.plan.expected;
    const b = right.plan.expected;
    const hashed = node.operation !== 'union' || !node.all;
    const both = a.rows.est + b.rows.est;
    const work = hashed ? both * (this.costs.hashProbe + this.costs.hashBuild) : both;
    const rows =
      node.operation === 'union'
        ? node.all
          ? plus(a.rows, b.rows)
          : estimate(Math.min(1, Math.max(a.rows.lo, b.rows.lo)), both * 0.8, a.rows.hi + b.rows.hi, 'groups')
        : node.operation === 'intersect'
          ? estimate(0, Math.min(a.rows.est, b.rows.est) * 0.5, Math.min(a.rows.hi, b.rows.hi), 'default')
          : estimate(0, a.rows.est * 0.5, a.rows.hi, 'default');
    const plan: PhysicalPlan = {
      kind: 'set-operation',
      operation: node.operation,
      all: node.all,
      left: left.plan,
      right: right.plan,
      by: node.by,
      columns: node.columns.map((c) => c.id),
      expected: expected(rows, a.cost + b.cost + work, hashed ? b.cost : a.startup),
    };
    return {
      plan,
      ordered: false,
      high: left.high + right.high + (a.rows.hi + b.rows.hi) * this.costs.hashBuild,
      clustered: true,
    };
  }
}

/** A scan under nothing but filters, with all their predicates. */
export function scanUnder(
  node: LogicalPlan,
): { readonly scan: Scan; readonly predicates: readonly Expr[] } | undefined {
  const predicates: Expr[] = [];
  let at = node;
  while (at.kind === 'filter') {
    predicates.push(at.predicate);
    at = at.input;
  }
  // The innermost filter was written to be tested first.
  return at.kind === 'scan' ? { scan: at, predicates: predicates.reverse() } : undefined;
}

function throughItems(order: readonly SortKey[], node: Project): readonly SortKey[] {
  const items = new Map(node.items.map((item) => [item.column.id, item.expr]));
  return order.map((key) => ({ ...key, expr: substitute(key.expr, (column) => items.get(column.id)) }));
}

export function union<T>(a: ReadonlySet<T>, b: Iterable<T>): ReadonlySet<T> {
  const result = new Set(a);
  for (const item of b) result.add(item);
  return result;
}
