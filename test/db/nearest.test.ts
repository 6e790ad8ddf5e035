import { expect, it } from 'vitest';
import { open } from '../../src/index.js';

/** A grid of points, some rows without a place. */
function places() {
  const db = open(':memory:');
  db.exec('CREATE TABLE spots (id INTEGER PRIMARY KEY, kind TEXT, at POINT)');
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    id: i,
    kind: i % 7 === 0 ? 'rare' : 'common',
    at: i % 10 === 3 ? null : { type: 'Point', coordinates: [(i % 60) * 0.5 - 15, Math.floor(i / 60) * 0.5 - 10] },
  }));
  db.table('spots').insertMany(rows);
  db.exec('CREATE INDEX spots_at ON spots USING rtree (at); CREATE INDEX spots_kind ON spots USING bitmap (kind)');
  db.analyze();
  return db;
}

const queries = [
  ['SELECT id, ST_Distance(at, ST_Point(1, 1)) AS d FROM spots ORDER BY ST_Distance(at, ST_Point(1, 1)) LIMIT 10', []],
  ["SELECT id, ST_Distance(at, ST_Point(1, 1)) AS d FROM spots WHERE kind = 'rare' ORDER BY d LIMIT 5 OFFSET 3", []],
  // Rows without a place come last, all of them.
  ["SELECT id, ST_Distance(at, ST_Point(1, 1)) AS d FROM spots WHERE kind = 'rare' ORDER BY d LIMIT 10000", []],
  ['SELECT count(*) AS d FROM (SELECT id FROM spots ORDER BY ST_Distance(at, $1) LIMIT 40) AS s', [null]],
] as const;

it.each(queries)('nearest first, with and without the index: %s', (sql, parameters) => {
  using db = places();
  const expected = db.query(sql, parameters, { hints: { noIndexes: true } });
  const found = db.query(sql, parameters);
  expect(found.map((row) => row['d'])).toEqual(expected.map((row) => row['d']));
  expect(new Set(found.map((row) => row['id'])).size).toBe(new Set(expected.map((row) => row['id'])).size);
});

it('walks the R-tree when a few of many are wanted', () => {
  using db = places();
  expect(db.explain(queries[0][0])).toContain('Nearest');
});
