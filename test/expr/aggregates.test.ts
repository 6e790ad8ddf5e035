import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aggregate,
  aggregateName,
  createAccumulator,
  resolveAggregate,
  runningValue,
} from '../../src/expr/aggregates.js';
import { constant } from '../../src/expr/build.js';
import type { AggregateName, Expr } from '../../src/expr/expression.js';
import type { ScalarType, Value } from '../../src/values/types.js';
import { columns, integers, seed } from './arbitrary.js';

const { a, x, s, f } = columns;

function run(name: AggregateName, args: Expr[], values: Value[], distinct = false, second?: Value[]): Value {
  const accumulator = createAccumulator(aggregate(name, args, { distinct }));
  const batch = second === undefined ? [values] : [values, second];
  accumulator.addBatch(new Uint32Array(values.length), args.length === 0 ? [] : batch, values.length);
  return accumulator.finish(0);
}

describe('aggregates', () => {
  it('have PostgreSQL types', () => {
    const type = (name: AggregateName, ...types: (ScalarType | 'unknown' | 'null')[]) =>
      resolveAggregate(name, types)?.type;
    expect(type('count')).toBe('integer');
    expect(type('sum', 'integer')).toBe('integer');
    expect(type('avg', 'integer')).toBe('real');
    expect(type('max', 'date')).toBe('date');
    expect(type('array_agg', 'text')).toBe('text[]');
    expect(type('sum', 'text')).toBeUndefined();
    expect(type('sum')).toBeUndefined();
    expect(type('count', 'text', 'text')).toBeUndefined();
    expect(type('string_agg', 'text', 'unknown')).toBe('text');
    expect(aggregateName('every')).toBe('bool_and');
    expect(aggregateName('median')).toBeUndefined();
  });

  it('skip NULLs and know emptiness', () => {
    expect(run('count', [], [null, 1])).toBe(2);
    expect(run('count', [a], [null, 1])).toBe(1);
    expect(run('count', [a], [])).toBe(0);
    expect(run('sum', [a], [null])).toBe(null);
    expect(run('avg', [a], [null, 1, 2])).toBe(1.5);
    expect(run('min', [s], ['\u{1F600}', null, '\uFFFD'])).toBe('\uFFFD');
    expect(run('max', [x], [1, NaN, Infinity])).toBeNaN();
    expect(run('bool_and', [f], [true, null])).toBe(true);
    expect(run('bool_or', [f], [false, null])).toBe(false);
    expect(run('bool_or', [f], [null])).toBe(null);
    expect(run('array_agg', [a], [1, null])).toEqual([1, null]);
    expect(run('string_agg', [s, s], ['p', null, 'q', 'r'], false, [',', ',', ';', null])).toBe('p;qr');
  });

  it('sum integers exactly', () => {
    expect(run('sum', [a], [Number.MAX_SAFE_INTEGER, 2, -2])).toBe(Number.MAX_SAFE_INTEGER);
    expect(run('sum', [a], [9223372036854775807n, 1, -1])).toBe(9223372036854775807n);
    expect(() => run('sum', [a], [9223372036854775807n, 1])).toThrow(/out of range/);
    expect(run('avg', [a], [9223372036854775807n, 9223372036854775807n])).toBe(2 ** 63);
    fc.assert(
      fc.property(fc.array(integers, { minLength: 1, maxLength: 20 }), (values) => {
        const total = values.reduce<bigint>((sum, v) => sum + BigInt(v), 0n);
        if (total > 9223372036854775807n || total < -9223372036854775808n) return;
        expect(BigInt(run('sum', [a], values) as number | bigint)).toBe(total);
      }),
      { seed },
    );
  });

  it('report the overflow of reals, not an infinity that was given', () => {
    expect(() => run('sum', [x], [1e308, 1e308])).toThrow(/overflow/);
    expect(run('sum', [x], [Infinity, 1])).toBe(Infinity);
  });

  it('DISTINCT counts equal values once', () => {
    expect(run('count', [x], [0, -0, NaN, NaN, null], true)).toBe(2);
    expect(run('sum', [a], [9007199254740993n, 9007199254740993n], true)).toBe(9007199254740993n);
    expect(run('string_agg', [s, constant(',', 'text')], ['p', 'p', 'q'], true, [',', ',', ','])).toBe('p,q');
    expect(run('string_agg', [s, s], ['p', 'p'], true, [',', ';'])).toBe('p;p');
  });

  it('keep groups apart, in batches as one by one', () => {
    const values = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.option(fc.integer({ min: -5, max: 5 }))), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(
        fc.constantFrom<AggregateName>('count', 'sum', 'avg', 'min', 'max'),
        values,
        fc.boolean(),
        (name, rows, distinct) => {
          const of = aggregate(name, [a], { distinct });
          const batched = createAccumulator(of);
          const half = rows.length >> 1;
          for (const part of [rows.slice(0, half), rows.slice(half)]) {
            const groups = Uint32Array.from(part, ([group]) => group);
            batched.addBatch(groups, [part.map(([, value]) => value)], part.length);
          }
          for (let group = 0; group <= 41; group++) {
            const single = runningValue(createAccumulator(of));
            for (const [g, value] of rows) if (g === group) single.step([value]);
            expect(batched.finish(group)).toEqual(single.value());
          }
          batched.reset();
          expect(batched.finish(0)).toBe(name === 'count' ? 0 : null);
        },
      ),
      { seed },
    );
  });
});
