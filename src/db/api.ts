// What an application sees: the shapes of the public door. The classes of this folder implement them.

import type { PlanOptions, Query, QueryOf, RowOf, Typed, ValuesOf } from '../plan/builder/index.js';
import type { ResultRow, ResultValue, TypeScriptOf } from '../plan/builder/typed.js';
import type { Hints } from '../plan/logical.js';
import type { ScalarType } from '../values/types.js';

export type { ResultRow, ResultValue } from '../plan/builder/typed.js';

/** What a parameter may be. Arrays bind to `IN $list` and `= ANY($list)`; GeoJSON objects to POINT and GEOMETRY. */
export type ParameterValue =
  null | number | bigint | string | boolean | Date | Uint8Array | readonly ParameterValue[] | object;

/** Positional values in one array, or named ones (`$name`) in one object. */
export type Parameters = readonly ParameterValue[] | Readonly<Record<string, ParameterValue>>;

export interface OpenOptions {
  /** `sync` (default): an acknowledged commit survives power loss. `async`: it survives a crash of the process. */
  readonly durability?: 'sync' | 'async';
  /** Default false: opening a file that is not there makes it. */
  readonly mustExist?: boolean;
  readonly readOnly?: boolean;
  /** Bytes of decoded pages kept in memory. Default 64 MB. */
  readonly cacheBytes?: number;
  /** Default `w-tinylfu`. */
  readonly cachePolicy?: 'w-tinylfu' | 'arc' | 'slru' | 'clock-pro' | 'lru';
  /** When commits of other processes are seen: `turn` (default) or `strict`. */
  readonly freshness?: 'turn' | 'strict';
  /** Statements kept planned. Default 500; 0 plans every statement anew. */
  readonly planCacheSize?: number;
  /** Milliseconds that a plan is kept at most. Default 10 minutes. */
  readonly planCacheTtl?: number;
  /**
   * Bytes that the sorts, joins, groupings and sub-queries of one statement may hold in memory together; above it they use temporary files.
   * Default 256 MB, at least 64 KB.
   */
  readonly memoryBudget?: number;
  /** The directory for temporary files. Default: `<path>-temp` beside the database, the system's own for `:memory:`. */
  readonly tempDirectory?: string;
}

/** The values of arguments of these types. */
export type FunctionValues<A extends readonly ScalarType[]> = { -readonly [K in keyof A]: TypeScriptOf<A[K]> | null };

export interface FunctionOptions<A extends readonly ScalarType[] = readonly ScalarType[]> {
  /** Types of the arguments: `'integer'`, `'real'`, `'text'`, `'boolean'`, `'timestamp'`, `'date'`, `'blob'`, `'json'`, `'point'`, `'geometry'`. */
  readonly args: A;
  readonly returns: ScalarType;
  /**
   * Default false. True promises that the same arguments always give the same value: then it may stand in indexes, CHECK constraints and
   * generated columns, and may be called once for many rows.
   */
  readonly deterministic?: boolean;
  /** Default false. True: NULL for any argument gives NULL, without a call. */
  readonly strict?: boolean;
}

export interface AggregateOptions<A extends readonly ScalarType[] = readonly ScalarType[], State = unknown> {
  readonly args: A;
  readonly returns: ScalarType;
  /** A fresh state, for each group. */
  readonly start: () => State;
  /** The state after one more row; undefined when it was changed in place. */
  readonly step: (state: State, ...values: FunctionValues<A>) => State | undefined | void;
  /** The value of a group. Default: the state itself. */
  readonly result?: (state: State) => ParameterValue;
}

/** What a statement that changes rows did. */
export interface RunResult {
  readonly changes: number;
}

export interface ColumnInfo {
  readonly name: string;
  /** Lower-case type name; `null` for a bare NULL. */
  readonly type: string;
  readonly nullable: boolean;
}

export type ExplainOptions = PlanOptions;

export interface Progress {
  readonly done: number;
  /** Undefined when it is not known how many there are. */
  readonly total: number | undefined;
}

