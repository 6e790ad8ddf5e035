// UNION, INTERSECT and EXCEPT. NULLs are equal. With ALL, a row is there as often as SQL says: the sum, the minimum or the difference.

import type { SetOperator } from '../plan/physical.js';
import type { Type } from '../values/types.js';
import type { Batch } from './batch.js';
import { distinct } from './distinct.js';
import type { Operator } from './operator.js';
import { rowKey } from './row-key.js';

export function setOperation(plan: SetOperator, types: readonly Type[], left: Operator, right: Operator): Operator {
  if (plan.operation === 'union') {
    const both: Operator = function* (context) {
      yield* left(context);
      yield* right(context);
    };
    return plan.all ? both : distinct(types, both);
  }
  const keyOf = rowKey(types);
  const intersect = plan.operation === 'intersect';
  const kept: Operator = function* (context) {
    const counts = new Map<unknown, number>();
    for (const batch of right(context)) {
      eachRow(batch, (row) => {
        const key = keyOf(batch.columns, row);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      });
    }
    for (const batch of left(context)) {
      const selection: number[] = [];
      eachRow(batch, (row) => {
        const key = keyOf(batch.columns, row);
        const there = counts.get(key) ?? 0;
        // With ALL each row on the right pairs with one on the left.
        if (plan.all && there > 0) counts.set(key, there - 1);
        if (there > 0 === intersect) selection.push(row);
      });
      if (selection.length > 0) {
        yield {
          columns: batch.columns,
          length: batch.length,
          selection: Uint32Array.from(selection),
          count: selection.length,
        };
      }
    }
  };
  return plan.all ? kept : distinct(types, kept);
}

function eachRow(batch: Batch, visit: (row: number) => void): void {
  for (let i = 0; i < batch.count; i++) visit(batch.selection === undefined ? i : batch.selection[i]!);
}
