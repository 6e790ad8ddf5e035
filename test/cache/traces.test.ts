// Hit rates on public traces against published figures (sources in test/data/traces/README.md).

import { describe, expect, test } from 'vitest';
import type { PolicyName } from '../../src/cache/index.js';
import { hits, lirsTrace, oltpTrace } from './traces.js';
import type { LirsTrace } from './traces.js';

const oltp = oltpTrace();

function percent(policy: PolicyName, trace: readonly number[], budget: number, seed?: number): number {
  return (100 * hits(policy, trace, budget, seed)) / trace.length;
}

/** Mean over seeds: a single run of W-TinyLFU depends on which keys collide in the sketch. */
function meanPercent(policy: PolicyName, trace: readonly number[], budget: number, seeds: number): number {
  let sum = 0;
  for (let seed = 1; seed <= seeds; seed++) sum += percent(policy, trace, budget, 7919 * seed);
  return sum / seeds;
}

describe('OLTP', () => {
  test('the trace is the published one', () => {
    expect(oltp.length).toBe(914_145);
    expect(new Set(oltp).size).toBe(186_880);
  });

  // the ARC paper prints 32.83, 42.47, 53.65, 60.70, 64.63
  test.each([
    [1000, 300_122],
    [2000, 388_235],
    [5000, 490_443],
    [10_000, 554_906],
    [15_000, 590_851],
  ])('LRU of %i blocks hits exactly', (blocks, count) => {
    expect(hits('lru', oltp, blocks)).toBe(count);
  });

  // the paper prints 38.93 at 1,000; an independent program with a real-valued target gives 38.95
  test.each([
    [1000, 38.95],
    [2000, 46.08],
    [5000, 55.25],
    [10_000, 61.87],
    [15_000, 65.4],
  ])('ARC of %i blocks hits %f %', (blocks, published) => {
    expect(percent('arc', oltp, blocks)).toBeCloseTo(published, 2);
  });

  test('SLRU of 1,000 blocks', () => {
    expect(percent('slru', oltp, 1000)).toBeCloseTo(37.52, 2);
  });

  test('W-TinyLFU of 1,000 blocks reaches the rate of a climbing window, far above that of a fixed one (35.6)', () => {
    expect(meanPercent('w-tinylfu', oltp, 1000, 3)).toBeGreaterThan(39.6);
  });

  test('CLOCK-Pro of 1,000 blocks beats LRU', () => {
    expect(percent('clock-pro', oltp, 1000)).toBeGreaterThan(35);
  });
});

describe('LIRS traces', () => {
  test('SLRU on multi1', () => {
    expect(percent('slru', lirsTrace('multi1'), 1000)).toBeCloseTo(49.74, 2);
  });

  test('W-TinyLFU on multi1 and gli', () => {
    expect(meanPercent('w-tinylfu', lirsTrace('multi1'), 1000, 5)).toBeGreaterThan(68.0);
    expect(meanPercent('w-tinylfu', lirsTrace('gli'), 1000, 5)).toBeGreaterThan(50.3);
  });

  // By the author's own program, whose cold target is fixed at 5 %: [blocks, percent].
  const published: Record<LirsTrace, readonly (readonly [number, number])[]> = {
    multi1: [
      [500, 55.55],
      [1000, 67.52],
      [1500, 79.57],
      [2000, 83.3],
    ],
    multi2: [
      [500, 49.53],
      [1000, 56.71],
      [1500, 64.54],
      [2000, 70.2],
    ],
    multi3: [
      [500, 40.28],
      [1000, 51.86],
      [2000, 61.64],
    ],
    sprite: [
      [200, 46.32],
      [400, 70.28],
      [600, 81.41],
      [800, 86.3],
      [1000, 88.41],
    ],
    '2_pools': [
      [100, 46.21],
      [200, 50.36],
      [400, 51.4],
      [500, 51.92],
    ],
    gli: [
      [500, 31.87],
      [1000, 50.06],
      [1500, 53.55],
      [2000, 57.96],
    ],
    ps: [
      [1000, 65.48],
      [2000, 70.49],
    ],
  };

  test('CLOCK-Pro with its adaptive cold target: above the fixed one on average, nowhere a point below', () => {
    let sum = 0;
    let points = 0;
    for (const name of Object.keys(published) as LirsTrace[]) {
      const trace = lirsTrace(name);
      for (const [blocks, figure] of published[name]) {
        const difference = percent('clock-pro', trace, blocks) - figure;
        expect(difference, `${name} at ${blocks}`).toBeGreaterThan(-0.9);
        sum += difference;
        points++;
      }
    }
    expect(points).toBe(26);
    expect(sum / points).toBeGreaterThan(0.35);
  });
});
