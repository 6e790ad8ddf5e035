// Terms over group columns alone are tested before grouping.
// Wrong for terms over aggregates, and without groups: the one row of an empty input would appear although the term rejects it.

import { isDeterministic, substitute } from '../../expr/build.js';
import type { Rule } from '../engine.js';
import { readsOf } from '../plan-tree.js';
import { filtered, isMovable, split } from './movable.js';

export const pushFilterBelowAggregate: Rule = {
  name: 'push-filter-below-aggregate',
  on: ['filter'],
  rewrite(plan) {
    if (plan.kind !== 'filter' || plan.input.kind !== 'aggregate' || plan.input.groups.length === 0) return undefined;
    const aggregate = plan.input;
    const groups = new Map(aggregate.groups.map((g) => [g.column.id, g.expr]));
    const { moved, kept } = split(plan.predicate, (term) => {
      const ids = [...readsOf(term)];
      return isMovable(term) && ids.length > 0 && ids.every((id) => isPlain(groups.get(id)));
    });
    if (moved.length === 0) return undefined;
    const below = moved.map((term) => substitute(term, (column) => groups.get(column.id)));
    return filtered({ ...aggregate, input: filtered(aggregate.input, below) }, kept);
  },
};

function isPlain(expr: Parameters<typeof isDeterministic>[0] | undefined): boolean {
  return expr !== undefined && isDeterministic(expr) && isMovable(expr);
}
