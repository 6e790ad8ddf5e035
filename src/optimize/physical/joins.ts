// One join of two planned inputs: hash join, merge join, lookup join, nested loop, priced side by side. The order of inner joins is `join-order.ts`.

import type { Estimate } from '../../catalog/statistics.js';
import { and, canRaise, cast, conjuncts, substitute } from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { Join, LogicalPlan, Scan, SortKey } from '../../plan/logical.js';
import type { JoinType, PhysicalPlan } from '../../plan/physical.js';
import { accessPaths } from '../access/access-paths.js';
import { evaluationCost } from '../access/predicates.js';
import type { Candidate, Want } from '../candidate.js';
import { best, expected, wantAll } from '../candidate.js';
import { capped } from '../cardinality/estimate.js';
import { heldBytes, rank, spillCost } from '../cost.js';
import { outputIds, readsOf, readsOnly } from '../plan-tree.js';
import { planInnerJoins } from './join-order.js';
import { mergeJoin, sidesInOrder } from './merge-joins.js';
import type { Planner } from './planner.js';
import { scanUnder, union } from './planner.js';

/** Rows of one batch, within which equal keys are looked up once. */
const BATCH = 1_024;

/** A scan that a lookup join can run again for each row of the other side. */
export interface LookupTarget {
  readonly scan: Scan;
  readonly predicates: readonly Expr[];
  readonly columns: ReadonlySet<ColumnId>;
}

/** An input of a join, planned on its own. The plan is made only when it is chosen. */
export interface Side {
  readonly ids: ReadonlySet<ColumnId>;
  readonly rows: Estimate;
  readonly cost: number;
  readonly startup: number;
  readonly high: number;
  readonly lookup: LookupTarget | undefined;
  /** Whether its rows come in the wanted order: every join keeps that of its left side. */
  readonly ordered: boolean;
  /** The order in which its rows come, where that is known. */
  readonly order: readonly SortKey[] | undefined;
  /** Columns that it yields, about. */
  readonly width: number;
  /** The same rows in another order, for a merge join. */
  readonly inOrder: InOrder | undefined;
  build(): PhysicalPlan;
}

export type InOrder = (order: readonly SortKey[]) => Side;

export function sideOf(
  node: LogicalPlan,
  candidate: Candidate,
  wanted: ReadonlySet<ColumnId>,
  order: Want['order'],
  inOrder: InOrder,
): Side {
  const { rows, cost, startup } = candidate.plan.expected;
  const target = scanUnder(node);
  return {
    ids: outputIds(node),
    rows,
    cost,
    startup,
    high: candidate.high,
    lookup: target && { ...target, columns: wanted },
    ordered: order !== undefined && candidate.ordered,
    order: candidate.ordered ? order : undefined,
    width: wanted.size,
    inOrder,
    build: () => candidate.plan,
  };
}

export function planJoin(planner: Planner, node: Join, want: Want): Candidate[] {
  if (node.type === 'inner') return planInnerJoins(planner, node, want);
  const columns = union(want.columns, readsOf(node.condition));
  const leftWanted = keep(columns, outputIds(node.left));
  const rightWanted = keep(columns, outputIds(node.right));
  const leftOrder = orderOver(want.order, leftWanted);
  const lefts = planner
    .plan(node.left, { columns: leftWanted, order: leftOrder, rows: undefined })
    .map((candidate) =>
      sideOf(node.left, candidate, leftWanted, leftOrder, sidesInOrder(planner, node.left, leftWanted)),
    );
  const right = sideOf(
    node.right,
    planner.cheapest(node.right, wantAll(rightWanted)),
    rightWanted,
    undefined,
    sidesInOrder(planner, node.right, rightWanted),
  );
  const list = conjuncts(node.condition);
  const options = lefts.flatMap((left) => {
    const rows = planner.knowledge.join(node.type, left.rows, right.rows, list);
    return joinOptions(planner, node.type, left, right, list, rows);
  });
  return bestSides(options, want.rows).map(toCandidate);
}

/** The wanted order, if it is over columns of one side alone. */
export function orderOver(order: Want['order'], ids: ReadonlySet<ColumnId>): Want['order'] {
  return order !== undefined && order.every((key) => readsOnly(key.expr, ids)) ? order : undefined;
}

