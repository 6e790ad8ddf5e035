import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Box } from '../../src/geo/index.js';
import {
  boxContains,
  boxDistance,
  boxesIntersect,
  boxHolds,
  circleBoxes,
  edgeDistance,
  EARTH_RADIUS,
  hilbert,
  sphereDistance,
} from '../../src/geo/index.js';
import { hilbertOfCell } from '../../src/geo/hilbert.js';

const lon = fc.double({ min: -180, max: 180, noNaN: true });
const lat = fc.double({ min: -90, max: 90, noNaN: true });
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const box = fc.tuple(lon, lat, lon, lat).map(([w, a, e, b]): Box => ({ w, s: Math.min(a, b), e, n: Math.max(a, b) }));

/** A point of a box, by two fractions. */
function pointIn({ w, s, e, n }: Box, x: number, y: number): [number, number] {
  const width = w <= e ? e - w : e - w + 360;
  const at = w + x * width;
  return [at > 180 ? at - 360 : at, s + y * (n - s)];
}

/** A point from a start, a bearing and a distance. */
function destination(fromLon: number, fromLat: number, bearing: number, metres: number): [number, number] {
  const angle = metres / EARTH_RADIUS;
  const phi = (fromLat * Math.PI) / 180;
  const sin = Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing);
  const y = Math.sin(bearing) * Math.sin(angle) * Math.cos(phi);
  const x = Math.cos(angle) - Math.sin(phi) * sin;
  const at = fromLon + (Math.atan2(y, x) * 180) / Math.PI;
  return [((at + 540) % 360) - 180, (Math.asin(Math.max(-1, Math.min(1, sin))) * 180) / Math.PI];
}

