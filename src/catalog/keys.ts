// What a table's definition says of its keys and constraints.

import * as build from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import { definitionColumn } from '../expr/expression.js';
import { lowerCase } from '../expr/functions/text.js';
import type { Value } from '../values/types.js';
import type { ColumnDef, IndexDef, IndexKey, TableDef } from './definitions.js';

/** What COLLATE NOCASE compares in place of a text: its lower-case form. */
export function foldedText(expr: Expr): Expr {
  return expr.kind === 'constant' ? build.constant(foldedValue(expr.value), 'text') : build.call('lower', [expr]);
}

/** The same for an array of texts. */
export function foldedTexts(expr: Expr): Expr {
  if (expr.kind !== 'constant') return build.call('lower_each', [expr]);
  return build.constant(Array.isArray(expr.value) ? expr.value.map(foldedValue) : expr.value, 'text[]');
}

/** What stands for a value of a NOCASE column where it is compared. */
export function foldedValue(value: Value): Value {
  return typeof value === 'string' ? lowerCase(value) : value;
}

/** What a key over a column holds: the column, or the lower-case form of one that compares so. */
export function keyExpr(columns: readonly ColumnDef[], ordinal: number): Expr {
  const { name, type, notNull, collation } = columns[ordinal]!;
  const column = definitionColumn(ordinal, name, type, !notNull);
  return collation === 'nocase' ? foldedText(column) : column;
}

/** The column whose equal values have equal keys; undefined when the key is another expression, or compares otherwise than the column. */
export function keyOrdinal(columns: readonly ColumnDef[], { expr }: IndexKey): number | undefined {
  const [ordinal] = [...build.columnsOf(expr)];
  return ordinal !== undefined && build.equalExprs(keyExpr(columns, ordinal), expr) ? ordinal : undefined;
}
/** The ordinals of an index's keys; undefined when a key is an expression. */
export function keyColumns(index: IndexDef): readonly number[] | undefined {
  const ordinals = index.keys.flatMap(({ expr }) => (expr.kind === 'column' ? [expr.id] : []));
  return ordinals.length === index.keys.length ? ordinals : undefined;
}

/** The indexes under whose key columns each row is alone. */
export function uniqueIndexes(table: Partial<TableDef>): readonly IndexDef[] {
  return (table.indexes ?? []).filter(
    (index) => index.unique && index.where === undefined && keyColumns(index) !== undefined,
  );
}

/** Column lists that are unique. */
export function uniqueKeys(table: Partial<TableDef>): (readonly number[])[] {
  return uniqueIndexes(table).map((index) => keyColumns(index)!);
}

/** Names of constraints, which are their table's own. */
export function constraintNames({ checks = [], foreignKeys = [], indexes = [] }: Partial<TableDef>): string[] {
  return [...checks, ...foreignKeys, ...indexes.filter((index) => index.constraint)].map(({ name }) => name);
}
