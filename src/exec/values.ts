// Rows written out in the statement.

import { compileClosure } from '../expr/evaluate.js';
import type { ValuesPlan } from '../plan/physical.js';
import type { Value } from '../values/types.js';
import { BATCH_ROWS, denseBatch } from './rows/batch.js';
import type { Operator } from './operator.js';

export function values(plan: ValuesPlan): Operator {
  const layout = new Map<number, number>();
  const rows = plan.rows.map((row) => row.map((expr) => compileClosure(expr, layout)));
  const width = plan.columns.length;
  return function* (context) {
    for (let from = 0; from < rows.length; from += BATCH_ROWS) {
      const part = rows.slice(from, from + BATCH_ROWS);
      const columns = Array.from({ length: width }, (_, c) =>
        part.map((row): Value => row[c]!([], 0, context.evaluation)),
      );
      yield denseBatch(columns, part.length);
    }
  };
}
