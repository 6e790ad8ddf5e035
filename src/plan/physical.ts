// The physical algebra: how a query is answered. The one place where `optimize` (which makes it) and `exec` (which runs it) meet.
// Every node says which columns it yields, in order, and what the planner expected of it.

import type { IndexDef, TableDef } from '../catalog/definitions.js';
import type { Probe, RowSetPlan } from '../catalog/offer.js';
import type { Estimate } from '../catalog/statistics.js';
import type { Aggregate, ColumnId, Expr, Match } from '../expr/expression.js';
import type { Type } from '../values/types.js';
import type { Assignment, JoinType, OnConflict, OutputColumn, Returning, SortKey } from './logical.js';

/** Expected rows, and nanoseconds to yield all of them (inputs included) and to yield the first. */
export interface Expected {
  readonly rows: Estimate;
  readonly cost: number;
  readonly startup: number;
}

/** An access path that was weighed for a scan: what EXPLAIN tells of the choice. */
export interface Considered {
  /** `places_kind (bitmap)`, `and(places_kind, places_geo)`, `scan`. */
  readonly path: string;
  readonly verdict: 'chosen' | 'rejected';
  /** Why, in words: `costs 3.1 times the chosen path`, `predicate of the partial index is not implied`, `disabled by a hint`. */
  readonly reason: string;
  readonly cost: number | undefined;
}

/** What every scan of a table yields: columns by ordinal, late; the row id and score when asked for. */
export interface ScanOutput {
  readonly table: TableDef;
  /** As written: alias or table name. */
  readonly name: string;
  readonly fetch: readonly { readonly ordinal: number; readonly id: ColumnId }[];
  readonly rowId: ColumnId | undefined;
  readonly score: { readonly id: ColumnId; readonly match: Match } | undefined;
  /**
   * What is still to be tested on each row: the conjuncts no index answered and those answered only as a superset. Over the columns of
   * `filterFetch`, which are fetched for the test and, where they are not in `fetch`, dropped after it.
   */
  readonly filter: Expr | undefined;
  readonly filterFetch: readonly { readonly ordinal: number; readonly id: ColumnId }[];
  readonly considered: readonly Considered[];
}

interface Node {
  /** Column ids yielded, in order. */
  readonly columns: readonly ColumnId[];
  readonly expected: Expected;
}

export type PhysicalPlan =
  | TableScan
  | ColumnScan
  | ColumnAggregate
  | RowSetScan
  | OrderedScan
  | NearestScan
  | RankedScan
  | RowSetCount
  | FacetScan
  | FacetCount
  | ValuesPlan
  | CommonTablePlan
  | FilterPlan
  | ProjectPlan
  | HashJoin
  | MergeJoin
  | LookupJoin
  | NestedLoopJoin
  | HashAggregate
  | SortedAggregate
  | DistinctOperator
  | SortedDistinct
  | SortPlan
  | PartialSort
  | TopN
  | LimitPlan
  | SetOperator
  | InsertPlan
  | UpdatePlan
  | DeletePlan;

/**
 * All live rows in row-id order. `refuters`: bloom probes; chunks they refute are skipped. `measured`: there is one, and it serves all of the
 * filter, so that a chunk that it lets pass and that yields no row is a false positive.
 */
export interface TableScan extends Node {
  readonly kind: 'table-scan';
  readonly scan: ScanOutput;
  readonly refuters: readonly { readonly index: IndexDef; readonly probe: Probe<Expr> }[];
  readonly measured: boolean;
}

/**
 * All rows of a columnstore in row-id order, column by column; chunks that their zones rule out are passed over. The columnstore has all
 * columns of `scan`, and holds every row that its filter lets pass. `top`: only rows that may be among the first of an order are wanted.
 */
export interface ColumnScan extends Node {
  readonly kind: 'column-scan';
  readonly scan: ScanOutput;
  readonly index: IndexDef;
  readonly top: ColumnTop | undefined;
}

/**
 * Aggregates over the rows of a column scan, by groups that are columns, computed on the columns themselves: `scan.fetch` names the columns
 * that groups and aggregates read. Yields the groups, then the aggregates, in the order of the groups' first rows.
 */
export interface ColumnAggregate extends Node {
  readonly kind: 'column-aggregate';
  readonly scan: ScanOutput;
  readonly index: IndexDef;
  readonly groups: readonly Expr[];
  readonly aggregates: readonly Aggregate[];
}

/** The first key of an order above a scan, by its ordinal, and how many rows are wanted of it. */
export interface ColumnTop {
  readonly ordinal: number;
  readonly type: Type;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
  readonly limit: Expr;
  readonly offset: Expr | undefined;
}

