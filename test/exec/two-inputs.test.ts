// Joins and set operations against plain loops over rows.

import { describe, expect, it } from 'vitest';
import { and, compare } from '../../src/expr/build.js';
import type { Expr } from '../../src/expr/expression.js';
import type { HashJoin, JoinType, LookupJoin, NestedLoopJoin, SetOperator } from '../../src/plan/physical.js';
import type { ScalarType, Value } from '../../src/values/types.js';
import { compareValues } from '../../src/values/index.js';
import type { Operator } from '../../src/exec/operator.js';
import { Random } from '../differential/random.js';
import type { Rows, Source } from './support.js';
import {
  contextOf,
  equal,
  expected,
  keyOf,
  operatorOver,
  randomRows,
  rowsOf,
  run,
  source,
  unordered,
} from './support.js';

const joinTypes: readonly JoinType[] = ['inner', 'left', 'semi', 'anti'];
const types: readonly ScalarType[] = ['integer', 'text', 'real'];

const sizes = [
  { left: 0, right: 5, size: 64 },
  { left: 5, right: 0, size: 64 },
  { left: 1, right: 1, size: 64 },
  { left: 40, right: 60, size: 7 },
  { left: 1100, right: 20, size: 1024 },
  { left: 20, right: 1100, size: 1024 },
];

function sides({ left, right, size }: (typeof sizes)[number], seed: number, selected: boolean): [Source, Source] {
  const random = new Random(seed + left * 31 + right);
  return [
    source(types, randomRows(random, types, left), size, selected),
    source(types, randomRows(random, types, right), size, selected),
  ];
}

type Matches = (left: readonly Value[], right: readonly Value[]) => boolean;

function modelJoin(type: JoinType, left: Rows, right: Rows, matches: Matches): Value[][] {
  return left.flatMap((row): Value[][] => {
    const found = right.filter((other) => matches(row, other));
    if (type === 'semi') return found.length > 0 ? [[...row]] : [];
    if (type === 'anti') return found.length > 0 ? [] : [[...row]];
    if (found.length === 0 && type === 'left') return [[...row, ...types.map(() => null)]];
    return found.map((other) => [...row, ...other]);
  });
}

/** Conditions: keys, and what is left over. */
const conditions: readonly { name: string; keys: readonly number[]; residual: boolean }[] = [
  { name: 'one key', keys: [0], residual: false },
  { name: 'one key and a residual', keys: [0], residual: true },
  { name: 'two keys', keys: [1, 0], residual: false },
  { name: 'a REAL key and a residual', keys: [2], residual: true },
];

const columnsOf = (type: JoinType, left: Source, right: Source) =>
  type === 'semi' || type === 'anti' ? left.plan.columns : [...left.plan.columns, ...right.plan.columns];

function matcher(keys: readonly number[], residual: boolean): Matches {
  return (a, b) =>
    keys.every((i) => equal(a[i]!, b[i]!, types[i]!)) &&
    (!residual || (a[1] !== null && b[1] !== null && compareValues(a[1]!, b[1]!, 'text') <= 0));
}

const residualOf = (left: Source, right: Source) => compare('<=', left.at(1), right.at(1));