/** The cheapest, and the cheapest in the wanted order. */
export function bestSides(options: readonly Side[], wanted: number | undefined): Side[] {
  const first = chooseOption(options, undefined);
  const early = wanted === undefined ? first : chooseOption(options, wanted);
  const ordered = options.filter((o) => o.ordered);
  const inOrder = ordered.length === 0 ? first : chooseOption(ordered, wanted);
  return [...new Set([first, early, inOrder])];
}

export function toCandidate(side: Side): Candidate {
  return { plan: side.build(), ordered: side.ordered, high: side.high, clustered: true };
}

/** The cheapest by rank, as if all rows or only the first `wanted` were read. */
export function chooseOption(options: readonly Side[], wanted: number | undefined): Side {
  let chosen = options[0] as Side;
  let least = Infinity;
  for (const option of options) {
    const part =
      wanted === undefined
        ? 1
        : Math.min(1, wanted / Math.max(1, Math.sqrt(Math.max(1, option.rows.lo) * Math.max(1, option.rows.est))));
    const value = rank(option.startup + (option.cost - option.startup) * part, option.high);
    if (value < least) {
      least = value;
      chosen = option;
    }
  }
  return chosen;
}

/** Best plans of the inner side of a lookup join, by conjuncts: the same is asked for many join orders, and for each wanted order. */
export type LookupMemo = Map<
  string,
  { readonly candidate: Candidate; readonly outer: readonly Expr[]; readonly slots: readonly number[] } | undefined
>;

/** All ways to join two sides in this order; at least one. */
export function joinOptions(
  planner: Planner,
  type: JoinType,
  left: Side,
  right: Side,
  list: readonly Expr[],
  rows: Estimate,
): Side[] {
  const wanted = planner.planning.hints.join;
  const keys = equalities(list, left.ids, right.ids);
  const hash = keys.left.length > 0 ? hashJoin(planner, type, left, right, keys, rows) : undefined;
  const lookup =
    wanted === 'hash' && hash !== undefined ? undefined : lookupJoin(planner, type, left, right, list, rows);
  if (wanted === 'hash' && hash !== undefined) return [hash];
  const merge =
    keys.left.length > 0 && (wanted === undefined || wanted === 'merge')
      ? mergeJoin(planner, type, left, right, keys, rows, wanted === 'merge')
      : undefined;
  if (wanted === 'merge' && merge !== undefined) return [merge];
  if (wanted === 'lookup' && lookup !== undefined) return [lookup];
  const loop =
    hash === undefined || wanted === 'nested-loop' ? nestedLoop(planner, type, left, right, list, rows) : undefined;
  if (wanted === 'nested-loop' && loop !== undefined) return [loop];
  return [hash, merge, lookup, loop].filter((o) => o !== undefined);
}

export interface Keys {
  readonly left: readonly Expr[];
  readonly right: readonly Expr[];
  /** What the equality of keys does not say. */
  readonly residual: readonly Expr[];
}

/** Splits conjuncts into key pairs of one type and the rest. Integer meets real as real, and is compared again as itself. */
function equalities(list: readonly Expr[], left: ReadonlySet<ColumnId>, right: ReadonlySet<ColumnId>): Keys {
  const leftKeys: Expr[] = [];
  const rightKeys: Expr[] = [];
  const residual: Expr[] = [];
  for (const expr of list) {
    const pair =
      expr.kind === 'compare' && expr.operator === '=' ? sidesOf(expr.left, expr.right, left, right) : undefined;
    if (pair === undefined || canRaise(expr)) {
      residual.push(expr);
      continue;
    }
    const [a, b] = pair;
    const types = [typeOf(a), typeOf(b)];
    if (types[0] !== types[1]) {
      residual.push(expr);
      if (!types.every((t) => t === 'integer' || t === 'real')) continue;
      leftKeys.push(cast(a, 'real'));
      rightKeys.push(cast(b, 'real'));
      continue;
    }
    leftKeys.push(a);
    rightKeys.push(b);
  }
  return { left: leftKeys, right: rightKeys, residual };
}

