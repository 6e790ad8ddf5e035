// The planner's promises: estimates are monotone, statistics matter, choices are told, rules can be switched off, planning is quick.

import { describe, expect, test } from 'vitest';
import type { Estimate } from '../../src/catalog/statistics.js';
import { TableEstimator } from '../../src/optimize/cardinality/table.js';
import { Ordinals, toConjuncts } from '../../src/optimize/access/conditions.js';
import { Planning } from '../../src/optimize/planning.js';
import { RULES } from '../../src/optimize/index.js';
import { explainJson, explainText } from '../../src/plan/explain/index.js';
import type { LogicalPlan, Scan } from '../../src/plan/logical.js';
import type { PhysicalPlan } from '../../src/plan/physical.js';
import type { Row } from '../../src/values/types.js';
import { bindQuery, environmentOf, HandMadeCatalog, planOf, rewriteOf } from './catalog.js';
import { stubOffers } from './stub-kinds.js';
import { GAZETTEER } from './gazetteer.js';

const catalog = new HandMadeCatalog(GAZETTEER);

function nodes(plan: PhysicalPlan): PhysicalPlan[] {
  const found: PhysicalPlan[] = [plan];
  for (const key of ['input', 'left', 'right', 'source'] as const) {
    const below = (plan as Partial<Record<typeof key, PhysicalPlan>>)[key];
    if (below !== undefined) found.push(...nodes(below));
  }
  return found;
}

const kindsOf = (sql: string, of = catalog, hints = {}) => nodes(planOf(sql, of, hints).plan).map((n) => n.kind);

describe('estimates', () => {
  const predicates = [
    "kind = 'town'",
    "kind IN ('town', 'city')",
    "country = 'FR'",
    'population > 1000',
    'population > 500000',
    'population < 900000',
    'active',
    "name LIKE 'a%'",
    'rating < 2.5',
    'population IS NOT NULL',
    "(kind = 'city' OR country = 'US')",
    "NOT (kind = 'village')",
  ];

  function estimatesOf(of: HandMadeCatalog): (mask: number) => Estimate {
    const query = bindQuery(`SELECT id FROM places WHERE ${predicates.join(' AND ')}`, of);
    let at: LogicalPlan = query.plan;
    while (at.kind !== 'scan') at = (at as { input: LogicalPlan }).input;
    const scan: Scan = at;
    const planning = new Planning(query, environmentOf(of));
    const filters: LogicalPlan[] = [];
    const collect = (plan: LogicalPlan): void => {
      if (plan.kind === 'filter') filters.push(plan);
      if ('input' in plan) collect(plan.input);
    };
    collect(query.plan);
    const list = toConjuncts(
      filters.map((f) => (f as { predicate: Parameters<typeof toConjuncts>[0][number] }).predicate),
      new Ordinals(scan),
    );
    expect(list).toHaveLength(predicates.length);
    const estimator = new TableEstimator(
      planning,
      scan,
      list.map((c) => c.local),
    );
    return (mask) => estimator.of(mask);
  }

  const withSample = new HandMadeCatalog(GAZETTEER);
  withSample.samples.set(
    'places',
    Array.from({ length: 800 }, (_, i): Row => {
      const kind = i % 10 === 0 ? 'town' : i % 97 === 0 ? 'city' : 'village';
      return [
        i,
        `${i % 3 === 0 ? 'a' : 'b'}${i}`,
        kind,
        i % 20 === 0 ? 'FR' : 'US',
        (i * 7919) % 1_000_000,
        i % 9 !== 0,
        null,
        null,
        (i % 50) / 10,
      ];
    }),
  );

  test.each([
    ['column statistics', catalog],
    ['a sample', withSample],
    ['no statistics', new HandMadeCatalog(GAZETTEER.replace(/^COLUMN.*$/gm, ''))],
  ])('a stricter predicate never gets a larger estimate: %s', (_, of) => {
    const estimate = estimatesOf(of);
    const sets = 1 << predicates.length;
    for (let mask = 1; mask < sets; mask++) {
      const whole = estimate(mask);
      expect(whole.lo).toBeLessThanOrEqual(whole.est);
      expect(whole.est).toBeLessThanOrEqual(whole.hi);
      for (let i = 0; i < predicates.length; i++) {
        if ((mask & (1 << i)) === 0) continue;
        const looser = estimate(mask & ~(1 << i));
        if (whole.est > looser.est + 1e-9)
          expect.fail(`${mask.toString(2)}: ${whole.est} > ${looser.est} without ${predicates[i]}`);
      }
    }
  });

  test('the sample sees what independence cannot', () => {
    const correlated = new HandMadeCatalog(GAZETTEER);
    const rows = Array.from({ length: 1000 }, (_, i): Row => {
      const french = i % 20 === 0;
      return [i, `n${i}`, french ? 'city' : 'village', french ? 'FR' : 'US', i, true, null, null, 1];
    });
    correlated.samples.set('places', rows);
    const sql = "SELECT name FROM places WHERE kind = 'city' AND country = 'FR' AND active";
    const independent = planOf(sql, catalog).plan.expected.rows;
    const seen = planOf(sql, correlated).plan.expected.rows;
    expect(independent.est).toBeLessThan(1_000);
    expect(seen.est).toBeGreaterThan(independent.est * 5);
  });

  test('an exact count from an index takes the place of a guess', () => {
    const counted = new HandMadeCatalog(`${GAZETTEER}\nPROBE places_kind 77`);
    expect(planOf("SELECT name FROM places WHERE kind = 'town'", counted).plan.expected.rows).toMatchObject({
      lo: 77,
      est: 77,
      hi: 77,
    });
  });

  test('peeked parameters steer the estimate and nothing else', () => {
    const sql = 'SELECT rating FROM places WHERE population > $1';
    const most = planOf(sql, catalog, {}, { parameters: [10] }).plan;
    const few = planOf(sql, catalog, {}, { parameters: [999_990] }).plan;
    expect(most.kind).toBe('table-scan');
    expect(few.kind).toBe('row-set-scan');
    expect(JSON.stringify(few)).not.toContain('999990');
  });
});

