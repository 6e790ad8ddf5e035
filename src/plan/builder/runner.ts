// What a database gives to the queries built over it. The builder makes plans; running, caching and explaining them is the database's.

import type { GivenTypes } from '../binding/parameters.js';
import type { ExplainFormat } from '../explain/index.js';
import type { LoweredQuery } from './lower.js';
import type { ResultRow, ResultValue } from './typed.js';
import type { ViewingCatalog } from './views.js';

/** Values by parameter name. */
export type NamedParameters = Readonly<Record<string, unknown>>;

/** A built query as the database sees it. Immutable: plans may be kept per object, for as long as catalog and value types stay. */
export interface QuerySource {
  /** The logical query over the definitions given. */
  lower(catalog: ViewingCatalog, given?: GivenTypes): LoweredQuery;
  /** The same query as text. */
  text(catalog: ViewingCatalog): string;
}

export interface PlanOptions {
  /** Runs the query or statement, and shows actual rows and times. */
  readonly analyze?: boolean;
  /** `text` when left out. */
  readonly format?: ExplainFormat;
  /** Adds everything that the planner priced: each part of the query with the ways to answer it, and which were kept. */
  readonly memo?: boolean;
}

export interface ResultColumn {
  readonly name: string;
  /** Lower-case type name; `null` for a bare NULL. */
  readonly type: string;
  readonly nullable: boolean;
}

/** A built query that is planned once and run many times. */
export interface PreparedQuery<Row = ResultRow> {
  all(parameters?: NamedParameters): Row[];
  get(parameters?: NamedParameters): Row | undefined;
  iterate(parameters?: NamedParameters): IterableIterator<Row>;
  values(parameters?: NamedParameters): ResultValue[][];
  columns(): ResultColumn[];
  explain(parameters?: NamedParameters, options?: PlanOptions): string;
}

/** Implemented by the database. */
export interface QueryRunner {
  /** Definitions as a statement started now would see them. */
  catalog(): ViewingCatalog;
  all(source: QuerySource, parameters: NamedParameters): ResultRow[];
  /** The rows of several queries over one state. */
  values(sources: readonly QuerySource[], parameters: NamedParameters): ResultValue[][][];
  iterate(source: QuerySource, parameters: NamedParameters): IterableIterator<ResultRow>;
  explain(source: QuerySource, parameters: NamedParameters, options: PlanOptions): string;
  prepare(source: QuerySource): PreparedQuery;
}
