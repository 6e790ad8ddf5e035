// The general cache: keys to values under a byte budget, over any policy.

import { LightningError } from '../errors.js';
import { idHash, keyId } from './key.js';
import type { CacheKey } from './key.js';
import { createPolicy } from './policies.js';
import type { PolicyName } from './policies.js';
import { PolicyEntry } from './policy.js';
import type { Policy, PolicyStats } from './policy.js';

/** A bounded memory of values that can be had again elsewhere: anything may be gone at the next call. */
export interface Cache<K, V> {
  /** The value, or undefined when it is not held. A hit is a use. */
  get(key: K): V | undefined;
  /** Holds the value if the policy finds it worth its place; the key's former value is gone in any case. */
  set(key: K, value: V): void;
  /** True if the key was held. */
  delete(key: K): boolean;
  clear(): void;
  stats(): CacheStats;
}

export interface CacheStats extends PolicyStats {
  /** Calls of `get` that found a value, and that did not. */
  readonly hits: number;
  readonly misses: number;
}

export interface CacheOptions<K, V> {
  readonly policy: PolicyName;
  /** In the unit of `weigh`, which is bytes. */
  readonly budget: number;
  /** The value's weight: a non-negative whole number. What is heavier than the budget is not held. */
  weigh(value: V, key: K): number;
  /** Uint32, for runs that must repeat exactly. */
  readonly seed?: number | undefined;
}

class CacheEntry<K, V> extends PolicyEntry {
  constructor(
    readonly key: K,
    public value: V,
    weight: number,
  ) {
    const id = keyId(key as CacheKey);
    super(id, idHash(id), weight);
  }
}

/**
 * A `Cache` over a Map and a policy.
 *
 * @throws LightningError `INVALID_ARGUMENT` for a budget or weight that is not a non-negative whole number,
 * `UNKNOWN_OPTION` for an unknown policy.
 * @example
 * const cache = new PolicyCache<string, Buffer>({ policy: 'w-tinylfu', budget: 1 << 20, weigh: (b) => b.length + 100 });
 */
export class PolicyCache<K extends CacheKey, V> implements Cache<K, V> {
  private readonly entries = new Map<K, CacheEntry<K, V>>();
  private readonly policy: Policy<CacheEntry<K, V>>;
  private hits = 0;
  private misses = 0;

  constructor(private readonly options: CacheOptions<K, V>) {
    this.policy = createPolicy<CacheEntry<K, V>>(options.policy, {
      budget: options.budget,
      seed: options.seed,
      evict: (entry) => void this.entries.delete(entry.key),
    });
  }

  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) {
      this.misses++;
      return undefined;
    }
    this.hits++;
    this.policy.hit(entry);
    return entry.value;
  }

  set(key: K, value: V): void {
    const weight = this.options.weigh(value, key);
    if (!Number.isSafeInteger(weight) || weight < 0) {
      throw new LightningError('INVALID_ARGUMENT', `a cached value must weigh a whole number of bytes, got ${weight}`);
    }
    const held = this.entries.get(key);
    if (held === undefined) {
      const entry = new CacheEntry(key, value, weight);
      this.entries.set(key, entry);
      this.policy.add(entry);
    } else {
      held.value = value;
      this.policy.hit(held);
      this.policy.resize(held, weight);
    }
  }

  delete(key: K): boolean {
    const entry = this.entries.get(key);
    if (entry === undefined) return false;
    this.policy.remove(entry);
    return this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
    this.policy.clear();
  }

  stats(): CacheStats {
    return { ...this.policy.stats(), hits: this.hits, misses: this.misses };
  }
}
