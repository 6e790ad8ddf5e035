// The first of each group of equal rows.

import type { Type } from '../values/types.js';
import type { Operator } from './operator.js';
import { rowKey } from './row-key.js';

export function distinct(types: readonly Type[], input: Operator): Operator {
  const keyOf = rowKey(types);
  return function* (context) {
    const seen = new Set<unknown>();
    for (const batch of input(context)) {
      const selection = new Uint32Array(batch.count);
      let count = 0;
      for (let i = 0; i < batch.count; i++) {
        const row = batch.selection === undefined ? i : batch.selection[i]!;
        const before = seen.size;
        seen.add(keyOf(batch.columns, row));
        if (seen.size > before) selection[count++] = row;
      }
      if (count > 0)
        yield { columns: batch.columns, length: batch.length, selection: selection.subarray(0, count), count };
    }
  };
}
