// LRU and ARC against straightforward programs over arrays, access by access.

import { describe, expect, test } from 'vitest';
import { createPolicy, idHash, PolicyEntry } from '../../src/cache/index.js';
import type { PolicyName } from '../../src/cache/index.js';

/** A small pseudo-random generator (Marsaglia's xorshift32). */
function randomNumbers(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/** A key for each step: a skewed set, loops, scans of fresh keys, in turns. */
function workload(seed: number, length: number): number[] {
  const random = randomNumbers(seed);
  const keys: number[] = [];
  let fresh = 10_000;
  while (keys.length < length) {
    const kind = Math.floor(random() * 3);
    const run = 20 + Math.floor(random() * 200);
    for (let i = 0; i < run; i++) {
      if (kind === 0) keys.push(Math.floor(random() ** 3 * 300));
      else if (kind === 1) keys.push(1000 + (i % 70));
      else keys.push(fresh++);
    }
  }
  return keys;
}

class Driver {
  readonly held = new Map<number, PolicyEntry>();
  readonly policy;

  constructor(name: PolicyName, budget: number) {
    this.policy = createPolicy(name, { budget, evict: (entry: PolicyEntry) => void this.held.delete(entry.id) });
  }

  access(id: number, weight = 1): boolean {
    const entry = this.held.get(id);
    if (entry !== undefined) {
      this.policy.hit(entry);
      return true;
    }
    const added = new PolicyEntry(id, idHash(id), weight);
    this.held.set(id, added);
    this.policy.add(added);
    return false;
  }
}

/** Figure 4 of the ARC paper over arrays, least recent first. */
class PlainArc {
  t1: number[] = [];
  t2: number[] = [];
  b1: number[] = [];
  b2: number[] = [];
  p = 0;

  constructor(readonly c: number) {}

  access(x: number): boolean {
    const { c } = this;
    if (this.t1.includes(x) || this.t2.includes(x)) {
      this.t1 = this.t1.filter((y) => y !== x);
      this.t2 = [...this.t2.filter((y) => y !== x), x];
      return true;
    }
    if (this.b1.includes(x)) {
      this.p = Math.min(c, this.p + Math.max(this.b2.length / this.b1.length, 1));
      this.replace(x);
      this.b1 = this.b1.filter((y) => y !== x);
      this.t2.push(x);
    } else if (this.b2.includes(x)) {
      this.p = Math.max(0, this.p - Math.max(this.b1.length / this.b2.length, 1));
      this.replace(x);
      this.b2 = this.b2.filter((y) => y !== x);
      this.t2.push(x);
    } else {
      const total = this.t1.length + this.t2.length + this.b1.length + this.b2.length;
      if (this.t1.length + this.b1.length === c) {
        if (this.t1.length < c) {
          this.b1.shift();
          this.replace(x);
        } else {
          this.t1.shift();
        }
      } else if (total >= c) {
        if (total === 2 * c) this.b2.shift();
        this.replace(x);
      }
      this.t1.push(x);
    }
    return false;
  }

  private replace(x: number): void {
    const { t1, t2, p } = this;
    if (t1.length >= 1 && ((this.b2.includes(x) && t1.length === p) || t1.length > p)) this.b1.push(t1.shift()!);
    else this.b2.push(t2.shift()!);
  }
}

describe('ARC', () => {
  test.each([1, 2, 3, 4])('holds what the figure of the paper holds (workload %i)', (seed) => {
    for (const blocks of [1, 2, 7, 60]) {
      const plain = new PlainArc(blocks);
      const driver = new Driver('arc', blocks);
      let step = 0;
      for (const id of workload(seed, 6000)) {
        const expected = plain.access(id);
        if (driver.access(id) !== expected) expect.fail(`step ${step}, ${blocks} blocks: expected ${expected}`);
        if (step++ % 50 !== 0) continue;
        const sorted = [...driver.held.keys()].sort((a, b) => a - b);
        expect(sorted).toEqual([...plain.t1, ...plain.t2].sort((a, b) => a - b));
        expect(driver.policy.stats().target).toBeCloseTo(plain.p, 9);
        expect(driver.policy.stats().ghosts).toBe(plain.b1.length + plain.b2.length);
      }
    }
  });
});

describe('LRU', () => {
  test.each([1, 2, 3])('holds what a plain list holds, with weights, growth and removals (workload %i)', (seed) => {
    const budget = 500;
    const random = randomNumbers(seed * 77);
    const driver = new Driver('lru', budget);
    /** Least recent first. */
    let plain: { id: number; weight: number }[] = [];
    const trim = (): void => {
      while (plain.reduce((sum, entry) => sum + entry.weight, 0) > budget) plain.shift();
    };
    let step = 0;
    for (const id of workload(seed, 6000)) {
      const weight = Math.floor(random() * 20);
      const known = plain.find((entry) => entry.id === id);
      expect(driver.access(id, weight)).toBe(known !== undefined);
      plain = [...plain.filter((entry) => entry.id !== id), known ?? { id, weight }];
      trim();
      const other = plain[Math.floor(random() * plain.length)]!;
      const entry = driver.held.get(other.id)!;
      if (step % 5 === 0) {
        driver.policy.resize(entry, (other.weight = Math.floor(random() * 40)));
        trim();
      } else if (step % 7 === 0) {
        driver.policy.remove(entry);
        driver.held.delete(other.id);
        plain = plain.filter((left) => left !== other);
      }
      if (step++ % 50 === 0) {
        expect([...driver.held.keys()].sort((a, b) => a - b)).toEqual(
          plain.map((left) => left.id).sort((a, b) => a - b),
        );
      }
    }
  });
});
