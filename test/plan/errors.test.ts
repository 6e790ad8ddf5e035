// What is wrong with a built query is said by code and hint: there is no text to point into.

import { describe, expect, it } from 'vitest';
import { LightningError } from '../../src/errors.js';
import type { ErrorCode } from '../../src/errors.js';
import { column, count, fn, highlight, match, param, scalar, score, value } from '../../src/plan/builder/index.js';
import type { QuerySource } from '../../src/plan/builder/index.js';
import { anyTable, countries, lowered, places } from './support.js';

function failure(make: () => QuerySource): LightningError {
  try {
    lowered(make());
  } catch (error) {
    if (error instanceof LightningError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

const wrong: [what: string, make: () => QuerySource, code: ErrorCode, says: RegExp][] = [
  ['a misspelt table', () => anyTable('placse'), 'UNKNOWN_TABLE', /unknown table "placse"[^]*did you mean "places"/],
  [
    'a misspelt column',
    () => anyTable('places').where((p) => p['popluation']!.gt(1)),
    'UNKNOWN_COLUMN',
    /did you mean "population"/,
  ],
  ['a misspelt search target', () => places().match('abuot', 'x'), 'UNKNOWN_COLUMN', /did you mean "about"/],
  [
    'a search without an index',
    () => places().match('country', 'x'),
    'NO_INDEX',
    /CREATE INDEX places_country ON places USING fulltext \(country\)/,
  ],
  ['a score without a search', () => places().extend(() => ({ s: score() })), 'NO_INDEX', /there is no search/],
  [
    'a score of two searches',
    () => places().match('about', 'x').match('name', 'y').orderByScore(),
    'NO_INDEX',
    /more than one search/,
  ],
  [
    'a score in a condition',
    () =>
      places()
        .match('about', 'x')
        .where(() => score().gt(1)),
    'NO_INDEX',
    /cannot stand in where/,
  ],
  [
    'an excerpt without a search',
    () => places().select((p) => ({ h: highlight(p.about, '<', '>') })),
    'NO_INDEX',
    /no search/,
  ],
  [
    'a search over a derived table',
    () =>
      countries('c')
        .join(places('q').limit(1), 'p', (c, p) => c.code.eq(p.country))
        .where((_c, p) => p.about.matches('x')),
    'NO_INDEX',
    /columns of tables/,
  ],
  [
    'types that do not compare',
    () => places().where((p) => fn('lower', p.name).eq(5)),
    'TYPE_MISMATCH',
    /cannot compare lower\(places.name\), which is TEXT, with 5, which is INTEGER/,
  ],
  [
    'a text for an integer',
    () => places().where((p) => p.population.gt('many' as never)),
    'TYPE_MISMATCH',
    /the value beside places.population takes INTEGER/,
  ],
  ['a text that is no date', () => places().where((p) => p.founded.gt('yesterday')), 'INVALID_TEXT', /no DATE/],
  [
    'a number for a text',
    () => places().where((p) => p.name.like(5 as never)),
    'TYPE_MISMATCH',
    /5 is INTEGER where TEXT is needed/,
  ],
  [
    'a condition that is no truth value',
    () => places().where((p) => p.name as never),
    'TYPE_MISMATCH',
    /where needs a BOOLEAN, places.name is TEXT/,
  ],
  [
    'an unknown function',
    () => places().extend((p) => ({ x: fn('lowr', p.name) })),
    'UNKNOWN_FUNCTION',
    /did you mean "lower"/,
  ],
  [
    'a function of other arguments',
    () => places().extend((p) => ({ x: fn('lower', p.id) })),
    'TYPE_MISMATCH',
    /lower\(text\)/,
  ],
  [
    'an aggregate of other arguments',
    () => places().aggregate((p) => ({ x: (p.name as never as typeof p.id).sum() })),
    'TYPE_MISMATCH',
    /sum does not take \(TEXT\)/,
  ],
  ['an aggregate in a condition', () => places().where(() => count().gt(1)), 'GROUPING', /stand in having/],
  [
    'an aggregate as a group',
    () => places().groupBy(() => ({ n: count() })),
    'GROUPING',
    /count is an aggregate, which groupBy cannot hold/,
  ],
  [
    'an aggregate in an aggregate',
    () => places().aggregate((p) => ({ x: p.id.max().sum() })),
    'GROUPING',
    /an argument of sum cannot hold/,
  ],
  [
    'a column outside the groups',
    () =>
      places()
        .groupBy((p) => ({ c: p.country }))
        .extend((p) => ({ n: p.name })),
    'GROUPING',
    /"places.name" must be in groupBy/,
  ],
  [
    'an order outside a distinct list',
    () =>
      places()
        .select((p) => ({ n: p.name }))
        .distinct()
        .orderBy((p) => p.id),
    'GROUPING',
    /distinct\(\)/,
  ],
  ['an unknown column of the result', () => places().orderBy('nam' as never), 'UNKNOWN_COLUMN', /did you mean "name"/],
  [
    'a column that is not in the result',
    () =>
      places()
        .select((p) => ({ n: p.name }))
        .orderBy('population' as never),
    'UNKNOWN_COLUMN',
    /orderBy\(t => \[t.population\]\)/,
  ],
  [
    'one alias for two tables',
    () => places('x').crossJoin('countries', 'x'),
    'DUPLICATE_NAME',
    /"x" is used more than once/,
  ],
  [
    'a name of two tables',
    () =>
      places()
        .crossJoin('countries', 'c')
        .where(() => column('name').eq('Suva')),
    'AMBIGUOUS_COLUMN',
    /places, c/,
  ],
  [
    'a result name of two tables',
    () => places().crossJoin('countries', 'c').orderBy('name'),
    'AMBIGUOUS_COLUMN',
    /more than one column/,
  ],
  [
    'columns of another query',
    () => {
      let kept = value(1).eq(1) as unknown;
      countries().where((c) => (kept = c.people.gt(1)) as never);
      return places().where(() => kept as never);
    },
    'UNKNOWN_TABLE',
    /of "countries", which this query does not read/,
  ],
  [
    'a query of two columns as a value',
    () => places().where((p) => p.id.eq(scalar(countries() as never) as never)),
    'SUBQUERY_SHAPE',
    /this has 4/,
  ],
  [
    'sides of unlike width',
    () =>
      places()
        .select((p) => ({ a: p.id }))
        .union(countries() as never),
    'TYPE_MISMATCH',
    /1 and 4 columns/,
  ],
  [
    'sides of unlike types',
    () =>
      places()
        .select((p) => ({ a: p.id as unknown as typeof p.name }))
        .union(countries().select((c) => ({ a: c.name }))),
    'TYPE_MISMATCH',
    /union mixes INTEGER and TEXT/,
  ],
  [
    'values of unlike types',
    () => places().where((p) => p.id.in([1, true as never])),
    'TYPE_MISMATCH',
    /in mixes INTEGER and BOOLEAN/,
  ],
  ['a limit that a row decides', () => places().limit(column('id') as never), 'UNKNOWN_COLUMN', /id/],
  [
    'an interval that is none',
    () => places().extend((p) => ({ x: p.seen.plusInterval('soon') })),
    'INVALID_TEXT',
    /'soon' is not an interval/,
  ],
];

describe('lowering refuses', () => {
  for (const [what, make, code, says] of wrong) {
    it(what, () => {
      const error = failure(make);
      expect(`${error.message}; ${error.hint ?? ''}`).toMatch(says);
      expect(error.code).toBe(code);
      expect(error.kind).toBe('input');
      expect(error.position).toBeUndefined();
    });
  }
});

describe('building refuses at once', () => {
  const at: [what: string, build: () => unknown, code: ErrorCode][] = [
    ['NULL in a comparison', () => places().where((p) => p.country.eq(null as never)), 'INVALID_ARGUMENT'],
    ['NULL in a list', () => places().where((p) => p.country.in(['FJ', null as never])), 'INVALID_ARGUMENT'],
    ['an undefined operand', () => places().where((p) => p.country.eq(undefined as never)), 'INVALID_VALUE'],
    ['a function as an operand', () => places().where((p) => p.country.eq((() => 'FJ') as never)), 'INVALID_VALUE'],
    ['a callback without a result', () => places().where((() => undefined) as never), 'INVALID_VALUE'],
    ['in() of a single value', () => places().where((p) => p.id.in(3 as never)), 'INVALID_ARGUMENT'],
    ['a negative limit', () => places().limit(-1), 'INVALID_ARGUMENT'],
    ['a fraction as a limit', () => places().offset(1.5), 'INVALID_ARGUMENT'],
    ['a bad parameter name', () => param('1st'), 'PARAMETER'],
    [
      'a position of three numbers',
      () => places().near('location', [1, 2, 3] as never, { metres: 1 }),
      'INVALID_GEOMETRY',
    ],
    ['a search over an expression', () => places().where((p) => p.name.upper().matches('x')), 'NO_INDEX'],
    ['groups without a group', () => places().groupBy(() => ({})), 'INVALID_ARGUMENT'],
    [
      'a condition on a set operation',
      () =>
        places()
          .union(places())
          .where(() => match('about', 'x')),
      'UNSUPPORTED',
    ],
  ];
  for (const [what, build, code] of at) {
    it(what, () => {
      expect(build).toThrow(expect.objectContaining({ code, kind: 'input' }));
    });
  }
});
