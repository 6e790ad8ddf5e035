// A filter over computed columns becomes one over what they are computed from.
// Wrong if an item were not a function of its row (a term would see another value than the one shown), or costly to compute twice:
// items with sub-queries stay whole.

import { hasSubquery, isDeterministic, substitute } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { Rule } from '../engine.js';
import { readsOf } from '../plan-tree.js';
import { filtered, split } from './movable.js';

export const pushFilterBelowProject: Rule = {
  name: 'push-filter-below-project',
  on: ['filter'],
  rewrite(plan) {
    if (plan.kind !== 'filter' || plan.input.kind !== 'project') return undefined;
    const project = plan.input;
    const items = new Map(project.items.map((item) => [item.column.id, item.expr]));
    const plain = (expr: Expr | undefined) => expr !== undefined && isDeterministic(expr) && !hasSubquery(expr);
    const { moved, kept } = split(plan.predicate, (term) => [...readsOf(term)].every((id) => plain(items.get(id))));
    if (moved.length === 0) return undefined;
    const below = moved.map((term) => substitute(term, (column) => items.get(column.id)));
    return filtered({ ...project, input: filtered(project.input, below) }, kept);
  },
};
