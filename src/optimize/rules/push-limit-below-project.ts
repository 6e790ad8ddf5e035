// LIMIT over a projection limits below it: items are computed for the rows kept only, and the sort under it can become a heap.
// Wrong if a projection could drop or repeat rows; it cannot.

import type { Rule } from '../engine.js';

export const pushLimitBelowProject: Rule = {
  name: 'push-limit-below-project',
  on: ['limit'],
  rewrite(plan) {
    if (plan.kind !== 'limit' || plan.input.kind !== 'project') return undefined;
    const project = plan.input;
    return { ...project, input: { ...plan, input: project.input } };
  },
};
