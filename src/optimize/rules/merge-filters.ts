// Filter over filter becomes one, and one that keeps every row goes.
// Wrong if the inner predicate guards the outer one from an error and the order of the terms were lost: inner terms come first.

import { and, conjuncts } from '../../expr/build.js';
import type { Rule } from '../engine.js';

export const mergeFilters: Rule = {
  name: 'merge-filters',
  on: ['filter'],
  rewrite(plan) {
    if (plan.kind !== 'filter') return undefined;
    if (conjuncts(plan.predicate).length === 0) return plan.input;
    const { input } = plan;
    if (input.kind !== 'filter') return undefined;
    return { kind: 'filter', input: input.input, predicate: and([input.predicate, plan.predicate]) };
  },
};
