// What every replacement policy and every cache must do. For each implementation of `Policy` or `Cache`, ours or yours:
// run all cases with a function that makes one. Independent of any test framework; a failure is an AssertionError.

import assert from 'node:assert/strict';
import { idHash, PolicyEntry } from '../cache/index.js';
import type { Cache, Policy, PolicyOptions } from '../cache/index.js';

export type MakePolicy = (options: PolicyOptions<PolicyEntry>) => Policy<PolicyEntry>;
export type MakeCache = (options: {
  readonly budget: number;
  weigh(value: number): number;
}) => Cache<number | string, number>;

export interface ConformanceCase<Make> {
  readonly name: string;
  run(make: Make): void;
}

/**
 * The suite of replacement policies.
 *
 * @example
 * for (const { name, run } of policyCases) test(name, () => run((options) => new MyPolicy(options)));
 */
export const policyCases: readonly ConformanceCase<MakePolicy>[] = [
  {
    name: 'evicts nothing while everything fits',
    run(make) {
      const host = new Host(make, 100);
      for (let id = 0; id < 100; id++) host.add(id, 1);
      for (let id = 0; id < 100; id++) host.use(id);
      assert.equal(host.held.size, 100);
      assert.equal(host.policy.stats().evictions, 0);
      host.checkAll();
    },
  },
  {
    name: 'does not take an entry heavier than the budget, and keeps the others',
    run(make) {
      const host = new Host(make, 100);
      host.add(1, 60);
      host.add(2, 101);
      assert.deepEqual([...host.held.keys()], [1]);
      assert.equal(host.policy.stats().oversize, 1);
      host.resize(1, 1000);
      assert.equal(host.held.size, 0);
      assert.equal(host.policy.stats().oversize, 2);
      host.checkAll();
    },
  },
  {
    name: 'an entry may weigh the whole budget',
    run(make) {
      const host = new Host(make, 100);
      host.add(1, 100);
      assert.equal(host.held.size, 1);
      host.resize(1, 0);
      host.resize(1, 100);
      assert.equal(host.held.size, 1);
      host.checkAll();
    },
  },
  {
    name: 'a budget of zero holds only what weighs nothing',
    run(make) {
      const host = new Host(make, 0);
      for (let id = 0; id < 50; id++) host.add(id, id % 2);
      host.checkAll();
      for (const entry of host.held.values()) assert.equal(entry.weight, 0);
    },
  },
  {
    name: 'evicts down to the budget when an entry grows',
    run(make) {
      const host = new Host(make, 100);
      for (let id = 0; id < 10; id++) host.add(id, 10);
      for (let id = 0; id < 10; id++) if (host.held.has(id)) host.resize(id, 55);
      host.checkAll();
      assert.ok(host.held.size <= 1);
    },
  },
  {
    name: 'ignores what it does not hold, and refuses to hold an entry twice',
    run(make) {
      const host = new Host(make, 10);
      const stranger = new PolicyEntry(1, 1, 3);
      host.policy.hit(stranger);
      host.policy.remove(stranger);
      host.policy.resize(stranger, 4);
      assert.equal(stranger.weight, 4);
      assert.equal(host.policy.bytes, 0);
      host.add(2, 5);
      assert.throws(() => host.policy.add(host.held.get(2)!), { code: 'BUG' });
      host.checkAll();
    },
  },
  {
    name: 'refuses weights that are not whole numbers of bytes, and changes nothing',
    run(make) {
      const host = new Host(make, 10);
      host.add(1, 5);
      for (const weight of [-1, 0.5, Number.NaN, Infinity]) {
        assert.throws(() => host.policy.add(new PolicyEntry(2, 2, weight)), { code: 'BUG' });
        assert.throws(() => host.policy.resize(host.held.get(1)!, weight), { code: 'BUG' });
      }
      host.checkAll();
    },
  },
  {
    name: 'keeps an entry that is used after every miss',
    run(make) {
      const host = new Host(make, 100);
      host.add(-1, 1);
      for (let id = 0; id < 5000; id++) {
        host.use(-1);
        host.add(id, 1);
        assert.ok(host.held.has(-1), `lost after ${id} misses`);
      }
    },
  },
  {
    name: 'uses its whole budget once it was full',
    run(make) {
      const host = new Host(make, 100);
      for (let id = 0; id < 5000; id++) {
        host.add(id, 1);
        if (id % 3 === 0 && host.held.has(id - 20)) host.use(id - 20);
        if (id >= 99) assert.equal(host.policy.bytes, 100);
      }
    },
  },
  {
    name: 'clear lets go of everything without evict, and the entries may come again',
    run(make) {
      const host = new Host(make, 100);
      for (let id = 0; id < 300; id++) host.add(id, 1);
      const evictions = host.policy.stats().evictions;
      const entries = [...host.held.values()];
      host.clear();
      for (const entry of entries) assertFree(entry);
      assert.equal(host.policy.stats().evictions, evictions);
      assert.equal(host.policy.stats().ghosts, 0);
      for (const entry of entries) host.addEntry(entry);
      assert.equal(host.held.size, entries.length);
      host.checkAll();
    },
  },
  {
    name: 'remembers a bounded number of evicted keys',
    run(make) {
      const host = new Host(make, 20_000);
      for (let id = 0; id < 40_000; id++) {
        host.add(id, 1);
        if (id < 20_000) host.use(id);
      }
      // few heavy entries in the place of many light ones, whose memory alone would fit into the budget
      for (let id = 40_000; id < 40_020; id++) {
        host.add(id, 15_000);
        const { ghosts, entries } = host.policy.stats();
        assert.ok(ghosts <= 2 * entries + 4096, `${ghosts} ghosts beside ${entries} entries`);
      }
    },
  },
  ...[
    { name: 'equal weights', budget: 200, ids: 600, weight: () => 1, shared: false },
    { name: 'many weights, zero and over the budget', budget: 5000, ids: 400, weight: anyWeight, shared: false },
    { name: 'weights near the budget', budget: 10, ids: 50, weight: (r: number) => Math.floor(r * 12), shared: false },
    { name: 'keys that share an id', budget: 300, ids: 200, weight: (r: number) => Math.floor(r * 5), shared: true },
  ].map(({ name, budget, ids, weight, shared }) => ({
    name: `loses no entry and keeps none twice in 100,000 random operations: ${name}`,
    run(make: MakePolicy) {
      const random = randomNumbers(ids);
      const host = new Host(make, budget, shared ? 7 : 1);
      for (let i = 0; i < 100_000; i++) {
        const choice = random();
        // the square makes some keys much more frequent than others
        const key = Math.floor(random() ** 2 * ids);
        if (choice < 0.0002) host.clear();
        else if (!host.held.has(key)) host.add(key, weight(random()));
        else if (choice < 0.85) host.use(key);
        else if (choice < 0.95) host.resize(key, weight(random()));
        else host.remove(key);
        if (i % 997 === 0) host.checkAll();
      }
      host.checkAll();
    },
  })),
];

