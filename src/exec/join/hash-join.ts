// Hash join: a table over the right side, chained by row number, probed with batches of the left. Keeps the left side's order.

import { typeOf } from '../../expr/expression.js';
import type { HashJoin } from '../../plan/physical.js';
import type { Vector } from '../batch.js';
import { batchValues } from '../kernels.js';
import type { Context, Operator } from '../operator.js';
import { RowBuffer, dense } from '../row-buffer.js';
import { rowKey } from '../row-key.js';
import { emit } from './emit.js';
import { Unmatched } from './unmatched.js';
import type { Pairs } from './output.js';
import { pairFilter } from './output.js';

const END = -1;

export function hashJoin(plan: HashJoin, left: Operator, right: Operator): Operator {
  const { type } = plan;
  const keyOf = rowKey(plan.leftKeys.map(typeOf));
  const leftKeys = plan.leftKeys.map((key) => batchValues(key, plan.left.columns, plan.left.expected.rows.est));
  const rightKeys = plan.rightKeys.map((key) => batchValues(key, plan.right.columns, plan.right.expected.rows.est));
  const keep = pairFilter(plan.residual, plan.left.columns, plan.right.columns);
  // Semi and anti joins without a residual need no more than one match.
  const once = (type === 'semi' || type === 'anti') && plan.residual === undefined;

  const build = (context: Context) => {
    const rows = new RowBuffer(plan.right.columns.length);
    const first = new Map<unknown, number>();
    const last = new Map<unknown, number>();
    const next: number[] = [];
    for (const batch of right(context)) {
      const keys = rightKeys.map((of) => of(batch, context));
      for (let i = 0; i < batch.count; i++) {
        const row = rows.length + i;
        next.push(END);
        if (hasNull(keys, i)) continue;
        const key = keyOf(keys, i);
        const before = last.get(key);
        if (before === undefined) first.set(key, row);
        else next[before] = row;
        if (before === undefined || !once) last.set(key, row);
      }
      rows.add(batch);
    }
    return { rows, first, next };
  };

  return function* (context) {
    let table: ReturnType<typeof build> | undefined;
    // Built only when there is something to probe with, or when its own rows are in the answer too.
    const unmatched = type === 'full' ? new Unmatched((table = build(context)).rows) : undefined;
    for (const batch of left(context)) {
      table ??= build(context);
      const rowsLeft = dense(batch);
      const keys = leftKeys.map((of) => of(rowsLeft, context));
      const pairs: Pairs = { left: [], right: [] };
      for (let i = 0; i < rowsLeft.count; i++) {
        if (hasNull(keys, i)) continue;
        let row = table.first.get(keyOf(keys, i)) ?? END;
        for (; row !== END; row = once ? END : table.next[row]!) {
          pairs.left.push(i);
          pairs.right.push(row);
        }
      }
      const { columns } = table.rows;
      const kept = keep(rowsLeft.columns, columns, pairs, context);
      unmatched?.remove(kept);
      yield* emit(type, rowsLeft, columns, kept);
    }
    if (unmatched) yield* unmatched.batches(plan.left.columns.length);
  };
}

function hasNull(keys: readonly Vector[], row: number): boolean {
  for (const key of keys) if (key[row] === null) return true;
  return false;
}
