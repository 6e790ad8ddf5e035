// Merge joins: for sides that come in the order of the keys anyway, for tables that do not fit the memory budget, and by hint.

import type { Estimate } from '../../catalog/statistics.js';
import { and, exprKey } from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import type { LogicalPlan, SortKey } from '../../plan/logical.js';
import type { JoinType } from '../../plan/physical.js';
import { evaluationCost } from '../access/predicates.js';
import { best } from '../candidate.js';
import { heldBytes } from '../cost.js';
import type { InOrder, Keys, Side } from './joins.js';
import { joinedSide, nodeOf, sideOf, toCandidate } from './joins.js';
import type { Planner } from './planner.js';
import { sorted } from './sorting.js';

/**
 * @param forced by a hint: whatever it costs
 * @returns undefined where it is forbidden, or not worth a look
 */
export function mergeJoin(
  planner: Planner,
  type: JoinType,
  left: Side,
  right: Side,
  keys: Keys,
  rows: Estimate,
  forced: boolean,
): Side | undefined {
  const { costs, planning } = planner;
  if (planning.forbids('merge-join')) return undefined;
  const natural = comesBy(left, keys.left) && comesBy(right, keys.right);
  const tooLarge = heldBytes(right.rows.est, right.width) > planning.memoryBudget;
  if (!forced && !natural && !tooLarge) return undefined;
  const l = inOrder(planner, left, keys.left);
  const r = inOrder(planner, right, keys.right);
  const residual = keys.residual.length === 0 ? undefined : and(keys.residual);
  const perMatch = costs.joinRow + (residual === undefined ? 0 : evaluationCost(residual, costs));
  const work = (a: number, b: number, out: number) => (a + b) * costs.sortedStep + out * perMatch;
  const startup = l.startup + r.startup + costs.operator;
  const cost = l.cost + r.cost + costs.operator + work(l.rows.est, r.rows.est, rows.est);
  const high = l.high + r.high + work(l.rows.hi, r.rows.hi, rows.hi);
  return joinedSide(type, l, r, rows, cost, startup, high, (a, b) => ({
    kind: 'merge-join',
    type,
    left: a,
    right: b,
    leftKeys: keys.left,
    rightKeys: keys.right,
    residual,
    ...nodeOf(type, a, b, rows, cost, startup),
  }));
}

/** Ascending, NULLs last: the order in which both sides of a merge join come. */
function orderOf(keys: readonly Expr[]): SortKey[] {
  return keys.map((expr) => ({ expr, desc: false, nullsFirst: false }));
}

/** Whether rows may come in the order of the keys without a sort: from an index that begins with the first of them. */
function comesBy(side: Side, keys: readonly Expr[]): boolean {
  if (isIn(side, orderOf(keys))) return true;
  const [key] = keys;
  const scan = side.lookup?.scan;
  if (key?.kind !== 'column' || scan === undefined) return false;
  return scan.table.indexes.some((index) => {
    const first = index.keys[0]?.expr;
    const isOrdered = index.kind === 'btree' || index.kind === 'primary';
    return isOrdered && index.where === undefined && first?.kind === 'column' && scan.columns[first.id]?.id === key.id;
  });
}

function isIn(side: Side, order: readonly SortKey[]): boolean {
  const { order: given } = side;
  return (
    given !== undefined &&
    order.every(({ expr, desc, nullsFirst }, i) => {
      const key = given[i];
      return key?.desc === desc && key.nullsFirst === nullsFirst && exprKey(key.expr) === exprKey(expr);
    })
  );
}

function inOrder(planner: Planner, side: Side, keys: readonly Expr[]): Side {
  const order = orderOf(keys);
  if (isIn(side, order)) return side;
  if (side.inOrder !== undefined) return side.inOrder(order);
  return sortedSide(planner, side, order);
}

function sortedSide(planner: Planner, side: Side, order: readonly SortKey[]): Side {
  const { plan, high } = sorted(planner, toCandidate(side), order);
  const { cost, startup } = plan.expected;
  return { ...side, ids: side.ids, cost, startup, high, lookup: undefined, ordered: false, order, build: () => plan };
}

/** Plans an input in the orders that are asked for, each once. */
export function sidesInOrder(planner: Planner, node: LogicalPlan, wanted: ReadonlySet<ColumnId>): InOrder {
  const known = new Map<string, Side>();
  const planned: InOrder = (order) => {
    const name = order.map((key) => exprKey(key.expr)).join(' ');
    let side = known.get(name);
    if (side === undefined) {
      const candidates = planner
        .plan(node, { columns: wanted, order, rows: undefined })
        .map((candidate) => (candidate.ordered ? candidate : sorted(planner, candidate, order)));
      const chosen = best(candidates, undefined) ?? candidates[0]!;
      side = { ...sideOf(node, chosen, wanted, order, planned), ordered: false };
      known.set(name, side);
    }
    return side;
  };
  return planned;
}
