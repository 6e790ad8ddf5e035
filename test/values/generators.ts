// fast-check generators of engine values of every type, rich in edges, and the seed that replays a run.
import fc from 'fast-check';
import type { ScalarType, Value } from '../../src/values/types.js';
import { canonicalJson } from '../../src/values/json.js';

const given = process.env['SEED'];
/** Printed so that `SEED=n npx vitest run test/values` replays a failure. */
export const seed = given === undefined ? Date.now() >>> 0 : Number(given);
console.log(`test/values SEED=${seed}`);

export const SCALARS: readonly ScalarType[] = [
  'integer',
  'real',
  'text',
  'boolean',
  'timestamp',
  'date',
  'blob',
  'json',
  'point',
  'geometry',
];

const normal = (n: bigint): number | bigint => (Number.isSafeInteger(Number(n)) ? Number(n) : n);

const edgeIntegers: bigint[] = [];
for (const power of [0n, 6n, 7n, 8n, 15n, 16n, 24n, 31n, 32n, 40n, 48n, 52n, 53n, 56n, 62n]) {
  for (const d of [-2n, -1n, 0n, 1n, 2n]) edgeIntegers.push(2n ** power + d, -(2n ** power) + d);
}
for (const n of [111n, 112n, -112n, -113n, 2n ** 63n - 1n, -(2n ** 63n)]) edgeIntegers.push(n);

const integer = fc.oneof(
  fc.integer({ min: -300, max: 300 }).map(BigInt),
  fc.constantFrom(...edgeIntegers),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);

const real = fc.oneof(
  fc.double(),
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(
    0,
    -0,
    NaN,
    Infinity,
    -Infinity,
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
    Number.MAX_VALUE,
    2 ** 53,
    1e300,
  ),
);

const unit = fc.oneof(
  fc.constantFrom(
    '\0',
    '\x01',
    '\x02',
    '\x03',
    'a',
    'b',
    '\x7f',
    '\x80',
    'é',
    '\u07ff',
    '\u0800',
    '\ud7ff',
    '\ue000',
    '\uffff',
  ),
  fc.constantFrom('\u{10000}', '\u{10ffff}', '😀'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
export const text = fc.oneof(
  fc.array(unit, { maxLength: 6 }).map((a) => a.join('')),
  fc.string({ unit: 'grapheme' }),
);

const position = fc
  .tuple(
    fc.oneof(fc.constantFrom(0, 180, -180), fc.double({ min: -180, max: 180, noNaN: true })),
    fc.oneof(fc.constantFrom(0, 90, -90), fc.double({ min: -90, max: 90, noNaN: true })),
  )
  .map(([x, y]) => [x + 0, y + 0]);

const point = position.map((coordinates): Value => ({ type: 'Point', coordinates }));
const geometry = fc.oneof(
  point,
  fc.array(position, { minLength: 2, maxLength: 4 }).map((coordinates): Value => ({ type: 'LineString', coordinates })),
  fc
    .array(position, { minLength: 3, maxLength: 5 })
    .map((ring): Value => ({ type: 'Polygon', coordinates: [[...ring, [...ring[0]!]]] })),
);

export const values: Readonly<Record<ScalarType, fc.Arbitrary<Value>>> = {
  integer: integer.map(normal),
  real,
  text,
  boolean: fc.boolean(),
  timestamp: fc.oneof(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.integer({ min: -1000, max: 1000 })),
  date: fc.integer({ min: -100_000_000, max: 100_000_000 }),
  blob: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.array(fc.constantFrom(0, 1, 2, 3, 254, 255), { maxLength: 5 }).map((a) => Uint8Array.from(a)),
  ),
  json: fc.jsonValue().map((v) => canonicalJson(v)),
  point,
  geometry,
};

/** A value of the type, or NULL now and then. */
export const nullable = (type: ScalarType): fc.Arbitrary<Value> => fc.option(values[type], { nil: null, freq: 6 });