/** Rows of a set, in row-id order. `early`: few of them are wanted, so that the set is made piece by piece. */
export interface RowSetScan extends Node {
  readonly kind: 'row-set-scan';
  readonly scan: ScanOutput;
  readonly set: RowSetPlan;
  readonly early: boolean;
}

/**
 * A walk over one ordered index, in its order or the reverse. `covering`: columns come from the entry (`entryColumns`: position among
 * keys then include -> column id) and the row is never fetched. `within`: only rows of this set.
 */
export interface OrderedScan extends Node {
  readonly kind: 'ordered-scan';
  readonly scan: ScanOutput;
  readonly index: IndexDef;
  readonly probe: Probe<Expr>;
  readonly reverse: boolean;
  readonly covering: boolean;
  readonly entryColumns: readonly { readonly position: number; readonly id: ColumnId }[];
  readonly within: RowSetPlan | undefined;
}

/** Rows by distance of the index's geometry from a point, nearest first, filtered on the way; stops at `limit` when given. */
export interface NearestScan extends Node {
  readonly kind: 'nearest-scan';
  readonly scan: ScanOutput;
  readonly index: IndexDef;
  readonly point: Expr;
  /** Column that receives the exact distance in metres, when something above reads it. */
  readonly distance: ColumnId | undefined;
  readonly within: RowSetPlan | undefined;
  readonly limit: Expr | undefined;
  readonly offset: Expr | undefined;
}

/** Matches of a full-text query, best score first, ties by row id; `limit` makes it top-k. */
export interface RankedScan extends Node {
  readonly kind: 'ranked-scan';
  readonly scan: ScanOutput;
  readonly index: IndexDef;
  readonly query: Expr;
  readonly field: string | undefined;
  readonly within: RowSetPlan | undefined;
  readonly limit: Expr | undefined;
  readonly offset: Expr | undefined;
}

/** `count(*)` of a set (all live rows when undefined), from cardinalities alone. */
export interface RowSetCount extends Node {
  readonly kind: 'row-set-count';
  readonly table: TableDef;
  readonly name: string;
  readonly set: RowSetPlan | undefined;
  readonly considered: readonly Considered[];
}

/** `GROUP BY column` with `count(*)` over a set, from a bitmap index's cardinalities alone. Yields (value, count); no row for a count of 0. */
export interface FacetScan extends Node {
  readonly kind: 'facet-scan';
  readonly table: TableDef;
  readonly name: string;
  readonly index: IndexDef;
  readonly set: RowSetPlan | undefined;
  readonly considered: readonly Considered[];
}

export interface ValuesPlan extends Node {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expr[])[];
}

/** Rows of a common table, whose plan is the sub-query `id`; evaluated once. Column i is what that yields in place `positions[i]`. */
export interface CommonTablePlan extends Node {
  readonly kind: 'common-table';
  readonly id: number;
  readonly name: string;
  readonly positions: readonly number[];
  readonly types: readonly Type[];
}

export interface FilterPlan extends Node {
  readonly kind: 'filter';
  readonly input: PhysicalPlan;
  readonly predicate: Expr;
}

export interface ProjectPlan extends Node {
  readonly kind: 'project';
  readonly input: PhysicalPlan;
  readonly exprs: readonly Expr[];
}

/**
 * Every join of every method, but for a full one, yields its rows in the order of its left side, and those of one left row together: the
 * planner counts on it to spare sorts, and the executor must keep it.
 */
export type { JoinType } from './logical.js';

/** Pairs of rows whose keys are equal, one by one. */
interface KeyedJoin extends Node {
  readonly type: JoinType;
  readonly left: PhysicalPlan;
  readonly right: PhysicalPlan;
  readonly leftKeys: readonly Expr[];
  readonly rightKeys: readonly Expr[];
  /** The rest of the condition, over both sides. */
  readonly residual: Expr | undefined;
}

/** Builds a table over `right`, probes it with `left`. Keys are pairwise of one type; NULL keys never match. */
export interface HashJoin extends KeyedJoin {
  readonly kind: 'hash-join';
}

/** Both sides come sorted by their keys, ascending, NULLs last, and are read side by side. Keys as in a hash join. */
export interface MergeJoin extends KeyedJoin {
  readonly kind: 'merge-join';
}

/**
 * Never a full join, whose unmatched right rows no lookup finds. Index nested loop: for each left row, `args[i]` is put into parameter slot `slots[i]` and `right`, whose probes read those slots, is run.
 * The executor may batch, sort and deduplicate equal keys.
 */
export interface LookupJoin extends Node {
  readonly kind: 'lookup-join';
  readonly type: JoinType;
  readonly left: PhysicalPlan;
  readonly right: PhysicalPlan;
  readonly args: readonly Expr[];
  readonly slots: readonly number[];
  readonly residual: Expr | undefined;
}

