// What binding gives: a query to plan, or a change of definitions to carry out.

import type { ExplainFormat } from '../../grammar/ast.js';
import type { CheckDef, ColumnDef, IndexDef, ReferentialAction, StoredExpr } from '../catalog/definitions.js';
import type { Expr } from '../expr/expression.js';
import type { LogicalQuery } from '../plan/logical.js';
import type { ScalarType } from '../values/types.js';

export type BoundStatement =
  | BoundQueryStatement
  | BoundExplain
  | BoundSessionStatement
  | CreateTable
  | AlterTable
  | RenameRelation
  | Truncate
  | CreateIndex
  | CreateView
  | {
      readonly kind: 'drop';
      readonly what: 'table' | 'index' | 'view';
      readonly names: readonly string[];
      readonly ifExists: boolean;
      readonly cascade: boolean;
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
  readonly constraints: BoundConstraints;
}

/** A key by ordinals of its table. */
export interface NamedKey {
  readonly name: string;
  readonly columns: readonly number[];
}

export interface BoundConstraints {
  /** Empty when there is none; then it has no name either. */
  readonly primaryKey: readonly number[];
  readonly primaryName: string | undefined;
  readonly uniques: readonly NamedKey[];
  readonly checks: readonly CheckDef[];
  readonly foreignKeys: readonly BoundForeignKey[];
}

/** A unique key of the parent has these columns. */
export interface BoundForeignKey extends NamedKey {
  /** By name: it may be the table that is being made. */
  readonly parent: string;
  /** Ordinals of the parent, in the order of `columns`. */
  readonly parentColumns: readonly number[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

/** One action of ALTER TABLE. Undefined where IF EXISTS or IF NOT EXISTS finds nothing to do. */
export interface AlterTable {
  readonly kind: 'alter-table';
  readonly table: string;
  readonly action: BoundAlteration | undefined;
}

export type BoundAlteration =
  /** The constraints are over the table with the column at its end. */
  | { readonly kind: 'add-column'; readonly column: ColumnDef; readonly constraints: BoundConstraints }
  | { readonly kind: 'add-constraints'; readonly constraints: BoundConstraints }
  | { readonly kind: 'drop-column'; readonly ordinal: number; readonly cascade: boolean }
  | { readonly kind: 'drop-constraint'; readonly name: string; readonly cascade: boolean }
  | { readonly kind: 'set-default'; readonly ordinal: number; readonly value: StoredExpr | undefined }
  | { readonly kind: 'set-not-null'; readonly ordinal: number; readonly notNull: boolean }
  /** The values of the new type, over the table as it was. */
  | {
      readonly kind: 'set-type';
      readonly ordinal: number;
      readonly type: ScalarType;
      readonly maxLength: number | undefined;
      readonly collation: 'nocase' | undefined;
      readonly value: Expr;
    }
  | { readonly kind: 'rename-column'; readonly ordinal: number; readonly to: string }
  | { readonly kind: 'rename-constraint'; readonly from: string; readonly to: string }
  | { readonly kind: 'rename-table'; readonly to: string };

export interface RenameRelation {
  readonly kind: 'rename-relation';
  readonly what: 'index' | 'view';
  readonly name: string;
  readonly to: string;
  readonly ifExists: boolean;
}

export interface Truncate {
  readonly kind: 'truncate';
  readonly tables: readonly string[];
  readonly restartIdentity: boolean;
  readonly cascade: boolean;
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
