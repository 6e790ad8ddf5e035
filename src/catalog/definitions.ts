// What a database is made of, as plain data: tables, columns, indexes, views. Read by every floor above; changed only by DDL.

import type { Expr } from '../expr/expression.js';
import type { ScalarType } from '../values/types.js';

export interface ColumnDef {
  readonly name: string;
  readonly type: ScalarType;
  readonly notNull: boolean;
  /** VARCHAR(n): the most characters (code points) a text may have. */
  readonly maxLength: number | undefined;
  /** Over no columns. Undefined means NULL. */
  readonly default: StoredExpr | undefined;
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

/**
 * A table. Rows have 32-bit row ids. `space` holds its row pages and is the counter group of all its structures.
 * Columns keep their ordinal for life.
 */
export interface TableDef {
  readonly id: number;
  readonly name: string;
  readonly columns: readonly ColumnDef[];
  /** Ordinals of the primary key's columns; empty when the table has none. */
  readonly primaryKey: readonly number[];
  readonly checks: readonly CheckDef[];
  /** The primary key's index comes first when there is one (kind `primary`); UNIQUE constraints are unique btree indexes. */
  readonly indexes: readonly IndexDef[];
  /** Space of the row pages; the following ones of the table's other structures are in `spaces`. */
  readonly space: number;
  readonly spaces: readonly number[];
  /** Row ids per row page: 2^rowPageShift. */
  readonly rowPageShift: number;
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

export interface ViewDef {
  readonly name: string;
  readonly columns: readonly string[] | undefined;
  /** The query's text; bound anew in each statement that names the view. */
  readonly query: string;
}
