// How queries begin: over a table, another query, rows written out, or nothing.

import { rowsOf, sourceOf } from './clauses.js';
import { selectFrom } from './node.js';
import type { QueryOf } from './query.js';
import { Query } from './query.js';
import type { QueryRunner } from './runner.js';
import type { ResultRow, RowOf, Typed } from './typed.js';

/**
 * Starts a query: over a table, or over another query's rows.
 *
 * @param runner the database
 * @example from(runner, 'places', 'p').where((p) => p.kind.eq('town')).all()
 */
export function from<Row extends object = ResultRow>(
  runner: QueryRunner,
  table: string | QueryOf<Row>,
  alias?: string,
): Query<[Row], Row> {
  return new Query(runner, selectFrom(sourceOf(table, alias ?? (typeof table === 'string' ? table : 'query'))));
}

/**
 * Starts a query over rows written out, objects of the same names.
 *
 * @example values(runner, [{ id: 1, factor: 2 }, { id: 7, factor: 3 }], 'f').join('places', 'p', (f, p) => f.id.eq(p.id))
 */
export function values<Row extends Readonly<Record<string, unknown>>>(
  runner: QueryRunner,
  rows: readonly Row[],
  alias = 'values',
): Query<[ValuesOf<Row>], ValuesOf<Row>> {
  return new Query(runner, selectFrom(rowsOf(rows, alias)));
}

/** Values by themselves, and of expressions what they give. */
export type ValuesOf<Row> = {
  [Name in keyof Row]: Row[Name] extends Typed<infer T> ? T : Row[Name];
};

/**
 * Starts a query without tables: one row.
 *
 * @example select(runner, { now: fn('now'), places: scalar(from(runner, 'places').aggregate(() => ({ n: count() }))) }).get()
 */
export function select<S extends Readonly<Record<string, Typed<unknown>>>>(
  runner: QueryRunner,
  items: S,
): Query<[], RowOf<S>> {
  return new Query<[], RowOf<S>>(runner, selectFrom(undefined)).select(() => items);
}
