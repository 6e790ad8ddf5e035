// The logical algebra: what a query asks, without saying how. Made by `sql/bind` and by the plan builder, rewritten by `optimize`.
// Every operator's output is a list of column ids; a column keeps its id through every operator above the one that made it.

import type { IndexDef, IndexKindName, TableDef } from '../catalog/definitions.js';
import type { Aggregate, ColumnId, Expr, Match } from '../expr/expression.js';
import type { Type } from '../values/types.js';

export interface OutputColumn {
  readonly id: ColumnId;
  readonly name: string;
  readonly type: Type;
  readonly nullable: boolean;
}

export interface SortKey {
  readonly expr: Expr;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
}

export type LogicalPlan =
  | Scan
  | Values
  | CommonTable
  | Filter
  | Project
  | Join
  | AggregatePlan
  | DistinctPlan
  | DistinctOn
  | Sort
  | Limit
  | SetOperation
  | Insert
  | Update
  | Delete;

/** All rows of a table. `columns[ordinal]` is the id of that column; unused ones are pruned at physical planning. */
export interface Scan {
  readonly kind: 'scan';
  readonly table: TableDef;
  /** As written: alias or table name. */
  readonly name: string;
  readonly columns: readonly OutputColumn[];
  /** The row id as a column (DML over it), when asked for. */
  readonly rowId: ColumnId | undefined;
  /** `score()`: a REAL column computed by the scan for the rows that match. */
  readonly score: { readonly id: ColumnId; readonly match: Match } | undefined;
}

export interface Values {
  readonly kind: 'values';
  readonly columns: readonly OutputColumn[];
  readonly rows: readonly (readonly Expr[])[];
}

/**
 * The rows of a common table that is evaluated once for the whole statement, however often it is read. Its plan stands in the query's table
 * of sub-queries under `id`, and reads no slot of a query around; `columns[i]` is what it yields in place i.
 */
export interface CommonTable {
  readonly kind: 'common-table';
  readonly id: number;
  readonly name: string;
  readonly columns: readonly OutputColumn[];
}

export interface Filter {
  readonly kind: 'filter';
  readonly input: LogicalPlan;
  readonly predicate: Expr;
}

/** Output is exactly the items, in order. An item that is a bare column may keep that column's id. */
export interface Project {
  readonly kind: 'project';
  readonly input: LogicalPlan;
  readonly items: readonly { readonly column: OutputColumn; readonly expr: Expr }[];
}

/** A right join is a left join with its sides exchanged. */
export type JoinType = 'inner' | 'left' | 'full' | 'semi' | 'anti';

/** Output: left columns then right columns (left only for semi and anti). The condition is over both; TRUE for a cross join. */
export interface Join {
  readonly kind: 'join';
  readonly type: JoinType;
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly condition: Expr;
}

/**
 * One row per distinct combination of groups (NULLs are equal); one row in all when there are no groups. Output: groups, then aggregates.
 * `separately`: facets. Rows are grouped by each group alone, as GROUPING SETS ((a), (b)) would; the groups that do not count are NULL, and
 * the column, the last one, numbers the one that does from 0. Stands at the root of a query only, with count(*) as its one aggregate.
 */
export interface AggregatePlan {
  readonly kind: 'aggregate';
  readonly input: LogicalPlan;
  readonly groups: readonly { readonly column: OutputColumn; readonly expr: Expr }[];
  readonly aggregates: readonly { readonly column: OutputColumn; readonly aggregate: Aggregate }[];
  readonly separately?: OutputColumn | undefined;
}

/** Distinct rows (NULLs are equal). */
export interface DistinctPlan {
  readonly kind: 'distinct';
  readonly input: LogicalPlan;
}

/** Of all rows equal in the first `on` keys (NULLs are equal) the first one in the order of all keys. The rows come in that order. */
export interface DistinctOn {
  readonly kind: 'distinct-on';
  readonly input: LogicalPlan;
  readonly keys: readonly SortKey[];
  /** At least 1. */
  readonly on: number;
}

export interface Sort {
  readonly kind: 'sort';
  readonly input: LogicalPlan;
  readonly keys: readonly SortKey[];
}

/** Both known at execution, INTEGER, NULL means absent; negative is an error. */
export interface Limit {
  readonly kind: 'limit';
  readonly input: LogicalPlan;
  readonly limit: Expr | undefined;
  readonly offset: Expr | undefined;
}

/**
 * Columns match by position; `columns` are the output's own ids. NULLs are equal. Rows of the left stay in their order: with `by` it says
 * which of those that are equal, and yet differ, are taken.
 */
export interface SetOperation {
  readonly kind: 'set-operation';
  readonly operation: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  /** Positions of the columns that rows are compared by, in INTERSECT and EXCEPT; absent: all. */
  readonly by?: readonly number[] | undefined;
  readonly columns: readonly OutputColumn[];
}

