// Built queries mean what the same text means: each pair is lowered and bound against one catalog.

import { describe, expect, it } from 'vitest';
import {
  and,
  boolOr,
  caseWhen,
  column,
  count,
  distance,
  envelope,
  exists,
  fn,
  highlight,
  match,
  not,
  or,
  param,
  point,
  scalar,
  score,
  snippet,
  stringAgg,
  value,
} from '../../src/plan/builder/index.js';
import { from } from '../../src/plan/builder/index.js';
import type { QuerySource } from '../../src/plan/builder/index.js';
import type { Type } from '../../src/values/types.js';
import { anyTable, bound, catalog, countries, lowered, meaning, places, runner } from './support.js';

const harbour = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ],
  ],
} as const;

const cases: Record<string, [query: () => QuerySource & { toSQL(): string }, sql: string]> = {
  'a whole table': [() => places(), 'SELECT * FROM places'],
  'conditions add up': [
    () =>
      places('p')
        .where((p) => p.kind.eq('town'))
        .where((p) => p.population.gt(1000)),
    "SELECT * FROM places p WHERE kind = 'town' AND population > 1000",
  ],
  'comparisons and tests': [
    () =>
      places().where((p) =>
        or(
          p.population.between(1, 10),
          p.country.isNull().and(p.capital.isTrue()),
          p.name.ilike('su%').not(),
          p.country.isDistinctFrom(p.name),
          p.id.in([1, 2, 3]),
          p.kind.notIn(['town']),
        ),
      ),
    `SELECT * FROM places WHERE population >= 1 AND population <= 10 OR country IS NULL AND capital IS TRUE OR NOT (name ILIKE 'su%')
     OR country IS DISTINCT FROM name OR id IN (1, 2, 3) OR kind NOT IN ('town')`,
  ],
  'an integer column beside a fraction': [
    () => places().where((p) => p.population.gt(2.5).or(p.id.in([1, 2.5]))),
    'SELECT * FROM places WHERE population > 2.5 OR id IN (1, 2.5)',
  ],
  'constants take the type of their place': [
    () =>
      places().where((p) =>
        and(
          p.founded.lt('1900-01-01'),
          p.seen.ge(new Date(Date.UTC(2024, 4, 17))),
          p.flag.eq(new Uint8Array([1, 255])),
          p.elevation.lt(100),
        ),
      ),
    String.raw`SELECT * FROM places WHERE founded < '1900-01-01' AND seen >= '2024-05-17T00:00:00Z'
     AND flag = CAST('\x01ff' AS BLOB) AND elevation < 100`,
  ],
  'an empty list holds nothing': [() => places().where((p) => p.id.in([])), 'SELECT * FROM places WHERE FALSE'],
  'a select list with expressions': [
    () =>
      places().select((p) => ({
        name: p.name,
        people: p.population.coalesce(0).times(2).minus(1),
        label: p.name.upper().concat(' in ', p.country.coalesce('?')),
        size: caseWhen(p.population.gt(1_000_000), 'city').when(p.capital, 'seat').otherwise('place'),
        year: p.founded.extract('year'),
        later: p.seen.plusInterval('90 days'),
        text: p.population.cast('text'),
        half: p.population.dividedBy(2),
        none: caseWhen(p.capital, 1).end(),
      })),
    `SELECT name, coalesce(population, 0) * 2 - 1 AS people, upper(name) || ' in ' || coalesce(country, '?') AS label,
     CASE WHEN population > 1000000 THEN 'city' WHEN capital THEN 'seat' ELSE 'place' END AS size, extract(year FROM founded) AS year,
     seen + INTERVAL '90 days' AS later, CAST(population AS TEXT) AS text, population / 2 AS half,
     CASE WHEN capital THEN 1 ELSE NULL END AS none FROM places`,
  ],
  'order, limit, offset': [
    () =>
      places()
        .orderBy((p) => [p.population.desc().nullsLast(), p.name])
        .limit(20)
        .offset(5),
    'SELECT * FROM places ORDER BY population DESC NULLS LAST, name LIMIT 20 OFFSET 5',
  ],
  'an alias that hides a column': [
    () =>
      places()
        .select((p) => ({ name: p.kind }))
        .orderBy((p) => p.name),
    'SELECT kind AS name FROM places ORDER BY places.name',
  ],
  'order by a column of the result': [
    () =>
      places()
        .select((p) => ({ name: p.kind, n: p.id.plus(1) }))
        .orderBy('name')
        .orderBy('n', 'desc'),
    'SELECT kind AS name, id + 1 AS n FROM places ORDER BY name, n DESC',
  ],
  distinct: [
    () =>
      places()
        .select((p) => ({ c: p.country }))
        .distinct()
        .orderBy((p) => [p.country.desc()]),
    'SELECT DISTINCT country AS c FROM places ORDER BY places.country DESC',
  ],
  'groups, aggregates, having': [
    () =>
      places()
        .groupBy((p) => ({ country: p.country }))
        .aggregate((p) => ({
          n: count(),
          top: p.population.max(),
          kinds: p.kind.countDistinct(),
          towns: count().filter(p.kind.eq('town')),
          names: stringAgg(p.name, ', '),
          any: boolOr(p.capital),
          mean: p.elevation.avg(),
        }))
        .having((p) => count().gt(5).and(p.population.max().gt(1000)))
        .orderBy('n', 'desc')
        .orderBy((p) => [p.population.sum().desc()]),
    `SELECT country, count(*) AS n, max(population) AS top, count(DISTINCT kind) AS kinds, count(*) FILTER (WHERE kind = 'town') AS towns,
     string_agg(name, ', ') AS names, bool_or(capital) AS any, avg(elevation) AS mean FROM places GROUP BY country
     HAVING count(*) > 5 AND max(population) > 1000 ORDER BY n DESC, sum(population) DESC`,
  ],
  'one row in all': [
    () => places().aggregate((p) => ({ n: count(), sum: p.population.sum() })),
    'SELECT count(*) AS n, sum(population) AS sum FROM places',
  ],
  'a grouped primary key decides its row': [
    () =>
      countries('c')
        .join<{ country: string }>('places', 'p', (c, p) => c.code.eq(p.country))
        .groupBy((c) => ({ code: c.code }))
        .extend((c) => ({ name: c.name, n: count() })),
    'SELECT c.code, c.name, count(*) AS n FROM countries c JOIN places p ON c.code = p.country GROUP BY c.code',
  ],
  'groups that are numbers': [
    () =>
      places()
        .groupBy(() => ({ one: value(1) }))
        .aggregate(() => ({ n: count() })),
    'SELECT 1 AS one, count(*) AS n FROM places GROUP BY CAST(1 AS INTEGER)',
  ],
  'joins of each kind': [
    () =>
      places('p')
        .join<{ code: string }>('countries', 'c', (p, c) => p.country.eq(c.code))
        .leftJoin<{ place: number; guests: number }>('visits', 'v', (p, _c, v) => v.place.eq(p.id).and(v.guests.gt(0)))
        .rightJoin<{ code: string }>('countries', 'd', (p, _c, _v, d) => d.code.eq(p.kind))
        .fullJoin<{ code: string }>('countries', 'e', (p, _c, _v, _d, e) => e.code.eq(p.country))
        .crossJoin('visits', 'w')
        .where((p, c, v) => or(c.code.eq('FJ'), v.guests.isNull(), p.name.eq('Suva'))),
    `SELECT * FROM places p JOIN countries c ON p.country = c.code LEFT JOIN visits v ON v.place = p.id AND v.guests > 0
     RIGHT JOIN countries d ON d.code = p.kind FULL JOIN countries e ON e.code = p.country CROSS JOIN visits w WHERE c.code = 'FJ' OR v.guests IS NULL OR p.name = 'Suva'`,
  ],
  'a search by column': [
    () =>
      places()
        .match('about', 'harbour -old')
        .orderByScore()
        .limit(3)
        .extend(() => ({ score: score() })),
    "SELECT *, score() AS score FROM places WHERE MATCH(about, 'harbour -old') ORDER BY score() DESC LIMIT 3",
  ],
  'excerpts of what a search found': [
    () =>
      places()
        .match('places_text', 'harbour')
        .select((p) => ({ h: highlight(p.about, '<b>', '</b>'), s: snippet(p.name, 5) })),
    "SELECT highlight(about, '<b>', '</b>') AS h, snippet(name, 5) AS s FROM places WHERE MATCH(places_text, 'harbour')",
  ],
  'a search by index': [
    () => places().match('places_text', 'name:suva harbour'),
    "SELECT * FROM places WHERE MATCH(places_text, 'name:suva harbour')",
  ],
  'a search by the second index of a column, and by an expression': [
    () => places().where(() => or(match('places_about', 'x'), match('places_lower', 'y'))),
    "SELECT * FROM places WHERE MATCH(places_about, 'x') OR MATCH(places_lower, 'y')",
  ],
  'a search in a join': [
    () =>
      places('p')
        .join<{ code: string; about: string }>('countries', 'c', (p, c) => p.country.eq(c.code))
        .where((_p, c) => c.about.matches(param('words')))
        .select((p) => ({ name: p.name, s: score() })),
    'SELECT p.name, score() AS s FROM places p JOIN countries c ON p.country = c.code WHERE MATCH(c.about, $words)',
  ],
  maps: [
    () =>
      places()
        .near('location', [178.44, -18.14], { metres: 50_000 })
        .within('location', envelope(170, -20, -170, 0))
        .where((p) => p.location.distanceTo(point(1, 2)).lt(1e6))
        .orderByDistance('location', [178.44, -18.14])
        .select((p) => ({ far: distance(p.location, [0, 0]) })),
    `SELECT st_distance(location, st_point(0, 0)) AS far FROM places WHERE st_dwithin(location, st_point(178.44, -18.14), 50000)
     AND st_within(location, st_makeenvelope(170, -20, -170, 0)) AND st_distance(location, st_point(1, 2)) < 1000000
     ORDER BY st_distance(location, st_point(178.44, -18.14))`,
  ],
  GeoJSON: [
    () =>
      places()
        .within('location', harbour as never)
        .where((p) => p.location.within(p.area as never)),
    `SELECT * FROM places WHERE st_within(location, CAST('${JSON.stringify(harbour)}' AS GEOMETRY)) AND st_within(location, area)`,
  ],
  'functions and columns by name': [
    () =>
      places().where(() =>
        fn<string>('initcap', column('name')).eq('Suva').and(column<number>('places.Odd name').gt(1)),
      ),
    `SELECT * FROM places WHERE initcap(name) = 'Suva' AND "Odd name" > 1`,
  ],
  parameters: [
    () =>
      places()
        .where((p) =>
          and(p.population.gt(param('least')), p.id.in(param<number[]>('ids')), not(p.name.like(param('a')))),
        )
        .limit(param('n')),
    'SELECT * FROM places WHERE population > $least AND id IN $ids AND NOT (name LIKE $a) LIMIT $n',
  ],
  'sub-queries': [
    () =>
      places('p').where((p) =>
        and(
          p.country.in(
            countries('c')
              .where((c) => c.people.gt(p.population))
              .select((c) => ({ code: c.code })),
          ),
          not(exists(anyTable('visits', 'v').where((v) => v['place']!.eq(p.id)))),
          p.population.gt(scalar(places('q').aggregate((q) => ({ a: q.population.avg() })))),
        ),
      ),
    `SELECT * FROM places p WHERE p.country IN (SELECT c.code FROM countries c WHERE c.people > p.population)
     AND NOT EXISTS (SELECT * FROM visits v WHERE v.place = p.id) AND p.population > (SELECT avg(q.population) AS a FROM places q)`,
  ],
  'an aggregate of the query around': [
    () =>
      places('p')
        .groupBy((p) => ({ kind: p.kind }))
        .aggregate((p) => ({
          people: scalar(
            countries('c')
              .where((c) => c.people.gt(p.id.count().filter(p.capital)))
              .aggregate((c) => ({ x: c.people.plus(p.population.max()).sum() })),
          ),
        })),
    `SELECT p.kind AS kind, (SELECT sum(c.people + max(p.population)) AS x FROM countries c
     WHERE c.people > count(p.id) FILTER (WHERE p.capital)) AS people FROM places p GROUP BY p.kind`,
  ],
  'a query inside itself': [
    () => {
      const all = places();
      return all.where((p) => exists(all.where((q) => q.country.eq(p.country).and(q.id.ne(p.id)))));
    },
    'SELECT * FROM places WHERE EXISTS (SELECT * FROM places q WHERE q.country = places.country AND q.id <> places.id)',
  ],
  'two queries deep': [
    () =>
      places('p').where((p) =>
        exists(
          countries('c').where((c) =>
            exists(anyTable('visits', 'v').where((v) => v['place']!.eq(p.id).and(c.code.eq(p.country)))),
          ),
        ),
      ),
    `SELECT * FROM places p WHERE EXISTS (SELECT * FROM countries c WHERE EXISTS (SELECT * FROM visits v WHERE v.place = p.id AND c.code = p.country))`,
  ],
  'a query as a table': [
    () =>
      from(
        runner,
        places()
          .groupBy((p) => ({ country: p.country }))
          .aggregate(() => ({ n: count() })),
        'x',
      )
        .join<{ code: string; name: string }>('countries', 'c', (x, c) => x.country.eq(c.code))
        .where((x) => x.n.gt(3))
        .select((x, c) => ({ name: c.name, n: x.n })),
    `SELECT c.name, x.n FROM (SELECT places.country, count(*) AS n FROM places GROUP BY places.country) x
     JOIN countries c ON x.country = c.code WHERE x.n > 3`,
  ],
  'a correlated query as a table of a sub-query': [
    () =>
      places('p').where((p) =>
        exists(
          from(
            runner,
            countries('c').where((c) => c.code.eq(p.country)),
            'd',
          ).where((d) => d.people.gt(p.population)),
        ),
      ),
    `SELECT * FROM places p WHERE EXISTS (SELECT * FROM (SELECT * FROM countries c WHERE c.code = p.country) d WHERE d.people > p.population)`,
  ],
  'set operations': [
    () =>
      places()
        .select((p) => ({ name: p.name, size: p.population }))
        .union(countries().select((c) => ({ name: c.name, size: c.people })))
        .except(places('q').select((q) => ({ name: q.name, size: q.elevation })))
        .orderBy('size', 'desc')
        .limit(3),
    `((SELECT places.name, places.population AS size FROM places) UNION (SELECT countries.name, countries.people AS size FROM countries))
     EXCEPT (SELECT q.name, q.elevation AS size FROM places q) ORDER BY size DESC LIMIT 3`,
  ],
  'values of the types of the other side': [
    () =>
      places()
        .select((p) => ({ day: p.founded, n: p.population, f: p.elevation, none: value(null) }))
        .union(
          places().select(() => ({ day: value('2024-05-17'), n: value(null), f: value(5), none: value('x') })) as never,
        ),
    `(SELECT founded AS day, population AS n, elevation AS f, NULL AS none FROM places) UNION
     (SELECT '2024-05-17' AS day, NULL AS n, 5 AS f, 'x' AS none FROM places)`,
  ],
  'all of both, and of one': [
    () => {
      const names = places().select((p) => ({ n: p.name }));
      return names.intersectAll(names).exceptAll(names.where((p) => p.name.like('a!%', '!')));
    },
    `((SELECT name AS n FROM places) INTERSECT ALL (SELECT name AS n FROM places)) EXCEPT ALL
     (SELECT name AS n FROM places WHERE name LIKE 'a!%' ESCAPE '!')`,
  ],
  'a side with its own limit': [
    () => {
      const one = places()
        .select((p) => ({ n: p.name }))
        .orderBy('n')
        .limit(1);
      return one.unionAll(one).intersect(one);
    },
    `((SELECT places.name AS n FROM places ORDER BY n LIMIT 1) UNION ALL (SELECT places.name AS n FROM places ORDER BY n LIMIT 1))
     INTERSECT (SELECT places.name AS n FROM places ORDER BY n LIMIT 1)`,
  ],
};