describe.each(joinTypes)('%s join', (type) => {
  describe.each(conditions)('on $name', ({ keys, residual }) => {
    it.each(sizes)('hash: $left with $right rows, batches of $size', (shape) => {
      for (const selected of [false, true]) {
        const [left, right] = sides(shape, 1, selected);
        const plan: HashJoin = {
          ...{
            kind: 'hash-join',
            type,
            left: left.plan,
            right: right.plan,
            expected,
            columns: columnsOf(type, left, right),
          },
          leftKeys: keys.map((i) => left.at(i)),
          rightKeys: keys.map((i) => right.at(i)),
          residual: residual ? residualOf(left, right) : undefined,
        };
        const wanted = modelJoin(type, left.rows, right.rows, matcher(keys, residual));
        expect(run(plan, left, right).map(keyOf)).toEqual(wanted.map(keyOf));
        expect(right.read.begun, 'the right side is read once, or not at all').toBe(left.rows.length > 0 ? 1 : 0);
      }
    });

    it.each(sizes)('nested loop: $left with $right rows, batches of $size', (shape) => {
      for (const selected of [false, true]) {
        const [left, right] = sides(shape, 2, selected);
        const parts: Expr[] = keys.map((i) => compare('=', left.at(i), right.at(i)));
        if (residual) parts.push(residualOf(left, right));
        const plan: NestedLoopJoin = {
          ...{ kind: 'nested-loop-join', type, left: left.plan, right: right.plan, expected },
          condition: and(parts),
          columns: columnsOf(type, left, right),
        };
        const wanted = modelJoin(type, left.rows, right.rows, matcher(keys, residual));
        expect(run(plan, left, right).map(keyOf)).toEqual(wanted.map(keyOf));
      }
    });

    it.each(sizes)('lookup: $left with $right rows, batches of $size', (shape) => {
      for (const selected of [false, true]) {
        const [left, right] = sides(shape, 3, selected);
        const lookups: string[] = [];
        // What an index would do: the rows whose keys equal the slots.
        const lookup: Operator = function* (context) {
          const wanted = keys.map((_, i) => context.evaluation.parameters[i]!);
          lookups.push(keyOf(wanted));
          const found = right.rows.filter((row) => keys.every((key, i) => equal(row[key]!, wanted[i]!, types[key]!)));
          if (found.length > 0) yield* source(types, found, 5).operator(context);
        };
        const plan: LookupJoin = {
          ...{
            kind: 'lookup-join',
            type,
            left: left.plan,
            right: right.plan,
            expected,
            columns: columnsOf(type, left, right),
          },
          args: keys.map((i) => left.at(i)),
          slots: keys.map((_, i) => i),
          residual: residual ? residualOf(left, right) : undefined,
        };
        const operator = operatorOver(plan, left, { ...right, operator: lookup });
        const wanted = modelJoin(type, left.rows, right.rows, matcher(keys, residual));
        expect(rowsOf(operator(contextOf(keys.map(() => null)))).map(keyOf)).toEqual(wanted.map(keyOf));
        const once =
          Math.ceil(left.rows.length / shape.size) *
          new Set(left.rows.map((row) => keyOf(keys.map((i) => row[i]!)))).size;
        expect(lookups.length, 'equal keys of a batch are looked up once').toBeLessThanOrEqual(once);
      }
    });
  });
});

it('a cross join pairs everything, also beyond the pairs tested at once', () => {
  const [left, right] = sides({ left: 300, right: 700, size: 128 }, 4, true);
  const plan: NestedLoopJoin = {
    ...{ kind: 'nested-loop-join', type: 'inner', left: left.plan, right: right.plan, condition: undefined, expected },
    columns: columnsOf('inner', left, right),
  };
  expect(run(plan, left, right).map(keyOf)).toEqual(modelJoin('inner', left.rows, right.rows, () => true).map(keyOf));
});

it('a join that is left early closes both sides', () => {
  const [left, right] = sides({ left: 500, right: 500, size: 10 }, 5, false);
  const plan: HashJoin = {
    ...{
      kind: 'hash-join',
      type: 'left',
      left: left.plan,
      right: right.plan,
      expected,
      columns: columnsOf('left', left, right),
    },
    ...{ leftKeys: [left.at(0)], rightKeys: [right.at(0)], residual: undefined },
  };
  for (const _ of operatorOver(plan, left, right)(contextOf())) break;
  expect(left.read).toEqual({ batches: 1, begun: 1, ended: 1 });
  expect(right.read).toMatchObject({ begun: 1, ended: 1 });
});

/** How often a row is there afterwards, by how often it is on either side. */
const often: Record<SetOperator['operation'], (left: number, right: number, all: boolean) => number> = {
  union: (l, r, all) => (all ? l + r : Math.min(l + r, 1)),
  intersect: (l, r, all) => (all ? Math.min(l, r) : Math.min(l, r, 1)),
  except: (l, r, all) => (all ? Math.max(l - r, 0) : l > 0 && r === 0 ? 1 : 0),
};

describe.each(['union', 'intersect', 'except'] as const)('%s', (operation) => {
  it.each(sizes.flatMap((shape) => [false, true].map((all) => ({ ...shape, all }))))(
    'all $all: $left with $right rows, batches of $size',
    ({ all, ...shape }) => {
      const narrow: readonly ScalarType[] = ['integer', 'text'];
      for (const selected of [false, true]) {
        const random = new Random(shape.left + shape.right);
        const left = source(narrow, randomRows(random, narrow, shape.left), shape.size, selected);
        const right = source(narrow, randomRows(random, narrow, shape.right), shape.size, selected);
        const plan: SetOperator = {
          kind: 'set-operation',
          operation,
          all,
          left: left.plan,
          right: right.plan,
          columns: [701, 702],
          expected,
        };
        const count = (rows: Rows, key: string) => rows.filter((row) => keyOf(row) === key).length;
        const keys = [...new Set([...left.rows, ...right.rows].map(keyOf))];
        const wanted = keys.flatMap((key) =>
          Array<string>(often[operation](count(left.rows, key), count(right.rows, key), all)).fill(key),
        );
        expect(unordered(run(plan, left, right))).toEqual(wanted.sort());
      }
    },
  );
});
