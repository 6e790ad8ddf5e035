// Rows for which a predicate is true.

import type { FilterPlan } from '../plan/physical.js';
import { batchFilter } from './kernels.js';
import type { Operator } from './operator.js';

export function filter(plan: FilterPlan, input: Operator): Operator {
  const test = batchFilter(plan.predicate, plan.input.columns, plan.input.expected.rows.est);
  return function* (context) {
    for (const batch of input(context)) {
      const passed = test(batch, context);
      if (passed) yield passed;
    }
  };
}