describe('lowering', () => {
  for (const [name, [make, sql]] of Object.entries(cases)) {
    it(`${name}: as in text`, () => {
      expect(meaning(lowered(make()))).toEqual(meaning(bound(sql)));
    });
    it(`${name}: prints text that means the same`, () => {
      const query = make();
      expect(meaning(bound(query.toSQL()))).toEqual(meaning(lowered(query)));
    });
  }
});

describe('parameters', () => {
  it('are slots in order of appearance, with the types of their places', () => {
    const query = places().where((p) =>
      p.population
        .gt(param('least'))
        .and(p.name.eq(param('name')))
        .and(p.id.ne(param('least'))),
    );
    const { query: made, parameterNames } = lowered(query);
    expect(parameterNames).toEqual(['least', 'name']);
    expect(made.parameters).toEqual(['integer', 'text']);
  });

  it('take the type of the value at hand where the place allows', () => {
    const query = places().where((p) => p.population.gt(param('least')));
    const given = query.lower(catalog, (_, name) => (name === 'least' ? 'real' : undefined));
    expect(given.query.parameters).toEqual(['real']);
    expect(given.typedByValue).toEqual([0]);
  });

  it('widen their places for the values at hand as in text', () => {
    const given = (type: Type) => (_: number, name: string | undefined) => (name === 'x' ? type : undefined);
    const listed = places().where((p) => p.population.in(param<number[]>('x')));
    const inside = anyTable('places').where(() => fn<boolean>('st_within', point(1, 2), param('x')));
    for (const [query, text, type] of [
      [listed, 'SELECT * FROM places WHERE population = ANY ($x)', 'real[]'],
      [inside, 'SELECT * FROM places WHERE ST_Within(ST_Point(1, 2), $x)', 'geometry'],
    ] as const) {
      const built = query.lower(catalog, given(type));
      const written = bound(text, { given: given(type) });
      expect(built.query.parameters).toEqual([type]);
      expect(written.query.parameters).toEqual([type]);
      expect(built.typedByValue).toEqual(written.typedByValue);
    }
  });

  it('compared with themselves have one type', () => {
    const query = places().where(() => param<number>('x').eq(param('x')));
    const { query: made } = query.lower(catalog, () => 'integer');
    expect(made.parameters).toEqual(['integer']);
    expect(JSON.stringify(made.plan)).not.toContain('"cast"');
  });

  it('are found in sub-queries and in the select list', () => {
    const inner = countries('c')
      .where((c) => c.name.eq(param('b')))
      .select((c) => ({ code: c.code }));
    const query = places()
      .where((p) => p.country.in(inner))
      .extend(() => ({ x: param<string>('a') }))
      .limit(param('n'));
    expect([...lowered(query).parameterNames].sort()).toEqual(['a', 'b', 'n']);
  });
});

describe('hints', () => {
  it('add up and reach the query', () => {
    const query = places('p')
      .hint({ noIndexes: true })
      .hint({ join: 'hash', joinOrder: ['p'] });
    expect(lowered(query).query.hints).toEqual({ noIndexes: true, join: 'hash', joinOrder: ['p'] });
  });

  it('of queries inside count, too, where the outer says nothing else', () => {
    const inner = countries('c').hint({ indexes: { c: ['x'], p: ['y'] }, joinOrder: ['c'], join: 'lookup' });
    const query = places('p')
      .hint({ indexes: { p: [] }, join: 'hash', joinOrder: ['p'] })
      .where(() => exists(inner));
    const expected = { indexes: { c: ['x'], p: [] }, join: 'hash', joinOrder: ['p', 'c'] };
    expect(lowered(query).query.hints).toEqual(expected);
    expect(lowered(query.union(places())).query.hints).toEqual(expected);
  });
});
