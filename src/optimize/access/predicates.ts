// What a predicate costs per row, and in which order conjuncts are tested.

import { canRaise, conjuncts, walk } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { CostModel } from '../cost.js';

const memo = new WeakMap<CostModel, WeakMap<Expr, number>>();

/** Nanoseconds to evaluate an expression for one row, its fields at hand. */
export function evaluationCost(expr: Expr, costs: CostModel): number {
  let known = memo.get(costs);
  if (known === undefined) memo.set(costs, (known = new WeakMap()));
  let cost = known.get(expr);
  if (cost === undefined) {
    cost = 0;
    walk(expr, (node) => {
      cost = (cost ?? 0) + nodeCost(node, costs);
    });
    known.set(expr, cost);
  }
  return cost;
}

function nodeCost(node: Expr, costs: CostModel): number {
  switch (node.kind) {
    case 'constant':
    case 'parameter':
    case 'column':
      return 0;
    case 'like':
      return costs.like;
    case 'match':
      return costs.match;
    case 'call':
      if (!node.name.startsWith('st_')) return costs.call;
      if (node.name === 'st_distance') return costs.distance;
      return node.args.some((arg) => typeOf(arg) === 'geometry') ? costs.spatial : costs.spatialPoint;
    case 'subquery':
      return costs.subquery;
    case 'in-list':
      return costs.kernel * Math.min(4, node.items.length);
    default:
      return costs.kernel;
  }
}

/**
 * Conjuncts in the order in which they are tested: cheap ones first, those that can raise an error last and in their written order, so
 * that a guard always stands before what it guards.
 */
export function testOrder(list: readonly Expr[], costs: CostModel): Expr[] {
  const safe: Expr[] = [];
  const raising: Expr[] = [];
  for (const expr of list.flatMap((e) => conjuncts(e))) (canRaise(expr) ? raising : safe).push(expr);
  safe.sort((a, b) => evaluationCost(a, costs) - evaluationCost(b, costs));
  return [...safe, ...raising];
}
