// Queries of the syntax tree: see `ast.ts`.

import type { Expr, Name, Span } from './ast-expression.js';

/** A whole query: its body with what applies to all of it. */
export interface Query extends Span {
  readonly kind: 'query';
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expr | undefined;
  /** The OFFSET clause (`offset` is the span of the text). */
  readonly skip: Expr | undefined;
}

/** A nested `Query` stands for parentheses that hold a WITH, ORDER BY, LIMIT or OFFSET of their own; others leave no trace. */
export type QueryBody = Select | SetOperation | Values | Query;

/** `name [(columns)] AS [[NOT] MATERIALIZED] (query)`. */
export interface CommonTable extends Span {
  readonly name: Name;
  readonly columns: readonly Name[];
  /** Undefined: not said. */
  readonly materialized: boolean | undefined;
  readonly query: Query;
}

export interface Select extends Span {
  readonly kind: 'select';
  /** Written `TABLE t`: a star, whose span is the word TABLE, and one table. */
  readonly wholeTable: boolean;
  readonly distinct: boolean;
  /** `DISTINCT ON (...)`: one row for each combination of these; empty without. */
  readonly distinctOn: readonly Expr[];
  readonly items: readonly SelectItem[];
  /** Comma-separated; empty without FROM. */
  readonly from: readonly TableRef[];
  readonly where: Expr | undefined;
  readonly groupBy: readonly Expr[];
  readonly having: Expr | undefined;
}

export interface SetOperation extends Span {
  readonly kind: 'set-operation';
  readonly operator: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

/** `VALUES (..), (..)`. DEFAULT may stand in it only as the source of an INSERT. */
export interface Values extends Span {
  readonly kind: 'values';
  readonly rows: readonly ValuesRow[];
}

export interface ValuesRow extends Span {
  readonly items: readonly (Expr | DefaultMarker)[];
}

/** The word DEFAULT in VALUES of an INSERT, or in SET. */
export interface DefaultMarker extends Span {
  readonly kind: 'default';
}

export type SelectItem = StarItem | ExprItem;

/** `*` or `table.*`. */
export interface StarItem extends Span {
  readonly kind: 'star';
  readonly table: Name | undefined;
}

export interface ExprItem extends Span {
  readonly kind: 'item';
  readonly expression: Expr;
  readonly alias: Name | undefined;
}

export type TableRef = TableName | DerivedTable | Join;

export interface TableName extends Span {
  readonly kind: 'table';
  readonly name: Name;
  readonly alias: Name | undefined;
  /** `AS a (x, y)`. */
  readonly columns: readonly Name[];
}

/** A query in FROM; PostgreSQL 16 lets the alias be left out. */
export interface DerivedTable extends Span {
  readonly kind: 'derived';
  readonly query: Query;
  readonly alias: Name | undefined;
  readonly columns: readonly Name[];
}

export interface Join extends Span {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
  readonly natural: boolean;
  readonly left: TableRef;
  readonly right: TableRef;
  /** Exactly one of `on` and a non-empty `using`, unless `cross` or `natural`. */
  readonly on: Expr | undefined;
  readonly using: readonly Name[];
}

export interface OrderItem extends Span {
  readonly expression: Expr;
  readonly descending: boolean;
  /** As written; undefined means last when ascending, first when descending. */
  readonly nulls: 'first' | 'last' | undefined;
}
