// What a table's definition says of its keys and constraints.

import type { IndexDef, TableDef } from './definitions.js';

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
