// The query object: immutable, runs through the database it is given, and counts without making rows.

import { beforeEach, describe, expect, it } from 'vitest';
import { count, from, param } from '../../src/plan/builder/index.js';
import type { ResultRow } from '../../src/plan/builder/index.js';
import { RecordingRunner } from './support.js';
import type { Place } from './support.js';

let runner: RecordingRunner;
const places = (alias?: string) => from<Place>(runner, 'places', alias);

beforeEach(() => {
  runner = new RecordingRunner();
});

describe('a query', () => {
  it('is not changed by its methods', () => {
    const towns = places().where((p) => p.kind.eq('town'));
    const text = towns.toSQL();
    towns
      .where((p) => p.id.gt(1))
      .orderBy('name')
      .limit(3)
      .distinct()
      .hint({ noIndexes: true });
    towns.select((p) => ({ n: p.name }));
    expect(towns.toSQL()).toBe(text);
    expect(towns.state.hints).toEqual({});
  });

  it('gives rows, the first row, an iterator', () => {
    runner.answers = [[{ id: 1 }, { id: 2 }], [{ id: 1 }], [{ id: 7 }]];
    const query = places().where((p) => p.id.gt(param('least')));
    expect(query.all({ least: 0 })).toEqual([{ id: 1 }, { id: 2 }]);
    expect(query.get({ least: 0 })).toEqual({ id: 1 });
    expect([...query.iterate({ least: 6 })]).toEqual([{ id: 7 }]);
    expect(runner.asked.map((each) => each.parameters)).toEqual([{ least: 0 }, { least: 0 }, { least: 6 }]);
    expect(runner.texts()[1]).toBe('SELECT * FROM places WHERE id > $least LIMIT 1');
  });

  it('keeps its own limit for get', () => {
    places().limit(0).get();
    expect(runner.texts()).toEqual(['SELECT * FROM places LIMIT 0']);
  });

  it('prepares and explains', () => {
    const query = places().where((p) => p.id.eq(param('id')));
    expect(query.plan({ id: 1 })).toBe('SELECT * FROM places WHERE id = $id with {"id":1}');
    const prepared = query.prepare();
    runner.answers = [[{ id: 3, name: 'Suva' }]];
    expect(prepared.get({ id: 3 })?.name).toBe('Suva');
  });
});

describe('count', () => {
  const counted = (query: { count(): number }): string => {
    runner.answers = [[{ count: 42n } as unknown as ResultRow]];
    expect(query.count()).toBe(42);
    return runner.texts().pop() ?? '';
  };

  it('counts over FROM and WHERE, without the select list and order', () => {
    const query = places()
      .where((p) => p.id.gt(1))
      .select((p) => ({ n: p.name }))
      .orderBy('n');
    expect(counted(query)).toBe('SELECT count(*) AS count FROM places WHERE id > 1');
  });

  it('counts the rows of a grouped, distinct, limited or aggregating query', () => {
    expect(counted(places().limit(3))).toBe('SELECT count(*) AS count FROM (SELECT * FROM places LIMIT 3) query');
    expect(
      counted(
        places()
          .select((p) => ({ n: p.name }))
          .distinct(),
      ),
    ).toBe('SELECT count(*) AS count FROM (SELECT DISTINCT places.name AS n FROM places) query');
    expect(counted(places().groupBy((p) => ({ k: p.kind })))).toBe(
      'SELECT count(*) AS count FROM (SELECT places.kind AS k FROM places GROUP BY places.kind) query',
    );
    expect(counted(places().aggregate((p) => ({ most: p.id.max().plus(1) })))).toBe(
      'SELECT count(*) AS count FROM (SELECT max(places.id) + 1 AS most FROM places) query',
    );
  });

  it('does not take the aggregate of a sub-query for its own', () => {
    const inner = places('q').aggregate(() => ({ n: count() }));
    expect(counted(places().extend(() => ({ x: inner as never })))).toBe('SELECT count(*) AS count FROM places');
  });
});

describe('facets', () => {
  it('of the same rows are one query', () => {
    runner.answers = [
      [
        { country: 'FJ', kind: null, count: 2, facet: 0 },
        { country: null, kind: 'town', count: 1, facet: 1 },
      ],
    ];
    const facets = places()
      .where((p) => p.population.gt(1000).and(p.kind.eq('town')))
      .select((p) => ({ name: p.name }))
      .orderBy('name')
      .limit(3)
      .facets('country', 'kind');
    expect(facets).toEqual({ country: [{ value: 'FJ', count: 2 }], kind: [{ value: 'town', count: 1 }] });
    expect(runner.texts()).toEqual(["SELECT country, kind FROM places WHERE population > 1000 AND kind = 'town'"]);
    const { plan, output } = runner.asked[0]!.source.lower(runner.catalog()).query;
    expect(shape(plan)).toBe('sort(aggregate(filter(scan)))');
    expect(output.map(({ name }) => name)).toEqual(['country', 'kind', 'count', 'facet']);
  });

  it('can leave out the conditions of their own column, and no others', () => {
    places()
      .match('about', 'harbour')
      .where((p) => p.kind.eq('town').and(p.country.in(['FJ', 'TO'])))
      .where((p) => p.kind.eq('town').or(p.country.eq('FJ')))
      .facets(['country', 'kind'], { exclude: true, limit: 10, parameters: { a: 1 } });
    expect(runner.texts().map((text) => /WHERE (.*) GROUP BY/.exec(text)?.[1])).toEqual([
      "MATCH(about, 'harbour') AND kind = 'town' AND (kind = 'town' OR country = 'FJ')",
      "MATCH(about, 'harbour') AND country IN ('FJ', 'TO') AND (kind = 'town' OR country = 'FJ')",
    ]);
    expect(runner.texts()[0]).toMatch(/ LIMIT 10$/);
    expect(runner.asked[0]?.parameters).toEqual({ a: 1 });
  });

  it('keep the shape that bitmap counts answer: GROUP BY of one column over the filtered table', () => {
    places()
      .where((p) => p.country.eq('FJ'))
      .facets(['kind'], { exclude: true });
    const { plan } = runner.asked[0]!.source.lower(runner.catalog()).query;
    expect(shape(plan)).toBe('project(sort(aggregate(filter(scan))))');
    places()
      .where((p) => p.kind.eq('town'))
      .facets(['kind'], { exclude: true });
    expect(shape(runner.asked[1]!.source.lower(runner.catalog()).query.plan)).toBe('project(sort(aggregate(scan)))');
  });
});

function shape(plan: object): string {
  const { kind, input } = plan as { readonly kind: string; readonly input?: object };
  return input === undefined ? kind : `${kind}(${shape(input)})`;
}
