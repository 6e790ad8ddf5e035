// What a database is made of, as plain data: tables, columns, indexes, views. Read by every floor above; changed only by DDL.

import type { Expr } from '../expr/expression.js';
import type { UserFunctions } from '../expr/user-functions.js';
import type { ScalarType, Value } from '../values/types.js';

/** A symbol: it goes along when a definition is copied, and JSON does not see it. */
export const FUNCTIONS: unique symbol = Symbol('functions');

/** How texts compare: by code point, or by their lower-case forms. */
export type Collation = 'binary' | 'nocase';

export interface ColumnDef {
  readonly name: string;
  readonly type: ScalarType;
  readonly notNull: boolean;
  /** VARCHAR(n): the most characters (code points) a text may have. */
  readonly maxLength: number | undefined;
  /** Of a text that is not `binary`. */
  readonly collation?: 'nocase' | undefined;
  /** Over no columns. Undefined means NULL. */
  readonly default: StoredExpr | undefined;
  /** What rows hold that were written before the column was there. */
  readonly missing: Value;
}

/** A bound expression kept in a definition, with the text it came from. Its column ids are ordinals of the table. */
export interface StoredExpr {
  readonly text: string;
  readonly expr: Expr;
}

export interface CheckDef {
  readonly name: string;
  readonly predicate: StoredExpr;
}

/** What becomes of referencing rows when the row that they name goes, or its key changes. */
export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

/** Rows whose columns are all not NULL name a row of the parent (MATCH SIMPLE); checked at the end of each statement. */
export interface ForeignKeyDef {
  readonly name: string;
  /** Ordinals, in the order of the parent's key. */
  readonly columns: readonly number[];
  /** Id of the parent table, which may be the table itself. */
  readonly parent: number;
  /** Id of the parent's unique index. */
  readonly key: number;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

/**
 * A table. Rows have 32-bit row ids. `space` holds its row pages and is the counter group of all its structures.
 * A column keeps its ordinal until one before it is dropped; then the rows are written anew.
 */
export interface TableDef {
  readonly id: number;
  readonly name: string;
  readonly columns: readonly ColumnDef[];
  /** Ordinals of the primary key's columns; empty when the table has none. */
  readonly primaryKey: readonly number[];
  readonly checks: readonly CheckDef[];
  readonly foreignKeys: readonly ForeignKeyDef[];
  /** Ids of the tables whose foreign keys name this one (itself among them), each once. */
  readonly referencedBy: readonly number[];
  /** The primary key's index comes first when there is one (kind `primary`); UNIQUE constraints are unique btree indexes. */
  readonly indexes: readonly IndexDef[];
  /** Indexes that are being made. */
  readonly builds: readonly IndexBuild[];
  /** Space of the row pages; the following ones of the table's other structures are in `spaces`. */
  readonly space: number;
  readonly spaces: readonly number[];
  /** Row ids per row page: 2^rowPageShift. */
  readonly rowPageShift: number;
  /** What the application registered, for the definition's expressions. Set when the definition is loaded, never stored. */
  readonly [FUNCTIONS]?: UserFunctions;
}

export type IndexKindName = 'primary' | 'btree' | 'hash' | 'bitmap' | 'rtree' | 'fulltext' | 'bloom' | 'columnstore';

/** One key of an index: a column, or an expression over the row. */
export interface IndexKey {
  /** Column ids are ordinals of the table; a plain column is a `column` expression. */
  readonly expr: Expr;
  /** As printed in DDL. */
  readonly text: string;
  readonly type: ScalarType;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
}

export type OptionValue = string | number | boolean;

export interface IndexDef {
  readonly id: number;
  readonly name: string;
  readonly table: string;
  readonly kind: IndexKindName;
  readonly keys: readonly IndexKey[];
  /** Ordinals of covered columns beyond the keys. */
  readonly include: readonly number[];
  readonly unique: boolean;
  /** A partial index holds the rows for which this is true. */
  readonly where: StoredExpr | undefined;
  /** Checked and completed with defaults by the kind. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** As many page spaces as the kind asks for. */
  readonly spaces: readonly number[];
  /** Made by a constraint: cannot be dropped by DROP INDEX. */
  readonly constraint: 'primary' | 'unique' | undefined;
}

/**
 * An index on its way, made in steps that commit. Queries do not see it; writers keep it up for the rows that a step has passed.
 * It has the id of the index whose place it takes in the end (REINDEX), or one of its own.
 */
export interface IndexBuild {
  readonly index: IndexDef;
  /** The space whose counters say how far it has come. */
  readonly progress: number;
}

export interface ViewDef {
  readonly name: string;
  readonly columns: readonly string[] | undefined;
  /** The query's text; bound anew in each statement that names the view. */
  readonly query: string;
}
