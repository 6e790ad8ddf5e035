// A conjunct in the form in which indexes understand it: an indexable expression on one side, values known at execution on the other.
// Extraction is in `extract.ts`. A constraint never claims more than its conjunct says.

import { never } from '../errors.js';
import type { Expr } from './expression.js';

/** A set of key values: listed, from an array parameter (duplicates and NULLs in it are ignored), or IS NULL. */
export type ValueSet<V> =
  | { readonly kind: 'values'; readonly values: readonly V[] }
  | { readonly kind: 'array'; readonly array: V }
  | { readonly kind: 'null' };

export function mapValueSet<A, B>(set: ValueSet<A>, map: (value: A) => B): ValueSet<B> {
  switch (set.kind) {
    case 'values':
      return { kind: 'values', values: set.values.map(map) };
    case 'array':
      return { kind: 'array', array: map(set.array) };
    case 'null':
      return set;
    default:
      return never(set, 'value set');
  }
}

export interface Bound<V> {
  readonly value: V;
  readonly inclusive: boolean;
}

export type SpatialRelation = 'intersects' | 'within' | 'contains' | 'dwithin';

/**
 * What a conjunct says of `expr`. `V` is `Expr` in plans (constants, parameters, and expressions over them) and `Value` at execution.
 * `exact`: the constraint is equivalent to the conjunct; otherwise the conjunct implies it and must be rechecked.
 */
export type Constraint = ConstraintShape & {
  /** The indexable expression, over columns of one table. */
  readonly expr: Expr;
  readonly exact: boolean;
};

export type ConstraintShape =
  | { readonly kind: 'set'; readonly set: ValueSet<Expr> }
  | { readonly kind: 'not-set'; readonly set: ValueSet<Expr> } // <> and NOT IN (true only for non-NULL expr, and of nothing when a value is NULL), IS NOT NULL
  | { readonly kind: 'range'; readonly low: Bound<Expr> | undefined; readonly high: Bound<Expr> | undefined }
  | { readonly kind: 'prefix'; readonly prefix: Expr } // LIKE 'abc%'
  /** Compared from the left: the first of the expressions that is not equal to its value lies beyond it. Never exact. */
  | { readonly kind: 'beyond'; readonly parts: readonly RowPart[] }
  | { readonly kind: 'match'; readonly index: number; readonly field: string | undefined; readonly query: Expr }
  | {
      readonly kind: 'spatial';
      readonly relation: SpatialRelation; // of expr to shape: ST_Within(expr, shape), ...
      readonly shape: Expr;
      readonly metres: Expr | undefined; // dwithin only
    };

/** One place of a comparison of rows. */
export interface RowPart {
  readonly expr: Expr;
  readonly value: Expr;
  readonly above: boolean;
}

/** A predicate as a tree over constraints; what no index could understand is `opaque`. */
export type Condition =
  | { readonly kind: 'constraint'; readonly constraint: Constraint; readonly conjunct: Expr }
  | { readonly kind: 'and' | 'or'; readonly args: readonly Condition[]; readonly conjunct: Expr }
  | { readonly kind: 'not'; readonly arg: Condition; readonly conjunct: Expr }
  | { readonly kind: 'opaque'; readonly conjunct: Expr };