function sidesOf(
  a: Expr,
  b: Expr,
  left: ReadonlySet<ColumnId>,
  right: ReadonlySet<ColumnId>,
): [Expr, Expr] | undefined {
  if (readsOf(a).size === 0 || readsOf(b).size === 0) return undefined;
  if (readsOnly(a, left) && readsOnly(b, right)) return [a, b];
  if (readsOnly(b, left) && readsOnly(a, right)) return [b, a];
  return undefined;
}

function hashJoin(planner: Planner, type: JoinType, left: Side, right: Side, keys: Keys, rows: Estimate): Side {
  const { costs } = planner;
  const residual = keys.residual.length === 0 ? undefined : and(keys.residual);
  const perMatch = costs.joinRow + (residual === undefined ? 0 : evaluationCost(residual, costs));
  // Both sides and the answer are written when the table does not fit.
  const { memoryBudget } = planner.planning;
  const spill = (l: number, r: number, out: number) =>
    spillCost(costs, l + r + out, heldBytes(r, right.width), memoryBudget);
  const spilled = spill(left.rows.est, right.rows.est, rows.est);
  const startup = left.startup + right.cost + right.rows.est * costs.hashBuild + costs.operator + spilled;
  const cost =
    left.cost +
    right.cost +
    right.rows.est * costs.hashBuild +
    left.rows.est * costs.hashProbe +
    rows.est * perMatch +
    costs.operator +
    spilled;
  const high =
    left.high +
    right.high +
    right.rows.hi * costs.hashBuild +
    left.rows.hi * costs.hashProbe +
    rows.hi * perMatch +
    spill(left.rows.hi, right.rows.hi, rows.hi);
  return joinedSide(type, left, right, rows, cost, startup, high, (l, r) => ({
    kind: 'hash-join',
    type,
    left: l,
    right: r,
    leftKeys: keys.left,
    rightKeys: keys.right,
    residual,
    ...nodeOf(type, l, r, rows, cost, startup),
  }));
}

function lookupJoin(
  planner: Planner,
  type: JoinType,
  left: Side,
  right: Side,
  list: readonly Expr[],
  rows: Estimate,
): Side | undefined {
  const target = right.lookup;
  if (target === undefined || list.length === 0 || type === 'full') return undefined;
  const { costs } = planner;
  // What can raise stays outside: it must see only the pairs that the other conjuncts let through.
  const inside = list.filter((e) => !canRaise(e));
  const outside = list.filter((e) => canRaise(e));
  const found = lookupPlan(planner, target, left.ids, inside);
  if (found === undefined) return undefined;
  const once = found.candidate.plan.expected;
  const residual = outside.length === 0 ? undefined : and(outside);
  const perMatch = costs.joinRow + (residual === undefined ? 0 : evaluationCost(residual, costs));
  const startup = left.startup + costs.rerun + once.startup;
  // The inner side runs once for each combination of the values it is given by a batch.
  const perBatch = planner.knowledge.groups(found.outer, capped(left.rows, BATCH));
  const batches = (rows: number) => Math.max(1, rows / BATCH);
  const runs = {
    est: Math.min(left.rows.est, perBatch.est * batches(left.rows.est)),
    hi: Math.min(left.rows.hi, perBatch.hi * batches(left.rows.hi)),
  };
  const cost = left.cost + left.rows.est * costs.hashProbe + runs.est * (costs.rerun + once.cost) + rows.est * perMatch;
  const high =
    left.high + left.rows.hi * costs.hashProbe + runs.hi * (costs.rerun + found.candidate.high) + rows.hi * perMatch;
  const args = found.outer;
  const slots = found.slots;
  return joinedSide(type, left, right, rows, cost, startup, high, (l) => {
    const r = found.candidate.plan;
    return {
      kind: 'lookup-join',
      type,
      left: l,
      right: r,
      args,
      slots,
      residual,
      ...nodeOf(type, l, r, rows, cost, startup),
    };
  });
}

const keys = new WeakMap<Expr, number>();
let nextKey = 1;

/** A short identity of an expression object: those of one query are made once. */
function memoKey(expr: Expr): number {
  let key = keys.get(expr);
  if (key === undefined) keys.set(expr, (key = nextKey++));
  return key;
}

