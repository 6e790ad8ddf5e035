// What an expression may ask of the execution it runs in.

import type { Value } from '../values/types.js';
import type { Subquery } from './expression.js';
import type { UserFunctions } from './user-functions.js';

export interface Evaluation {
  /** The statement's parameters, followed by the slots of sub-queries and index joins. Slots are written during execution. */
  readonly parameters: Value[];
  /** Milliseconds since the epoch, one instant for the whole statement (`now()`). */
  readonly now: number;
  /** What the application registered. Absent where nothing of it may be called: while planning. */
  readonly functions?: UserFunctions | undefined;
  /** Runs a sub-query whose slots have been set. Absent where sub-queries cannot occur (definitions). */
  readonly subqueries?: Subqueries;
}

export interface Subqueries {
  /** A column of its one row; NULL without one. */
  scalar(id: number, column: number): Value;
  exists(id: number): boolean;
  /** Whether the operands compare with some row as the sub-query's operator asks, three-valued. */
  any(subquery: Subquery, operands: readonly Value[]): boolean | null;
  /** How they compare with its one row; NULL without one. */
  row(subquery: Subquery, operands: readonly Value[]): boolean | null;
}
