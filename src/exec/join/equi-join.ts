// What a join by equal keys is compiled to: keys of both sides, and how a batch of left rows meets a table of right ones.

import { typeOf } from '../../expr/expression.js';
import type { HashJoin, JoinType, MergeJoin } from '../../plan/physical.js';
import type { Type } from '../../values/types.js';
import type { Batch, Vector } from '../rows/batch.js';
import { batchValues } from '../kernels.js';
import type { Context } from '../operator.js';
import { rowKey } from '../rows/row-key.js';
import type { RowKey } from '../rows/row-key.js';
import { JoinTable } from './join-table.js';
import type { Pairs } from './output.js';
import { pairFilter } from './output.js';
import type { PairFilter } from './output.js';

export interface EquiJoin {
  readonly type: JoinType;
  readonly leftTypes: readonly Type[];
  readonly rightTypes: readonly Type[];
  readonly keyOf: RowKey;
  /** Keys of the selected rows, dense. */
  leftKeys(batch: Batch, context: Context): Vector[];
  rightKeys(batch: Batch, context: Context): Vector[];
  /** Keeps the pairs for which the rest of the condition is true. */
  readonly keep: PairFilter;
  table(): JoinTable;
  /** The pairs that satisfy the whole condition. @param left dense */
  pairs(left: Batch, table: JoinTable, context: Context): Pairs;
}

export function compileEquiJoin(
  plan: HashJoin | MergeJoin,
  leftTypes: readonly Type[],
  rightTypes: readonly Type[],
): EquiJoin {
  const { type, left, right } = plan;
  const keyOf = rowKey(plan.leftKeys.map(typeOf));
  const leftKeys = plan.leftKeys.map((key) => batchValues(key, left.columns, left.expected.rows.est));
  const rightKeys = plan.rightKeys.map((key) => batchValues(key, right.columns, right.expected.rows.est));
  const keep = pairFilter(plan.residual, left.columns, right.columns);
  // Semi and anti joins without a residual need no more than one match.
  const once = (type === 'semi' || type === 'anti') && plan.residual === undefined;
  return {
    type,
    leftTypes,
    rightTypes,
    keyOf,
    keep,
    leftKeys: (batch, context) => leftKeys.map((of) => of(batch, context)),
    rightKeys: (batch, context) => rightKeys.map((of) => of(batch, context)),
    table: () => new JoinTable(rightTypes.length, keyOf, once),
    pairs(batch, table, context) {
      const matches = table.matches(
        leftKeys.map((of) => of(batch, context)),
        batch.count,
      );
      return keep(batch.columns, table.rows.columns, matches, context);
    },
  };
}
