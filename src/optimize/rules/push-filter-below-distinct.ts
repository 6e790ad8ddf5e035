// A filter over DISTINCT or a sort is tested below it.
// Wrong over LIMIT: the limit would count other rows. It is not a case here, and no filter ever passes one.

import type { Rule } from '../engine.js';
import { filtered, isMovable, split } from './movable.js';

export const pushFilterBelowDistinct: Rule = {
  name: 'push-filter-below-distinct',
  on: ['filter'],
  rewrite(plan) {
    if (plan.kind !== 'filter' || (plan.input.kind !== 'distinct' && plan.input.kind !== 'sort')) return undefined;
    const { moved, kept } = split(plan.predicate, isMovable);
    if (moved.length === 0) return undefined;
    return filtered({ ...plan.input, input: filtered(plan.input.input, moved) }, kept);
  },
};
