// The total order: against independent statements of it, and its laws.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SCALARS, nullable, seed, text, values } from './generators.js';
import { comparator, compareMixed, compareText, compareValues, equalValues } from '../../src/values/order.js';

describe('order', () => {
  test('text orders by code point, as UTF-8 bytes do', () => {
    fc.assert(
      fc.property(text, text, text, (head, a, b) => {
        expect(Math.sign(compareText(head + a, head + b))).toBe(
          Buffer.compare(Buffer.from(head + a), Buffer.from(head + b)),
        );
      }),
      { numRuns: 5_000, seed },
    );
    expect('\uffff' < '\u{10000}').toBe(false);
    expect(compareText('\uffff', '\u{10000}')).toBeLessThan(0);
  });

  test('reals: NaN last and equal to itself, -0 equal to 0', () => {
    const sorted = [NaN, 1, -Infinity, Infinity, -1, 0].sort(comparator('real') as (a: number, b: number) => number);
    expect(sorted).toEqual([-Infinity, -1, 0, 1, Infinity, NaN]);
    expect(equalValues(NaN, NaN, 'real')).toBe(true);
    expect(equalValues(-0, 0, 'real')).toBe(true);
    expect(compareValues(NaN, Infinity, 'real')).toBeGreaterThan(0);
  });

  test('integer against real is exact beyond 2^53', () => {
    expect(compareMixed(9007199254740993n, 9007199254740992)).toBe(1);
    expect(compareMixed(9007199254740992, 9007199254740993n)).toBe(-1);
    expect(compareMixed(2n ** 63n - 1n, 2 ** 63)).toBe(-1);
    expect(compareMixed(2n ** 62n, 2 ** 62)).toBe(0);
    expect(compareMixed(3, 3.5)).toBe(-1);
    expect(compareMixed(2n ** 62n, Infinity)).toBe(-1);
    expect(compareMixed(2n ** 62n, NaN)).toBe(-1);
    expect(compareMixed(NaN, 2n ** 62n)).toBe(1);
    expect(compareMixed(NaN, NaN)).toBe(0);
  });

  test('NULL stands last ascending and first descending, or where it is told to', () => {
    const sort = (options: { desc?: boolean; nullsFirst?: boolean }): unknown[] =>
      [2, null, 1].sort(comparator('integer', options) as (a: number | null, b: number | null) => number);
    expect(sort({})).toEqual([1, 2, null]);
    expect(sort({ desc: true })).toEqual([null, 2, 1]);
    expect(sort({ nullsFirst: true })).toEqual([null, 1, 2]);
    expect(sort({ desc: true, nullsFirst: false })).toEqual([2, 1, null]);
  });

  test('arrays: by element, NULL elements last, the shorter first', () => {
    expect(compareValues([1, 2], [1, 3], 'integer[]')).toBeLessThan(0);
    expect(compareValues([1], [1, 2], 'integer[]')).toBeLessThan(0);
    expect(compareValues([null], [5], 'integer[]')).toBeGreaterThan(0);
    expect(compareValues([null, 1], [null, 1], 'integer[]')).toBe(0);
    expect(comparator('integer[]', { desc: true })([1], [2])).toBeGreaterThan(0);
  });

  test.each(SCALARS)('%s: antisymmetric, transitive, agreeing with compareValues and equality', (type) => {
    const compare = comparator(type);
    const reverse = comparator(type, { desc: true });
    fc.assert(
      fc.property(nullable(type), nullable(type), nullable(type), (a, b, c) => {
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
        expect(Math.sign(reverse(a, b)) + Math.sign(compare(a, b))).toBe(0);
        expect(equalValues(a, b, type)).toBe(compare(a, b) === 0);
        expect(equalValues(a, a, type)).toBe(true);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
        if (a !== null && b !== null) expect(Math.sign(compareValues(a, b, type))).toBe(Math.sign(compare(a, b)));
      }),
      { numRuns: 500, seed },
    );
    // Copies are equal though they are not the same object.
    fc.assert(
      fc.property(values[type], (v) => {
        expect(equalValues(v, structuredClone(v), type)).toBe(true);
      }),
      { seed },
    );
  });
});
