// Operators within a tiny memory budget answer as they do within a large one, row for row and in the same order, and leave nothing behind.

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../src/exec/memory/memory.js';
import type { Spent } from '../../src/exec/memory/memory.js';
import { TemporaryFiles } from '../../src/exec/spill/temporary-files.js';
import { compare } from '../../src/expr/build.js';
import type { Aggregate } from '../../src/expr/expression.js';
import type { HashJoin, JoinType, NestedLoopJoin, PhysicalPlan } from '../../src/plan/physical.js';
import type { ScalarType, Value } from '../../src/values/types.js';
import { Random } from '../differential/random.js';
import type { Rows, Source } from './support.js';
import { contextOf, expected, operatorOver, rowsOf, source, unordered } from './support.js';

const directory = mkdtempSync(join(tmpdir(), 'lightning-spill-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const TINY = 65_536;

interface Outcome {
  readonly rows: Value[][];
  readonly spent: Spent;
  readonly temporary: ReturnType<TemporaryFiles['stats']>;
}

function runWithin(limit: number, plan: PhysicalPlan, sources: readonly Source[], operators = 1): Outcome {
  const base = join(directory, 'temp');
  const files = new TemporaryFiles(base);
  const spent = { memory: 0, spilled: 0 };
  const memory = new MemoryBudget({ limit, files }, operators, (_, one) => {
    spent.memory = Math.max(spent.memory, one.memory);
    spent.spilled += one.spilled;
  });
  const rows = rowsOf(operatorOver(plan, ...sources)(contextOf([], memory)));
  expect(existsSync(base), 'no temporary directory is left').toBe(false);
  expect(files.stats()).toMatchObject({ files: 0, bytes: 0 });
  return { rows, spent, temporary: files.stats() };
}

/** As `toEqual`, which is slow over many rows: it has the word only where they differ. */
function expectRows(found: Value[][], wanted: Value[][]): void {
  if (!isDeepStrictEqual(found, wanted)) expect(found).toEqual(wanted);
}

/** The same rows within a tiny and a large budget; the tiny one spills. */
function sameWithin(plan: PhysicalPlan, ...sources: readonly Source[]): Value[][] {
  const large = runWithin(2 ** 30, plan, sources);
  expect(large.temporary.filesMade).toBe(0);
  for (const operators of [1, 8]) {
    const tiny = runWithin(TINY, plan, sources, operators);
    expect(tiny.spent.spilled).toBeGreaterThan(0);
    expect(tiny.temporary.bytesWritten).toBe(tiny.spent.spilled);
    // Buffers of files and one group's state are taken whatever else is held.
    expect(tiny.spent.memory).toBeLessThanOrEqual(TINY * 2);
    expectRows(tiny.rows, large.rows);
  }
  return large.rows;
}

const types: readonly ScalarType[] = ['integer', 'text', 'real'];

/** Rows of (key, text, number), whose keys are one of `keys`, or NULL. */
function rowsWith(seed: number, count: number, keys: number, skew = 0): Rows {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => {
    const key = random.chance(0.05) ? null : random.chance(skew) ? 7 : random.int(0, keys);
    return [key, random.chance(0.1) ? null : `text ${random.int(0, 500)} é`, i / 2];
  });
}

const input = (seed: number, count: number, keys: number, skew = 0) => source(types, rowsWith(seed, count, keys, skew));

const asc = (input: Source, i: number) => ({ expr: input.at(i), desc: false, nullsFirst: false });
const desc = (input: Source, i: number) => ({ expr: input.at(i), desc: true, nullsFirst: true });

describe('sort', () => {
  it('is stable through runs and merges', () => {
    const rows = input(1, 8000, 50);
    const keys = [desc(rows, 0), asc(rows, 1)];
    const sorted = sameWithin({ kind: 'sort', input: rows.plan, keys, columns: rows.plan.columns, expected }, rows);
    expect(sorted).toHaveLength(8000);
  });

  it('keeps no more than a large LIMIT asks for', () => {
    const rows = input(2, 8000, 5000);
    const bound = (value: number) => ({ kind: 'constant', value, type: 'integer' }) as const;
    const plan: PhysicalPlan = {
      kind: 'top-n',
      input: rows.plan,
      keys: [asc(rows, 1)],
      limit: bound(4000),
      offset: bound(1500),
      columns: rows.plan.columns,
      expected,
    };
    expect(sameWithin(plan, rows)).toHaveLength(4000);
  });

  it('refuses one row that is larger than the budget', () => {
    const rows = source(['text'], [['a'], ['x'.repeat(TINY)], ['b']]);
    const plan: PhysicalPlan = {
      kind: 'sort',
      input: rows.plan,
      keys: [asc(rows, 0)],
      columns: rows.plan.columns,
      expected,
    };
    expect(() => runWithin(TINY, plan, [rows])).toThrowError(
      expect.objectContaining({ code: 'MEMORY_BUDGET', kind: 'limit', hint: expect.stringContaining('memoryBudget') }),
    );
    expect(existsSync(join(directory, 'temp'))).toBe(false);
  });
});

describe('distinct and set operations', () => {
  it('DISTINCT keeps first rows in order', () => {
    const rows = input(3, 6000, 2000);
    const pairs: PhysicalPlan = {
      kind: 'project',
      input: rows.plan,
      exprs: [rows.at(0), rows.at(1)],
      columns: [9001, 9002],
      expected,
    };
    sameWithin({ kind: 'distinct', input: pairs, columns: pairs.columns, expected }, rows);
  });

  for (const operation of ['union', 'intersect', 'except'] as const) {
    for (const all of [false, true]) {
      if (operation === 'union' && all) continue;
      it(`${operation}${all ? ' all' : ''}`, () => {
        const make = (seed: number) =>
          source(
            ['integer', 'text'],
            rowsWith(seed, 8000, 3000).map((row) => [row[0]!, row[1] === null ? null : 'same']),
          );
        const [left, right] = [make(4), make(5)];
        sameWithin(
          {
            kind: 'set-operation',
            operation,
            all,
            left: left.plan,
            right: right.plan,
            columns: [9001, 9002],
            expected,
          },
          left,
          right,
        );
      });
    }
  }
});

describe('aggregate', () => {
  const of = (input: Source, ...aggregates: readonly Partial<Aggregate>[]): PhysicalPlan => ({
    kind: 'hash-aggregate',
    input: input.plan,
    groups: [input.at(0)],
    aggregates: aggregates.map(
      (one) => ({ name: 'count', args: [], distinct: false, filter: undefined, type: 'integer', ...one }) as Aggregate,
    ),
    columns: [9000, ...aggregates.map((_, i) => 9001 + i)],
    expected,
  });

  it('many groups', () => {
    const rows = input(6, 8000, 4000);
    const groups = sameWithin(
      of(
        rows,
        {},
        { name: 'sum', args: [rows.at(2)], type: 'real' },
        { name: 'min', args: [rows.at(1)], type: 'text' },
        { name: 'count', args: [rows.at(1)], filter: compare('>', rows.at(2), rows.at(0)) },
      ),
      rows,
    );
    expect(groups.length).toBeGreaterThan(3000);
  });

  it('states that keep their rows, and DISTINCT', () => {
    const rows = input(7, 7000, 30);
    sameWithin(
      of(
        rows,
        { name: 'array_agg', args: [rows.at(2)], type: 'real[]' },
        { name: 'count', args: [rows.at(1)], distinct: true },
        { name: 'array_agg', args: [rows.at(1)], distinct: true, type: 'text[]' },
      ),
      rows,
    );
  });

  it('sorted input: as by hash', () => {
    for (const keys of [3, 300, 1e6]) {
      const rows = source(
        types,
        [...rowsWith(26, 3000, keys)].sort((a, b) => Number(a[0] ?? 1e9) - Number(b[0] ?? 1e9)),
      );
      const hashed = of(
        rows,
        {},
        { name: 'array_agg', args: [rows.at(2)], type: 'real[]' },
        { name: 'count', args: [rows.at(1)], distinct: true, filter: compare('>', rows.at(2), rows.at(0)) },
      );
      const sorted = { ...hashed, kind: 'sorted-aggregate' } as PhysicalPlan;
      const first: PhysicalPlan = { kind: 'project', input: rows.plan, exprs: [rows.at(0)], columns: [9100], expected };
      const distinct: PhysicalPlan = { kind: 'distinct', input: first, columns: [9100], expected };
      for (const limit of [TINY, 2 ** 30]) {
        expectRows(runWithin(limit, sorted, [rows]).rows, runWithin(2 ** 30, hashed, [rows]).rows);
        expectRows(
          runWithin(limit, { ...distinct, kind: 'sorted-distinct', on: undefined }, [rows]).rows,
          runWithin(2 ** 30, distinct, [rows]).rows,
        );
      }
    }
  });

  it('one set of DISTINCT values larger than the budget', () => {
    const rows = input(8, 10_000, 10);
    const plan = of(rows, { args: [rows.at(2)], distinct: true });
    expect(sameWithin({ ...plan, groups: [], columns: [9001] } as PhysicalPlan, rows)).toEqual([[10_000]]);
  });

  it('refuses a state larger than the budget', () => {
    const rows = input(9, 20_000, 1);
    const plan = of(rows, { name: 'array_agg', args: [rows.at(2)], type: 'real[]' });
    expect(() => runWithin(TINY, plan, [rows])).toThrowError(
      expect.objectContaining({ code: 'MEMORY_BUDGET', hint: expect.stringContaining('memoryBudget') }),
    );
  });
});

const joinTypes: readonly JoinType[] = ['inner', 'left', 'full', 'semi', 'anti'];
const columnsOf = (type: JoinType, left: Source, right: Source) =>
  type === 'semi' || type === 'anti' ? left.plan.columns : [...left.plan.columns, ...right.plan.columns];

describe.each(joinTypes)('%s join', (type) => {
  const hash = (left: Source, right: Source, residual = false): HashJoin => ({
    kind: 'hash-join',
    type,
    left: left.plan,
    right: right.plan,
    leftKeys: [left.at(0)],
    rightKeys: [right.at(0)],
    residual: residual ? compare('<', left.at(2), right.at(2)) : undefined,
    columns: columnsOf(type, left, right),
    expected,
  });

  it('of many keys', () => {
    const [left, right] = [input(10, 2500, 2000), input(11, 2500, 2000)];
    sameWithin(hash(left, right), left, right);
    sameWithin(hash(left, right, true), left, right);
  });

  it('of one key that most rows share', () => {
    const [left, right] = [input(12, 100, 4000, 0.05), input(13, 1500, 4000, 0.95)];
    sameWithin(hash(left, right), left, right);
    sameWithin(hash(left, right, true), left, right);
  });

  it('of nothing but NULL keys, and of an empty side', () => {
    const withoutKeys = (seed: number) =>
      source(
        types,
        rowsWith(seed, 4000, 10).map((row) => [null, ...row.slice(1)]),
      );
    const [nulls, others] = [withoutKeys(14), withoutKeys(16)];
    const [left, none] = [input(15, 4000, 10), source(types, [])];
    runSame(hash(nulls, others), nulls, others);
    runSame(hash(left, none), left, none);
    runSame(hash(none, left), none, left);
  });

  const runSame = (plan: PhysicalPlan, ...sources: readonly Source[]) =>
    expectRows(runWithin(TINY, plan, sources).rows, runWithin(2 ** 30, plan, sources).rows);

  it('of sorted sides', () => {
    const inOrder = (rows: Source) =>
      source(
        types,
        [...rows.rows].sort((a, b) => Number(a[0] ?? 1e9) - Number(b[0] ?? 1e9)),
      );
    for (const [left, right] of [
      [input(20, 2000, 1500), input(21, 2000, 1500)],
      [input(22, 60, 30, 0.1), input(23, 1200, 30, 0.9)],
      [source(types, []), input(24, 500, 30)],
      [input(25, 500, 30), source(types, [])],
    ] as const) {
      for (const residual of [false, true]) {
        const sides = [inOrder(left), inOrder(right)] as const;
        const hashed = hash(...sides, residual);
        const merged: PhysicalPlan = { ...hashed, kind: 'merge-join' };
        const rows = runWithin(2 ** 30, hashed, sides).rows;
        for (const limit of [TINY, 2 ** 30]) {
          const found = runWithin(limit, merged, sides).rows;
          if (type === 'full') expect(unordered(found)).toEqual(unordered(rows));
          else expectRows(found, rows);
        }
      }
    }
  });

  it('without an equality', () => {
    const [left, right] = [input(17, 120, 100), input(18, 2000, 1500)];
    const plan: NestedLoopJoin = {
      kind: 'nested-loop-join',
      type,
      left: left.plan,
      right: right.plan,
      condition: compare('>', left.at(0), right.at(0)),
      columns: columnsOf(type, left, right),
      expected,
    };
    sameWithin(plan, left, right);
  });
});

describe('every type of value', () => {
  it('comes back from a temporary file as it went', () => {
    const all: readonly ScalarType[] = ['integer', 'boolean', 'timestamp', 'date', 'blob', 'json', 'point', 'geometry'];
    const rows = Array.from({ length: 3000 }, (_, i): Value[] => [
      i % 3 === 0 ? 2n ** 60n + BigInt(i) : i,
      i % 2 === 0,
      i * 1000,
      i,
      Uint8Array.of(i & 255, 0, 1),
      `{"n":${i}}`,
      { type: 'Point', coordinates: [i / 100, 1] },
      { type: 'LineString', coordinates: [[0, 0], [i / 100, 1]] }, // prettier-ignore
    ]);
    for (const row of rows) if (row[2] === 5000) row.fill(null, 1);
    const input = source(all, rows);
    const plan: PhysicalPlan = {
      kind: 'sort',
      input: input.plan,
      keys: [desc(input, 0)],
      columns: input.plan.columns,
      expected,
    };
    sameWithin(plan, input);
  });
});

describe('leaving early', () => {
  it('removes the temporary file and ends what is below', () => {
    const rows = input(19, 20_000, 50);
    const files = new TemporaryFiles(join(directory, 'early'));
    const memory = new MemoryBudget({ limit: TINY, files }, 1);
    const plan: PhysicalPlan = {
      kind: 'sort',
      input: rows.plan,
      keys: [asc(rows, 1)],
      columns: rows.plan.columns,
      expected,
    };
    for (const batch of operatorOver(plan, rows)(contextOf([], memory))) {
      expect(batch.count).toBeGreaterThan(0);
      expect(files.stats().files).toBe(1);
      expect(readdirSync(join(directory, 'early'))).toHaveLength(1);
      break;
    }
    expect(files.stats().files).toBe(0);
    expect(existsSync(join(directory, 'early'))).toBe(false);
    expect(rows.read.ended).toBe(rows.read.begun);
  });
});