/** Right side materialised once. */
export interface NestedLoopJoin extends Node {
  readonly kind: 'nested-loop-join';
  readonly type: JoinType;
  readonly left: PhysicalPlan;
  readonly right: PhysicalPlan;
  readonly condition: Expr | undefined;
}

export interface HashAggregate extends Node {
  readonly kind: 'hash-aggregate';
  readonly input: PhysicalPlan;
  readonly groups: readonly Expr[];
  readonly aggregates: readonly Aggregate[];
}

/** Counts rows by each of several expressions in one pass. Yields a column for each facet of the query, the count, and the facet's number. */
export interface FacetCount extends Node {
  readonly kind: 'facet-count';
  readonly input: PhysicalPlan;
  readonly facets: readonly { readonly number: number; readonly expr: Expr }[];
  readonly count: Aggregate;
}

/** Rows of one group come together: each group is done when the next begins. */
export interface SortedAggregate extends Node {
  readonly kind: 'sorted-aggregate';
  readonly input: PhysicalPlan;
  /** One at least. */
  readonly groups: readonly Expr[];
  readonly aggregates: readonly Aggregate[];
}

/** Equal rows come together. */
export interface SortedDistinct extends Node {
  readonly kind: 'sorted-distinct';
  readonly input: PhysicalPlan;
  /** What makes rows equal; undefined: all columns. */
  readonly on: readonly Expr[] | undefined;
}

export interface DistinctOperator extends Node {
  readonly kind: 'distinct';
  readonly input: PhysicalPlan;
}

export interface SortPlan extends Node {
  readonly kind: 'sort';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
}

/**
 * Sorts rows that come sorted by the first `presorted` keys: one group of rows with equal first keys after the other, until the limit (when
 * given) is reached. `tie`: a direct primary key that is the rest of the order, over rows that come by row id within a group: nothing is
 * sorted while all its keys are row ids.
 */
export interface PartialSort extends Node {
  readonly kind: 'partial-sort';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
  readonly presorted: number;
  readonly tie: { readonly table: TableDef; readonly index: IndexDef } | undefined;
  readonly limit: Expr | undefined;
  readonly offset: Expr | undefined;
}

/** The first `offset + limit` rows of the order, by a heap. */
export interface TopN extends Node {
  readonly kind: 'top-n';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
  readonly limit: Expr;
  readonly offset: Expr | undefined;
}

export interface LimitPlan extends Node {
  readonly kind: 'limit';
  readonly input: PhysicalPlan;
  readonly limit: Expr | undefined;
  readonly offset: Expr | undefined;
}

export interface SetOperator extends Node {
  readonly kind: 'set-operation';
  readonly operation: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: PhysicalPlan;
  readonly right: PhysicalPlan;
  /** Positions of the columns that rows are compared by; absent: all. */
  readonly by?: readonly number[] | undefined;
}

export interface InsertPlan extends Node {
  readonly kind: 'insert';
  readonly table: TableDef;
  readonly source: PhysicalPlan;
  readonly values: readonly Expr[];
  readonly onConflict: OnConflict | undefined;
  readonly returning: Returning | undefined;
}

export interface UpdatePlan extends Node {
  readonly kind: 'update';
  readonly table: TableDef;
  readonly input: PhysicalPlan;
  readonly rowId: ColumnId;
  readonly assignments: readonly Assignment[];
  readonly returning: Returning | undefined;
}

export interface DeletePlan extends Node {
  readonly kind: 'delete';
  readonly table: TableDef;
  readonly input: PhysicalPlan;
  readonly rowId: ColumnId;
  readonly returning: Returning | undefined;
}

/** An optimized statement, ready for `exec/build`. Plain data: it can be cached, printed and compared. */
export interface PhysicalQuery {
  readonly plan: PhysicalPlan;
  readonly output: readonly OutputColumn[];
  readonly subqueries: readonly PhysicalPlan[];
  readonly parameters: readonly Type[];
  readonly slots: number;
  /** Rules that fired, in order, with how often. */
  readonly trace: readonly { readonly rule: string; readonly count: number }[];
  /** What was weighed on the way, where that was asked for. */
  readonly memo?: readonly MemoGroup[] | undefined;
}

/** A part of the query as the planner met it, with what was wanted of it and all the ways to answer it that were priced. */
export interface MemoGroup {
  readonly part: 'scan' | 'join' | 'aggregate' | 'distinct' | 'distinct on' | 'sort' | 'limit';
  readonly order: readonly SortKey[] | undefined;
  /** Rows after which reading stops; undefined when all are read. */
  readonly rows: number | undefined;
  readonly options: readonly {
    readonly plan: PhysicalPlan;
    /** Whether its rows come in the wanted order. */
    readonly ordered: boolean;
    /** Whether it was handed on to the operator above. */
    readonly kept: boolean;
  }[];
}
