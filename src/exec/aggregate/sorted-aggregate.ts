// Groups whose rows come together: one group after the other, with the states of a batch's groups at one time.

import { typeOf } from '../../expr/expression.js';
import type { SortedAggregate } from '../../plan/physical.js';
import type { Value } from '../../values/types.js';
import { compileSteps } from './steps.js';
import type { Step } from './steps.js';
import type { Batch } from '../rows/batch.js';
import { denseBatch } from '../rows/batch.js';
import { batchValues } from '../kernels.js';
import { sliceBatch } from '../limit.js';
import type { Operator } from '../operator.js';
import { rowKey } from '../rows/row-key.js';
import { sameKey } from '../distinct/sorted-distinct.js';

export function sortedAggregate(plan: SortedAggregate, input: Operator): Operator {
  const { columns, expected } = plan.input;
  const groupOf = plan.groups.map((expr) => batchValues(expr, columns, expected.rows.est));
  const keyOf = rowKey(plan.groups.map(typeOf));
  const stepsOf = compileSteps(plan.aggregates, columns, expected.rows.est);

  return function* (context) {
    const account = context.memory.account(plan);
    try {
      let open: Open | undefined;
      for (const batch of input(context)) {
        const vectors = groupOf.map((of) => of(batch, context));
        const assigned = new Uint32Array(batch.count);
        // Rows of the group that the batch before ended with.
        let from = 0;
        if (open !== undefined) {
          while (from < batch.count && sameKey(keyOf(vectors, from), open.last)) assigned[from++] = open.size - 1;
          if (from > 0) {
            const rows = sliceBatch(batch, 0, from);
            for (const step of open.steps) step.add(rows, assigned.subarray(0, from), context);
          }
          if (from === batch.count) continue;
          yield finish(open);
        }
        open = { steps: stepsOf(account, context), groups: vectors.map(() => []), size: 0, last: undefined };
        for (let i = from; i < batch.count; i++) {
          const key = keyOf(vectors, i);
          if (open.size === 0 || !sameKey(key, open.last)) {
            vectors.forEach((vector, g) => open!.groups[g]!.push(vector[i]!));
            open.last = key;
            open.size++;
          }
          assigned[i] = open.size - 1;
        }
        const rows = sliceBatch(batch, from, batch.count - from);
        for (const step of open.steps) step.add(rows, assigned.subarray(from), context);
      }
      if (open !== undefined) yield finish(open);
    } finally {
      account.close();
    }
  };
}

/** The groups of one batch; the last may go on. */
interface Open {
  readonly steps: readonly Step[];
  readonly groups: Value[][];
  size: number;
  last: unknown;
}

function finish({ steps, groups, size }: Open): Batch {
  for (const step of steps) step.end();
  const results = steps.map((step) => Array.from({ length: size }, (_, group) => step.finish(group)));
  for (const step of steps) step.close();
  return denseBatch([...groups, ...results], size);
}