/** The suite of caches. The cache is free to forget, never to answer with anything but the key's latest value. */
export const cacheCases: readonly ConformanceCase<MakeCache>[] = [
  {
    name: 'get answers what was set, delete and clear forget it',
    run(make) {
      const cache = make({ budget: 1000, weigh: () => 1 });
      assert.equal(cache.get('a'), undefined);
      cache.set('a', 1);
      cache.set(7, 2);
      assert.equal(cache.get('a'), 1);
      assert.equal(cache.get(7), 2);
      assert.equal(cache.get('7'), undefined);
      cache.set('a', 3);
      assert.equal(cache.get('a'), 3);
      assert.equal(cache.delete('a'), true);
      assert.equal(cache.delete('a'), false);
      assert.equal(cache.get('a'), undefined);
      cache.clear();
      assert.equal(cache.get(7), undefined);
      assert.equal(cache.stats().bytes, 0);
      assert.equal(cache.stats().entries, 0);
    },
  },
  {
    name: 'counts hits and misses',
    run(make) {
      const cache = make({ budget: 10, weigh: () => 1 });
      cache.get(1);
      cache.set(1, 1);
      cache.get(1);
      cache.get(1);
      const { hits, misses, bytes, entries } = cache.stats();
      assert.deepEqual({ hits, misses, bytes, entries }, { hits: 2, misses: 1, bytes: 1, entries: 1 });
    },
  },
  {
    name: 'a value that has become too heavy takes the former one with it',
    run(make) {
      const cache = make({ budget: 100, weigh: (value) => value });
      cache.set('a', 50);
      cache.set('a', 101);
      assert.equal(cache.get('a'), undefined);
      assert.equal(cache.stats().bytes, 0);
    },
  },
  {
    name: 'refuses a weight that is not a whole number, and keeps what it had',
    run(make) {
      const cache = make({ budget: 100, weigh: (value) => value });
      cache.set('a', 50);
      assert.throws(() => cache.set('a', 0.5), { code: 'INVALID_ARGUMENT' });
      assert.throws(() => cache.set('b', -1), { code: 'INVALID_ARGUMENT' });
      assert.equal(cache.get('a'), 50);
      assert.equal(cache.get('b'), undefined);
    },
  },
  {
    name: 'never answers with a former value in 100,000 random operations, and stays within its budget',
    run(make) {
      const random = randomNumbers(42);
      const cache = make({ budget: 2000, weigh: (value) => value % 50 });
      const latest = new Map<number | string, number>();
      let found = 0;
      for (let i = 0; i < 100_000; i++) {
        const number = Math.floor(random() ** 2 * 500);
        const key = number % 3 === 0 ? `k${number}` : number;
        const choice = random();
        if (choice < 0.6) {
          const value = cache.get(key);
          if (value !== undefined) {
            assert.equal(value, latest.get(key));
            found++;
          }
        } else if (choice < 0.95) {
          cache.set(key, i);
          latest.set(key, i);
        } else {
          cache.delete(key);
          latest.delete(key);
        }
        assert.ok(cache.stats().bytes <= 2000);
      }
      assert.ok(found > 10_000, `only ${found} hits`);
    },
  },
];