/** A prepared statement. Parameters are one array, one object of names, or separate arguments. */
export interface Statement<Row = ResultRow> {
  readonly text: string;
  /** All rows as objects. */
  all(...parameters: unknown[]): Row[];
  /** The first row, or undefined. */
  get(...parameters: unknown[]): Row | undefined;
  /** Rows one by one, as of the call; holds a snapshot until it ends, is left, or the database is closed. */
  iterate(...parameters: unknown[]): IterableIterator<Row>;
  /** Runs a statement for its effect. */
  run(...parameters: unknown[]): RunResult;
  /** All rows as arrays. */
  values(...parameters: unknown[]): ResultValue[][];
  columns(): ColumnInfo[];
  explain(parameters?: Parameters, options?: ExplainOptions): string;
}

/** Direct lookups through one index, without a statement. */
export interface IndexHandle<Row = ResultRow> {
  readonly name: string;
  readonly kind: string;
  /** The rows with this key (all keys of the index, in order). */
  get(...key: unknown[]): Row[];
  /** Rows in key order between bounds of the first keys (btree and primary keys). */
  range(bounds: RangeBounds): Row[];
  /** The number of rows with this key, or in all. */
  count(...key: unknown[]): number;
  /** Nearest rows first (rtree); the point is GeoJSON or [lon, lat]. */
  near(
    point: unknown,
    options?: { readonly limit?: number; readonly metres?: number },
  ): (Row & { readonly distance: number })[];
  /** Rows whose place lies within an area, by row id (rtree); the area is GeoJSON or [west, south, east, north] in degrees. */
  within(area: unknown, options?: { readonly limit?: number }): Row[];
  /** Best matches first (fulltext). */
  search(query: string, options?: { readonly limit?: number }): (Row & { readonly score: number })[];
  /**
   * Completions of the last word of what is being typed, words of most documents first (fulltext). Of words with one stem the most
   * frequent is told, as it is written in the rows. Default limit 10.
   * @example db.table('towns').index('towns_about').suggest('old har') // [{ text: 'old harbour', word: 'harbour', documents: 812 }, ...]
   */
  suggest(text: string, options?: { readonly limit?: number }): Suggestion[];
  /**
   * "Did you mean": the search with words that do not occur, or hardly, replaced by near ones that do; undefined when it needs none
   * (fulltext). Words of up to three letters stay; longer ones differ by one edit, those of six letters and more by two.
   * @throws LightningError SEARCH_SYNTAX
   */
  didYouMean(query: string): string | undefined;
  /** Row ids with this key, ascending. */
  rowIds(...key: unknown[]): Uint32Array;
}

/** A word that what was typed may become. */
export interface Suggestion {
  /** What was typed with its last word completed. */
  readonly text: string;
  readonly word: string;
  /** Documents that hold the word or one of its inflections. */
  readonly documents: number;
}

