// The general cache at its edges: keys, options. Behaviour is covered by the conformance suite.

import { describe, expect, test } from 'vitest';
import { createPolicy, idHash, PolicyCache, POLICY_NAMES } from '../../src/cache/index.js';
import type { PolicyName } from '../../src/cache/index.js';
import { keyId } from '../../src/cache/key.js';

describe('keys', () => {
  test('an integer is its own id, zero has no sign, all ids are safe integers', () => {
    expect(keyId(17)).toBe(17);
    expect(keyId(-3)).toBe(-3);
    expect(Object.is(keyId(-0), 0)).toBe(true);
    for (const key of [0.5, -1e300, NaN, Infinity, 2 ** 60, 'a', '', 'é😀', 10n ** 40n, -5n]) {
      expect(Number.isSafeInteger(keyId(key))).toBe(true);
      expect(keyId(key)).toBeGreaterThanOrEqual(0);
    }
  });

  test('different keys get different ids and well spread hashes', () => {
    const ids = new Set<number>();
    const buckets = new Uint32Array(256);
    for (let i = 0; i < 100_000; i++) {
      ids.add(keyId(`key-${i}`));
      ids.add(keyId(i + 0.5));
      buckets[idHash(i) & 255]!++;
    }
    expect(ids.size).toBe(200_000);
    expect(Math.max(...buckets)).toBeLessThan(2 * Math.min(...buckets));
    expect(idHash(1)).not.toBe(idHash(1 + 2 ** 32));
  });

  test('keys of different types are different keys', () => {
    const cache = new PolicyCache<string | number | bigint, string>({ policy: 'lru', budget: 10, weigh: () => 1 });
    cache.set(1, 'number');
    cache.set('1', 'string');
    cache.set(1n, 'bigint');
    expect([cache.get(1), cache.get('1'), cache.get(1n)]).toEqual(['number', 'string', 'bigint']);
  });
});

describe('options', () => {
  test.each([-1, 0.5, NaN, Infinity])('a budget of %f is refused', (budget) => {
    expect(() => createPolicy('lru', { budget, evict() {} })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  test('an unknown policy is refused by name, with the known ones as hint', () => {
    const make = (): unknown => createPolicy('lfu' as PolicyName, { budget: 1, evict() {} });
    expect(make).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_OPTION', hint: expect.stringContaining('w-tinylfu') }),
    );
  });

  test.each(POLICY_NAMES)('%s names itself', (name) => {
    expect(createPolicy(name, { budget: 1, evict() {} }).name).toBe(name);
    expect(new PolicyCache({ policy: name, budget: 1, weigh: () => 1 }).stats().policy).toBe(name);
  });
});
