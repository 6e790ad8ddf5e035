// The query object of `db.from`: immutable, every method gives a new one. It collects clauses; meaning is decided by `lower` when the query
// is run, so that a query may be built before its table exists.

import { LightningError } from '../../errors.js';
import type { Hints } from '../logical.js';
import type { GivenTypes } from '../binding/parameters.js';
import type { Callback } from './clauses.js';
import { clauseOf, countNode, countState, proxies, sourceOf } from './clauses.js';
import { columnNode, geoNode, nodeOf, orderState } from './expression.js';
import type { FacetOptions, Facets } from './facets.js';
import { facetCounts, facetQueries } from './facets.js';
import type { LoweredQuery } from './lower.js';
import { lower } from './lower.js';
import type {
  ItemState,
  JoinState,
  JoinType,
  Node,
  OrderState,
  QueryState,
  SelectState,
  SetState,
  Source,
} from './node.js';
import { QueryHolder } from './node.js';
import type { NamedParameters, PlanOptions, PreparedQuery, QueryRunner, QuerySource } from './runner.js';
import { toSQL } from './to-sql.js';
import type {
  Columns,
  Condition,
  GeoOperand,
  Merge,
  Nullable,
  Operand,
  OrderKey,
  ResultRow,
  RowOf,
  Typed,
} from './typed.js';
import type { ViewingCatalog } from './views.js';

/** The columns of each table of a query, as a callback's arguments. */
export type ColumnsOf<Tables extends readonly object[]> = { [I in keyof Tables]: Columns<Tables[I]> };

type NullableAll<Tables extends readonly object[]> = { [I in keyof Tables]: Nullable<Tables[I]> };

/** Columns of all tables together; of two with one name the later one stays, as in row objects. */
type AllColumns<Tables extends readonly object[]> = Tables extends readonly [infer First]
  ? First
  : Tables extends readonly [...infer Before extends readonly object[], infer Last]
    ? Merge<AllColumns<Before>, Last>
    : object;

type Names<Row> = (keyof Row & string) | (string & Record<never, never>);

type Items = Readonly<Record<string, Typed<unknown>>>;

/**
 * A query over one or more tables.
 *
 * Clauses mean what they mean in SELECT, whatever the order of the calls: conditions come before groups, groups before the
 * select list, then DISTINCT, order and limits. `where`, `having` and `match` add to what is there; `orderBy` adds less significant
 * keys; `select`, `limit` and `offset` replace.
 *
 * @example
 * const towns = db.from<Town>('towns').where((t) => t.kind.eq('town').and(t.population.gt(1000)));
 * towns.select((t) => ({ name: t.name })).orderBy((t) => [t.population.desc()]).limit(20).all();
 * towns.count();
 */
export class Query<Tables extends readonly object[], Row, Groups = object> extends QueryHolder implements QuerySource {
  /** @internal */
  constructor(
    private readonly runner: QueryRunner,
    /** @internal */
    readonly state: QueryState,
  ) {
    super();
  }

  // ---- conditions ----

  /** Rows for which the condition is true; several calls must all hold. */
  where(condition: (...tables: ColumnsOf<Tables>) => Condition): Query<Tables, Row, Groups> {
    const state = this.#select('where');
    return this.#with({ ...state, where: [...state.where, this.#clause(condition)] });
  }