/** What INSERT does about a row whose unique key exists. `target` undefined: any unique index. */
export interface OnConflict {
  readonly target: IndexDef | undefined;
  readonly action: 'nothing' | 'update';
  /** Over `existing` (the row in the table) and `excluded` (the row proposed). */
  readonly assignments: readonly Assignment[];
  readonly where: Expr | undefined;
  readonly existing: readonly OutputColumn[];
  readonly excluded: readonly OutputColumn[];
}

export interface Assignment {
  /** Ordinal of the column. */
  readonly ordinal: number;
  readonly expr: Expr;
}

/** Over the row as it is afterwards (before, for DELETE) and over the rows of UPDATE ... FROM and DELETE ... USING that it was chosen with. */
export interface Returning {
  /** The table's columns. */
  readonly row: readonly OutputColumn[];
  /** Columns of the input that items read. */
  readonly beside: readonly OutputColumn[];
  readonly items: readonly { readonly column: OutputColumn; readonly expr: Expr }[];
}

/** `values[ordinal]` is the expression, over the source's columns, for each column of the table; defaults are filled in. */
export interface Insert {
  readonly kind: 'insert';
  readonly table: TableDef;
  readonly source: LogicalPlan;
  readonly values: readonly Expr[];
  readonly onConflict: OnConflict | undefined;
  readonly returning: Returning | undefined;
}

/** The input has the row id (`rowId`) and what the assignments read. All rows are chosen before the first is written. */
export interface Update {
  readonly kind: 'update';
  readonly table: TableDef;
  readonly input: LogicalPlan;
  readonly rowId: ColumnId;
  readonly assignments: readonly Assignment[];
  readonly returning: Returning | undefined;
}

export interface Delete {
  readonly kind: 'delete';
  readonly table: TableDef;
  readonly input: LogicalPlan;
  readonly rowId: ColumnId;
  readonly returning: Returning | undefined;
}

/** How far the planner is free: `db.hint`, tests, and the advice of a builder. */
export interface Hints {
  /** Tables by alias -> index names that must be used; an empty list: none may be (a plain scan). */
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
  /** No index of any table may be used, but for the primary key's own row order. */
  readonly noIndexes?: boolean;
  /** Index kinds that may not be used. */
  readonly withoutKinds?: readonly IndexKindName[];
  /** Aliases in the order in which they are to be joined. */
  readonly joinOrder?: readonly string[];
  readonly join?: 'hash' | 'merge' | 'lookup' | 'nested-loop';
  /** Rules switched off by name; also `merge-join`, `sorted-aggregate` and `sorted-distinct`, which otherwise compete by cost. */
  readonly disabledRules?: readonly string[];
}

/** A bound statement that reads or changes rows. */
export interface LogicalQuery {
  readonly plan: LogicalPlan;
  /** What the caller sees, in order. Empty for DML without RETURNING. */
  readonly output: readonly OutputColumn[];
  /** Plans of sub-queries in expressions, by `Subquery.id`, and of common tables. They may refer to slots of enclosing queries. */
  readonly subqueries: readonly LogicalPlan[];
  /** Types of the statement's own parameters. */
  readonly parameters: readonly Type[];
  /** Parameters and slots together. */
  readonly slots: number;
  /** First column id that is free. */
  readonly nextColumn: ColumnId;
  readonly hints: Hints;
}

/** The columns an operator yields, in order. */
export function outputOf(plan: LogicalPlan): readonly OutputColumn[] {
  switch (plan.kind) {
    case 'scan': {
      const columns = [...plan.columns];
      if (plan.rowId !== undefined) columns.push({ id: plan.rowId, name: 'rowid', type: 'integer', nullable: false });
      if (plan.score) columns.push({ id: plan.score.id, name: 'score', type: 'real', nullable: false });
      return columns;
    }
    case 'values':
    case 'common-table':
    case 'set-operation':
      return plan.columns;
    case 'filter':
    case 'distinct':
    case 'distinct-on':
    case 'sort':
    case 'limit':
      return outputOf(plan.input);
    case 'project':
      return plan.items.map((item) => item.column);
    case 'join': {
      const left = outputOf(plan.left);
      if (plan.type === 'semi' || plan.type === 'anti') return left;
      const right = outputOf(plan.right);
      return [...(plan.type === 'full' ? optional(left) : left), ...(plan.type === 'inner' ? right : optional(right))];
    }
    case 'aggregate':
      return [
        ...plan.groups.map((g) => g.column),
        ...plan.aggregates.map((a) => a.column),
        ...(plan.separately ? [plan.separately] : []),
      ];
    case 'insert':
    case 'update':
    case 'delete':
      return plan.returning ? plan.returning.items.map((item) => item.column) : [];
  }
}

function optional(columns: readonly OutputColumn[]): OutputColumn[] {
  return columns.map((column) => ({ ...column, nullable: true }));
}
