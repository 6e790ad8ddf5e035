// What a hash aggregation asks of an aggregate. States are arrays indexed by group number, which callers hand out densely from 0.

import type { Value } from '../../values/types.js';

export interface Accumulator {
  /** Adds row i of each argument column to group `groups[i]`, for i below `count`. Groups unseen so far begin empty. */
  addBatch(groups: ArrayLike<number>, args: readonly ArrayLike<Value>[], count: number): void;
  /** Adds one row; `args` has one value per argument. */
  add(group: number, args: readonly Value[]): void;
  /** The value of a group; of one that has had no rows, too. */
  finish(group: number): Value;
  /** Forgets all groups. */
  reset(): void;
}
