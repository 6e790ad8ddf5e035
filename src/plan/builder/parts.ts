// A lowered query as its clauses, before they become operators: what `to-sql` prints. Expressions are as they stand below the
// aggregation; columns are those of `relations`, of `aggregates` and of `score`.

import type { Aggregate, ColumnId, Expr } from '../../expr/expression.js';
import type { JoinType } from './node.js';
import type { Relation } from './scope.js';

export type FromPart =
  | {
      readonly kind: 'values';
      readonly rows: readonly (readonly Expr[])[];
      readonly columns: readonly string[];
      readonly name: string;
    }
  | { readonly kind: 'table'; readonly table: string; readonly name: string }
  | { readonly kind: 'query'; readonly query: QueryParts; readonly name: string }
  | {
      readonly kind: 'join';
      readonly type: JoinType;
      readonly left: FromPart;
      readonly right: FromPart;
      readonly on: Expr | undefined;
    };

export type ItemPart =
  { readonly kind: 'star' } | { readonly kind: 'item'; readonly name: string; readonly expr: Expr };

export interface OrderPart {
  readonly expr: Expr;
  /** The column of the select list that is meant. */
  readonly output: string | undefined;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
}

export interface TailParts {
  readonly order: readonly OrderPart[];
  readonly limit: Expr | undefined;
  readonly offset: Expr | undefined;
}

export interface SelectParts extends TailParts {
  readonly kind: 'select';
  readonly relations: readonly Relation[];
  /** Undefined: no FROM. */
  readonly from: FromPart | undefined;
  readonly where: Expr | undefined;
  readonly groups: readonly Expr[];
  readonly having: Expr | undefined;
  readonly items: readonly ItemPart[];
  readonly distinct: boolean;
  readonly distinctOn: readonly OrderPart[];
  readonly aggregates: ReadonlyMap<ColumnId, Aggregate>;
  readonly score: ColumnId | undefined;
}

export interface SetParts extends TailParts {
  readonly kind: 'set';
  readonly operation: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: QueryParts;
  readonly right: QueryParts;
}

export type QueryParts = SelectParts | SetParts;
