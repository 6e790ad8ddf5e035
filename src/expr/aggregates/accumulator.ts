// What a hash aggregation asks of an aggregate. States are arrays indexed by group number, which callers hand out densely from 0.

import type { Value } from '../../values/types.js';

/** The arrays of a state, by group. */
export interface StateArrays {
  readonly counts?: Float64Array;
  readonly sums?: Float64Array;
  readonly held?: Value[];
}

/**
 * How generated code adds to a state in place, for values that are not NULL: `counts` one more; `integers` and `reals` one more and the
 * sum, where it stays exact and finite; `extreme` the value held. `step` takes what the code leaves.
 */
export interface InPlace {
  readonly kind: 'counts' | 'integers' | 'reals' | 'extreme';
  /** Of an extreme: -1 for the least, 1 for the greatest. */
  readonly sign?: -1 | 1;
  /** The arrays, long enough for so many groups; they stay in place until the next call. */
  arrays(groups: number): StateArrays;
  step(group: number, value: Value): void;
}

export interface Accumulator {
  /** Adds row i of each argument column to group `groups[i]`, for i below `count`. Groups unseen so far begin empty. */
  addBatch(groups: ArrayLike<number>, args: readonly ArrayLike<Value>[], count: number): void;
  /** Adds one row; `args` has one value per argument. */
  add(group: number, args: readonly Value[]): void;
  /** The value of a group; of one that has had no rows, too. */
  finish(group: number): Value;
  /** Forgets all groups. */
  reset(): void;
  readonly inPlace?: InPlace;
}
