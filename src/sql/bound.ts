// What binding gives: a query to plan, or a change of definitions to carry out.

import type { ExplainFormat } from '../../grammar/ast.js';
import type { CheckDef, ColumnDef, IndexDef } from '../catalog/definitions.js';
import type { LogicalQuery } from '../plan/logical.js';

export type BoundStatement =
  | BoundQueryStatement
  | BoundExplain
  | BoundSessionStatement
  | CreateTable
  | CreateIndex
  | CreateView
  | {
      readonly kind: 'drop';
      readonly what: 'table' | 'index' | 'view';
      readonly names: readonly string[];
      readonly ifExists: boolean;
    }
  | { readonly kind: 'analyze'; readonly tables: readonly string[] }
  | { readonly kind: 'reindex'; readonly indexes: readonly { readonly table: string; readonly index: string }[] };

export interface BoundQueryStatement {
  readonly kind: 'query';
  readonly query: LogicalQuery;
  /** `$name` parameters by slot; empty when parameters are positional. */
  readonly parameterNames: readonly string[];
  /** Parameters whose type came from the values at hand: the binding holds for values of the same types only. */
  readonly typedByValue: readonly number[];
  readonly writes: boolean;
}

/** What begins, ends or marks a transaction. */
export type BoundSessionStatement =
  | { readonly kind: 'begin'; readonly readOnly: boolean }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback' }
  | { readonly kind: 'savepoint' | 'release' | 'rollback-to'; readonly name: string };

export interface BoundExplain {
  readonly kind: 'explain';
  readonly statement: BoundQueryStatement;
  readonly analyze: boolean;
  readonly memo: boolean;
  readonly format: ExplainFormat;
}

export interface CreateTable {
  readonly kind: 'create-table';
  readonly name: string;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDef[];
  readonly primaryKey: readonly number[];
  readonly uniques: readonly { readonly name: string; readonly columns: readonly number[] }[];
  readonly checks: readonly CheckDef[];
}

export interface CreateIndex {
  readonly kind: 'create-index';
  readonly ifNotExists: boolean;
  readonly definition: Omit<IndexDef, 'id' | 'spaces'>;
}

export interface CreateView {
  readonly kind: 'create-view';
  readonly name: string;
  readonly orReplace: boolean;
  readonly columns: readonly string[] | undefined;
  readonly query: string;
}