export interface RangeBounds {
  readonly gte?: unknown;
  readonly gt?: unknown;
  readonly lte?: unknown;
  readonly lt?: unknown;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** A table by name, without statements. Keys are the primary key's value, an array of values for a composite one. */
export interface Table<Row = ResultRow> {
  readonly name: string;
  /** The row with this primary key, an object of the caller's own; geometries in it are shared, and frozen. */
  get(key: unknown): Row | undefined;
  /** Inserts, or replaces the row with the same primary key. */
  put(row: object): void;
  /** Inserts; a `constraint` error when the key exists. Gives the primary key. */
  insert(row: object): unknown;
  /** Inserts all in one transaction. Gives their number. */
  insertMany(rows: Iterable<object>, options?: { readonly onProgress?: (progress: Progress) => void }): number;
  /** Changes columns of the row with this primary key. Whether there was one. */
  update(key: unknown, changes: object): boolean;
  delete(key: unknown): boolean;
  count(): number;
  /** All rows in row-id order. */
  scan(): IterableIterator<Row>;
  index(name: string): IndexHandle<Row>;
}

export interface Finding {
  readonly table: string;
  readonly index: string | undefined;
  readonly what: string;
}

export interface VerifyResult {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

export interface IndexInfo {
  readonly name: string;
  readonly kind: string;
  readonly keys: readonly string[];
  readonly include: readonly string[];
  readonly unique: boolean;
  /** Text of the predicate of a partial index. */
  readonly where: string | undefined;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly entries: number;
  readonly bytes: number;
}

/** An index as its use shows it. */
export interface IndexUse {
  readonly table: string;
  readonly name: string;
  readonly kind: string;
  readonly entries: number;
  readonly pages: number;
  readonly bytes: number;
  /** Of a bloom index: how often its filters, as full as they are, let pass a value that is not there, 0 to 1; else undefined. */
  readonly falsePositiveRate: number | undefined;
  /**
   * Of a bloom index, since it was opened, over scans with no other condition: chunks of 65,536 rows that it refuted, chunks that it let
   * pass although no row had the value, and the share of these among both. Undefined before the first of either.
   */
  readonly measured:
    { readonly refuted: number; readonly empty: number; readonly falsePositiveRate: number } | undefined;
  /** Statements and lookups through this handle that read the index, since it was opened. Short lookups of a primary key are not counted. */
  readonly uses: number;
  readonly lastUsed: Date | undefined;
  /** Rows that the index's build has read, where it has not come to its end: no query reads it yet. */
  readonly building: number | undefined;
}

/** An index to be made, by its parts. Keys and predicate are as they stand in CREATE INDEX: `'age DESC'`, `'lower(name)'`. */
export interface IndexDefinition {
  readonly name: string;
  readonly table: string;
  /** Default `btree`. */
  readonly using?: string;
  readonly keys: string | readonly string[];
  readonly include?: readonly string[];
  readonly unique?: boolean;
  readonly where?: string;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

/** A statement that advice is asked for. */
export interface AdvisedStatement {
  readonly sql: string;
  /** Without them values are taken to be like any. */
  readonly params?: Parameters;
  /** How often it runs beside the others. Default 1. */
  readonly weight?: number;
}

export interface AdviseOptions {
  /** Proposals at most. Default 10. */
  readonly limit?: number;
}

/** An index worth making. */
export interface IndexProposal {
  /** The statement that makes it. */
  readonly sql: string;
  readonly name: string;
  readonly table: string;
  readonly kind: string;
  /** Expected size. */
  readonly bytes: number;
  /** What a row inserted or changed costs more with it, about. */
  readonly writeMicroseconds: number;
  /** Statements that it helps, with the proposals before it in place. Milliseconds expected; `before` undefined: cannot run without it. */
  readonly statements: readonly { readonly sql: string; readonly before: number | undefined; readonly after: number }[];
}

export interface Advice {
  /** The most useful first; each presumes those before it. */
  readonly proposals: readonly IndexProposal[];
  /** Milliseconds expected as things are, and with all proposals. */
  readonly statements: readonly {
    readonly sql: string;
    readonly weight: number;
    readonly before: number | undefined;
    readonly after: number;
    readonly uses: readonly string[];
  }[];
  /** Indexes that no statement of the workload would read (unique ones aside), with their uses since the database was opened. */
  readonly unused: readonly {
    readonly name: string;
    readonly table: string;
    readonly bytes: number;
    readonly uses: number;
    readonly sql: string;
  }[];
  /** Tables without statistics: advice is better after ANALYZE. */
  readonly notAnalyzed: readonly string[];
}

export interface BuildProgress {
  readonly index: string;
  /** Rows are read and their keys gathered, then entries are written. */
  readonly phase: 'reading' | 'writing';
  readonly rows: number;
  readonly total: number;
  readonly perSecond: number;
  /** Of this phase. */
  readonly secondsLeft: number | undefined;
}

export interface BuildOptions {
  /**
   * Looked at every thousand rows or so. The engine is synchronous, so it is `onProgress` that can abort it, or with `createIndexAsync`
   * whatever runs between the steps.
   * What was built is undone then, and an error with the code ABORTED raised.
   */
  readonly signal?: AbortSignal;
  /** Called at the beginning and end of each phase, and about twenty times a second. What it throws ends the build, too. */
  readonly onProgress?: (progress: BuildProgress) => void;
  /**
   * Rows from commit to commit, rounded up to whole chunks of 65,536 row ids; 1,048,576 by default. A table with no more rows, and any
   * table inside a transaction, is indexed at once. Fewer let other writers in sooner, more are quicker.
   */
  readonly stepRows?: number;
}

export interface TableInfo {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly (ColumnInfo & { readonly primaryKey: boolean; readonly default: string | undefined })[];
  readonly indexes: readonly IndexInfo[];
  /** Statements that would make the table and its indexes again. */
  readonly sql: string;
}

export interface Schema {
  readonly tables: readonly TableInfo[];
  readonly views: readonly { readonly name: string; readonly sql: string }[];
}

export interface DatabaseStats {
  /** `lmdb` or `memory`. */
  readonly store: string;
  /** Which implementation of row sets is active. */
  readonly rowSets: 'roaring' | 'typescript';
  readonly sequence: number;
  readonly cache: {
    readonly policy: string;
    readonly hits: number;
    readonly misses: number;
    readonly hitRate: number;
    readonly bytes: number;
    readonly budget: number;
    readonly evictions: number;
  };
  readonly plans: {
    readonly size: number;
    /** By exact text, and by the text's shape with other literals. */
    readonly textHits: number;
    readonly shapeHits: number;
    readonly misses: number;
    /** Why plans were made anew: no plan yet, definitions changed, types of values differ, selectivity differs, expired. */
    readonly reasons: Readonly<Record<string, number>>;
  };
  readonly fileBytes: number | undefined;
  readonly indexes: readonly IndexUse[];
  readonly memoryBudget: number;
  /** Temporary files of running statements, and what was made and written since the database was opened. */
  readonly temporary: {
    readonly files: number;
    readonly bytes: number;
    readonly filesMade: number;
    readonly bytesWritten: number;
  };
}

/**
 * An open database.
 *
 * @example
 * const db = open('places.db');
 * db.exec('CREATE TABLE towns (id INTEGER PRIMARY KEY, name TEXT NOT NULL, population INTEGER)');
 * db.table('towns').insertMany([{ id: 1, name: 'Suva', population: 93970 }]);
 * db.query('SELECT name FROM towns WHERE population > ?', [50000]); // [{ name: 'Suva' }]
 */
export interface Database extends Disposable {
  readonly path: string;
  /**
   * Runs one or more statements without parameters, in order; rows are dropped. Several statements are one transaction, unless the text
   * begins and ends transactions itself (`BEGIN; ...; COMMIT`): then a failure undoes the transaction that the text began.
   */
  exec(sql: string): void;
  query<Row = ResultRow>(sql: string, parameters?: Parameters, options?: { readonly hints?: Hints }): Row[];
  prepare<Row = ResultRow>(sql: string, options?: { readonly hints?: Hints }): Statement<Row>;
  /** `db.sql\`SELECT * FROM towns WHERE name = ${name}\``: values are bound, never spliced into the text. */
  sql<Row = ResultRow>(text: TemplateStringsArray, ...values: unknown[]): Row[];
  /**
   * Registers a function for statements and built queries (`fn('slug', t.name)`) of this handle; one of the same name is replaced. It is
   * synchronous, and is given and gives what queries give: numbers, strings, `Date`s, ...; NULL is null.
   *
   * @throws LightningError INVALID_ARGUMENT, UNKNOWN_OPTION, ALREADY_EXISTS (a function of the language); when called: FUNCTION_FAILED
   * @example
   * db.function('slug', { args: ['text'], returns: 'text', deterministic: true }, (name) => name?.toLowerCase().replaceAll(' ', '-') ?? null);
   * db.exec('CREATE INDEX towns_slug ON towns (slug(name))');
   * db.query("SELECT * FROM towns WHERE slug(name) = 'old-town'");
   */
  function<const A extends readonly ScalarType[]>(
    name: string,
    options: FunctionOptions<A>,
    fn: (...values: FunctionValues<A>) => ParameterValue,
  ): void;
  /**
   * Registers an aggregate, with DISTINCT, ORDER BY and FILTER as any other; in built queries `agg('median', t.size)`.
   *
   * @throws LightningError as `function`
   * @example
   * db.aggregate('product', { args: ['real'], returns: 'real', start: () => 1, step: (total, x) => (x === null ? total : total * x) });
   */
  aggregate<const A extends readonly ScalarType[], State>(name: string, options: AggregateOptions<A, State>): void;
  /** Runs fn as the one writer; commits when it returns, undoes everything when it throws. Nested calls are savepoints. */
  transaction<T>(fn: () => T): T;
  /** Whether a transaction is open: between `BEGIN` and `COMMIT`, or inside the function of `transaction`. */
  readonly inTransaction: boolean;
  table<Row = ResultRow>(name: string): Table<Row>;
  /**
   * Starts a query built in code, with typed rows.
   * @example db.from<Town>('towns').where((t) => t.population.gt(50_000)).orderBy((t) => t.name.asc()).limit(10).all()
   */
  from<Row extends object = ResultRow>(table: string | QueryOf<Row>, alias?: string): Query<[Row], Row>;
  /**
   * Starts a query over rows written out: objects of the same names, whose values may be expressions and parameters.
   * @example db.values([{ id: 1, factor: 2 }, { id: 7, factor: 3 }], 'f').join<Town>('towns', 't', (f, t) => f.id.eq(t.id)).all()
   */
  values<Row extends Readonly<Record<string, unknown>>>(
    rows: readonly Row[],
    alias?: string,
  ): Query<[ValuesOf<Row>], ValuesOf<Row>>;
  /**
   * Starts a query without tables, of one row.
   * @example db.select({ today: fn('current_date'), towns: scalar(db.from('towns').aggregate(() => ({ n: count() }))) }).get()
   */
  select<S extends Readonly<Record<string, Typed<unknown>>>>(items: S): Query<[], RowOf<S>>;
  /** The plan as text. */
  explain(sql: string, parameters?: Parameters, options?: ExplainOptions & { readonly hints?: Hints }): string;
  /**
   * Makes an index, given by its statement or its parts. Outside a transaction a large table is read in steps that commit: readers go on
   * with what they see, writers of other processes get in between, and after a kill the same statement (or REINDEX with the index's
   * name) goes on where the last step ended. Until the end no query sees the index, and UNIQUE is not judged. A build that an error or a
   * signal ends leaves nothing behind. Keys are sorted in runs of about 100 MB.
   * @throws LightningError ABORTED; CONFLICT when the table is altered meanwhile; those of CREATE INDEX
   * @example
   * const stop = new AbortController();
   * db.createIndex('CREATE INDEX by_age ON people (age)', {
   *   signal: stop.signal,
   *   onProgress: ({ rows, total, secondsLeft = 0 }) => { if (secondsLeft > 60) stop.abort(); else console.log(rows / total); },
   * });
   */
  createIndex(definition: string | IndexDefinition, options?: BuildOptions): void;
  /**
   * As `createIndex`, with a turn of the event loop after each step: queries and changes of this handle get in between, too, and timers
   * can abort the signal. Not inside a transaction: one that is open is waited for.
   */
  createIndexAsync(definition: string | IndexDefinition, options?: BuildOptions): Promise<void>;
  /**
   * Makes an index, or all indexes of a table one after another, anew from the rows, in steps as `createIndex`: the old index serves
   * until the new one takes its place. One that was never finished is finished.
   */
  reindex(name: string, options?: BuildOptions): void;
  /** As `reindex`, with a turn of the event loop after each step. */
  reindexAsync(name: string, options?: BuildOptions): Promise<void>;
  /**
   * Proposes indexes for a workload by planning it as if they were there, and names existing ones that it does not read. Nothing is
   * made or run; figures are the planner's expectations.
   * @throws LightningError INVALID_ARGUMENT, and what binding a statement raises
   * @example
   * const { proposals } = db.advise([{ sql: 'SELECT * FROM towns WHERE population > ?', params: [1e6], weight: 50 }]);
   * for (const { sql } of proposals) db.exec(sql);
   */
  advise(statements: readonly (string | AdvisedStatement)[], options?: AdviseOptions): Advice;
  /** Collects statistics of one table, or of all. */
  analyze(table?: string): void;
  /** Checks every page and every index against the rows. */
  verify(table?: string): VerifyResult;
  schema(): Schema;
  stats(): DatabaseStats;
  /** Looks for commits of other processes now. */
  refresh(): void;
  /** Resolves when all that is committed is on disk. */
  flush(): Promise<void>;
  close(): void;
  readonly closed: boolean;
}