describe('statistics', () => {
  test.each([
    ['rows', 'ROWS places 1000000', 'ROWS places 3', "SELECT name FROM places WHERE kind = 'city'"],
    [
      'common values',
      'common=village:0.7,town:0.1,city:0.01',
      'common=village:0.01,town:0.1,city:0.99',
      "SELECT p.rating FROM places p JOIN airports a ON a.place = p.id WHERE p.kind = 'city'",
    ],
    [
      'min and max',
      'min=0 max=1000000 nulls=0.1',
      'min=0 max=1000 nulls=0.1',
      'SELECT name FROM places WHERE population < 900',
    ],
    [
      'null fraction',
      'min=0 max=1000000 nulls=0.1',
      'min=0 max=1000000 nulls=0.9999',
      'SELECT name FROM places WHERE population IS NOT NULL',
    ],
    [
      'distinct',
      'COLUMN places.name distinct=700000',
      'COLUMN places.name distinct=1',
      "SELECT kind FROM places WHERE name = 'x'",
    ],
    ['correlation', 'nulls=0.1', 'nulls=0.1 correlation=1', 'SELECT rating FROM places WHERE population > 115000'],
  ])('corrupting %s changes a plan', (_, from, to, sql) => {
    expect(GAZETTEER).toContain(from);
    const text = GAZETTEER.replace(
      'distinct=50000 min=0 max=1000000 nulls=0.1',
      'distinct=50000 min=0 max=1000000 nulls=0.1',
    );
    const before = kindsOf(sql, new HandMadeCatalog(text)).join();
    const after = kindsOf(sql, new HandMadeCatalog(text.replace(from, to))).join();
    expect(after).not.toBe(before);
  });
});

