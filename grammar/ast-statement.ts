// Statements of the syntax tree: see `ast.ts`.

import type { Expr, Name, Span, TypeName } from './ast-expression.js';
import type { CommonTable, DefaultMarker, OrderItem, Query, SelectItem, TableRef } from './ast-query.js';

export type Statement =
  | SelectStatement
  | Insert
  | Update
  | Delete
  | CreateTable
  | CreateTableAs
  | DropTable
  | AlterTable
  | RenameRelation
  | Truncate
  | CreateIndex
  | DropIndex
  | CreateView
  | DropView
  | Analyze
  | Reindex
  | Explain
  | Begin
  | Commit
  | Rollback
  | Savepoint
  | ReleaseSavepoint
  | RollbackTo;

/** `text` is the statement's own slice of the input, without the semicolon; `offset` is where it begins there. */
export interface StatementSpan extends Span {
  readonly text: string;
}

export interface SelectStatement extends StatementSpan {
  readonly kind: 'select-statement';
  readonly query: Query;
}

export interface Insert extends StatementSpan {
  readonly kind: 'insert';
  readonly with: readonly CommonTable[];
  readonly table: Name;
  readonly alias: Name | undefined;
  /** Empty: all columns in order. */
  readonly columns: readonly Name[];
  /** Undefined: `DEFAULT VALUES`. */
  readonly source: Query | undefined;
  readonly onConflict: OnConflict | undefined;
  readonly returning: readonly SelectItem[];
}

export interface OnConflict extends Span {
  /** Without these and `constraint`: any unique constraint. */
  readonly target: readonly Name[];
  /** `ON CONSTRAINT name`. */
  readonly constraint: Name | undefined;
  /** Undefined: DO NOTHING. In its expressions the table `excluded` is the row that was refused. */
  readonly update: readonly Assignment[] | undefined;
  /** The WHERE of DO UPDATE. */
  readonly where: Expr | undefined;
}

export type Assignment = ColumnAssignment | QueryAssignment;

/** `(a, b) = (x, y)` is two of them. */
export interface ColumnAssignment extends Span {
  readonly kind: 'assignment';
  readonly column: Name;
  readonly value: Expr | DefaultMarker;
}

/** `(a, b) = (SELECT ...)`: the columns of its one row. */
export interface QueryAssignment extends Span {
  readonly kind: 'query-assignment';
  readonly columns: readonly Name[];
  readonly query: Query;
}

export interface Update extends StatementSpan {
  readonly kind: 'update';
  readonly with: readonly CommonTable[];
  readonly table: Name;
  readonly alias: Name | undefined;
  readonly assignments: readonly Assignment[];
  readonly from: readonly TableRef[];
  readonly where: Expr | undefined;
  readonly returning: readonly SelectItem[];
}

export interface Delete extends StatementSpan {
  readonly kind: 'delete';
  readonly with: readonly CommonTable[];
  readonly table: Name;
  readonly alias: Name | undefined;
  readonly using: readonly TableRef[];
  readonly where: Expr | undefined;
  readonly returning: readonly SelectItem[];
}

export interface CreateTable extends StatementSpan {
  readonly kind: 'create-table';
  readonly name: Name;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly TableConstraint[];
}

export interface CreateTableAs extends StatementSpan {
  readonly kind: 'create-table-as';
  readonly name: Name;
  readonly ifNotExists: boolean;
  /** Names for the first columns of the query; the others keep theirs. */
  readonly columns: readonly Name[];
  readonly query: Query;
}

export interface ColumnDefinition extends Span {
  readonly name: Name;
  readonly type: TypeName;
  readonly collate: ColumnCollation | undefined;
  readonly constraints: readonly ColumnConstraint[];
}

export interface ColumnCollation extends Span {
  readonly collation: Name;
}

/** `name` is the one given by `CONSTRAINT name`. */
interface Constraint<K extends string> extends Span {
  readonly kind: K;
  readonly name: Name | undefined;
}

export type ColumnConstraint =
  | Constraint<'not-null'>
  | Constraint<'null'>
  | Constraint<'primary-key'>
  | Constraint<'unique'>
  | (Constraint<'default'> & { readonly expression: Expr })
  | (Constraint<'check'> & { readonly expression: Expr })
  | (Constraint<'generated'> & { readonly expression: Expr })
  | (Constraint<'references'> & { readonly references: References });

export type TableConstraint =
  | (Constraint<'primary-key'> & { readonly columns: readonly Name[] })
  | (Constraint<'unique'> & { readonly columns: readonly Name[] })
  | (Constraint<'check'> & { readonly expression: Expr })
  | (Constraint<'foreign-key'> & { readonly columns: readonly Name[]; readonly references: References });

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export interface References extends Span {
  readonly table: Name;
  /** Empty: the primary key. */
  readonly columns: readonly Name[];
  readonly onDelete: ReferentialAction | undefined;
  readonly onUpdate: ReferentialAction | undefined;
}

