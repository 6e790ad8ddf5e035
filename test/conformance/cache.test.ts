// Runs the cache suite over every policy, and shows that the suite notices planted faults.

import { describe, expect, test } from 'vitest';
import { createPolicy, PolicyCache, POLICY_NAMES } from '../../src/cache/index.js';
import type { Policy, PolicyEntry } from '../../src/cache/index.js';
import { cacheCases, policyCases } from '../../src/conformance/cache.js';
import type { MakePolicy } from '../../src/conformance/cache.js';

describe.each(POLICY_NAMES)('%s', (policy) => {
  test.each(policyCases)('policy: $name', ({ run }) => run((options) => createPolicy(policy, options)));
  test.each(cacheCases)('cache: $name', ({ run }) =>
    run((options) => new PolicyCache<number | string, number>({ policy, seed: 1, ...options })),
  );
});

describe('planted faults are noticed', () => {
  const faults: Record<string, (policy: Policy<PolicyEntry>, evict: (entry: PolicyEntry) => void) => void> = {
    'evict is called for a removed entry': (policy, evict) => {
      const remove = policy.remove.bind(policy);
      policy.remove = (entry) => {
        remove(entry);
        evict(entry);
      };
    },
    'resize does not evict': (policy) => {
      policy.resize = (entry, weight) => {
        entry.weight = weight;
      };
    },
    'clear leaves the links': (policy) => {
      const added: PolicyEntry[] = [];
      const add = policy.add.bind(policy);
      policy.add = (entry) => {
        added.push(entry);
        add(entry);
      };
      const clear = policy.clear.bind(policy);
      policy.clear = () => {
        clear();
        for (const entry of added) entry.queue = 1;
      };
    },
    'an eviction is not reported': (policy) => {
      const add = policy.add.bind(policy);
      policy.add = (entry) => {
        if (policy.bytes + entry.weight <= policy.budget) add(entry);
      };
    },
  };
  test.each(Object.entries(faults))('%s', (_name, plant) => {
    const make: MakePolicy = (options) => {
      const policy = createPolicy('lru', options);
      plant(policy, options.evict);
      return policy;
    };
    const failed = policyCases.filter(({ run }) => {
      try {
        run(make);
        return false;
      } catch {
        return true;
      }
    });
    expect(failed.length).toBeGreaterThan(0);
  });
});
