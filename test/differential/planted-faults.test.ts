// Faults planted in operators, each of which the random cases must find; without them the same cases differ in nothing.

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as AggregateModule from '../../src/exec/aggregate/hash-aggregate.js';
import type * as HashJoinModule from '../../src/exec/join/hash-join.js';
import type { Operator } from '../../src/exec/operator.js';
import type * as SortModule from '../../src/exec/sort/sort.js';
import { Coverage } from './coverage.js';
import { Oracles } from './engines.js';
import type { Theme } from './generate/queries.js';
import { runCases } from './run.js';
import type { Difference } from './run-world.js';

const planted = vi.hoisted(() => ({ fault: 'none' }));

/** What an operator yields, its first batch with rows changed. */
function changed(operator: Operator, change: (rows: readonly number[]) => readonly number[]): Operator {
  return function* (context) {
    let done = false;
    for (const batch of operator(context)) {
      if (done || batch.count === 0) {
        yield batch;
        continue;
      }
      done = true;
      const rows = batch.selection?.slice(0, batch.count) ?? Array.from({ length: batch.length }, (_, i) => i);
      const selection = Uint32Array.from(change([...rows]));
      yield { ...batch, selection, count: selection.length };
    }
  };
}

vi.mock('../../src/exec/join/hash-join.js', async (original) => {
  const own = await original<typeof HashJoinModule>();
  return {
    ...own,
    hashJoin: (...args: Parameters<typeof own.hashJoin>): Operator => {
      const operator = own.hashJoin(...args);
      return planted.fault === 'lost match' ? changed(operator, (rows) => rows.slice(1)) : operator;
    },
  };
});

vi.mock('../../src/exec/sort/sort.js', async (original) => {
  const own = await original<typeof SortModule>();
  const fewer = <P extends { readonly keys: readonly unknown[] }>(plan: P): P =>
    planted.fault === 'ignored key' && plan.keys.length > 1 ? { ...plan, keys: plan.keys.slice(0, -1) } : plan;
  return {
    ...own,
    sort: (plan: Parameters<typeof own.sort>[0], ...rest: Tail<typeof own.sort>) => own.sort(fewer(plan), ...rest),
    topN: (plan: Parameters<typeof own.topN>[0], ...rest: Tail<typeof own.topN>) => own.topN(fewer(plan), ...rest),
  };
});

vi.mock('../../src/exec/aggregate/hash-aggregate.js', async (original) => {
  const own = await original<typeof AggregateModule>();
  return {
    ...own,
    hashAggregate: (...[plan, types, input]: Parameters<typeof own.hashAggregate>): Operator => {
      const twice = planted.fault === 'row counted twice';
      return own.hashAggregate(plan, types, twice ? changed(input, (rows) => [...rows, rows[0]!]) : input);
    },
  };
});

type Tail<F extends (...args: never[]) => unknown> = Parameters<F> extends readonly [unknown, ...infer R] ? R : never;

describe('a fault planted in an operator is found', () => {
  let oracles: Oracles;
  beforeAll(async () => {
    oracles = await Oracles.open();
  }, 120_000);
  afterAll(() => oracles.close());
  afterEach(() => {
    planted.fault = 'none';
  });

  async function first(theme: Theme, cases: number): Promise<Difference | undefined> {
    let found: Difference | undefined;
    await runCases(
      oracles,
      { themes: [theme], cases, seed: 500, largeEvery: 0 },
      new Coverage({ ofPlans: false }),
      (difference) => {
        found = difference;
        return false;
      },
    );
    return found;
  }

  it.each([
    ['lost match', 'joins'],
    ['ignored key', 'queries'],
    ['row counted twice', 'queries'],
  ] as const)(
    '%s',
    async (fault, theme) => {
      planted.fault = fault;
      expect(await first(theme, 600)).toMatchObject({ sign: 'answer' });
      planted.fault = 'none';
      expect(await first(theme, 100)).toBeUndefined();
    },
    300_000,
  );
});
