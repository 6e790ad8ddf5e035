// The bound expression: names are resolved, every node has a static type. Plain data (no functions, no classes), so that
// definitions can be stored, plans cached and rules can compare trees. Built through `build.ts`, never by hand in rules.

import type { ScalarType, Type, Value } from '../values/types.js';
import type { External } from './user-functions.js';

/** A column's identity within one query: two scans of one table have different ids, a column keeps its id through every operator. */
export type ColumnId = number;

export type CompareOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Expr =
  | Constant
  | Parameter
  | Column
  | Compare
  | Distinct
  | And
  | Or
  | Not
  | IsNull
  | IsTruth
  | InList
  | InArray
  | AnyArray
  | Like
  | Case
  | Cast
  | Call
  | Match
  | Subquery;

export interface Constant {
  readonly kind: 'constant';
  readonly value: Value;
  readonly type: Type;
}

/**
 * A value known when execution starts: slot `index` of the evaluation's parameters. The statement's own parameters come first; slots
 * after them carry the correlated values of sub-queries and the outer keys of index joins, so that both can drive index probes.
 */
export interface Parameter {
  readonly kind: 'parameter';
  readonly index: number;
  readonly type: Type;
}

export interface Column {
  readonly kind: 'column';
  readonly id: ColumnId;
  /** For people: `places.name` or an alias. Not part of the identity. */
  readonly name: string;
  readonly type: Type;
  readonly nullable: boolean;
}

/** Both sides have one type, or are integer and real. */
export interface Compare {
  readonly kind: 'compare';
  readonly operator: CompareOperator;
  readonly left: Expr;
  readonly right: Expr;
}

/** `IS [NOT] DISTINCT FROM`: never NULL. */
export interface Distinct {
  readonly kind: 'distinct';
  readonly left: Expr;
  readonly right: Expr;
  readonly negated: boolean;
}

/** N-ary and flat: no argument is itself an `and`. At least two arguments. */
export interface And {
  readonly kind: 'and';
  readonly args: readonly Expr[];
}

/** N-ary and flat. At least two arguments. */
export interface Or {
  readonly kind: 'or';
  readonly args: readonly Expr[];
}

export interface Not {
  readonly kind: 'not';
  readonly arg: Expr;
}

export interface IsNull {
  readonly kind: 'is-null';
  readonly arg: Expr;
  readonly negated: boolean;
}

/** `IS [NOT] TRUE | FALSE`. */
export interface IsTruth {
  readonly kind: 'is-truth';
  readonly arg: Expr;
  readonly truth: boolean;
  readonly negated: boolean;
}

/** `arg [NOT] IN (items)`; items have the type of arg (integer and real may mix). */
export interface InList {
  readonly kind: 'in-list';
  readonly arg: Expr;
  readonly items: readonly Expr[];
  readonly negated: boolean;
}

/** `arg [NOT] IN $list`, `arg = ANY($list)`; the array is a constant or parameter of an array type. */
export interface InArray {
  readonly kind: 'in-array';
  readonly arg: Expr;
  readonly array: Expr;
  readonly negated: boolean;
}

/** `arg operator ANY (array)`, but for `=`, which is an `in-array`; ALL is NOT ANY of the inverse operator. The array is as there. */
export interface AnyArray {
  readonly kind: 'any-array';
  readonly operator: CompareOperator;
  readonly arg: Expr;
  readonly array: Expr;
}

export interface Like {
  readonly kind: 'like';
  readonly arg: Expr;
  readonly pattern: Expr;
  /** One character, the empty string for none; a backslash when the statement names none. */
  readonly escape: Expr;
  readonly insensitive: boolean;
  readonly negated: boolean;
}

/** The searched form; the binder turns `CASE x WHEN` into it. `COALESCE`, `NULLIF`, `GREATEST` stay calls. */
export interface Case {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: Expr; readonly then: Expr }[];
  readonly otherwise: Expr;
  readonly type: Type;
}

export interface Cast {
  readonly kind: 'cast';
  readonly arg: Expr;
  readonly type: Type;
}

