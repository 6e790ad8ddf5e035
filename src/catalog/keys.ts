// What a table's definition says of its keys and constraints.

import { never } from '../errors.js';
import * as build from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import { definitionColumn } from '../expr/expression.js';
import { lowerCase } from '../expr/functions/text.js';
import { printExpr } from '../expr/printer.js';
import type { Value } from '../values/types.js';
import type { ColumnDef, IndexDef, IndexKey, IndexKindName, TableDef } from './definitions.js';

/** What COLLATE NOCASE compares in place of a text: its lower-case form. */
export function foldedText(expr: Expr): Expr {
  return expr.kind === 'constant' ? build.constant(foldedValue(expr.value), 'text') : build.call('lower', [expr]);
}

/** The same for an array of texts. */
export function foldedTexts(expr: Expr): Expr {
  if (expr.kind !== 'constant') return build.call('lower_each', [expr]);
  return build.constant(Array.isArray(expr.value) ? expr.value.map(foldedValue) : expr.value, 'text[]');
}

/** What an expression is the lower-case form of; undefined for any other. */
export function unfolded(expr: Expr): Expr | undefined {
  return expr.kind === 'call' && expr.name === 'lower' ? expr.args[0] : undefined;
}

/** What stands for a value of a NOCASE column where it is compared. */
export function foldedValue(value: Value): Value {
  return typeof value === 'string' ? lowerCase(value) : value;
}

/** What a key over a column holds: the column, or the lower-case form of one that compares so. */
export function keyExpr(columns: readonly ColumnDef[], ordinal: number): Expr {
  const { name, type, notNull } = columns[ordinal]!;
  const column = definitionColumn(ordinal, name, type, !notNull);
  return folds(columns[ordinal]!) ? foldedText(column) : column;
}

/** What makes a key of a column. */
export function columnKey(columns: readonly ColumnDef[], ordinal: number): Pick<IndexKey, 'expr' | 'text' | 'type'> {
  const expr = keyExpr(columns, ordinal);
  const { name, type } = columns[ordinal]!;
  return { expr, text: expr.kind === 'column' ? name : printExpr(expr), type };
}

/** Whether the keys of a kind are compared, so that those of NOCASE columns are lower-case forms; other kinds keep texts as they are. */
export function comparesKeys(kind: IndexKindName): boolean {
  switch (kind) {
    case 'primary':
    case 'btree':
    case 'hash':
    case 'bitmap':
    case 'bloom':
      return true;
    case 'rtree':
    case 'fulltext':
    case 'columnstore':
      return false;
    default:
      return never(kind, 'index kind');
  }
}

/** The column that a key is made of, and whether it holds lower-case forms; undefined when it is another expression. */
export function keyedColumn({ expr }: IndexKey): { readonly ordinal: number; readonly folds: boolean } | undefined {
  if (expr.kind === 'column') return { ordinal: expr.id, folds: false };
  const text = unfolded(expr);
  return text?.kind === 'column' ? { ordinal: text.id, folds: true } : undefined;
}

/** The column whose equal values have equal keys; undefined when the key is another expression, or compares otherwise than the column. */
export function keyOrdinal(columns: readonly ColumnDef[], key: IndexKey): number | undefined {
  const keyed = keyedColumn(key);
  return keyed !== undefined && keyed.folds === folds(columns[keyed.ordinal]!) ? keyed.ordinal : undefined;
}

/** Whether a column's texts are compared by their lower-case forms. */
export function folds({ collation }: Pick<ColumnDef, 'collation'>): boolean {
  return collation === 'nocase';
}

/** The columns of an index's keys; undefined when a key is another expression, or compares otherwise than its column. */
export function keyColumns(columns: readonly ColumnDef[], index: IndexDef): readonly number[] | undefined {
  const ordinals = index.keys.flatMap((key) => keyOrdinal(columns, key) ?? []);
  return ordinals.length === index.keys.length ? ordinals : undefined;
}

/** The indexes under whose key columns each row is alone, with those columns. */
export function uniqueKeys({
  columns,
  indexes = [],
}: Pick<TableDef, 'columns'> & Partial<Pick<TableDef, 'indexes'>>): UniqueKey[] {
  return indexes.flatMap((index) => {
    const ordinals = index.unique && index.where === undefined ? keyColumns(columns, index) : undefined;
    return ordinals === undefined ? [] : [{ index, columns: ordinals }];
  });
}

export interface UniqueKey {
  readonly index: IndexDef;
  /** Ordinals, in the order of the index's keys. */
  readonly columns: readonly number[];
}

/** Names of constraints, which are their table's own. */
export function constraintNames({ checks = [], foreignKeys = [], indexes = [] }: Partial<TableDef>): string[] {
  return [...checks, ...foreignKeys, ...indexes.filter((index) => index.constraint)].map(({ name }) => name);
}
