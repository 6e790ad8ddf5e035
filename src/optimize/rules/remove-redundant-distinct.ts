// DISTINCT over rows that differ anyway (groups, a key, another DISTINCT) goes.
// Wrong when the key may be NULL (two NULLs differ for a unique index but not for DISTINCT) or when a join repeats the rows of one side.

import type { Rule } from '../engine.js';
import { outputIds } from '../plan-tree.js';
import { isKey } from './uniqueness.js';

export const removeRedundantDistinct: Rule = {
  name: 'remove-redundant-distinct',
  on: ['distinct'],
  rewrite(plan) {
    if (plan.kind !== 'distinct') return undefined;
    return isKey(plan.input, outputIds(plan.input)) ? plan.input : undefined;
  },
};
