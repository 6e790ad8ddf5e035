// From `a = b AND a = 5` follows `b = 5`, which the scan of b can use.
// Wrong between types: integer 1 equals real 1.0, but an index on the integer would be asked for a real; only equal types are taken. NULLs
// are no danger: all three are true together or the conjunction is not true.

import { and, compare, conjuncts, equalExprs, exprKey, isConstant } from '../../expr/build.js';
import type { Column, ColumnId, Compare, Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { LogicalPlan } from '../../plan/logical.js';
import type { Rule } from '../engine.js';

export const inferEqualities: Rule = {
  name: 'infer-equalities',
  on: ['filter', 'join'],
  rewrite(plan, context) {
    if (plan.kind === 'filter') {
      const found = infer(equalitiesOf(plan), context.stated);
      return found.length === 0 ? undefined : { ...plan, predicate: and([plan.predicate, ...found]) };
    }
    if (plan.kind !== 'join' || (plan.type !== 'inner' && plan.type !== 'semi')) return undefined;
    const terms =
      plan.type === 'inner' ? equalitiesOf(plan) : [...equalities(plan.condition), ...equalitiesOf(plan.left)];
    const found = infer(terms, context.stated);
    return found.length === 0 ? undefined : { ...plan, condition: and([plan.condition, ...found]) };
  },
};

const known = new WeakMap<LogicalPlan, readonly Compare[]>();

/** Equalities that hold for every row of a plan: of filters and inner joins, down to where another operator begins. */
function equalitiesOf(plan: LogicalPlan): readonly Compare[] {
  let found = known.get(plan);
  if (found === undefined) known.set(plan, (found = collect(plan)));
  return found;
}

function collect(plan: LogicalPlan): readonly Compare[] {
  if (plan.kind === 'filter') return [...equalities(plan.predicate), ...equalitiesOf(plan.input)];
  if (plan.kind === 'join') {
    if (plan.type === 'inner')
      return [...equalities(plan.condition), ...equalitiesOf(plan.left), ...equalitiesOf(plan.right)];
    return plan.type === 'full' ? [] : equalitiesOf(plan.left);
  }
  return [];
}

function equalities(predicate: Expr): Compare[] {
  return conjuncts(predicate).filter(
    (term): term is Compare =>
      term.kind === 'compare' && term.operator === '=' && typeOf(term.left) === typeOf(term.right),
  );
}

function infer(terms: readonly Compare[], stated: Set<string>): Expr[] {
  const equals = new Map<ColumnId, Column[]>();
  const values: { column: Column; value: Expr }[] = [];
  const pair = (from: Column, to: Column) => {
    const list = equals.get(from.id);
    if (list === undefined) equals.set(from.id, [to]);
    else list.push(to);
  };
  for (const { left, right } of terms) {
    if (left.kind === 'column' && right.kind === 'column') {
      pair(left, right);
      pair(right, left);
    } else if (left.kind === 'column' && isPlainValue(right)) values.push({ column: left, value: right });
    else if (right.kind === 'column' && isPlainValue(left)) values.push({ column: right, value: left });
  }
  const found: Expr[] = [];
  // `values` grows while it is walked: chains of equalities are followed to their end.
  for (const { column, value } of values) {
    for (const to of equals.get(column.id) ?? []) {
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
