// The first of each group of equal rows that come together.

import type { Type } from '../values/types.js';
import type { Operator } from './operator.js';
import { rowKey } from './row-key.js';

export function sortedDistinct(types: readonly Type[], input: Operator): Operator {
  const keyOf = rowKey(types);
  return function* (context) {
    let any = false;
    let last: unknown;
    for (const batch of input(context)) {
      const selection = new Uint32Array(batch.count);
      let count = 0;
      for (let i = 0; i < batch.count; i++) {
        const row = batch.selection === undefined ? i : batch.selection[i]!;
        const key = keyOf(batch.columns, row);
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
