// Facet counts: for each of several columns the values among a query's rows and how many rows have each. Every one is a GROUP BY of
// a single column with count(*), which bitmap cardinalities answer without reading rows.

import { aggregate } from './expression.js';
import type { ColumnNode, SelectState } from './node.js';
import type { NamedParameters } from './runner.js';

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
