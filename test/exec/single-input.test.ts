// Operators of one input against plain loops over rows.

import { describe, expect, it } from 'vitest';
import { call, compare, constant } from '../../src/expr/build.js';
import type { Aggregate, Expr } from '../../src/expr/expression.js';
import type { HashAggregate, LimitPlan, PhysicalPlan, SortPlan, TopN } from '../../src/plan/physical.js';
import type { SortKey } from '../../src/plan/logical.js';
import type { ScalarType, Value } from '../../src/values/types.js';
import { comparator, compareValues } from '../../src/values/index.js';
import { Random } from '../differential/random.js';
import type { Rows, Source } from './support.js';
import {
  contextOf,
  expected,
  inputs,
  keyOf,
  operatorOver,
  randomRows,
  rowsOf,
  run,
  source,
  unordered,
} from './support.js';

const types: readonly ScalarType[] = ['integer', 'text', 'real'];

/** Each case over every shape of input. */
function overInputs(what: string, check: (input: Source) => void): void {
  it.each(inputs)(`${what}: $rows rows in batches of $size, selected $selected`, ({ rows, size, selected }) => {
    check(source(types, randomRows(new Random(rows + size), types, rows), size, selected));
  });
}

/** NULL compares with nothing. */
const compareTo = (value: Value, other: number) => (value === null ? NaN : compareValues(value, other, 'integer'));

const number = (value: number) => constant(value, 'integer');

describe('filter and project', () => {
  overInputs('keep rows for which the predicate is true', (input) => {
    const predicate = compare('>', input.at(0), number(2));
    const plan: PhysicalPlan = { kind: 'filter', input: input.plan, predicate, columns: input.plan.columns, expected };
    expect(run(plan, input)).toEqual(input.rows.filter((row) => compareTo(row[0]!, 2) > 0));
  });

  overInputs('compute and move columns', (input) => {
    const exprs = [input.at(1), call('+', [input.at(2), constant(1, 'real')]), input.at(1)];
    const plan: PhysicalPlan = { kind: 'project', input: input.plan, exprs, columns: [901, 902, 903], expected };
    const sums = (row: readonly Value[]) => (row[2] === null ? null : (row[2] as number) + 1);
    expect(run(plan, input)).toEqual(input.rows.map((row) => [row[1], sums(row), row[1]]));
    const moved: PhysicalPlan = { ...plan, exprs: [input.at(2), input.at(0)], columns: [902, 901] };
    expect(run(moved, input)).toEqual(input.rows.map((row) => [row[2], row[0]]));
  });
});

function limitPlan(input: Source, limit: number | undefined, offset: number | undefined): LimitPlan {
  const bound = (value: number | undefined) => (value === undefined ? undefined : number(value));
  return {
    kind: 'limit',
    input: input.plan,
    limit: bound(limit),
    offset: bound(offset),
    columns: input.plan.columns,
    expected,
  };
}