  /** Rows whose text matches a search query; `target` is a column with a full-text index, or such an index, of the first table. */
  match(target: Names<Tables[0]>, query: Operand<string>): Query<Tables, Row, Groups> {
    const state = this.#select('match');
    const node: Node = { kind: 'match', target: this.#first(target), query: nodeOf(query) };
    return this.#with({ ...state, where: [...state.where, node] });
  }

  /** Rows at most so many metres away from a point (or geometry). */
  near(
    column: Names<Tables[0]>,
    point: GeoOperand,
    within: { readonly metres: Operand<number> },
  ): Query<Tables, Row, Groups> {
    return this.#geo('st_dwithin', column, [geoNode(point), nodeOf(within.metres)]);
  }

  /** Rows that lie in an area. */
  within(column: Names<Tables[0]>, area: GeoOperand): Query<Tables, Row, Groups> {
    return this.#geo('st_within', column, [geoNode(area)]);
  }

  #geo(name: string, column: string, args: readonly Node[]): Query<Tables, Row, Groups> {
    const state = this.#select(name);
    const node: Node = { kind: 'call', name, args: [this.#first(column), ...args] };
    return this.#with({ ...state, where: [...state.where, node] });
  }

  // ---- tables ----

  /** Pairs of rows for which the condition is true. The other side is a table's name or a query. */
  join<Other extends object = ResultRow>(
    table: string | QueryOf<Other>,
    alias: string,
    on: (...tables: ColumnsOf<[...Tables, Other]>) => Condition,
  ): Query<[...Tables, Other], AllColumns<[...Tables, Other]>, Groups> {
    return this.#join('inner', table, alias, on as Callback);
  }

  /** As `join`; rows without a partner stay, with NULLs for the other side. */
  leftJoin<Other extends object = ResultRow>(
    table: string | QueryOf<Other>,
    alias: string,
    on: (...tables: ColumnsOf<[...Tables, Other]>) => Condition,
  ): Query<[...Tables, Nullable<Other>], AllColumns<[...Tables, Nullable<Other>]>, Groups> {
    return this.#join('left', table, alias, on as Callback);
  }

  /** As `join`; rows of the other side without a partner stay. */
  rightJoin<Other extends object = ResultRow>(
    table: string | QueryOf<Other>,
    alias: string,
    on: (...tables: ColumnsOf<[...Tables, Other]>) => Condition,
  ): Query<[...NullableAll<Tables>, Other], AllColumns<[...NullableAll<Tables>, Other]>, Groups> {
    return this.#join('right', table, alias, on as Callback);
  }

  /** As `join`; rows of either side without a partner stay. */
  fullJoin<Other extends object = ResultRow>(
    table: string | QueryOf<Other>,
    alias: string,
    on: (...tables: ColumnsOf<[...Tables, Other]>) => Condition,
  ): Query<[...NullableAll<Tables>, Nullable<Other>], AllColumns<[...NullableAll<Tables>, Nullable<Other>]>, Groups> {
    return this.#join('full', table, alias, on as Callback);
  }

  /** Every row with every row. */
  crossJoin<Other extends object = ResultRow>(
    table: string | QueryOf<Other>,
    alias: string,
  ): Query<[...Tables, Other], AllColumns<[...Tables, Other]>, Groups> {
    return this.#join('inner', table, alias, undefined);
  }

  #join<T extends readonly object[], R>(
    type: JoinType,
    table: string | QueryHolder,
    alias: string,
    on: Callback | undefined,
  ): Query<T, R, Groups> {
    const state = this.#select('join');
    if (state.from === undefined) {
      throw new LightningError('UNSUPPORTED', 'a query without tables cannot be joined', {
        hint: "make it a table first: db.from(query, 'name').join(...)",
      });
    }
    const source = sourceOf(table, alias);
    const sources = [...this.#sources(), source];
    const join: JoinState = { type, source, on: on && clauseOf(sources, on) };
    return new Query(this.runner, { ...state, joins: [...state.joins, join] });
  }

  // ---- groups and the select list ----

  /** One row for each combination of values; the select list becomes these columns. */
  groupBy<G extends Items>(groups: (...tables: ColumnsOf<Tables>) => G): Query<Tables, RowOf<G>, RowOf<G>> {
    const items = this.#items(groups);
    const nodes = items.flatMap((item) => (item.kind === 'item' ? [item.node] : []));
    if (nodes.length === 0)
      throw new LightningError('INVALID_ARGUMENT', 'groupBy needs a group', {
        hint: 'call aggregate alone for one row in all',
      });
    return new Query(this.runner, { ...this.#select('groupBy'), groups: nodes, items });
  }

  /** Adds aggregates to the groups; without groups they make one row. */
  aggregate<A extends Items>(
    aggregates: (...tables: ColumnsOf<Tables>) => A,
  ): Query<Tables, Merge<Groups, RowOf<A>>, Groups> {
    const state = this.#select('aggregate');
    const before = state.groups.length > 0 ? state.items : [];
    return new Query(this.runner, { ...state, items: [...before, ...this.#items(aggregates)] });
  }

  /** Groups for which the condition, which may hold aggregates, is true. */
  having(condition: (...tables: ColumnsOf<Tables>) => Condition): Query<Tables, Row, Groups> {
    const state = this.#select('having');
    return this.#with({ ...state, having: [...state.having, this.#clause(condition)] });
  }

  /** The columns of the result, by name. */
  select<S extends Items>(items: (...tables: ColumnsOf<Tables>) => S): Query<Tables, RowOf<S>, Groups> {
    return new Query(this.runner, { ...this.#select('select'), items: this.#items(items) });
  }

  /** Further columns beside those there are. */
  extend<S extends Items>(items: (...tables: ColumnsOf<Tables>) => S): Query<Tables, Merge<Row, RowOf<S>>, Groups> {
    const state = this.#select('extend');
    return new Query(this.runner, { ...state, items: [...state.items, ...this.#items(items)] });
  }

  /** Each row once. */
  distinct(): Query<Tables, Row, Groups> {
    return this.#with({ ...this.#select('distinct'), distinct: true, distinctOn: [] });
  }

  /**
   * Of the rows that agree in these expressions the first one in the order, which must begin with them.
   *
   * @example
   * db.from<Town>('towns').distinctOn((t) => [t.country]).orderBy((t) => [t.country, t.population.desc()]).all(); // the largest of each
   */
  distinctOn(
    keys: (...tables: ColumnsOf<Tables>) => Typed<unknown> | readonly Typed<unknown>[],
  ): Query<Tables, Row, Groups> {
    const state = this.#select('distinctOn');
    const clause = {};
    const made = (keys as Callback)(...proxies(this.#sources(), clause));
    const list: readonly unknown[] = Array.isArray(made) ? (made as unknown[]) : [made];
    if (list.length === 0) {
      throw new LightningError('INVALID_ARGUMENT', 'distinctOn needs an expression', {
        hint: 'for whole rows call distinct()',
      });
    }
    const distinctOn = list.map((key): Node => ({ kind: 'clause', clause, node: nodeOf(key) }));
    return this.#with({ ...state, distinct: true, distinctOn });
  }

  // ---- set operations ----

  /** Rows of either query, each once; columns match by position. */
  union(other: QueryOf<Row>): Query<[Row & object], Row> {
    return this.#set('union', false, other);
  }

  unionAll(other: QueryOf<Row>): Query<[Row & object], Row> {
    return this.#set('union', true, other);
  }

  /** Rows of both. */
  intersect(other: QueryOf<Row>): Query<[Row & object], Row> {
    return this.#set('intersect', false, other);
  }

  /** As often as they are in both. */
  intersectAll(other: QueryOf<Row>): Query<[Row & object], Row> {
    return this.#set('intersect', true, other);
  }

  /** Rows of this query that the other has not. */
  except(other: QueryOf<Row>): Query<[Row & object], Row> {
    return this.#set('except', false, other);
  }

  /** Each as often as this query has it more often than the other. */
  exceptAll(other: QueryOf<Row>): Query<[Row & object], Row> {
    return this.#set('except', true, other);
  }

  #set(operation: SetState['operation'], all: boolean, other: QueryHolder): Query<[Row & object], Row> {
    const state: SetState = {
      kind: 'set',
      operation,
      all,
      left: this.state,
      right: other.state,
      order: [],
      limit: undefined,
      offset: undefined,
      hints: {},
    };
    return new Query(this.runner, state);
  }

  // ---- order and limits ----

  /** Sort keys: `orderBy((t) => [t.population.desc(), t.name])`, or a column of the result: `orderBy('n', 'desc')`. */
  orderBy(
    keys: (...tables: ColumnsOf<Tables>) => OrderKey | Typed<unknown> | readonly (OrderKey | Typed<unknown>)[],
  ): Query<Tables, Row, Groups>;
  orderBy(name: keyof Row & string, direction?: 'asc' | 'desc'): Query<Tables, Row, Groups>;
  orderBy(
    keys: string | ((...tables: never[]) => unknown),
    direction: 'asc' | 'desc' = 'asc',
  ): Query<Tables, Row, Groups> {
    if (typeof keys === 'string') {
      return this.#ordered([{ node: { kind: 'output', name: keys }, desc: direction === 'desc', nulls: undefined }]);
    }
    const clause = {};
    const made = (keys as Callback)(...proxies(this.#sources(), clause));
    const list: readonly unknown[] = Array.isArray(made) ? (made as unknown[]) : [made];
    return this.#ordered(
      list.map((key) => {
        const state = orderState(key);
        return { ...state, node: { kind: 'clause', clause, node: state.node } };
      }),
    );
  }

  /** Best matches of the search first. */
  orderByScore(): Query<Tables, Row, Groups> {
    return this.#ordered([{ node: { kind: 'score' }, desc: true, nulls: undefined }]);
  }

  /** Nearest first. */
  orderByDistance(column: Names<Tables[0]>, point: GeoOperand): Query<Tables, Row, Groups> {
    const node: Node = { kind: 'call', name: 'st_distance', args: [this.#first(column), geoNode(point)] };
    return this.#ordered([{ node, desc: false, nulls: undefined }]);
  }

  #ordered(keys: readonly OrderState[]): Query<Tables, Row, Groups> {
    return this.#with({ ...this.state, order: [...this.state.order, ...keys] });
  }

  /** At most so many rows. */
  limit(rows: number | Typed<number | bigint | null>): Query<Tables, Row, Groups> {
    return this.#with({ ...this.state, limit: countNode(rows, 'limit') });
  }

  /** Leaves out the first rows. */
  offset(rows: number | Typed<number | bigint | null>): Query<Tables, Row, Groups> {
    return this.#with({ ...this.state, offset: countNode(rows, 'offset') });
  }

  /** Steers the planner, for the statement as a whole; hints add up, those of queries inside too. Tables go by their aliases. */
  hint(hints: Hints): Query<Tables, Row, Groups> {
    return this.#with({ ...this.state, hints: { ...this.state.hints, ...hints } });
  }

  // ---- running ----

  all(parameters: NamedParameters = {}): Row[] {
    return this.runner.all(this, parameters) as unknown as Row[];
  }

  /** The first row, or undefined. */
  get(parameters: NamedParameters = {}): Row | undefined {
    const { limit } = this.state;
    const one = limit === undefined ? this.limit(1) : this;
    return (this.runner.all(one, parameters) as unknown as Row[])[0];
  }

  /** Rows one by one; holds a snapshot until it ends, is left, or the database is closed. */
  iterate(parameters: NamedParameters = {}): IterableIterator<Row> {
    return this.runner.iterate(this, parameters) as unknown as IterableIterator<Row>;
  }

  /** The number of rows, without making them. */
  count(parameters: NamedParameters = {}): number {
    const [row] = this.runner.all(new Query(this.runner, countState(this.state)), parameters);
    return Number(row?.['count'] ?? 0);
  }

  /** For each column the values that occur among the rows of the query's FROM and WHERE, with their numbers of rows, most frequent first. */
  facets<Name extends keyof Tables[0] & string>(...columns: Name[]): Facets<Tables[0], Name>;
  facets<Name extends keyof Tables[0] & string>(
    columns: readonly Name[],
    options: FacetOptions,
  ): Facets<Tables[0], Name>;
  facets(...given: unknown[]): Facets<ResultRow, string> {
    const [first] = given;
    const columns = (Array.isArray(first) ? first : given) as string[];
    const options = (Array.isArray(first) ? given[1] : {}) as FacetOptions;
    const state = this.#select('facets');
    const nodes = [...new Set(columns)].map((name) => this.#first(name));
    const queries = facetQueries(state, nodes, options, this.runner.catalog());
    const rows = this.runner.values(
      queries.map(({ source }) => source),
      options.parameters ?? {},
    );
    const counted = facetCounts(queries, rows, options);
    return Object.fromEntries(columns.map((name) => [name, counted.get(name)])) as Facets<ResultRow, string>;
  }

  /** The plan as text. */
  plan(parameters: NamedParameters = {}, options: PlanOptions = {}): string {
    return this.runner.explain(this, parameters, options);
  }

  prepare(): PreparedQuery<Row> {
    return this.runner.prepare(this) as unknown as PreparedQuery<Row>;
  }

  /** The query in the dialect. Hints have no text. */
  toSQL(): string {
    return this.text(this.runner.catalog());
  }

  /** @internal */
  text(catalog: ViewingCatalog): string {
    return toSQL(this.state, catalog);
  }

  /** @internal */
  lower(catalog: ViewingCatalog, given?: GivenTypes): LoweredQuery {
    return lower(this.state, catalog, given);
  }

  // ---- state ----

  #with(state: QueryState): Query<Tables, Row, Groups> {
    return new Query(this.runner, state);
  }

  #select(method: string): SelectState {
    if (this.state.kind === 'select') return this.state;
    throw new LightningError('UNSUPPORTED', `${method} does not apply to a ${this.state.operation} as a whole`, {
      hint: "read it as a table: db.from(query, 'name')",
    });
  }

  #sources(): readonly Source[] {
    const { state } = this;
    return state.kind === 'select' && state.from !== undefined
      ? [state.from, ...state.joins.map((join) => join.source)]
      : [];
  }

  #first(name: string) {
    const [source] = this.#sources();
    if (source === undefined) {
      throw new LightningError('INVALID_ARGUMENT', `"${name}" is a column of no table: the query reads none`, {
        hint: "begin with db.from('table')",
      });
    }
    return { ...columnNode(name), source };
  }

  #clause(callback: (...tables: ColumnsOf<Tables>) => unknown): Node {
    return clauseOf(this.#sources(), callback as Callback);
  }

  #items(callback: (...tables: ColumnsOf<Tables>) => Items): ItemState[] {
    const clause = {};
    const items = (callback as Callback)(...proxies(this.#sources(), clause)) as Items;
    return Object.entries(items).map(([name, item]) => ({
      kind: 'item',
      name,
      node: { kind: 'clause', clause, node: nodeOf(item) },
    }));
  }
}

/** Any query whose rows are these. */
export type QueryOf<Row> = QueryHolder & { all(parameters?: NamedParameters): Row[] };
