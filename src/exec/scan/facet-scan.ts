// `GROUP BY column` with `count(*)`, from a bitmap index's cardinalities alone.

import { invariant } from '../../errors.js';
import type { FacetScan } from '../../plan/physical.js';
import type { Value } from '../../values/types.js';
import { BATCH_ROWS, denseBatch } from '../rows/batch.js';
import type { Operator } from '../operator.js';
import { evaluateRowSet } from '../row-set/row-set.js';

export function facetScan(plan: FacetScan): Operator {
  return function* (context) {
    const open = context.table(plan.table).index(plan.index);
    invariant(open.facets, `an index of kind ${plan.index.kind} knows no facets`);
    const within = plan.set && evaluateRowSet(plan.set, plan.table, context);
    let values: Value[] = [];
    let counts: Value[] = [];
    for (const { value, count } of open.facets(within)) {
      if (count === 0) continue;
      values.push(value);
      counts.push(count);
      if (values.length < BATCH_ROWS) continue;
      yield denseBatch([values, counts], values.length);
      [values, counts] = [[], []];
    }
    if (values.length > 0) yield denseBatch([values, counts], values.length);
  };
}
