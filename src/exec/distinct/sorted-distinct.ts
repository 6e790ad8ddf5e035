// The first of each group of equal rows that come together.

import { typeOf } from '../../expr/expression.js';
import type { SortedDistinct } from '../../plan/physical.js';
import type { Type } from '../../values/types.js';
import { batchValues } from '../kernels.js';
import type { Operator } from '../operator.js';
import { rowKey } from '../rows/row-key.js';

/** @param types of the input's columns */
export function sortedDistinct(plan: SortedDistinct, types: readonly Type[], input: Operator): Operator {
  const { columns, expected } = plan.input;
  const valuesOf = plan.on?.map((expr) => batchValues(expr, columns, expected.rows.est));
  const keyOf = rowKey(plan.on?.map(typeOf) ?? types);
  return function* (context) {
    let any = false;
    let last: unknown;
    for (const batch of input(context)) {
      const selection = new Uint32Array(batch.count);
      let count = 0;
      const values = valuesOf?.map((of) => of(batch, context));
      for (let i = 0; i < batch.count; i++) {
        const row = batch.selection === undefined ? i : batch.selection[i]!;
        const key = values === undefined ? keyOf(batch.columns, row) : keyOf(values, i);
        if (any && sameKey(key, last)) continue;
        any = true;
        last = key;
        selection[count++] = row;
      }
      if (count > 0) yield { ...batch, selection: selection.subarray(0, count), count };
    }
  };
}

/** Whether two keys of `rowKey` are one: as a `Map` has it. */
export function sameKey(a: unknown, b: unknown): boolean {
  return a === b || (a !== a && b !== b);
}