function lookupPlan(planner: Planner, target: LookupTarget, leftIds: ReadonlySet<ColumnId>, inside: readonly Expr[]) {
  const { scan, predicates, columns } = target;
  const exprs = (list: readonly Expr[]) => list.map(memoKey).join(',');
  const key = `${scan.columns[0]?.id ?? scan.name}|${exprs(inside)}|${exprs(predicates)}|${[...columns].join(',')}`;
  if (!planner.lookups.has(key)) planner.lookups.set(key, planLookup(planner, target, leftIds, inside));
  return planner.lookups.get(key);
}

/** Plans the inner side with the outer columns as parameters; undefined when no index would be of use. */
function planLookup(planner: Planner, target: LookupTarget, leftIds: ReadonlySet<ColumnId>, inside: readonly Expr[]) {
  const { planning } = planner;
  const outer = new Map<ColumnId, { readonly slot: number; readonly expr: Expr }>();
  const predicates = inside.map((conjunct) =>
    substitute(conjunct, (column) => {
      if (!leftIds.has(column.id)) return undefined;
      let entry = outer.get(column.id);
      if (entry === undefined) {
        entry = {
          slot: planning.lookupSlot(String(target.scan.columns[0]?.id ?? target.scan.name), column.id),
          expr: column,
        };
        outer.set(column.id, entry);
      }
      return { kind: 'parameter', index: entry.slot, type: column.type };
    }),
  );
  if (outer.size === 0) return undefined;
  const candidates = accessPaths(planning, target.scan, [...target.predicates, ...predicates], wantAll(target.columns));
  const candidate = best(candidates, undefined);
  if (candidate === undefined || isTableScan(candidate.plan)) return undefined;
  return { candidate, outer: [...outer.values()].map((o) => o.expr), slots: [...outer.values()].map((o) => o.slot) };
}

function isTableScan(plan: PhysicalPlan): boolean {
  return plan.kind === 'table-scan' || (plan.kind === 'filter' && isTableScan(plan.input));
}

function nestedLoop(
  planner: Planner,
  type: JoinType,
  left: Side,
  right: Side,
  list: readonly Expr[],
  rows: Estimate,
): Side {
  const { costs } = planner;
  const condition = list.length === 0 ? undefined : and(list);
  const perPair = condition === undefined ? 1 : costs.kernel + evaluationCost(condition, costs);
  const startup = left.startup + right.cost + costs.operator;
  const cost =
    left.cost + right.cost + left.rows.est * right.rows.est * perPair + rows.est * costs.joinRow + costs.operator;
  const high = left.high + right.high + left.rows.hi * right.rows.hi * perPair + rows.hi * costs.joinRow;
  return joinedSide(type, left, right, rows, cost, startup, high, (l, r) => ({
    kind: 'nested-loop-join',
    type,
    left: l,
    right: r,
    condition,
    ...nodeOf(type, l, r, rows, cost, startup),
  }));
}

export function joinedSide(
  type: JoinType,
  left: Side,
  right: Side,
  rows: Estimate,
  cost: number,
  startup: number,
  high: number,
  make: (left: PhysicalPlan, right: PhysicalPlan) => PhysicalPlan,
): Side {
  return {
    ids: type === 'semi' || type === 'anti' ? left.ids : union(left.ids, right.ids),
    rows,
    cost: Math.max(cost, startup),
    startup,
    high: Math.max(high, cost),
    lookup: undefined,
    ordered: type !== 'full' && left.ordered,
    order: type === 'full' ? undefined : left.order,
    width: type === 'semi' || type === 'anti' ? left.width : left.width + right.width,
    inOrder: undefined,
    build: () => make(left.build(), right.build()),
  };
}

export function nodeOf(
  type: JoinType,
  left: PhysicalPlan,
  right: PhysicalPlan,
  rows: Estimate,
  cost: number,
  startup: number,
) {
  const columns = type === 'semi' || type === 'anti' ? left.columns : [...left.columns, ...right.columns];
  return { columns, expected: expected(rows, cost, startup) };
}

export function keep(ids: ReadonlySet<ColumnId>, within: ReadonlySet<ColumnId>): ReadonlySet<ColumnId> {
  const result = new Set<ColumnId>();
  for (const id of ids) if (within.has(id)) result.add(id);
  return result;
}