export interface DropTable extends StatementSpan {
  readonly kind: 'drop-table';
  readonly names: readonly Name[];
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

export interface AlterTable extends StatementSpan {
  readonly kind: 'alter-table';
  readonly table: Name;
  readonly ifExists: boolean;
  /** At least one; a renaming stands alone. */
  readonly actions: readonly AlterAction[];
}

export type AlterAction =
  | (Span & { readonly kind: 'add-column'; readonly ifNotExists: boolean; readonly column: ColumnDefinition })
  | (Span & { readonly kind: 'add-constraint'; readonly constraint: TableConstraint })
  | (Span & {
      readonly kind: 'drop-column' | 'drop-constraint';
      readonly ifExists: boolean;
      readonly name: Name;
      readonly cascade: boolean;
    })
  | (Span & { readonly kind: 'alter-column'; readonly column: Name; readonly change: ColumnChange })
  | (Span & { readonly kind: 'rename-column' | 'rename-constraint'; readonly name: Name; readonly to: Name })
  | (Span & { readonly kind: 'rename-table'; readonly to: Name });

export type ColumnChange =
  | { readonly kind: 'set-default'; readonly expression: Expr }
  | { readonly kind: 'drop-default' | 'set-not-null' | 'drop-not-null' }
  | {
      readonly kind: 'set-type';
      readonly type: TypeName;
      readonly collate: ColumnCollation | undefined;
      readonly using: Expr | undefined;
    };

/** `ALTER INDEX a RENAME TO b`, `ALTER VIEW a RENAME TO b`. */
export interface RenameRelation extends StatementSpan {
  readonly kind: 'rename-relation';
  readonly what: 'index' | 'view';
  readonly ifExists: boolean;
  readonly name: Name;
  readonly to: Name;
}

export interface Truncate extends StatementSpan {
  readonly kind: 'truncate';
  readonly tables: readonly Name[];
  readonly restartIdentity: boolean;
  readonly cascade: boolean;
}

export interface CreateIndex extends StatementSpan {
  readonly kind: 'create-index';
  /** Undefined: the engine makes a name. */
  readonly name: Name | undefined;
  readonly unique: boolean;
  readonly ifNotExists: boolean;
  readonly table: Name;
  /** `USING kind`; undefined: the default kind. */
  readonly using: Name | undefined;
  readonly keys: readonly OrderItem[];
  readonly include: readonly Name[];
  readonly options: readonly IndexOption[];
  readonly where: Expr | undefined;
}

/** `WITH (name = value)`; a name alone means true, a bare word is a string. */
export interface IndexOption extends Span {
  readonly name: Name;
  readonly value: string | number | bigint | boolean;
}

export interface DropIndex extends StatementSpan {
  readonly kind: 'drop-index';
  readonly names: readonly Name[];
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

export interface CreateView extends StatementSpan {
  readonly kind: 'create-view';
  readonly name: Name;
  readonly orReplace: boolean;
  readonly columns: readonly Name[];
  readonly query: Query;
  /** The query's own text, to be stored. */
  readonly queryText: string;
}

export interface DropView extends StatementSpan {
  readonly kind: 'drop-view';
  readonly names: readonly Name[];
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

/** Empty `tables`: all of them. */
export interface Analyze extends StatementSpan {
  readonly kind: 'analyze';
  readonly tables: readonly Name[];
}

export interface Reindex extends StatementSpan {
  readonly kind: 'reindex';
  readonly target: 'index' | 'table' | 'either';
  readonly name: Name;
}

export interface Explain extends StatementSpan {
  readonly kind: 'explain';
  readonly analyze: boolean;
  readonly memo: boolean;
  readonly format: ExplainFormat;
  readonly statement: SelectStatement | Insert | Update | Delete;
}

export type ExplainFormat = 'text' | 'json' | 'mermaid' | 'html';

export type IsolationLevel = 'read uncommitted' | 'read committed' | 'repeatable read' | 'snapshot' | 'serializable';

export interface Begin extends StatementSpan {
  readonly kind: 'begin';
  readonly isolation: IsolationLevel | undefined;
  readonly readOnly: boolean;
}

export interface Commit extends StatementSpan {
  readonly kind: 'commit';
}

export interface Rollback extends StatementSpan {
  readonly kind: 'rollback';
}

export interface Savepoint extends StatementSpan {
  readonly kind: 'savepoint';
  readonly name: Name;
}

export interface ReleaseSavepoint extends StatementSpan {
  readonly kind: 'release';
  readonly name: Name;
}

export interface RollbackTo extends StatementSpan {
  readonly kind: 'rollback-to';
  readonly name: Name;
}
