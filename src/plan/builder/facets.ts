// Facet counts: for each of several columns the values among a query's rows and how many rows have each. All facets of the same rows are
// one query, counted in one pass; a facet that leaves its own conditions out has rows of its own, and is a GROUP BY of its column.

import { invariant } from '../../errors.js';
import { aggregate as aggregateExpr } from '../../expr/aggregates.js';
import type { GivenTypes } from '../binding/parameters.js';
import { columnExpr } from '../binding/scope.js';
import type { AggregatePlan, LogicalPlan } from '../logical.js';
import { aggregate } from './expression.js';
import type { LoweredQuery } from './lower.js';
import { lower, lowerWithParts } from './lower.js';
import type { ColumnNode, Node, SelectState } from './node.js';
import type { NamedParameters, QuerySource } from './runner.js';
import { toSQL } from './to-sql.js';
import type { ViewingCatalog } from './views.js';

export interface FacetOptions {
  /**
   * Leaves out of each facet the conditions that read its own column alone: with `kind = 'town'` chosen, the facet of `kind` still
   * shows what other choices would give.
   */
  readonly exclude?: boolean;
  /** The most frequent values only. */
  readonly limit?: number;
  readonly parameters?: NamedParameters;
}

export interface FacetCount<T> {
  readonly value: T;
  readonly count: number;
}

export type Facets<Row, Name extends keyof Row> = { readonly [K in Name]: readonly FacetCount<Row[K]>[] };

/** The query of one facet. NULL is a value; ties are in order of value. */
export function facetQuery(state: SelectState, column: ColumnNode, options: FacetOptions): SelectState {
  const count = aggregate('count', []).node;
  const { limit } = options;
  return {
    ...state,
    without: options.exclude === true ? column : undefined,
    groups: [column],
    having: [],
    items: [
      { kind: 'item', name: 'value', node: column },
      { kind: 'item', name: 'count', node: count },
    ],
    distinct: false,
    distinctOn: [],
    order: [
      { node: count, desc: true, nulls: undefined },
      { node: column, desc: false, nulls: undefined },
    ],
    limit: limit === undefined ? undefined : { kind: 'value', value: limit },
    offset: undefined,
  };
}

/** Queries for facets: which of them each one counts, and the query. */
export function facetQueries(
  state: SelectState,
  columns: readonly ColumnNode[],
  options: FacetOptions,
  catalog: ViewingCatalog,
): { readonly columns: readonly ColumnNode[]; readonly source: QuerySource }[] {
  const folded = foldedColumns(state, columns, catalog);
  const isApart = (column: ColumnNode, i: number) =>
    folded[i] === true || (options.exclude === true && state.where.some((node) => names(node, column.name)));
  const shared = columns.filter((column, i) => !isApart(column, i));
  const apart = shared.length > 1 ? columns.filter((column) => !shared.includes(column)) : columns;
  return [
    ...apart.map((column) => ({ columns: [column], source: sourceOf(facetQuery(state, column, options)) })),
    ...(shared.length > 1 ? [{ columns: shared, source: new SharedFacets(state, shared) }] : []),
  ];
}

/** Whether a condition may read a column of this name. */
function names(node: unknown, name: string): boolean {
  if (node === null || typeof node !== 'object') return false;
  if ((node as Partial<Node>).kind === 'column' && (node as ColumnNode).name === name) return true;
  return Object.values(node).some((part) => names(part, name));
}

/** Texts that compare without regard to case: of each value one of its forms is shown, which takes another aggregate. */
function foldedColumns(state: SelectState, columns: readonly ColumnNode[], catalog: ViewingCatalog): boolean[] {
  const { lowered, context } = lowerWithParts(listOf(state, columns), catalog, () => undefined);
  return itemsOf(lowered.query.plan).items.map(({ expr }) => context.collations.of(expr)?.collation === 'nocase');
}

function sourceOf(state: SelectState): QuerySource {
  return { lower: (catalog, given) => lower(state, catalog, given), text: (catalog) => toSQL(state, catalog) };
}

/** The columns of the query's rows, one by one. */
function listOf(state: SelectState, columns: readonly ColumnNode[]): SelectState {
  const items = columns.map((node) => ({ kind: 'item' as const, name: node.name, node }));
  const rest = {
    groups: [],
    having: [],
    distinct: false,
    distinctOn: [],
    order: [],
    limit: undefined,
    offset: undefined,
  };
  return { ...state, without: undefined, items, ...rest };
}

function itemsOf(plan: LogicalPlan): Extract<LogicalPlan, { kind: 'project' }> {
  invariant(plan.kind === 'project', 'a list of columns is a projection');
  return plan;
}

/** Facets of the same rows. Gives a column for each, its values in its own, then the count and the number of the facet. */
class SharedFacets implements QuerySource {
  constructor(
    private readonly state: SelectState,
    private readonly columns: readonly ColumnNode[],
  ) {}

  lower(catalog: ViewingCatalog, given?: GivenTypes): LoweredQuery {
    const { lowered, context } = lowerWithParts(listOf(this.state, this.columns), catalog, given ?? (() => undefined));
    const { items, input } = itemsOf(lowered.query.plan);
    const count = context.newColumn('count', 'integer', false);
    const number = context.newColumn('facet', 'integer', false);
    const groups = items.map(({ column, expr }) => ({
      column: context.newColumn(column.name, column.type, true),
      expr,
    }));
    const plan: AggregatePlan = {
      kind: 'aggregate',
      input,
      groups,
      aggregates: [{ column: count, aggregate: aggregateExpr('count', []) }],
      separately: number,
    };
    const keys = [number, count, ...groups.map((group) => group.column)].map((column) => ({
      expr: columnExpr(column),
      desc: column === count,
      nullsFirst: false,
    }));
    const output = [...groups.map((group) => group.column), count, number];
    const query = {
      ...lowered.query,
      plan: { kind: 'sort' as const, input: plan, keys },
      output,
      nextColumn: context.nextColumn,
    };
    return { ...lowered, query };
  }

  text(catalog: ViewingCatalog): string {
    return toSQL(listOf(this.state, this.columns), catalog);
  }
}

/** Facets by name, from the rows of their queries. */
export function facetCounts(
  queries: readonly { readonly columns: readonly ColumnNode[] }[],
  rows: readonly (readonly (readonly unknown[])[])[],
  { limit = Infinity }: FacetOptions,
): Map<string, FacetCount<unknown>[]> {
  const found = new Map<string, FacetCount<unknown>[]>();
  queries.forEach(({ columns }, q) => {
    for (const { name } of columns) found.set(name, []);
    for (const row of rows[q]!) {
      const at = columns.length > 1 ? Number(row.at(-1)) : 0;
      const counts = found.get(columns[at]!.name)!;
      if (counts.length < limit) counts.push({ value: row[at], count: Number(row[columns.length]) });
    }
  });
  return found;
}
