// What sets W-TinyLFU apart: the sketch, admission, the climbing window, thinned hits.

import { describe, expect, test } from 'vitest';
import { createPolicy, idHash, PolicyEntry } from '../../src/cache/index.js';
import { FrequencySketch } from '../../src/cache/frequency-sketch.js';
import { HillClimber } from '../../src/cache/hill-climber.js';

function owner(name: 'lru' | 'w-tinylfu', budget: number, seed = 1) {
  const held = new Map<number, PolicyEntry>();
  const policy = createPolicy(name, { budget, seed, evict: (entry: PolicyEntry) => void held.delete(entry.id) });
  const access = (id: number): boolean => {
    const entry = held.get(id);
    if (entry !== undefined) {
      policy.hit(entry);
      return true;
    }
    const added = new PolicyEntry(id, idHash(id), 1);
    held.set(id, added);
    policy.add(added);
    return false;
  };
  return { held, policy, access };
}

describe('frequency sketch', () => {
  test('never estimates below the count, saturates at 15, and is mostly exact when not overfull', () => {
    const sketch = new FrequencySketch(5);
    sketch.reserve(1000);
    for (let key = 0; key < 500; key++) for (let i = 0; i < key % 20; i++) sketch.increment(key, 1);
    let exact = 0;
    for (let key = 0; key < 500; key++) {
      const count = Math.min(key % 20, 15);
      expect(sketch.frequency(key)).toBeGreaterThanOrEqual(count);
      if (sketch.frequency(key) === count) exact++;
    }
    expect(exact).toBeGreaterThan(480);
  });

  test('keeps every estimate when it grows', () => {
    const sketch = new FrequencySketch(9);
    for (let key = 0; key < 30; key++) for (let i = 0; i < key % 9; i++) sketch.increment(key * 7, 1);
    const before = Array.from({ length: 30 }, (_, key) => sketch.frequency(key * 7));
    sketch.reserve(100_000);
    expect(Array.from({ length: 30 }, (_, key) => sketch.frequency(key * 7))).toEqual(before);
  });

  test('halves its counts with age, so that former favourites fade', () => {
    const sketch = new FrequencySketch(3);
    sketch.increment(1, 9);
    sketch.increment(1, 9);
    expect(sketch.frequency(1)).toBe(15);
    for (let i = 0; i < 2000; i++) sketch.increment(1000 + i, 1);
    expect(sketch.frequency(1)).toBeLessThan(8);
  });

  test('clear forgets', () => {
    const sketch = new FrequencySketch(3);
    sketch.increment(1, 1);
    sketch.clear();
    expect(sketch.frequency(1)).toBe(0);
  });
});

describe('admission', () => {
  test('a scan does not push out what is in use, as it does with LRU', () => {
    const tiny = owner('w-tinylfu', 100);
    const plain = owner('lru', 100);
    for (const cache of [tiny, plain]) {
      for (let round = 0; round < 20; round++) for (let id = 0; id < 50; id++) cache.access(id);
      for (let id = 1000; id < 3000; id++) cache.access(id);
    }
    const kept = (held: Map<number, PolicyEntry>): number => [...held.keys()].filter((id) => id < 50).length;
    expect(kept(tiny.held)).toBeGreaterThan(45);
    expect(kept(plain.held)).toBe(0);
  });

  test('now and then lets a warm candidate in past more frequent entries, so that inflated counts cannot lock the cache', () => {
    const blocks = 10_000;
    const { held, access } = owner('w-tinylfu', blocks);
    for (let round = 0; round < 11; round++) {
      for (let id = 0; id < blocks; id++) {
        access(id);
        // a miss in between, lest the hits be thinned
        if (id % 500 === 0) access(2_000_000 + round * blocks + id);
      }
    }
    const before = [...held.keys()].filter((id) => id < blocks).length;
    for (let round = 0; round < 7; round++) for (let id = 0; id < 1000; id++) access(1_000_000 + id);
    const lost = before - [...held.keys()].filter((id) => id < blocks).length;
    // the window alone takes a hundredth of the cache, and the main area would give way to none of these
    expect(lost).toBeGreaterThan(110);
    expect(lost).toBeLessThan(200);
  });

  test('the same seed repeats a run exactly', () => {
    const run = (): number[] => {
      const { held, access } = owner('w-tinylfu', 50, 99);
      for (let i = 0; i < 20_000; i++) access((Math.imul(i, 2654435761) % 97) ^ (i >>> 6));
      return [...held.keys()];
    };
    expect(run()).toEqual(run());
  });
});

describe('window', () => {
  test('grows where recency pays: every key is used twice in close succession and never again', () => {
    const { policy, access } = owner('w-tinylfu', 500);
    const first = policy.stats().target!;
    for (let i = 0; i < 100_000; i++) {
      access(i);
      if (i >= 100) access(i - 100);
    }
    expect(policy.stats().target!).toBeGreaterThan(10 * first);
  });

  test('does not rest at a bound while nothing hits', () => {
    const climber = new HillClimber(1000);
    let most = 0;
    for (let i = 0; i < 100_000; i++) {
      climber.miss(1000);
      most = Math.max(most, climber.window);
    }
    expect(most).toBeGreaterThan(300);
  });

  test('climbs toward the better hit rate and stays within its bounds', () => {
    const climber = new HillClimber(1000);
    // the hit rate is best at a window of 400
    for (let sample = 0; sample < 200; sample++) {
      const rate = 0.8 - Math.abs(climber.window - 400) / 2000;
      climber.hit(Math.round(100_000 * rate));
      const window = climber.window;
      for (let miss = Math.round(100_000 * (1 - rate)); miss > 0 && climber.window === window; miss--)
        climber.miss(10_000);
      expect(climber.window).toBeGreaterThanOrEqual(10);
      expect(climber.window).toBeLessThanOrEqual(800);
    }
    expect(Math.abs(climber.window - 400)).toBeLessThan(100);
  });
});

describe('thinned hits', () => {
  test('after a long run of hits the entries in use still outlive a scan', () => {
    const { held, access } = owner('w-tinylfu', 1000);
    for (let id = 0; id < 1000; id++) access(id);
    for (let round = 0; round < 1000; round++) for (let id = 500; id < 1000; id++) access(id);
    for (let id = 10_000; id < 10_500; id++) access(id);
    expect([...held.keys()].filter((id) => id >= 500 && id < 1000).length).toBeGreaterThan(480);
  });
});
