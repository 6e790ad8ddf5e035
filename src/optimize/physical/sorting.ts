// Sorts and limits: a sort is spared where the input comes in order, becomes a heap under a limit, and competes with walks that stop early.

import { constant } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { Limit, LogicalPlan, Sort, SortKey } from '../../plan/logical.js';
import type { PhysicalPlan } from '../../plan/physical.js';
import type { Candidate, Presorted, Want } from '../candidate.js';
import { best, costOfRows, expected, worth } from '../candidate.js';
import { capped, estimate } from '../cardinality/estimate.js';
import { heldBytes, sortCost, spillCost } from '../cost.js';
import { evaluationCost } from '../access/predicates.js';
import { readsOf } from '../plan-tree.js';
import type { Planner } from './planner.js';
import { union } from './planner.js';

/** Rows that a LIMIT is taken to ask for when its value is not known. */
const UNKNOWN_LIMIT = 100;

export function planSort(planner: Planner, node: Sort, want: Want): Candidate[] {
  const candidates = inputsFor(planner, node.input, node.keys, want.columns, want.rows);
  const ordered = want.order === undefined || sameKeys(want.order, node.keys);
  const result: Candidate[] = [];
  for (const candidate of candidates) {
    if (candidate.ordered) result.push({ ...candidate, ordered });
    else {
      result.push({ ...sorted(planner, candidate, node.keys), ordered });
      if (candidate.presorted !== undefined)
        result.push({
          ...partlySorted(planner, candidate, candidate.presorted, node.keys, undefined, want.rows),
          ordered,
        });
    }
  }
  return planner.planning.choose('sort', result, want);
}

function inputsFor(
  planner: Planner,
  input: LogicalPlan,
  keys: readonly SortKey[],
  above: ReadonlySet<number>,
  rows: number | undefined,
): readonly Candidate[] {
  let columns = above;
  for (const key of keys) columns = union(columns, readsOf(key.expr));
  return planner.plan(input, { columns, order: keys, rows });
}

export function sorted(planner: Planner, candidate: Candidate, keys: readonly SortKey[]): Candidate {
  const { costs } = planner;
  const input = candidate.plan;
  const { rows, cost } = input.expected;
  const perRow = keys.reduce((total, key) => total + evaluationCost(key.expr, costs), 0);
  const { memoryBudget } = planner.planning;
  const work = (n: number) =>
    sortCost(costs, n, keys.length) +
    n * perRow +
    spillCost(costs, n, heldBytes(n, input.columns.length), memoryBudget);
  const startup = cost + work(rows.est);
  const plan: PhysicalPlan = {
    kind: 'sort',
    input,
    keys,
    columns: input.columns,
    expected: expected(rows, startup + rows.est * costs.kernel, startup),
  };
  return { plan, ordered: true, high: candidate.high + work(rows.hi), clustered: false };
}

export function planLimit(planner: Planner, node: Limit, want: Want): Candidate[] {
  const stop = stopAfter(planner, node);
  const { input } = node;
  const candidates =
    input.kind === 'sort'
      ? inputsFor(planner, input.input, input.keys, want.columns, stop)
      : planner.plan(input, { columns: want.columns, order: want.order, rows: stop });
  const result: Candidate[] = [];
  for (const candidate of candidates) {
    if (input.kind !== 'sort') result.push(limited(planner, candidate, node, stop, candidate.ordered));
    else {
      const ordered = want.order === undefined || sameKeys(want.order, input.keys);
      if (candidate.ordered) result.push(limited(planner, candidate, node, stop, ordered));
      else if (node.limit !== undefined) {
        result.push({ ...topN(planner, candidate, node, input.keys, node.limit, stop), ordered });
        if (candidate.presorted !== undefined)
          result.push({ ...partlySorted(planner, candidate, candidate.presorted, input.keys, node, stop), ordered });
      } else result.push(limited(planner, sorted(planner, candidate, input.keys), node, stop, ordered));
    }
  }
  const chosen = best(result, undefined);
  const kept = chosen === undefined ? [] : [chosen];
  planner.planning.remember('limit', result, kept, want);
  return kept;
}

/** Rows to be read before the limit is reached. */
function stopAfter(planner: Planner, node: Limit): number | undefined {
  if (node.limit === undefined) return undefined;
  const { planning } = planner;
  const known = planning.known(node.limit);
  if (known !== undefined && known.value === null) return undefined;
  const limit = planning.count(node.limit) ?? UNKNOWN_LIMIT;
  return limit + (planning.count(node.offset) ?? 0);
}

function limited(
  planner: Planner,
  candidate: Candidate,
  node: Limit,
  stop: number | undefined,
  ordered: boolean,
): Candidate {
  const input = readEarly(withStop(candidate.plan, node), node);
  const { rows, startup } = input.expected;
  const skipped = planner.planning.count(node.offset) ?? 0;
  const passed =
    skipped === 0 ? rows : estimate(rows.lo - skipped, rows.est - skipped, Math.max(0, rows.hi - skipped), rows.source);
  const kept = stop === undefined ? passed : capped(passed, Math.max(0, stop - skipped));
  const cost = costOfRows(candidate, stop);
  const plan: PhysicalPlan = {
    kind: 'limit',
    input,
    limit: node.limit,
    offset: node.offset,
    columns: input.columns,
    expected: expected(kept, cost, Math.min(startup, cost)),
  };
  // Ten times the distance to the ranked worth is the high cost that gives this worth again.
  const high = Math.max(cost, (worth(candidate, stop) - cost) * 10);
  return { plan, ordered, high, clustered: false };
}

