// Definitions that name a column, a table or a view follow when it is renamed; those that cannot are told, and nothing is renamed.

import type { IndexDef, IndexKey, StoredExpr, TableDef } from '../../catalog/definitions.js';
import { LightningError } from '../../errors.js';
import * as build from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import { definitionColumn } from '../../expr/expression.js';
import { followedText, followedView, traceView } from '../../sql/follow.js';
import type { Renaming, TracedView } from '../../sql/follow.js';
import type { Definitions, Reader } from './definitions.js';
import { dependent } from './definitions.js';

/** The readers of a table or view before it changes: what their names mean then. */
export function readersOf(definitions: Definitions, name: string): Reader[] {
  return [...definitions.readers([name])];
}

/** Once the change is made: gives the readers texts that say what they said. @throws LightningError DEPENDENT_OBJECT */
export function followReaders(definitions: Definitions, readers: readonly Reader[], renaming: Renaming): void {
  for (const { view, read, traced } of readers) {
    const followed = traced && followedView(view, traced, renaming);
    if (traced === undefined || followed === undefined) throw cannotFollow(view.name, read);
    if (followed !== view) definitions.catalog.putView(followed);
    // A new name may mean something else in some place: the view must be what it was.
    if (!sameOutput(traced, tryAgain(definitions, view.name), followed === view)) throw cannotFollow(view.name, read);
  }
}

function tryAgain(definitions: Definitions, name: string): TracedView | undefined {
  try {
    return traceView(definitions.catalog.view(name)!, definitions.view());
  } catch (error) {
    if (error instanceof LightningError && error.kind === 'input') return undefined;
    throw error;
  }
}

function sameOutput(before: TracedView, after: TracedView | undefined, names: boolean): boolean {
  return (
    after?.output.length === before.output.length &&
    after.output.every(({ name, type }, i) => {
      const old = before.output[i]!;
      return type === old.type && (!names || name === old.name);
    })
  );
}

function cannotFollow(view: string, read: string): LightningError {
  const hint = `DROP VIEW ${view} first, and make it again afterwards`;
  return dependent(`the view "${view}" reads "${read}" and cannot follow the change`, hint);
}

/** Names that are new, in the definitions of the table itself. */
export interface Renamed {
  readonly column?: { readonly from: string; readonly to: string };
  readonly table?: { readonly from: string; readonly to: string };
}

/**
 * The table with other columns: all that names them by ordinal, and by name, says the same of the new ones.
 * @param ordinalOf the new ordinal of an old one, undefined when it is gone (then nothing of the table names it any more)
 */
export function withColumns(
  table: TableDef,
  columns: TableDef['columns'],
  ordinalOf: (old: number) => number = (old) => old,
  renamed: Renamed = {},
): TableDef {
  const mapExpr = (expr: Expr): Expr =>
    build.substitute(expr, (column) => {
      const ordinal = ordinalOf(column.id);
      const { name, type, notNull } = columns[ordinal]!;
      return definitionColumn(ordinal, name, type, !notNull);
    });
  const mapText = (text: string): string => {
    const { column, table: name } = renamed;
    const one = column === undefined ? text : followedText(text, { column: column.from }, column.to);
    return name === undefined ? one : followedText(one, { table: name.from }, name.to);
  };
  const map = ({ text, expr }: StoredExpr): StoredExpr => ({ text: mapText(text), expr: mapExpr(expr) });
  return {
    ...table,
    columns,
    primaryKey: table.primaryKey.map(ordinalOf),
    checks: table.checks.map((check) => ({ ...check, predicate: map(check.predicate) })),
    foreignKeys: table.foreignKeys.map((key) => ({ ...key, columns: key.columns.map(ordinalOf) })),
    indexes: table.indexes.map((index): IndexDef => ({
      ...index,
      table: table.name,
      keys: index.keys.map((key): IndexKey => {
        const expr = mapExpr(key.expr);
        if (expr.kind !== 'column') return { ...key, expr, text: mapText(key.text) };
        const text = key.expr.kind === 'column' && key.expr.name !== expr.name ? expr.name : key.text;
        return { ...key, expr, text, type: columns[expr.id]!.type };
      }),
      include: index.include.map(ordinalOf),
      where: index.where && map(index.where),
    })),
  };
}
