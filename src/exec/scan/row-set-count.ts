// `count(*)` of a set, from cardinalities alone.

import type { RowSetCount } from '../../plan/physical.js';
import { denseBatch } from '../rows/batch.js';
import type { Operator } from '../operator.js';
import { countRowSet } from '../row-set/row-set.js';

export function rowSetCount(plan: RowSetCount): Operator {
  return function* (context) {
    const count = plan.set ? countRowSet(plan.set, plan.table, context) : context.table(plan.table).count;
    yield denseBatch([[count]], 1);
  };
}
