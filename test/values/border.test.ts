// The border: what an application may hand in for each type, what it gets back, and how it is told otherwise.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SCALARS, seed, values } from './generators.js';
import { inferType, isSameInApp, toApp, toEngine } from '../../src/values/border.js';
import { canonicalJson } from '../../src/values/json.js';
import { equalValues } from '../../src/values/order.js';
import type { Type } from '../../src/values/types.js';
import { LightningError } from '../../src/errors.js';

function refusal(value: unknown, type: Type): LightningError {
  try {
    toEngine(value, type, 'column "c"');
  } catch (error) {
    if (error instanceof LightningError) return error;
    throw error;
  }
  expect.fail(`${type} took the value`);
}

const point = { type: 'Point', coordinates: [10.75, 59.91] };

describe('border', () => {
  test.each(SCALARS)('%s: engine to application and back is the same value', (type) => {
    fc.assert(
      fc.property(values[type], (value) => {
        const app = toApp(value, type);
        if (app === null) return; // the JSON document null is SQL NULL in an application
        expect(equalValues(toEngine(app, type, 'c'), value, type)).toBe(true);
        if (isSameInApp(type)) expect(app).toBe(value);
      }),
      { numRuns: 400, seed },
    );
  });

  test.each([
    [7n, 'integer', 7],
    [-0, 'integer', 0],
    [2n ** 53n, 'integer', 2n ** 53n],
    [-(2n ** 63n), 'integer', -(2n ** 63n)],
    [NaN, 'real', NaN],
    [2n, 'real', 2],
    [new Date(5), 'timestamp', 5],
    ['1970-01-01T00:00:01Z', 'timestamp', 1000],
    ['1970-01-01 02:00:00.25+02', 'timestamp', 250],
    ['1970-01-02', 'date', 1],
    [new Date(-1), 'date', -1],
    [{ b: [1, null], a: -0 }, 'json', '{"a":0,"b":[1,null]}'],
    ['x', 'json', '"x"'],
    [[1, null, 2n], 'integer[]', [1, null, 2]],
    [null, 'point', null],
  ] as const)('%o as %s', (value, type, want) => {
    expect(toEngine(value, type, 'c')).toEqual(want);
  });

  test('blobs are copied in and out, whatever view they are', () => {
    const given = Buffer.from([1, 2, 3]);
    const inside = toEngine(given, 'blob', 'c') as Uint8Array;
    given[0] = 9;
    expect(inside).toEqual(new Uint8Array([1, 2, 3]));
    const out = toApp(inside, 'blob') as Uint8Array;
    out[0] = 9;
    expect(inside[0]).toBe(1);
    expect(toEngine(new Uint8Array([5]).buffer, 'blob', 'c')).toEqual(new Uint8Array([5]));
  });

  test('geometries come out frozen, with canonical members only', () => {
    const app = toApp(toEngine({ bbox: [0], ...point, extra: 1 }, 'geometry', 'c'), 'geometry') as typeof point;
    expect(app).toEqual(point);
    expect(Object.isFrozen(app) && Object.isFrozen(app.coordinates)).toBe(true);
    const raw = { type: 'Point' as const, coordinates: [1, 2] };
    expect(Object.isFrozen((toApp(raw, 'point') as typeof raw).coordinates)).toBe(true);
  });

  test.each([
    [undefined, 'text', 'INVALID_VALUE', /undefined/],
    ['1', 'integer', 'TYPE_MISMATCH', /column "c" takes INTEGER, not the string "1"/],
    [1.5, 'integer', 'INVALID_VALUE', /1\.5/],
    [NaN, 'integer', 'INVALID_VALUE', /NaN/],
    [2 ** 53, 'integer', 'OUT_OF_RANGE', /safe/],
    [2n ** 63n, 'integer', 'OUT_OF_RANGE', /64 bits/],
    ['1', 'real', 'TYPE_MISMATCH', /REAL/],
    [1, 'text', 'TYPE_MISMATCH', /the number 1/],
    ['a\ud800', 'text', 'INVALID_VALUE', /surrogate/],
    [1, 'boolean', 'TYPE_MISMATCH', /BOOLEAN/],
    [5, 'timestamp', 'TYPE_MISMATCH', /the number 5/],
    [new Date(NaN), 'timestamp', 'INVALID_VALUE', /invalid Date/],
    ['yesterday', 'timestamp', 'INVALID_TEXT', /yesterday/],
    ['2023-02-29', 'date', 'OUT_OF_RANGE', /2023-02-29/],
    ['x', 'blob', 'TYPE_MISMATCH', /BLOB/],
    [{ a: 1n }, 'json', 'INVALID_VALUE', /bigint/],
    [{ a: NaN }, 'json', 'INVALID_VALUE', /NaN/],
    [{ '\udc00': 1 }, 'json', 'INVALID_VALUE', /surrogate/],
    [new Map(), 'json', 'INVALID_VALUE', /a Map/],
    [5, 'integer[]', 'TYPE_MISMATCH', /INTEGER\[\]/],
    [[1, 'x'], 'integer[]', 'TYPE_MISMATCH', /column "c"\[1\]/],
    [1, 'null', 'TYPE_MISMATCH', /only null/],
    ['POINT(1 2)', 'point', 'TYPE_MISMATCH', /POINT/],
    [{ type: 'Point', coordinates: [59, 181] }, 'point', 'INVALID_GEOMETRY', /latitude 181/],
    [{ type: 'Point', coordinates: [1] }, 'point', 'INVALID_GEOMETRY', /position/],
    [{ type: 'Point', coordinates: [1, NaN] }, 'point', 'INVALID_GEOMETRY', /finite/],
    [{ type: 'Point', coordinates: [1, 2, 3] }, 'point', 'INVALID_GEOMETRY', /longitude and latitude only/],
    [{ type: 'LineString', coordinates: [[1, 2]] }, 'geometry', 'INVALID_GEOMETRY', /at least 2/],
    [
      {
        type: 'LineString',
        coordinates: [
          [1, 2],
          [3, 4],
        ],
      },
      'point',
      'INVALID_GEOMETRY',
      /LineString/,
    ],
    [
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        ],
      },
      'geometry',
      'INVALID_GEOMETRY',
      /not closed/,
    ],
    [{ type: 'Polygon', coordinates: [] }, 'geometry', 'INVALID_GEOMETRY', /at least 1/],
    [{ type: 'GeometryCollection' }, 'geometry', 'INVALID_GEOMETRY', /needs geometries/],
    [{ type: 'Feature', geometry: point }, 'geometry', 'INVALID_GEOMETRY', /Feature/],
    [{ type: 'toString', coordinates: [] }, 'geometry', 'INVALID_GEOMETRY', /toString/],
  ] as const)('%o is refused for %s', (value, type, code, message) => {
    const error = refusal(value, type);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('a swapped position says so; mismatches carry a hint', () => {
    expect(refusal({ type: 'Point', coordinates: [10, 120] }, 'point').hint).toMatch(/swapped/);
    for (const type of SCALARS) {
      if (type !== 'json') expect(refusal(Symbol('s'), type).hint).toBeTruthy();
    }
  });

  test('whatever comes, the answer is a value or a LightningError that says what to do', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
    });
    fc.assert(
      fc.property(anything, fc.constantFrom(...SCALARS, 'integer[]' as const, 'null' as const), (value, type) => {
        for (const attempt of [() => toEngine(value, type, 'c'), () => inferType(value)]) {
          try {
            attempt();
          } catch (error) {
            expect(error).toBeInstanceOf(LightningError);
            expect((error as LightningError).kind).not.toBe('bug');
          }
        }
      }),
      { numRuns: 5_000, seed },
    );
  });

  test('JSON that contains itself or is too deep is refused, not overflowed', () => {
    const loop: Record<string, unknown> = {};
    loop['a'] = [loop];
    expect(refusal(loop, 'json').message).toMatch(/contains itself/);
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(refusal(deep, 'json').code).toBe('TOO_COMPLEX');
    const shared = { x: 1 };
    expect(toEngine([shared, shared], 'json', 'c')).toBe('[{"x":1},{"x":1}]');
  });

  test('equal JSON documents have one canonical text', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(object));
        expect(JSON.parse(canonicalJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
      { seed },
    );
  });

  test.each([
    [1, 'integer'],
    [2 ** 60, 'real'],
    [1.5, 'real'],
    [1n, 'integer'],
    ['a', 'text'],
    [true, 'boolean'],
    [new Date(), 'timestamp'],
    [new Uint8Array(), 'blob'],
    [point, 'point'],
    [{ type: 'Point', coordinates: [1, 2, 3] }, 'geometry'],
    [{ type: 'Polygon', coordinates: [] }, 'geometry'],
    [{ type: 'Bicycle' }, 'json'],
    [{}, 'json'],
    [null, 'null'],
    [[1, null], 'integer[]'],
    [[1, 2.5], 'real[]'],
    [['a'], 'text[]'],
    [[], 'text[]'],
    [[{}], 'json[]'],
    [[[1]], 'json'],
  ] as const)('the type of %o is %s', (value, type) => {
    expect(inferType(value)).toBe(type);
    expect(() => toEngine(type === 'geometry' ? null : value, type, 'c')).not.toThrow();
  });

  test('what has no type is refused', () => {
    expect(() => inferType(undefined)).toThrow(/undefined/);
    expect(() => inferType(() => 1)).toThrow(/function/);
    expect(() => inferType([1, 'a'])).toThrow(/INTEGER and TEXT/);
  });
});
