// Lookups through a handle, for each kind of index, against the rows.

import { describe, expect, it } from 'vitest';
import { errorOf, expectCode, openTest } from './support.js';

interface Place {
  id: number;
  kind: string | null;
  size: number | null;
  name: string;
  at: { type: 'Point'; coordinates: number[] } | null;
}

const places: Place[] = Array.from({ length: 2500 }, (_, id) => ({
  id,
  kind: id % 11 === 0 ? null : `kind ${id % 7}`,
  size: id % 13 === 0 ? null : (id * 7919) % 1000,
  name: `place ${id % 50} ${id % 3 === 0 ? 'harbour' : 'hill'}`,
  at: id % 10 === 0 ? null : { type: 'Point', coordinates: [(id % 360) - 180, (id % 180) - 90] },
}));

function table() {
  const db = openTest();
  db.exec(`CREATE TABLE places (id INTEGER PRIMARY KEY, kind TEXT, size INTEGER, name TEXT, at POINT);
    CREATE INDEX by_size ON places (size, id); CREATE INDEX falling ON places (size DESC);
    CREATE INDEX by_name ON places USING hash (name, kind); CREATE INDEX by_kind ON places USING bitmap (kind);
    CREATE INDEX by_place ON places USING rtree (at); CREATE INDEX by_text ON places USING fulltext (name);
    CREATE INDEX big ON places (kind) WHERE size > 900; CREATE INDEX upper ON places (upper(kind)); CREATE INDEX doubt ON places USING bloom (size)`);
  db.table('places').insertMany(places);
  return { db, places: db.table<Place>('places') };
}

const ids = (rows: readonly { id: number }[]) => rows.map((row) => row.id);
const where = (test: (place: Place) => boolean) => ids(places.filter(test));

describe('keys', () => {
  it('get, count and rowIds find the same rows', () => {
    const { places: handle } = table();
    const cases: [string, unknown[], (place: Place) => boolean][] = [
      ['places_pkey', [17], (p) => p.id === 17],
      ['by_size', [7], (p) => p.size === 7],
      ['by_size', [7, 1753], (p) => p.size === 7 && p.id === 1753],
      ['by_size', [null], (p) => p.size === null],
      ['falling', [500], (p) => p.size === 500],
      ['by_name', ['place 3 harbour', 'kind 3'], (p) => p.name === 'place 3 harbour' && p.kind === 'kind 3'],
      ['by_name', ['place 0 harbour', null], (p) => p.name === 'place 0 harbour' && p.kind === null],
      ['by_kind', ['kind 2'], (p) => p.kind === 'kind 2'],
      ['by_kind', [null], (p) => p.kind === null],
      ['big', ['kind 2'], (p) => p.kind === 'kind 2' && p.size !== null && p.size > 900],
      ['upper', ['KIND 2'], (p) => p.kind === 'kind 2'],
      ['by_kind', ['no such kind'], () => false],
    ];
    for (const [name, key, test] of cases) {
      const index = handle.index(name);
      expect(ids(index.get(...key)), `${name} ${key.join()}`).toEqual(where(test));
      expect(index.count(...key), name).toBe(where(test).length);
      expect([...index.rowIds(...key)], name).toEqual(where(test));
    }
  });

  it('count without a key is the number of entries, of any kind', () => {
    const { places: handle } = table();
    for (const name of ['places_pkey', 'by_size', 'by_name', 'by_kind', 'by_text', 'doubt']) {
      expect(handle.index(name).count(), name).toBe(places.length);
    }
    expect(handle.index('by_place').count()).toBe(where((p) => p.at !== null).length);
    expect(handle.index('big').count()).toBe(where((p) => (p.size ?? 0) > 900).length);
  });

  it('ranges are in key order, and leave NULLs out', () => {
    const { places: handle } = table();
    const sorted = places.filter((p) => p.size !== null).sort((a, b) => a.size! - b.size! || a.id - b.id);
    const between = (low: number, high: number) => ids(sorted.filter((p) => p.size! >= low && p.size! <= high));
    const range = (bounds: object) => ids(handle.index('by_size').range(bounds));
    expect(range({ gte: 100, lte: 110 })).toEqual(between(100, 110));
    expect(range({ gt: 100, lt: 110 })).toEqual(between(101, 109));
    expect(range({ lt: 3 })).toEqual(between(0, 2));
    expect(range({ gte: 997 })).toEqual(between(997, 1000));
    expect(range({ gte: 100, lte: 110, reverse: true, limit: 4 })).toEqual(between(100, 110).reverse().slice(0, 4));
    expect(range({ gt: 5, lt: 5 })).toEqual([]);
    expect(range({ limit: 0 })).toEqual([]);
    expect(range({})).toHaveLength(places.length);
    expect(
      handle
        .index('falling')
        .range({ gte: 990, lt: 993 })
        .map((p) => p.size),
    ).toEqual(
      sorted
        .map((p) => p.size!)
        .filter((size) => size >= 990 && size < 993)
        .reverse(),
    );
    expect(ids(handle.index('places_pkey').range({ gt: 5, lte: 8 }))).toEqual([6, 7, 8]);
  });
});

