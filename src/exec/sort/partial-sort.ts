// Rows that come sorted by the first keys of an order: sorted group by group, so that a limit is reached after a few groups. Whole groups
// are sorted together until there are enough of them, since most groups have one row.

import type { PartialSort } from '../../plan/physical.js';
import type { Batch } from '../rows/batch.js';
import { BATCH_ROWS } from '../rows/batch.js';
import { limit } from '../limit.js';
import type { Context, Operator } from '../operator.js';
import { boundsOf } from '../scan/bounds.js';
import { SLACK, Sorter } from './sort.js';

export function partialSort(plan: PartialSort, input: Operator): Operator {
  const inOrder = limit(plan, input);
  const sorted = limit(plan, (context) => groups(plan, input, context));
  return (context) => {
    const { tie } = plan;
    const isSorted = tie !== undefined && context.table(tie.table).index(tie.index).keysAreRowIds?.() === true;
    return isSorted ? inOrder(context) : sorted(context);
  };
}

function* groups(plan: PartialSort, input: Operator, context: Context): Iterable<Batch> {
  const { offset, limit: rows } = boundsOf(plan, context);
  let wanted = offset + rows;
  const sorter = new Sorter(plan.keys, plan.input.columns, plan.expected.rows.est);
  for (const batch of input(context)) {
    const from = sorter.length;
    sorter.add(batch, context);
    // The last group may go on in the next batch.
    let last = sorter.length - 1;
    while (last > 0 && last >= from && !sorter.differ(last - 1, last, plan.presorted)) last--;
    if (last >= Math.max(1, from) && last >= Math.min(wanted, BATCH_ROWS)) {
      if (last >= wanted) return yield* sorter.batches(0, last);
      yield* sorter.take(last);
      wanted -= last;
    } else if (sorter.length > 2 * wanted + SLACK) sorter.keep(wanted);
  }
  yield* sorter.batches(0, Infinity);
}
