// Expressions over batches, row sets, sorting and aggregates: work of the executor on columns that are at hand.

import { call, column, compare, constant, like } from '../../src/expr/build.js';
import { createAccumulator } from '../../src/expr/aggregates.js';
import { compileFilter, compileProjection } from '../../src/expr/evaluate.js';
import type { Expr } from '../../src/expr/expression.js';
import { rowSets } from '../../src/index/row-set/index.js';
import type { Value } from '../../src/values/types.js';
import { comparator } from '../../src/values/index.js';
import { Random } from '../data/random.js';
import type { Calibration } from './constant.js';
import { clock } from './constant.js';

const ROWS = 1024;
const TIMES = 200;
const evaluation = { parameters: [], now: 0 };

export function kernelCalibrations(): readonly Calibration[] {
  const random = new Random(3);
  const numbers = Array.from({ length: ROWS }, () => random.below(1000));
  const names = numbers.map((n) => `place number ${n} by the river`);
  const points = numbers.map((n) => ({ type: 'Point', coordinates: [n / 10, n / 20] }) as Value);
  const columns = [numbers, names, points];
  const layout = new Map([
    [1, 0],
    [2, 1],
    [3, 2],
  ]);
  const [number, name, point] = [
    column(1, 'n', 'integer', false),
    column(2, 'name', 'text', false),
    column(3, 'at', 'point', false),
  ];
  const filter = (predicate: Expr) => {
    const kernel = compileFilter(predicate, layout, { mode: 'generated' });
    const out = new Uint32Array(ROWS);
    return clock(ROWS * TIMES, () => {
      for (let i = 0; i < TIMES; i++) kernel(columns, undefined, ROWS, out, evaluation);
    });
  };
  const project = (expr: Expr) => {
    const kernel = compileProjection(expr, layout, { mode: 'generated' });
    const out = new Array<Value>(ROWS);
    return clock(ROWS * TIMES, () => {
      for (let i = 0; i < TIMES; i++) kernel(columns, undefined, ROWS, out, evaluation);
    });
  };
  const centre = constant({ type: 'Point', coordinates: [30, 20] }, 'point');
  const ids = (size: number, seed: number) => {
    const draw = new Random(seed);
    return Uint32Array.from(new Set(Array.from({ length: size }, () => draw.below(1_000_000)))).sort();
  };
  const sets = rowSets();
  const [few, many, other] = [
    sets.fromSorted(ids(1_500, 1)),
    sets.fromSorted(ids(200_000, 2)),
    sets.fromSorted(ids(200_000, 3)),
  ];
  const probes = ids(20_000, 4);
  return [
    {
      constant: 'kernel',
      how: 'n < 500 over a batch',
      measure: () => filter(compare('<', number, constant(500, 'integer'))),
    },
    { constant: 'call', how: 'upper(name) over a batch', measure: () => project(call('upper', [name])) },
    { constant: 'like', how: "name LIKE '%9%river'", measure: () => filter(like(name, constant('%9%river', 'text'))) },
    {
      constant: 'spatial',
      how: 'st_dwithin of points',
      measure: () => filter(call('st_dwithin', [point, centre, constant(1_000_000, 'real')])),
    },
    {
      constant: 'setOperation',
      how: 'AND of sets of 1,500 and 200,000 ids of a million',
      measure: () => clock(TIMES, () => repeat(() => few.and(many))),
    },
    {
      constant: 'setPerId',
      how: 'AND of two sets of 200,000 ids, per id',
      measure: () => clock(TIMES * 200_000, () => repeat(() => many.and(other))),
    },
    {
      constant: 'setHas',
      how: 'membership of 20,000 ids in a set of 200,000',
      measure: () =>
        clock(probes.length, () => {
          let found = 0;
          for (const id of probes) if (many.has(id)) found++;
          return found;
        }),
    },
    {
      constant: 'sortCompare',
      how: 'sort of 20,000 numbers, per comparison',
      measure: () => {
        const order = comparator('integer', { desc: false, nullsFirst: false });
        const values = Array.from({ length: 20_000 }, () => random.below(1e9));
        const positions = Uint32Array.from(values, (_, i) => i);
        return clock(values.length * Math.log2(values.length), () =>
          positions.slice().sort((a, b) => order(values[a]!, values[b]!)),
        );
      },
    },
    {
      constant: 'aggregate',
      how: 'sum over batches in 100 groups',
      measure: () => {
        const groups = Uint32Array.from(numbers, (n) => n % 100);
        return clock(ROWS * TIMES, () => {
          const accumulator = createAccumulator({
            name: 'sum',
            args: [number],
            distinct: false,
            filter: undefined,
            type: 'integer',
          });
          repeat(() => accumulator.addBatch(groups, [numbers], ROWS));
        });
      },
    },
  ];
}

function repeat(fn: () => unknown): void {
  for (let i = 0; i < TIMES; i++) fn();
}