describe('near and search', () => {
  it('near gives the nearest first, with their distances', () => {
    const { db, places: handle } = table();
    const point = { type: 'Point', coordinates: [10, 20] };
    const index = handle.index('by_place');
    const wanted = db.query<{ id: number; metres: number }>(
      'SELECT id, ST_Distance(at, $1) AS metres FROM places WHERE at IS NOT NULL ORDER BY ST_Distance(at, $1), id',
      [point],
      { hints: { noIndexes: true } },
    );
    const found = index.near([10, 20], { limit: 25 });
    expect(found.map((p) => p.distance)).toEqual(wanted.slice(0, 25).map((p) => p.metres));
    expect(ids(index.near(point, { limit: 25 }))).toEqual(ids(wanted.slice(0, 25)));
    const within = wanted.filter((p) => p.metres <= 500_000);
    expect(ids(index.near(point, { metres: 500_000 }))).toEqual(ids(within));
    expect(index.near(point, { metres: 500_000, limit: 2 })).toHaveLength(Math.min(2, within.length));
    expect(index.near(point, { limit: 0 })).toEqual([]);
    expect(index.near(point)).toHaveLength(wanted.length);
  });

  it('within gives the rows in an area, which points and other geometries alike lie in', () => {
    const { db, places: handle } = table();
    const inside = (area: object) =>
      ids(
        db.query('SELECT id FROM places WHERE ST_Within(at, CAST($1 AS GEOMETRY)) ORDER BY id', [area], {
          hints: { noIndexes: true },
        }),
      );
    const box = {
      type: 'Polygon',
      coordinates: [
        [
          [-20, 60],
          [30, 60],
          [30, 90],
          [-20, 90],
          [-20, 60],
        ],
      ],
    };
    const index = handle.index('by_place');
    expect(ids(index.within([-20, 60, 30, 90]))).toEqual(inside(box));
    expect(ids(index.within(box, { limit: 3 }))).toEqual(inside(box).slice(0, 3));
    expect(inside(box).length).toBeGreaterThan(20);
    expect(index.within([170, -90, -170, 90]).every((p) => Math.abs(p.at!.coordinates[0]!) > 170)).toBe(true);
    db.exec(
      'CREATE TABLE shapes (id INTEGER PRIMARY KEY, shape GEOMETRY); CREATE INDEX by_shape ON shapes USING rtree (shape)',
    );
    const triangle = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [10, 0],
          [0, 10],
          [0, 0],
        ],
      ],
    };
    db.table('shapes').insertMany([
      {
        id: 1,
        shape: {
          type: 'LineString',
          coordinates: [
            [1, 1],
            [4, 4],
          ],
        },
      },
      {
        id: 2,
        shape: {
          type: 'LineString',
          coordinates: [
            [6, 6],
            [7, 7],
          ],
        },
      },
      { id: 3, shape: { type: 'MultiPoint', coordinates: [] } },
      { id: 4, shape: null },
    ]);
    expect(db.table('shapes').index('by_shape').within(triangle)).toMatchObject([{ id: 1 }]);
    for (const wrong of [[1, 2, 3], [0, 10, 5, 0], [0, null, 5, 0], [0, 'x', 5, 9], 'x', 5]) {
      expect(errorOf(() => index.within(wrong)).kind).toBe('input');
    }
    expectCode('INVALID_ARGUMENT', () => handle.index('by_size').within([0, 0, 1, 1]));
  });

  it('search gives the best matches first', () => {
    const { places: handle } = table();
    const found = handle.index('by_text').search('harbour', { limit: 5 });
    expect(found).toHaveLength(5);
    expect(found.every((p) => p.name.includes('harbour') && p.score > 0)).toBe(true);
    expect(handle.index('by_text').search('harbour')).toHaveLength(where((p) => p.id % 3 === 0).length);
    expect(handle.index('by_text').search('nothing')).toEqual([]);
    expect(handle.index('by_text').search('harbour', { limit: 0 })).toEqual([]);
  });
});

it('a handle follows its table, inside transactions too, until the index is dropped', () => {
  const { db, places: handle } = table();
  const index = handle.index('by_kind');
  db.transaction(() => {
    handle.insert({ id: 9000, kind: 'inside' });
    expect(ids(index.get('inside'))).toEqual([9000]);
    db.exec("UPDATE places SET kind = 'moved' WHERE id = 9000");
    expect([index.count('inside'), index.count('moved')]).toEqual([0, 1]);
  });
  db.exec('DROP INDEX by_kind');
  expectCode('UNKNOWN_INDEX', () => index.get('moved'));
  db.exec('CREATE INDEX by_kind ON places (kind)');
  expect(ids(index.get('moved'))).toEqual([9000]);
  db.exec('DROP TABLE places');
  expectCode('UNKNOWN_TABLE', () => index.get('moved'));
  expect(errorOf(() => handle.count()).code).toBe('UNKNOWN_TABLE');
});

it('table methods report what they did', () => {
  const { places: handle } = table();
  const seen: object[] = [];
  const more = Array.from({ length: 5000 }, (_, i) => ({ id: 10_000 + i }));
  expect(handle.insertMany(more, { onProgress: (progress) => seen.push(progress) })).toBe(5000);
  expect(seen).toEqual([
    { done: 4096, total: 5000 },
    { done: 5000, total: 5000 },
  ]);
  function* generated() {
    yield { id: -1 };
    yield { id: -2 };
  }
  expect(handle.insertMany(generated())).toBe(2);
  expect(handle.insertMany([])).toBe(0);
  expect(() =>
    handle.insertMany([{ id: -3 }], {
      onProgress: () => {
        throw new Error('stop');
      },
    }),
  ).toThrow('stop');
  expect(handle.get(-3)).toBeUndefined();
  expect([handle.update(-1, { kind: 'x' }), handle.update(-77, { kind: 'x' }), handle.update(-1, {})]).toEqual([
    true,
    false,
    true,
  ]);
  expect([handle.delete(-1), handle.delete(-1)]).toEqual([true, false]);
  const row = handle.get(1)!;
  row.name = 'the application may change its rows';
  expect(handle.get(1)).toEqual(places[1]);
  expect(ids([...handle.scan()].slice(0, 3))).toEqual([0, 1, 2]);
});
