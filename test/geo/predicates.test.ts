import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Geometry } from '../../src/values/types.js';
import {
  contains,
  covers,
  distance,
  dwithin,
  intersects,
  makeEnvelope,
  makePoint,
  pointDistance,
  preparePolygon,
  sphereDistance,
  within,
} from '../../src/geo/index.js';
import { orientation } from '../../src/geo/orientation.js';
import { relate } from '../../src/geo/relate.js';

const square = (x: number, y: number, size: number): Geometry => makeEnvelope(x, y, x + size, y + size);
const line = (...coordinates: number[][]): Geometry => ({ type: 'LineString', coordinates });
const ring = (x: number, y: number, size: number): number[][] =>
  (square(x, y, size) as { coordinates: number[][][] }).coordinates[0] ?? [];
const holed: Geometry = { type: 'Polygon', coordinates: [ring(0, 0, 10), ring(4, 4, 2)] };
const crescent: Geometry = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [10, 0],
      [10, 10],
      [9, 10],
      [9, 1],
      [1, 1],
      [1, 10],
      [0, 10],
      [0, 0],
    ],
  ],
};

describe('relations, as PostGIS answers them', () => {
  it.each<[string, Geometry, Geometry, string]>([
    // a, b: intersects, within(a, b), contains(a, b), covers(a, b)
    ['point inside', makePoint(1, 1), holed, 'IW'],
    ['point on the edge', makePoint(0, 5), holed, 'I'],
    ['point on a corner', makePoint(10, 10), holed, 'I'],
    ['point on the edge of a hole', makePoint(4, 5), holed, 'I'],
    ['point in a hole', makePoint(5, 5), holed, ''],
    ['polygon and a point on its edge', holed, makePoint(0, 5), 'IV'],
    ['the same point', makePoint(1, 2), makePoint(1, 2), 'IWCV'],
    ['point inside a line', makePoint(1, 1), line([0, 0], [2, 2]), 'IW'],
    ['point at the end of a line', makePoint(0, 0), line([0, 0], [2, 2]), 'I'],
    ['point on a closed line', makePoint(0, 0), line([0, 0], [2, 0], [2, 2], [0, 0]), 'IW'],
    [
      'points inside and on the edge',
      {
        type: 'MultiPoint',
        coordinates: [
          [1, 1],
          [0, 5],
        ],
      },
      holed,
      'IW',
    ],
    [
      'points on the edge',
      {
        type: 'MultiPoint',
        coordinates: [
          [0, 1],
          [0, 5],
        ],
      },
      holed,
      'I',
    ],
    [
      'points inside and outside',
      {
        type: 'MultiPoint',
        coordinates: [
          [1, 1],
          [20, 5],
        ],
      },
      holed,
      'I',
    ],
    ['polygon inside', square(1, 1, 2), holed, 'IW'],
    ['polygon over a hole', square(3, 3, 4), holed, 'I'],
    ['polygon that fills a hole', square(4, 4, 2), holed, 'I'],
    ['polygon inside a hole', square(4.5, 4.5, 1), holed, ''],
    ['polygon with a common edge inside', square(0, 0, 3), holed, 'IW'],
    ['polygon that touches', square(10, 0, 3), holed, 'I'],
    ['polygon apart', square(20, 0, 3), holed, ''],
    ['equal polygons', square(0, 0, 3), square(0, 0, 3), 'IWCV'],
    [
      'corners inside, edge across the notch',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0.2, 9],
            [9.8, 9],
            [5, 0.5],
            [0.2, 9],
          ],
        ],
      },
      crescent,
      'I',
    ],
    ['line inside', line([1, 1], [3, 3]), holed, 'IW'],
    ['line along the edge', line([0, 1], [0, 3]), holed, 'I'],
    ['line across', line([-1, 1], [11, 1]), holed, 'I'],
    ['crossing lines', line([0, 0], [2, 2]), line([0, 2], [2, 0]), 'I'],
    ['a part of a line', line([0.5, 0.5], [1, 1]), line([0, 0], [2, 2]), 'IW'],
    [
      'a collection inside',
      { type: 'GeometryCollection', geometries: [makePoint(0, 5), square(1, 1, 1)] },
      holed,
      'IW',
    ],
    ['an empty collection', { type: 'GeometryCollection', geometries: [] }, holed, ''],
  ])('%s', (_, a, b, expected) => {
    const asCollection = a.type === 'GeometryCollection';
    const found =
      (intersects(a, b) ? 'I' : '') +
      (within(a, b) ? 'W' : '') +
      (!asCollection && contains(a, b) ? 'C' : '') +
      (!asCollection && covers(a, b) ? 'V' : '');
    expect(found).toBe(expected);
    expect(intersects(b, a)).toBe(expected.includes('I'));
    expect(contains(b, a)).toBe(expected.includes('W'));
  });

  it('refuses to ask a collection of several parts what it contains', () => {
    const two: Geometry = { type: 'GeometryCollection', geometries: [square(0, 0, 1), square(1, 0, 1)] };
    expect(() => contains(two, square(0.2, 0.2, 0.1))).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
    expect([0.5, 1.5, 2.5].map((lon) => contains(two, makePoint(lon, 0.5)))).toEqual([true, true, false]);
  });

  it('takes an envelope across the antimeridian as one area', () => {
    const pacific = makeEnvelope(170, -20, -170, 20);
    expect(within(makePoint(180, 0), pacific)).toBe(true);
    expect(within(makePoint(-180, 0), pacific)).toBe(true);
    expect(within(makePoint(-175, 0), pacific)).toBe(true);
    expect(within(makePoint(160, 0), pacific)).toBe(false);
    expect([within(makePoint(180, 20), pacific), intersects(makePoint(-180, 20), pacific)]).toEqual([false, true]);
    expect(within(makePoint(-180, 0), makeEnvelope(170, -20, 180, 20))).toBe(false);
    expect(intersects(makePoint(-180, 0), makeEnvelope(170, -20, 180, 20))).toBe(true);
  });
});

