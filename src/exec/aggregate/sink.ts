// Where the rows of one aggregate go. Which sink it is depends on what the aggregate must keep of them.

import { dependsOnOrder } from '../../expr/aggregates.js';
import type { Aggregate } from '../../expr/expression.js';
import type { Value } from '../../values/types.js';
import type { Vector } from '../rows/batch.js';

export interface Sink {
  /** Adds row i of each argument to group `groups[i]`, for i below `count`. */
  add(groups: ArrayLike<number>, args: readonly Vector[], count: number): void;
  /** Gives back what memory it can. */
  relieve(): void;
  /** All rows are there. */
  end(): void;
  /** The value of a group; asked in ascending order. */
  finish(group: number): Value;
  /** Gives all memory back. */
  close(): void;
}

/**
 * Whether the state of a group grows with its rows; of an application's own it is not known. DISTINCT is laid around it, and not asked for
 * here.
 */
export function keepsItsRows(aggregate: Aggregate): boolean {
  // What gives another value for another order has its rows in it.
  return aggregate.orderBy !== undefined || dependsOnOrder(aggregate);
}
