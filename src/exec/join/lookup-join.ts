// Index nested loop: each left row's keys go into parameter slots, and the right side, whose probes read them, is run.
// Equal keys of a batch are looked up once.

import { typeOf } from '../../expr/expression.js';
import type { LookupJoin } from '../../plan/physical.js';
import type { Value } from '../../values/types.js';
import { batchValues } from '../kernels.js';
import type { Operator } from '../operator.js';
import { RowBuffer, dense } from '../rows/row-buffer.js';
import { rowKey } from '../rows/row-key.js';
import { emit } from './emit.js';
import type { Pairs } from './output.js';
import { pairFilter } from './output.js';

export function lookupJoin(plan: LookupJoin, left: Operator, right: Operator): Operator {
  const keyOf = rowKey(plan.args.map(typeOf));
  const args = plan.args.map((arg) => batchValues(arg, plan.left.columns, plan.left.expected.rows.est));
  const keep = pairFilter(plan.residual, plan.left.columns, plan.right.columns);
  const width = plan.right.columns.length;

  return function* (context) {
    const { parameters } = context.evaluation;
    for (const batch of left(context)) {
      const outer = dense(batch);
      const vectors = args.map((of) => of(outer, context));
      const found = new RowBuffer(width);
      /** Key -> the right rows that it found, as a range of `found`. */
      const ranges = new Map<unknown, readonly [number, number]>();
      const pairs: Pairs = { left: [], right: [] };
      for (let i = 0; i < outer.count; i++) {
        const key = keyOf(vectors, i);
        let range = ranges.get(key);
        if (range === undefined) {
          const from = found.length;
          plan.slots.forEach((slot, s) => (parameters[slot] = vectors[s]![i] as Value));
          for (const rows of right(context)) found.add(rows);
          range = [from, found.length];
          ranges.set(key, range);
        }
        for (let row = range[0]; row < range[1]; row++) {
          pairs.left.push(i);
          pairs.right.push(row);
        }
      }
      yield* emit(plan.type, outer, found.columns, keep(outer.columns, found.columns, pairs, context));
    }
  };
}