describe('point in polygon', () => {
  it('agrees with jsts on small grids, where points often meet edges', () => {
    const grid = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }));
    // Star-shaped around the centre, so that the ring does not cross itself.
    const polygon = fc
      .uniqueArray(grid, { minLength: 3, maxLength: 20, selector: ([x, y]) => Math.atan2(y - 4.1, x - 4.3) })
      .map((points) => {
        const sorted = points.sort((a, b) => Math.atan2(a[1] - 4.1, a[0] - 4.3) - Math.atan2(b[1] - 4.1, b[0] - 4.3));
        return { type: 'Polygon', coordinates: [[...sorted, sorted[0] as [number, number]]] } satisfies Geometry;
      });
    const seen = new Map<number, number>();
    fc.assert(
      fc.property(polygon, fc.array(grid, { minLength: 10, maxLength: 10 }), (area, points) => {
        const locate = preparePolygon(area);
        for (const [x, y] of points) {
          const matrix = relate(area, makePoint(x, y));
          const expected = matrix.isContains() ? -1 : matrix.isIntersects() ? 0 : 1;
          seen.set(expected, (seen.get(expected) ?? 0) + 1);
          expect(locate(x, y)).toBe(expected);
        }
      }),
      { numRuns: 300 },
    );
    for (const location of [-1, 0, 1]) expect(seen.get(location)).toBeGreaterThan(50);
  });

  it('gives the same answer with many bands as without', () => {
    const coordinates = Array.from({ length: 5000 }, (_, i) => {
      const angle = (i / 5000) * 2 * Math.PI;
      const radius = 20 + 5 * Math.sin(40 * angle);
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
    const locate = preparePolygon({ type: 'Polygon', coordinates: [[...coordinates, coordinates[0] as number[]]] });
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (angle, radius) => {
          const edge = 20 + 5 * Math.sin(40 * angle);
          if (Math.abs(radius - edge) < 0.05) return;
          expect(locate(radius * Math.cos(angle), radius * Math.sin(angle))).toBe(radius < edge ? -1 : 1);
        },
      ),
      { numRuns: 5000 },
    );
    for (const [x, y] of coordinates) expect(locate(x as number, y as number)).toBe(0);
  });

  it('decides sides exactly where doubles cannot', () => {
    expect(orientation(0, 0, 1, 1, 0.5, 0.5)).toBe(0);
    expect(orientation(12, 12, 24, 24, 0.5 + 2 ** -53, 0.5)).toBeLessThan(0);
    expect(orientation(12, 12, 24, 24, 0.5, 0.5 + 2 ** -53)).toBeGreaterThan(0);
    expect(orientation(0.1, 0.1, 0.3, 0.3, 0.2, 0.2)).toBe(0);
    expect(orientation(-5e-324, 0, 5e-324, 0, 0, 5e-324)).toBeGreaterThan(0);
  });
});

it('takes an envelope without height or width for the line or point that it is', () => {
  const diagonal = line([0, 0], [20, 20]);
  expect(intersects(diagonal, makeEnvelope(15, 15, 15, 15))).toBe(true);
  expect(intersects(makeEnvelope(15, 10, 15, 18), diagonal)).toBe(true);
  expect(intersects(makeEnvelope(15, 16, 15, 18), diagonal)).toBe(false);
  expect(intersects(square(0, 0, 10), makeEnvelope(4, 4, 4, 4))).toBe(true);
  expect(intersects(line([179, -1], [179, 1]), makeEnvelope(178, 0, -178, 0))).toBe(true);
  expect(intersects(makeEnvelope(1, 1, 1, 1), makeEnvelope(1, 1, 1, 1))).toBe(true);
  expect(intersects(makeEnvelope(1, 1, 1, 1), makePoint(1, 1))).toBe(true);
});

describe('distance', () => {
  it('is 0 where geometries meet, metres elsewhere, also across the antimeridian', () => {
    expect(distance(makePoint(5, 5), square(0, 0, 10))).toBe(0);
    expect(distance(square(0, 0, 10), square(10, 0, 5))).toBe(0);
    expect(distance(makePoint(5, 5), holed)).toBeCloseTo(sphereDistance(5, 5, 4, 5), -1);
    expect(distance(square(0, 0, 1), square(3, 0, 1))).toBeCloseTo(sphereDistance(1, 1, 3, 1), 0);
    expect(distance(makePoint(-179, 0), makeEnvelope(170, -5, 179, 5))).toBeCloseTo(sphereDistance(0, 0, 2, 0), 3);
    expect(distance(line([0, 0], [10, 0]), line([5, 1], [5, 3]))).toBeCloseTo(sphereDistance(5, 0, 5, 1), 3);
    expect(distance({ type: 'GeometryCollection', geometries: [] }, makePoint(0, 0))).toBeUndefined();
    expect(
      pointDistance(0, 0, {
        type: 'MultiPoint',
        coordinates: [
          [3, 0],
          [0, 1],
        ],
      }),
    ).toBe(sphereDistance(0, 0, 0, 1));
  });

  it('dwithin includes its bound', () => {
    const metres = sphereDistance(0, 0, 1, 1);
    expect(dwithin(makePoint(0, 0), makePoint(1, 1), metres)).toBe(true);
    expect(dwithin(makePoint(0, 0), makePoint(1, 1), metres - 0.001)).toBe(false);
    expect(dwithin(makePoint(0, 0), { type: 'GeometryCollection', geometries: [] }, 1e9)).toBe(false);
  });
});