/** A function of the function table; arithmetic operators are functions too (`+`, `-`, `*`, `/`, `%`, `||`, unary `negate`). */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
  readonly type: Type;
  /** A function that the application registered (`db.function`): what the call was bound to. */
  readonly external?: External;
}

/** `MATCH(column | index, query)`. Carries the analysis, so that a row's text can be judged without the index. */
export interface Match {
  readonly kind: 'match';
  /** Identity of the full-text index which defines the analysis. */
  readonly index: number;
  /** The indexed texts searched (all of the index, or the one column named), with the names used by `field:word`. */
  readonly fields: readonly { readonly name: string; readonly text: Expr; readonly boost: number }[];
  /** The analysis options of the index, as recorded there (`text/analysis`). */
  readonly analysis: Readonly<Record<string, unknown>>;
  readonly query: Expr;
}

/**
 * A sub-query used as a value. Its plan stands in the query's table of sub-queries under `id` (expressions know no plans).
 * Before it runs, `args[i]` is evaluated over the outer row and put into parameter slot `slots[i]`.
 *
 * - `scalar`: a column of its one row, NULL when empty, a CARDINALITY error for more rows. Its one column, but where several columns
 *   are assigned one row (`SET (a, b) = (SELECT ...)`): then a node for each, of one `id`, and the query runs once for all.
 * - `exists`: whether there is a row.
 * - `any`: whether the operands compare so with some row, column by column, with NULLs as in SQL: FALSE without rows. IN is `= ANY`,
 *   ALL is NOT ANY of the inverse operator.
 * - `row`: how the operands compare with its one row, NULL when there is none, a CARDINALITY error for more rows.
 */
export interface Subquery {
  readonly kind: 'subquery';
  readonly form: 'scalar' | 'exists' | 'any' | 'row';
  readonly id: number;
  readonly args: readonly Expr[];
  readonly slots: readonly number[];
  /** Of `any` and `row`: one for each column; the others have none. */
  readonly operands: readonly Expr[];
  /** Of `any` and `row`. */
  readonly operator: CompareOperator;
  /** Of `scalar`: which column, from 0. */
  readonly column: number;
  readonly type: Type;
}

/** The functions that aggregate. `count` without an argument is `count(*)`. */
export type AggregateName =
  | 'count'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'string_agg'
  | 'array_agg'
  | 'json_agg'
  | 'json_object_agg'
  | 'bool_and'
  | 'bool_or'
  | 'stddev_pop'
  | 'stddev_samp'
  | 'var_pop'
  | 'var_samp';

/** A sort key inside an aggregate. */
export interface AggregateOrder {
  readonly expr: Expr;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
}

export interface Aggregate {
  /** `user`: one that the application registered. */
  readonly name: AggregateName | 'user';
  readonly args: readonly Expr[];
  /** What an extreme or DISTINCT compares in place of each argument; of those with equal keys, the arguments decide. Absent: the arguments. */
  readonly keys?: readonly Expr[] | undefined;
  readonly distinct: boolean;
  readonly filter: Expr | undefined;
  /** The order in which rows are taken; absent: as they come. With `distinct`, keys are arguments, or what they are compared by. */
  readonly orderBy?: readonly AggregateOrder[] | undefined;
  readonly type: Type;
  /** The name under which a `user` aggregate was registered. */
  readonly user?: string | undefined;
}

/** The static type of an expression. */
export function typeOf(expr: Expr): Type {
  switch (expr.kind) {
    case 'constant':
    case 'parameter':
    case 'column':
    case 'case':
    case 'cast':
    case 'call':
    case 'subquery':
      return expr.type;
    case 'compare':
    case 'distinct':
    case 'and':
    case 'or':
    case 'not':
    case 'is-null':
    case 'is-truth':
    case 'in-list':
    case 'in-array':
    case 'any-array':
    case 'like':
    case 'match':
      return 'boolean';
  }
}

/** A table column as expressions of definitions (indexes, checks, defaults) see it: its id is the column's ordinal. */
export function definitionColumn(ordinal: number, name: string, type: ScalarType, nullable: boolean): Column {
  return { kind: 'column', id: ordinal, name, type, nullable };
}