/** Scans that rank can stop by themselves. The limit above stays: it alone skips the offset. */
function withStop(plan: PhysicalPlan, node: Limit): PhysicalPlan {
  if (plan.kind === 'project') return { ...plan, input: withStop(plan.input, node) };
  if ((plan.kind !== 'nearest-scan' && plan.kind !== 'ranked-scan') || node.limit === undefined) return plan;
  const limit = sumOf(node.limit, node.offset);
  return limit === undefined ? plan : { ...plan, limit };
}

/** Tells sets of which few rows will be read. */
function readEarly(plan: PhysicalPlan, node: Limit): PhysicalPlan {
  if (node.limit === undefined) return plan;
  if (plan.kind === 'row-set-scan') return { ...plan, early: true };
  return plan.kind === 'project' || plan.kind === 'filter' ? { ...plan, input: readEarly(plan.input, node) } : plan;
}

/** Limit and offset together, as far as they can be added without a doubt. */
function sumOf(limit: Expr, offset: Expr | undefined): Expr | undefined {
  if (offset === undefined) return limit;
  if (offset.kind !== 'constant' || limit.kind !== 'constant') return undefined;
  if (offset.value === null) return limit;
  if (typeof offset.value !== 'number' || typeof limit.value !== 'number') return undefined;
  const sum = offset.value + limit.value;
  return Number.isSafeInteger(sum) ? constant(sum, 'integer') : undefined;
}

function topN(
  planner: Planner,
  candidate: Candidate,
  node: Limit,
  keys: readonly SortKey[],
  limit: Expr,
  stop: number | undefined,
): Candidate {
  const { costs, planning } = planner;
  const input = withTop(candidate.plan, keys[0], node);
  const { rows, cost } = input.expected;
  const perRow = keys.reduce((total, key) => total + evaluationCost(key.expr, costs), 0);
  const work = (n: number) => sortCost(costs, n, keys.length, stop ?? n) + n * perRow;
  const total = cost + work(rows.est);
  const skipped = planning.count(node.offset) ?? 0;
  const kept = stop === undefined ? rows : capped(rows, Math.max(0, stop - skipped));
  const plan: PhysicalPlan = {
    kind: 'top-n',
    input,
    keys,
    limit,
    offset: node.offset,
    columns: input.columns,
    expected: expected(kept, total, total),
  };
  return { plan, ordered: true, high: candidate.high + work(rows.hi), clustered: false };
}

/** How many times larger than on average the groups may be that a partial sort comes upon. */
const LARGE_GROUPS = 8;

/** @param node the limit above, which the operator applies itself */
function partlySorted(
  planner: Planner,
  candidate: Candidate,
  presorted: Presorted,
  keys: readonly SortKey[],
  node: Limit | undefined,
  stop: number | undefined,
): Candidate {
  const { costs, planning, knowledge } = planner;
  const input = candidate.plan;
  const { rows } = input.expected;
  const { tie } = presorted;
  const first = keys.slice(0, presorted.keys).map((key) => key.expr);
  // Only keys that are no row ids have pages of their own.
  const isTied = tie !== undefined && planning.catalog.index(tie.index).pages <= 1;
  const group = isTied ? 1 : Math.max(1, rows.est / Math.max(1, knowledge.groups(first, rows).est));
  const perRow = keys.reduce((total, key) => total + evaluationCost(key.expr, costs), 0);
  const work = (n: number) => (isTied ? 0 : sortCost(costs, n, keys.length, Math.max(group, 1)) + n * perRow);
  // The group in which the limit falls is read to its end.
  const read = (size: number) => (stop === undefined ? undefined : Math.min(rows.est, stop + size - 1));
  const priced = (size: number) => costOfRows(candidate, read(size)) + work(read(size) ?? rows.est);
  const whole = candidate.plan.expected.cost + work(rows.est);
  const cost = node === undefined ? whole : priced(group);
  const skipped = (node && planning.count(node.offset)) ?? 0;
  const kept = node === undefined || stop === undefined ? rows : capped(rows, Math.max(0, stop - skipped));
  const plan: PhysicalPlan = {
    kind: 'partial-sort',
    input,
    keys,
    presorted: presorted.keys,
    tie,
    limit: node?.limit,
    offset: node?.offset,
    columns: input.columns,
    expected: expected(kept, cost, Math.min(cost, costOfRows(candidate, group) + work(group))),
  };
  const worst = isTied ? group : group * LARGE_GROUPS;
  const high =
    node === undefined ? candidate.high + work(rows.hi) : worth(candidate, read(worst)) + work(read(worst) ?? rows.hi);
  return { plan, ordered: true, high: Math.max(cost, high), clustered: node === undefined && candidate.clustered };
}

/** Tells a scan over columns by which of them the first rows will be chosen. */
function withTop(plan: PhysicalPlan, key: SortKey | undefined, { limit, offset }: Limit): PhysicalPlan {
  if (plan.kind !== 'column-scan' || limit === undefined || key?.expr.kind !== 'column') return plan;
  const { id } = key.expr;
  const ordinal = plan.scan.fetch.find((field) => field.id === id)?.ordinal;
  if (ordinal === undefined) return plan;
  const { type } = plan.scan.table.columns[ordinal]!;
  return { ...plan, top: { ordinal, type, desc: key.desc, nullsFirst: key.nullsFirst, limit, offset } };
}

export function sameKeys(wanted: readonly SortKey[], given: readonly SortKey[]): boolean {
  return (
    wanted.length <= given.length &&
    wanted.every((key, i) => {
      const other = given[i];
      return (
        other !== undefined &&
        other.desc === key.desc &&
        other.nullsFirst === key.nullsFirst &&
        key.expr.kind === 'column' &&
        other.expr.kind === 'column' &&
        key.expr.id === other.expr.id
      );
    })
  );
}
