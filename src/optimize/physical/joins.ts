// One join of two planned inputs: hash join, merge join, lookup join, nested loop, priced side by side. The order of inner joins is `join-order.ts`.

import type { Estimate } from '../../catalog/statistics.js';
import { and, canRaise, cast, conjuncts } from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { Join, LogicalPlan, SortKey } from '../../plan/logical.js';
import type { JoinType, PhysicalPlan } from '../../plan/physical.js';
import { evaluationCost } from '../access/predicates.js';
import type { Candidate, Want } from '../candidate.js';
import { expected, wantAll } from '../candidate.js';
import { heldBytes, rank, spillCost } from '../cost.js';
import type { Planning } from '../planning.js';
import { outputIds, readsOf, readsOnly } from '../plan-tree.js';
import { planInnerJoins } from './join-order.js';
import type { LookupTarget } from './lookup-joins.js';
import { lookupJoin } from './lookup-joins.js';
import { mergeJoin, sidesInOrder } from './merge-joins.js';
import type { Planner } from './planner.js';
import { scanUnder, union } from './planner.js';

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
  return bestSides(planner.planning, options, want).map(toCandidate);
}

/** The wanted order, if it is over columns of one side alone. */
export function orderOver(order: Want['order'], ids: ReadonlySet<ColumnId>): Want['order'] {
  return order !== undefined && order.every((key) => readsOnly(key.expr, ids)) ? order : undefined;
}

/** The cheapest, and the cheapest in the wanted order. */
export function bestSides(planning: Planning, options: readonly Side[], want: Pick<Want, 'order' | 'rows'>): Side[] {
  const wanted = want.rows;
  const first = chooseOption(options, undefined);
  const early = wanted === undefined ? first : chooseOption(options, wanted);
  const ordered = options.filter((o) => o.ordered);
  const inOrder = ordered.length === 0 ? first : chooseOption(ordered, wanted);
  const kept = [...new Set([first, early, inOrder])];
  planning.memo?.record('join', want, options, kept);
  return kept;
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

/** Most options are weighed and never chosen: their columns are not collected before a further join asks for them. */
class Joined implements Side {
  readonly lookup = undefined;
  readonly inOrder = undefined;
  readonly cost: number;
  readonly high: number;
  readonly ordered: boolean;
  readonly order: readonly SortKey[] | undefined;
  readonly width: number;
  private known: ReadonlySet<ColumnId> | undefined;

  constructor(
    type: JoinType,
    private readonly left: Side,
    private readonly right: Side,
    readonly rows: Estimate,
    cost: number,
    readonly startup: number,
    high: number,
    private readonly make: (left: PhysicalPlan, right: PhysicalPlan) => PhysicalPlan,
  ) {
    const oneSided = type === 'semi' || type === 'anti';
    this.cost = Math.max(cost, startup);
    this.high = Math.max(high, cost);
    this.ordered = type !== 'full' && left.ordered;
    this.order = type === 'full' ? undefined : left.order;
    this.width = oneSided ? left.width : left.width + right.width;
    this.known = oneSided ? left.ids : undefined;
  }

  get ids(): ReadonlySet<ColumnId> {
    return (this.known ??= union(this.left.ids, this.right.ids));
  }

  build(): PhysicalPlan {
    return this.make(this.left.build(), this.right.build());
  }
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
  return new Joined(type, left, right, rows, cost, startup, high, make);
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
