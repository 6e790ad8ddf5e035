// What the same mistake is called in a text and in code: the messages and hints in which the two ways of asking differ.

import type { Type } from '../../values/types.js';
import type { ArgumentType } from '../../expr/typing.js';

/** A message and what to do about it. */
export type Said = readonly [message: string, hint?: string];

/** One side of a comparison: as the error shows it, and its type. */
export interface ShownSide {
  readonly shown: string;
  readonly type: ArgumentType;
}

export interface Wording {
  /** How to cast an expression to the type. */
  readonly castTo: (type: Type) => string;
  /** How to make several expressions one type. */
  readonly castToOne: string;
  readonly castArgument: string;
  readonly notComparable: (left: ShownSide, right: ShownSide) => Said;
  readonly arrayNeeded: (element: string) => Said;
  /** An aggregate in a clause that cannot hold one. */
  readonly noAggregates: (name: string, clause: string) => Said;
  readonly notGrouped: (column: string) => Said;
  /** An expression of ORDER BY that a distinct select list does not have. */
  readonly notListed: Said;
  /** An order whose first keys are not those of DISTINCT ON. */
  readonly notFirst: Said;
  /** A key of ORDER BY inside an aggregate with DISTINCT. */
  readonly notAnArgument: Said;
  readonly notOneColumn: (columns: number) => Said;
  readonly notKnownFirst: Said;
  readonly noSearch: Said;
  readonly manySearches: Said;
  readonly noTextIndex: (column: string) => string;
  readonly searchElsewhere: Said;
}