/** An owner that knows what the policy ought to hold, and checks it after every call. */
class Host {
  readonly policy: Policy<PolicyEntry>;
  readonly held = new Map<number, PolicyEntry>();
  private readonly keyOf = new Map<PolicyEntry, number>();
  private bytes = 0;
  private evictions = 0;
  /** The weight that the entry of a running call will have. */
  private pending: { readonly entry: PolicyEntry; readonly weight: number } | undefined;

  /** @param share how many keys have the same id and hash */
  constructor(
    make: MakePolicy,
    private readonly budget: number,
    private readonly share = 1,
  ) {
    this.policy = make({ budget, seed: 1, evict: (entry) => this.onEvict(entry) });
    assert.equal(this.policy.budget, budget);
  }

  add(key: number, weight: number): void {
    const id = Math.floor(key / this.share);
    const entry = new PolicyEntry(id, idHash(id), weight);
    this.keyOf.set(entry, key);
    this.addEntry(entry);
  }

  addEntry(entry: PolicyEntry): void {
    this.held.set(this.key(entry), entry);
    this.bytes += entry.weight;
    this.policy.add(entry);
    this.check();
  }

  use(key: number): void {
    this.policy.hit(this.held.get(key)!);
    this.check();
  }

  resize(key: number, weight: number): void {
    const entry = this.held.get(key)!;
    this.bytes += weight - entry.weight;
    this.pending = { entry, weight };
    this.policy.resize(entry, weight);
    this.pending = undefined;
    assert.equal(entry.weight, weight);
    this.check();
  }

  remove(key: number): void {
    const entry = this.held.get(key);
    if (entry === undefined) return;
    this.held.delete(key);
    this.bytes -= entry.weight;
    this.policy.remove(entry);
    assertFree(entry);
    this.check();
  }

  clear(): void {
    this.held.clear();
    this.bytes = 0;
    this.policy.clear();
    this.check();
  }

  /** Every held entry is in a queue and in a closed chain, and the sums are right. */
  checkAll(): void {
    this.check();
    let bytes = 0;
    for (const entry of this.held.values()) {
      assert.notEqual(entry.queue, 0, 'an entry was lost');
      assert.equal(entry.next.prev, entry, 'broken link');
      assert.equal(entry.prev.next, entry, 'broken link');
      bytes += entry.weight;
    }
    assert.equal(this.policy.bytes, bytes);
    const stats = this.policy.stats();
    assert.equal(stats.bytes, bytes);
    assert.equal(stats.entries, this.held.size);
    assert.equal(stats.evictions, this.evictions);
    assert.equal(stats.budget, this.budget);
  }

  private check(): void {
    if (this.policy.bytes > this.budget) assert.fail(`${this.policy.bytes} bytes in a budget of ${this.budget}`);
    if (this.policy.bytes !== this.bytes) assert.equal(this.policy.bytes, this.bytes);
    if (this.policy.size !== this.held.size) assert.equal(this.policy.size, this.held.size);
  }

  private onEvict(entry: PolicyEntry): void {
    const key = this.key(entry);
    assert.equal(this.held.get(key), entry, 'evicted twice, or never added');
    assertFree(entry);
    this.held.delete(key);
    this.bytes -= this.pending?.entry === entry ? this.pending.weight : entry.weight;
    this.evictions++;
  }

  private key(entry: PolicyEntry): number {
    const key = this.keyOf.get(entry);
    assert.ok(key !== undefined, 'evicted an entry that is not the owner’s');
    return key;
  }
}

function assertFree(entry: PolicyEntry): void {
  assert.equal(entry.queue, 0);
  assert.equal(entry.next, entry);
  assert.equal(entry.prev, entry);
}

function anyWeight(r: number): number {
  return r < 0.1 ? 0 : r < 0.12 ? 5001 : Math.floor(2 ** (r * 11));
}

/** Numbers in [0, 1), the same for the same seed (Marsaglia's xorshift32). */
function randomNumbers(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}