describe('choices', () => {
  test('the chosen path and the rejected ones say why', () => {
    const scan = planOf("SELECT name FROM places WHERE country = 'FR' AND kind = 'city'", catalog).plan;
    const text = explainText(planOf("SELECT name FROM places WHERE country = 'FR' AND kind = 'city'", catalog));
    expect(nodes(scan).some((n) => n.kind === 'row-set-scan')).toBe(true);
    expect(text).toMatch(/\+ and\(.*places_kind.*cheapest/);
    expect(text).toMatch(/- scan .*costs [\d.]+ times the chosen path/);
    expect(text).toMatch(/- places_big \(btree\): the query does not imply the index's predicate active/);
  });

  test('four kinds are intersected where each pays', () => {
    const sql = `SELECT name FROM places WHERE kind = 'town' AND population > 990000 AND MATCH(about, 'sea')
      AND ST_Within(geo, ST_MakeEnvelope(0, 0, 9, 9))`;
    const { plan } = planOf(sql, new HandMadeCatalog(GAZETTEER.replace('ROWS places 1000000', 'ROWS places 20000000')));
    const kinds = new Set(JSON.stringify(plan).match(/"kind":"(rtree|fulltext|bitmap|btree)"/g));
    expect(kinds.size).toBeGreaterThanOrEqual(3);
  });

  test('an index is refused where a scan is cheaper', () => {
    expect(kindsOf('SELECT rating FROM places WHERE population > 10')).toContain('table-scan');
    expect(kindsOf('SELECT rating FROM places WHERE population > 999900')).toContain('row-set-scan');
  });

  test('hints: no indexes, one index, a kind left out', () => {
    const sql = "SELECT name FROM places WHERE country = 'FR' AND kind = 'city'";
    expect(kindsOf(sql, catalog, { noIndexes: true })).toContain('table-scan');
    expect(kindsOf(sql, catalog, { indexes: { places: [] } })).toContain('table-scan');
    const forced = JSON.stringify(planOf(sql, catalog, { indexes: { places: ['places_country_name'] } }).plan);
    expect(forced).toMatch(/"name":"places_country_name"/);
    const without = planOf(sql, catalog, { withoutKinds: ['bitmap'] });
    expect(explainText(without)).toMatch(/places_kind \(bitmap\): kind bitmap is disabled by a hint/);
  });

  test('a join method and an order can be asked for', () => {
    const sql = 'SELECT p.name FROM airports a JOIN places p ON p.id = a.place';
    expect(kindsOf(sql, catalog, { join: 'hash' })).toContain('hash-join');
    expect(kindsOf(sql, catalog, { join: 'lookup' })).toContain('lookup-join');
    expect(kindsOf(sql, catalog, { join: 'nested-loop' })).toContain('nested-loop-join');
  });

  test('NOT over an exact set is a complement only where no NULL can hide', () => {
    const sql = "SELECT id FROM places WHERE NOT starts_with(name, 'abc')";
    const plan = planOf(sql, catalog, { indexes: { places: [] } }).plan;
    expect(plan.kind).toBe('table-scan');
  });

  test('JSON says what the text says', () => {
    const query = planOf("SELECT name FROM places WHERE kind = 'city'", catalog);
    const measured = new Map<object, { rows: number; loops: number; ns: number }>();
    for (const node of nodes(query.plan)) measured.set(node, { rows: 12, loops: 1, ns: 5_000 });
    const json = explainJson(query, measured);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(explainText(query, measured)).toContain('actual rows=12 time=5.0 us');
    expect(json.plan.actual).toEqual({ rows: 12, loops: 1, ns: 5_000 });
  });
});

describe('rules', () => {
  // Each query makes its rule fire; switched off, it does not.
  const firing: Readonly<Record<string, string>> = {
    'fold-constants': 'SELECT id FROM places WHERE population > 1 + 1',
    'push-not': 'SELECT id FROM places WHERE NOT (population > 1)',
    'simplify-booleans': 'SELECT id FROM places WHERE active = TRUE',
    'canonical-comparison': 'SELECT id FROM places WHERE 5 < population',
    'eliminate-empty': 'SELECT id FROM places WHERE FALSE',
    'merge-filters': "SELECT v.id FROM (SELECT id, kind FROM places WHERE active) v WHERE v.kind = 'town'",
    'unnest-subqueries': 'SELECT name FROM countries WHERE code IN (SELECT country FROM airports)',
    'join-scalar-subqueries':
      'SELECT code FROM countries c WHERE (SELECT count(*) FROM countries d WHERE d.language = c.language) > 1',
    'turn-left-join-inner':
      "SELECT p.id FROM places p LEFT JOIN countries c ON c.code = p.country WHERE c.continent = 'Europe'",
    'turn-full-join-left':
      "SELECT p.id FROM places p FULL JOIN countries c ON c.code = p.country WHERE p.kind = 'town'",
    'infer-equalities': "SELECT p.id FROM places p JOIN countries c ON c.code = p.country WHERE c.code = 'FR'",
    'push-filter-below-project': "SELECT v.x FROM (SELECT upper(name) AS x FROM places) v WHERE v.x = 'A'",
    'push-filter-below-aggregate': "SELECT kind, sum(population) FROM places GROUP BY kind HAVING kind = 'town'",
    'push-filter-below-set-operation':
      "SELECT u.n FROM (SELECT name AS n FROM places UNION SELECT name FROM countries) u WHERE u.n = 'x'",
    'push-filter-below-distinct': "SELECT v.kind FROM (SELECT DISTINCT kind FROM places) v WHERE v.kind = 'town'",
    'push-filter-into-join': "SELECT p.id FROM places p, countries c WHERE p.country = c.code AND p.kind = 'town'",
    'push-condition-below-join':
      "SELECT p.id FROM places p LEFT JOIN countries c ON c.code = p.country AND c.continent = 'Europe'",
    'remove-redundant-distinct': 'SELECT DISTINCT id, name FROM places',
    'remove-redundant-sort': 'SELECT count(*) FROM (SELECT id FROM places ORDER BY name) v',
    'remove-redundant-project': 'SELECT v.id FROM (SELECT id, name FROM places) v',
    'push-limit-below-project': 'SELECT v.x FROM (SELECT upper(name) AS x FROM places) v LIMIT 3',
    'prune-columns': 'SELECT v.k FROM (SELECT kind AS k, sum(population) AS s FROM places GROUP BY kind) v',
  };

  test('every rule has a query', () => {
    expect(Object.keys(firing).sort()).toEqual(RULES.map((r) => r.name).sort());
  });

  test.each(Object.entries(firing))('%s fires, and can be disabled', (rule, sql) => {
    expect([...rewriteOf(sql, catalog).trace.keys()]).toContain(rule);
    expect([...rewriteOf(sql, catalog, { disabledRules: [rule] }).trace.keys()]).not.toContain(rule);
  });

  test.each([
    [
      'NOT IN over a nullable column stays',
      'SELECT name FROM countries WHERE code NOT IN (SELECT country FROM places)',
      'unnest-subqueries',
    ],
    [
      'a filter does not pass LIMIT',
      "SELECT v.id FROM (SELECT id, kind FROM places LIMIT 5) v WHERE v.kind = 'town'",
      'push-filter-below-distinct',
    ],
    [
      'a left join stays under IS NULL',
      'SELECT p.id FROM places p LEFT JOIN countries c ON c.code = p.country WHERE c.continent IS NULL',
      'turn-left-join-inner',
    ],
    [
      'what can raise is not pushed',
      'SELECT p.id FROM places p JOIN airports a ON a.place = p.id WHERE 10 / p.population > 1',
      'push-filter-into-join',
    ],
    [
      'the right side of a left join is not filtered from above',
      "SELECT p.id FROM places p LEFT JOIN countries c ON c.code = p.country WHERE c.language = 'x' OR p.active",
      'push-filter-into-join',
    ],
  ])('%s', (_, sql, rule) => {
    expect([...rewriteOf(sql, catalog).trace.keys()]).not.toContain(rule);
  });
});

describe('time', () => {
  test('indexes are asked once for the same conditions, whatever asks for paths; twelve tables do not explode', () => {
    const asked: string[] = [];
    const counting: typeof stubOffers = (index, table, constraints, from) => {
      asked.push(`${index.name} ${constraints.map((c) => JSON.stringify(c)).join()}`);
      return stubOffers(index, table, constraints, from);
    };
    const sql = `SELECT p.kind, count(*) AS n FROM airports a JOIN places p ON p.id = a.place JOIN countries c ON c.code = a.country
      WHERE c.language = 'French' AND p.kind = 'town' AND p.population > 1000 GROUP BY p.kind ORDER BY n LIMIT 10`;
    planOf(sql, catalog, {}, { offers: counting });
    expect(asked.length).toBeGreaterThan(5);
    expect(new Set(asked).size).toBe(asked.length);

    const names = Array.from({ length: 12 }, (_, i) => `a${i}`);
    const joins = names.slice(1).map((n, i) => `JOIN airports ${n} ON ${n}.place = ${names[i]!}.place`);
    asked.length = 0;
    planOf(`SELECT a0.iata FROM airports a0 ${joins.join(' ')}`, catalog, {}, { offers: counting });
    expect(asked.length).toBeLessThan(200);
  });
});
