// From `a = b AND a = 5` follows `b = 5`, which the scan of b can use.
// Wrong between types: integer 1 equals real 1.0, but an index on the integer would be asked for a real; only equal types are taken. NULLs
// are no danger: all three are true together or the conjunction is not true.

import { and, compare, conjuncts, equalExprs, exprKey, isConstant } from '../../expr/build.js';
import type { Column, Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { LogicalPlan } from '../../plan/logical.js';
import type { Rule } from '../engine.js';

export const inferEqualities: Rule = {
  name: 'infer-equalities',
  on: ['filter', 'join'],
  rewrite(plan, context) {
    if (plan.kind === 'filter') {
      const own = conjuncts(plan.predicate);
      const found = infer([...own, ...conditionsBelow(plan.input)], context.stated);
      return found.length === 0 ? undefined : { ...plan, predicate: and([...own, ...found]) };
    }
    if (plan.kind !== 'join' || (plan.type !== 'inner' && plan.type !== 'semi')) return undefined;
    const own = conjuncts(plan.condition);
    const sides = [plan.left, ...(plan.type === 'inner' ? [plan.right] : [])];
    const below = sides.flatMap((side) => conditionsBelow(side));
    const found = infer([...own, ...below], context.stated);
    return found.length === 0 ? undefined : { ...plan, condition: and([...own, ...found]) };
  },
};

/** Terms that hold for every row of a plan: of filters and inner joins, down to where another operator begins. */
function conditionsBelow(plan: LogicalPlan): readonly Expr[] {
  if (plan.kind === 'filter') return [...conjuncts(plan.predicate), ...conditionsBelow(plan.input)];
  if (plan.kind === 'join') {
    if (plan.type === 'inner')
      return [...conjuncts(plan.condition), ...conditionsBelow(plan.left), ...conditionsBelow(plan.right)];
    return plan.type === 'full' ? [] : conditionsBelow(plan.left);
  }
  return [];
}

function infer(terms: readonly Expr[], stated: Set<string>): Expr[] {
  const pairs: (readonly [Column, Column])[] = [];
  const values: { column: Column; value: Expr }[] = [];
  for (const term of terms) {
    if (term.kind !== 'compare' || term.operator !== '=' || typeOf(term.left) !== typeOf(term.right)) continue;
    const { left, right } = term;
    if (left.kind === 'column' && right.kind === 'column') pairs.push([left, right], [right, left]);
    else if (left.kind === 'column' && isPlainValue(right)) values.push({ column: left, value: right });
    else if (right.kind === 'column' && isPlainValue(left)) values.push({ column: right, value: left });
  }
  const found: Expr[] = [];
  // `values` grows while it is walked: chains of equalities are followed to their end.
  for (const { column, value } of values) {
    for (const [from, to] of pairs) {
      if (from.id !== column.id) continue;
      if (values.some((v) => v.column.id === to.id && equalExprs(v.value, value))) continue;
      values.push({ column: to, value });
      const term = compare('=', to, value);
      const fact = `infer ${exprKey(term)}`;
      if (stated.has(fact)) continue;
      stated.add(fact);
      found.push(term);
    }
  }
  return found;
}

function isPlainValue(expr: Expr): boolean {
  return isConstant(expr) && (expr.kind === 'constant' || expr.kind === 'parameter');
}
