// What a run of random cases must have reached, by name: every construct that the generator can make, every operator that a query's plan may
// have, every kind and form of index.

import type { PhysicalPlan } from '../../src/plan/physical.js';
import { INDEX_KINDS } from './indexes.js';

/** Operators of queries; changes are steps of a world, and their plans are not looked at. */
const OPERATORS: Readonly<Record<PhysicalPlan['kind'], boolean>> = {
  'table-scan': true,
  'column-scan': true,
  'column-aggregate': true,
  'row-set-scan': true,
  'ordered-scan': true,
  'nearest-scan': true,
  'ranked-scan': false, // by `score()`, which no oracle has: `test/property/index-equals-scan.ts`
  'row-set-count': true,
  'facet-scan': true,
  'facet-count': false, // of `facets()`: `test/exec/facets.test.ts`
  values: true,
  'common-table': true,
  filter: true,
  project: true,
  'hash-join': true,
  'merge-join': true,
  'lookup-join': true,
  'nested-loop-join': true,
  'hash-aggregate': true,
  'sorted-aggregate': true,
  distinct: true,
  'sorted-distinct': true,
  sort: true,
  'partial-sort': true,
  'top-n': true,
  limit: true,
  'set-operation': true,
  insert: false,
  update: false,
  delete: false,
};

const prefixed = (prefix: string, names: readonly string[]): string[] => names.map((name) => `${prefix} ${name}`);

/** Operators, index kinds and forms, and combinations of index sets, of plans that were chosen. */
export const PLANS = {
  /** At least once in a hundred. */
  often: [
    ...prefixed('index', [
      ...INDEX_KINDS.filter((kind) => kind !== 'columnstore'),
      'partial',
      'expression',
      'covering',
    ]),
    ...prefixed('set', ['and', 'or', 'not']),
  ],
  /** A columnstore pays on tables larger than most of these worlds have. */
  seldom: [
    'index columnstore',
    ...prefixed(
      'operator',
      Object.entries(OPERATORS).flatMap(([name, required]) => (required ? [name] : [])),
    ),
  ],
};

export const CONSTRUCTS = {
  /** At least once in a hundred. */
  often: [
    ...prefixed('where', ['and', 'or', 'not', 'and+or', 'and+not', 'or+not', 'and+or+not']),
    ...['null in the answer', 'empty answer', 'rows', 'parameters', 'limit', 'distinct', 'grouped', 'having', 'with'],
    ...['derived table', 'sub-query', 'view'],
  ],
  seldom: [
    ...prefixed('set', ['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL', 'nested']),
    ...prefixed('join', ['inner', 'left', 'right', 'full', 'cross', 'comma', 'of 2', 'of 3', 'of 4', 'of 5']),
    ...prefixed('uses', ['and', 'or', 'not', 'is-null', 'distinct-from', 'between', 'in', 'array', 'like', 'ilike']),
    ...prefixed('uses', [
      'boolean',
      'pair',
      'mixed',
      'row value',
      'computed',
      'favourite',
      'match',
      'spatial',
      'distance',
    ]),
    ...prefixed('uses', [
      'in-query',
      'any',
      'exists',
      'scalar-query',
      'correlated',
      'case',
      'coalesce',
      'nullif',
      'cast',
    ]),
    ...prefixed('uses', ['collate', 'collate order', 'collate group']),
    'distinct on',
    ...prefixed('uses', ['greatest', 'rounding', 'text function', 'date part', 'date arithmetic', 'having']),
    ...prefixed('uses', ['aggregate', 'aggregate distinct', 'aggregate boolean', 'aggregate ordered', 'filter-clause']),
  ],
};

/** Fewer cases need not reach everything. */
export const ENOUGH = 10_000;

/** The least shares of cases and of plans. */
export const OFTEN = 0.01;
export const SELDOM = 0.000_5;