describe('limit', () => {
  overInputs('skips and stops', (input) => {
    for (const offset of [undefined, 1, 7, 1025, 3000]) {
      for (const limit of [undefined, 0, 1, 64, 3000]) {
        const from = offset ?? 0;
        const wanted = input.rows.slice(from, from + (limit ?? Infinity));
        expect(run(limitPlan(input, limit, offset), input), `LIMIT ${limit} OFFSET ${offset}`).toEqual(wanted);
      }
    }
  });

  it('pulls no batch more than it needs, and closes what is below', () => {
    const input = source(['integer'], randomRows(new Random(1), ['integer'], 1000), 10);
    run(limitPlan(input, 25, 10), input);
    expect(input.read).toEqual({ batches: 4, begun: 1, ended: 1 });
    run(limitPlan(input, 0, undefined), input);
    expect(input.read.batches, 'LIMIT 0 reads nothing').toBe(4);
  });

  it('closes what is below when the reader leaves or fails', () => {
    const input = source(['integer'], randomRows(new Random(1), ['integer'], 100), 10);
    const operator = operatorOver(limitPlan(input, 50, undefined), input);
    for (const batch of operator(contextOf())) {
      expect(batch.count).toBe(10);
      break;
    }
    expect(input.read).toEqual({ batches: 1, begun: 1, ended: 1 });
    expect(() => {
      for (const _ of operator(contextOf())) throw new Error('the reader fails');
    }).toThrow('the reader fails');
    expect(input.read).toEqual({ batches: 2, begun: 2, ended: 2 });
  });

  it('refuses negative bounds and takes NULL for none', () => {
    const input = source(['integer'], [[1], [2]]);
    expect(() => run(limitPlan(input, -1, undefined), input)).toThrow(
      expect.objectContaining({ code: 'INVALID_VALUE' }),
    );
    expect(() => run(limitPlan(input, 1, -1), input)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
    expect(run({ ...limitPlan(input, 1, 0), limit: constant(null, 'integer') }, input)).toEqual([[1], [2]]);
  });
});

function sortKeys(input: Source, random: Random): SortKey[] {
  return random
    .sample([0, 1, 2], random.int(1, 3))
    .map((i) => ({ expr: input.at(i), desc: random.chance(0.5), nullsFirst: random.chance(0.5) }));
}

/** Array.prototype.sort is stable: so must the operators be. */
function sortedRows(input: Source, keys: readonly SortKey[]): Rows {
  const compares = keys.map(({ expr, desc, nullsFirst }) => {
    const at = [0, 1, 2].find((i) => (input.at(i) as { id: number }).id === (expr as { id: number }).id)!;
    const compareAt = comparator(types[at]!, { desc, nullsFirst });
    return (a: readonly Value[], b: readonly Value[]) => compareAt(a[at]!, b[at]!);
  });
  return [...input.rows].sort((a, b) => {
    for (const compareRows of compares) {
      const order = compareRows(a, b);
      if (order !== 0) return order;
    }
    return 0;
  });
}

describe('sort and top-n', () => {
  overInputs('order rows, equal ones as they came', (input) => {
    const random = new Random(input.rows.length);
    // A fourth column would tell equal rows apart; here the rows' identity does.
    for (let round = 0; round < 3; round++) {
      const keys = sortKeys(input, random);
      const wanted = sortedRows(input, keys);
      const plan: SortPlan = { kind: 'sort', input: input.plan, keys, columns: input.plan.columns, expected };
      expect(run(plan, input)).toEqual(wanted);
      for (const [limit, offset] of [
        [1, 0],
        [3, 2],
        [1500, 700],
        [0, 5],
        [10, 5000],
      ] as const) {
        const top: TopN = { ...plan, kind: 'top-n', limit: number(limit), offset: number(offset) };
        expect(run(top, input), `LIMIT ${limit} OFFSET ${offset}`).toEqual(wanted.slice(offset, offset + limit));
      }
    }
  });

  it('keeps the first of equal rows through many evictions', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => [i % 3, i]);
    const input = source(['integer', 'integer'], rows, 1000);
    const keys: SortKey[] = [{ expr: input.at(0), desc: true, nullsFirst: true }];
    const plan: TopN = {
      kind: 'top-n',
      input: input.plan,
      keys,
      limit: number(4),
      offset: number(1),
      columns: input.plan.columns,
      expected,
    };
    expect(run(plan, input).map((row) => row[1])).toEqual([5, 8, 11, 14]);
  });

  it('places NULLs as it is told, and takes LIMIT NULL for all', () => {
    const input = source(['integer'], [[2], [null], [1]]);
    const sorted = (desc: boolean, nullsFirst: boolean) =>
      run(
        {
          kind: 'sort',
          input: input.plan,
          keys: [{ expr: input.at(0), desc, nullsFirst }],
          columns: input.plan.columns,
          expected,
        },
        input,
      ).flat();
    expect(sorted(false, false)).toEqual([1, 2, null]);
    expect(sorted(false, true)).toEqual([null, 1, 2]);
    expect(sorted(true, false)).toEqual([2, 1, null]);
    expect(sorted(true, true)).toEqual([null, 2, 1]);
    const keys: SortKey[] = [{ expr: input.at(0), desc: false, nullsFirst: false }];
    const top: TopN = {
      kind: 'top-n',
      input: input.plan,
      keys,
      limit: constant(null, 'integer'),
      offset: undefined,
      columns: input.plan.columns,
      expected,
    };
    expect(run(top, input).flat()).toEqual([1, 2, null]);
  });
});