describe('distances on the sphere', () => {
  it('knows a few', () => {
    expect(sphereDistance(0, 0, 180, 0)).toBeCloseTo(Math.PI * EARTH_RADIUS, 3);
    expect(sphereDistance(179.5, 0, -179.5, 0)).toBeCloseTo((Math.PI / 180) * EARTH_RADIUS, 3);
    expect(sphereDistance(12, 90, -70, 90)).toBeCloseTo(0, 6);
    expect(sphereDistance(2.3488, 48.85341, -0.12574, 51.50853)).toBeCloseTo(343_556, -3);
    expect(edgeDistance(5, 1, 0, 0, 10, 0)).toBeCloseTo(sphereDistance(5, 1, 5, 0), 6);
    expect(edgeDistance(-179, 0, 170, -5, 179, 5)).toBeLessThan(sphereDistance(-179, 0, 179, 5));
  });

  it('is symmetric and keeps the triangle inequality', () => {
    fc.assert(
      fc.property(lon, lat, lon, lat, lon, lat, (a, b, c, d, e, f) => {
        expect(sphereDistance(a, b, c, d)).toBe(sphereDistance(c, d, a, b));
        expect(sphereDistance(a, b, e, f)).toBeLessThanOrEqual(
          sphereDistance(a, b, c, d) + sphereDistance(c, d, e, f) + 1,
        );
      }),
    );
  });

  it('to an edge is the least to its points', () => {
    fc.assert(
      fc.property(lon, lat, lon, lat, lon, lat, (x, y, x1, y1, x2, y2) => {
        const found = edgeDistance(x, y, x1, y1, x2, y2);
        let sampled = Infinity;
        for (let i = 0; i <= 400; i++) {
          const t = i / 400;
          sampled = Math.min(sampled, sphereDistance(x, y, x1 + t * (x2 - x1), y1 + t * (y2 - y1)));
        }
        const step = (Math.hypot(x2 - x1, y2 - y1) / 800) * 111_200;
        expect(found).toBeLessThanOrEqual(sampled + 0.01);
        expect(found).toBeGreaterThanOrEqual(sampled - step - 0.01);
      }),
      { numRuns: 300 },
    );
  });

  it('boxes of a circle lose no point of it and do not cross the antimeridian', () => {
    const metres = fc.oneof(
      fc.double({ min: 0, max: 2e7, noNaN: true }),
      fc.double({ min: 0, max: 1000, noNaN: true }),
    );
    fc.assert(
      fc.property(lon, lat, metres, unit, unit, (x, y, radius, bearing, share) => {
        const boxes = circleBoxes(x, y, radius);
        for (const part of boxes) expect(part.w <= part.e && part.w >= -180 && part.e <= 180).toBe(true);
        const [px, py] = destination(x, y, bearing * 2 * Math.PI, radius * Math.sqrt(share));
        if (sphereDistance(x, y, px, py) > radius) return;
        expect(boxes.some((part) => boxHolds(part, px, py))).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(circleBoxes(0, 89.9, 50_000)).toEqual([expect.objectContaining({ w: -180, e: 180, n: 90 })]);
    expect(circleBoxes(0, 0, 1000)).toHaveLength(1);
    expect(circleBoxes(180, 0, 1000)).toHaveLength(2);
  });

  it('to a box is a lower bound that its nearest point reaches', () => {
    fc.assert(
      fc.property(lon, lat, box, unit, unit, (x, y, area, u, v) => {
        const bound = boxDistance(x, y, area);
        const [px, py] = pointIn(area, u, v);
        expect(bound).toBeLessThanOrEqual(sphereDistance(x, y, px, py));
        let nearest = Infinity;
        for (let i = 0; i <= 60; i++) {
          const share = i / 60;
          for (const [a, b] of [
            pointIn(area, 0, share),
            pointIn(area, 1, share),
            pointIn(area, share, 0),
            pointIn(area, share, 1),
          ] as const) {
            nearest = Math.min(nearest, sphereDistance(x, y, a, b));
          }
        }
        if (boxHolds(area, x, y)) nearest = 0;
        expect(bound).toBeGreaterThanOrEqual(nearest - (360 / 60) * 111_200);
      }),
      { numRuns: 3000 },
    );
    expect(boxDistance(0, 0, { w: 10, s: -5, e: 20, n: 5 })).toBeCloseTo(sphereDistance(0, 0, 10, 0), 3);
    expect(boxDistance(-179, 0, { w: 170, s: -5, e: -178, n: 5 })).toBe(0);
  });
});

describe('boxes', () => {
  it('intersect exactly when they share a point, and contain every point of what they contain', () => {
    fc.assert(
      fc.property(box, box, unit, unit, (a, b, u, v) => {
        const [x, y] = pointIn(b, u, v);
        if (boxHolds(b, x, y) && boxHolds(a, x, y)) expect(boxesIntersect(a, b)).toBe(true);
        if (boxContains(a, b)) expect(boxHolds(b, x, y) && !boxHolds(a, x, y)).toBe(false);
        if (boxContains(a, b)) expect(boxesIntersect(a, b)).toBe(true);
        expect(boxesIntersect(a, b)).toBe(boxesIntersect(b, a));
      }),
      { numRuns: 2000 },
    );
    expect(boxesIntersect({ w: 170, s: 0, e: -170, n: 1 }, { w: -175, s: 0, e: 0, n: 1 })).toBe(true);
    expect(boxesIntersect({ w: 170, s: 0, e: -170, n: 1 }, { w: -169, s: 0, e: 169, n: 1 })).toBe(false);
  });
});

describe('the Hilbert curve', () => {
  it('visits every cell once, neighbour after neighbour', () => {
    const order = 32;
    const cells: [number, number][] = [];
    // The curve of order 16 restricted to the lowest cells is one of order 5.
    for (let x = 0; x < order; x++) for (let y = 0; y < order; y++) cells[hilbertOfCell(x, y)] = [x, y];
    expect(Object.keys(cells)).toHaveLength(order * order);
    for (let i = 1; i < cells.length; i++) {
      const [[x1, y1], [x2, y2]] = [cells[i - 1] ?? [NaN, NaN], cells[i] ?? [NaN, NaN]];
      expect(Math.abs(x1 - x2) + Math.abs(y1 - y2)).toBe(1);
    }
  });

  it('gives 32 unsigned bits over the whole globe', () => {
    fc.assert(
      fc.property(lon, lat, (x, y) => {
        const index = hilbert(x, y);
        expect(Number.isInteger(index) && index >= 0 && index < 2 ** 32).toBe(true);
      }),
    );
    expect(hilbert(-180, -90)).toBe(0);
    expect(hilbert(180, -90)).toBe(2 ** 32 - 1);
  });
});
