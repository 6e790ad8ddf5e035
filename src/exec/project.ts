// Expressions over rows. Bare columns are passed on as they are.

import type { ProjectPlan } from '../plan/physical.js';
import { denseBatch } from './rows/batch.js';
import { batchValues } from './kernels.js';
import type { Operator } from './operator.js';
import { compact } from './rows/row-buffer.js';

export function project(plan: ProjectPlan, input: Operator): Operator {
  const { columns } = plan.input;
  const parts = plan.exprs.map((expr) => {
    if (expr.kind !== 'column') return batchValues(expr, columns, plan.input.expected.rows.est);
    return columns.indexOf(expr.id);
  });
  const moves = parts.every((part) => typeof part === 'number');
  return function* (context) {
    for (const batch of input(context)) {
      if (moves) {
        yield { ...batch, columns: parts.map((slot) => batch.columns[slot as number]!) };
        continue;
      }
      const vectors = parts.map((part) =>
        typeof part === 'number' ? compact(batch.columns[part]!, batch) : part(batch, context),
      );
      yield denseBatch(vectors, batch.count);
    }
  };
}