describe('distinct', () => {
  overInputs('gives the first of equal rows', (input) => {
    const plan: PhysicalPlan = { kind: 'distinct', input: input.plan, columns: input.plan.columns, expected };
    const seen = new Set<string>();
    const wanted = input.rows.filter((row) => !seen.has(keyOf(row)) && seen.add(keyOf(row)));
    expect(run(plan, input).map(keyOf)).toEqual(wanted.map(keyOf));
  });

  it.each(['integer', 'real', 'text', 'boolean', 'blob'] as const)(
    'tells the values of one %s column apart',
    (type) => {
      const input = source([type], randomRows(new Random(3), [type], 500));
      const plan: PhysicalPlan = { kind: 'distinct', input: input.plan, columns: input.plan.columns, expected };
      expect(unordered(run(plan, input))).toEqual([...new Set(unordered(input.rows))]);
    },
  );
});

function aggregatePlan(input: Source, groups: readonly Expr[], aggregates: readonly Aggregate[]): HashAggregate {
  const columns = [...groups, ...aggregates].map((_, i) => 800 + i);
  return { kind: 'hash-aggregate', input: input.plan, groups, aggregates, columns, expected };
}

function modelGroups(rows: Rows, by: readonly number[]): Rows[] {
  const groups = new Map<string, (readonly Value[])[]>(by.length === 0 ? [['', []]] : []);
  for (const row of rows) {
    const key = keyOf(by.map((i) => row[i]!));
    const group = groups.get(key) ?? [];
    group.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

describe('aggregation', () => {
  overInputs('groups, with FILTER and DISTINCT', (input) => {
    const filter = compare('<', input.at(0), number(3));
    const passes = (row: readonly Value[]) => compareTo(row[0]!, 3) < 0;
    const aggregates: Aggregate[] = [
      { name: 'count', args: [], distinct: false, filter: undefined, type: 'integer' },
      { name: 'count', args: [input.at(1)], distinct: false, filter, type: 'integer' },
      { name: 'count', args: [input.at(1)], distinct: true, filter: undefined, type: 'integer' },
      { name: 'min', args: [input.at(0)], distinct: false, filter, type: 'integer' },
    ];
    for (const by of [[], [1], [0, 1]]) {
      const wanted = modelGroups(input.rows, by).map((rows) => {
        const texts = rows.map((row) => row[1]).filter((text) => text !== null);
        const small = rows.filter(passes).map((row) => row[0]!);
        const least = small.reduce<Value>((a, b) => (a === null || compareValues(b!, a, 'integer') < 0 ? b! : a), null);
        const filtered = rows.filter((row) => passes(row) && row[1] !== null).length;
        return [...by.map((i) => rows[0]![i]!), rows.length, filtered, new Set(texts).size, least];
      });
      const got = run(
        aggregatePlan(
          input,
          by.map((i) => input.at(i)),
          aggregates,
        ),
        input,
      );
      expect(unordered(got), `by ${by.join()}`).toEqual(unordered(wanted));
    }
  });

  it('gives one row without groups over nothing, none with groups', () => {
    const input = source(types, []);
    const count: Aggregate = { name: 'count', args: [], distinct: false, filter: undefined, type: 'integer' };
    const sum: Aggregate = { name: 'sum', args: [input.at(0)], distinct: false, filter: undefined, type: 'integer' };
    expect(run(aggregatePlan(input, [], [count, sum]), input)).toEqual([[0, null]]);
    expect(run(aggregatePlan(input, [input.at(0)], [count, sum]), input)).toEqual([]);
  });

  it('starts anew with every run', () => {
    const input = source(['integer'], [[1], [2]]);
    const count: Aggregate = { name: 'count', args: [], distinct: true, filter: undefined, type: 'integer' };
    const operator = operatorOver(aggregatePlan(input, [], [{ ...count, distinct: false }]), input);
    expect([rowsOf(operator(contextOf())), rowsOf(operator(contextOf()))]).toEqual([[[2]], [[2]]]);
  });
});
