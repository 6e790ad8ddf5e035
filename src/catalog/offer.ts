// How an index answers the planner: offers to serve constraints, each with a probe that execution hands back to the index.

import type { Bound, SpatialRelation, ValueSet } from '../expr/constraint.js';
import type { Expr } from '../expr/expression.js';
import type { IndexDef } from './definitions.js';
import type { Estimate } from './statistics.js';

/** What is asked of an index. `V` is `Expr` in a plan and `Value` once bound at execution. */
export type Probe<V> =
  | { readonly kind: 'all' } // every entry: ordered walks, partial indexes
  /** The product of the sets over the leading keys; then, for ordered indexes, a range or prefix over the next key. */
  | {
      readonly kind: 'keys';
      readonly sets: readonly ValueSet<V>[];
      readonly range: { readonly low: Bound<V> | undefined; readonly high: Bound<V> | undefined } | undefined;
      readonly prefix: V | undefined;
      /** For ordered indexes: the first key may have any value, each of which is looked up; all the rest is about the keys after it. */
      readonly skip?: boolean | undefined;
      /** For ordered indexes, in the index's order: entries not before and not after these values of the next keys. */
      readonly beyond?: Beyond<V> | undefined;
    }
  /** Entries whose first key is not NULL and in none of the sets (bitmap). */
  | { readonly kind: 'not-keys'; readonly set: ValueSet<V> }
  | {
      readonly kind: 'spatial';
      readonly relation: SpatialRelation;
      readonly shape: V;
      readonly metres: V | undefined;
    }
  | { readonly kind: 'match'; readonly field: string | undefined; readonly query: V };

export interface Beyond<V> {
  readonly after: readonly V[] | undefined;
  readonly before: readonly V[] | undefined;
}

/** A value of an ordered walk: which expression it is sorted by. */
export interface OrderKey {
  readonly expr: Expr;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
}

export type Precision =
  | 'exact' // exactly the rows for which the served conjuncts are true
  | 'superset' // all of them and perhaps others: recheck on the row
  | 'refutes'; // names chunks that can be skipped (bloom); never a row set by itself

export interface Offer {
  readonly index: IndexDef;
  readonly probe: Probe<Expr>;
  /** Positions, in the list of constraints offered for, that this probe serves. */
  readonly serves: readonly number[];
  readonly precision: Precision;
  /** Rows the probe yields. */
  readonly rows: Estimate;
  /** Nanoseconds to produce the row ids as a set. */
  readonly cost: number;
  /** The order in which a walk over the probe yields entries; undefined when the kind cannot walk in order. */
  readonly order: readonly OrderKey[] | undefined;
  /** Nanoseconds per entry of such a walk. */
  readonly walkCost: number | undefined;
}

/** A set of row ids as an expression over index probes. */
export type RowSetPlan =
  | {
      readonly kind: 'probe';
      readonly index: IndexDef;
      readonly probe: Probe<Expr>;
      readonly precision: Precision;
      readonly rows: Estimate;
    }
  | { readonly kind: 'and' | 'or'; readonly args: readonly RowSetPlan[]; readonly rows: Estimate }
  /** Live rows outside the set. The set must be exact for `NOT p` where p is never NULL on those rows. */
  | { readonly kind: 'not'; readonly arg: RowSetPlan; readonly rows: Estimate };
