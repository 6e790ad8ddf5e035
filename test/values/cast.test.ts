// CAST, against PostgreSQL itself (PGlite) where both have the types, and by example where they have not.
import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { SCALARS, seed, values } from './generators.js';
import { canCast, castValue, formatValue } from '../../src/values/cast.js';
import { civilFromDays, daysFromCivil, parseTimestamp } from '../../src/values/datetime.js';
import { formatReal } from '../../src/values/literals.js';
import { equalValues } from '../../src/values/order.js';
import type { ScalarType } from '../../src/values/types.js';
import { LightningError } from '../../src/errors.js';

const postgres = await PGlite.create();
await postgres.exec(
  `SET timezone = 'UTC'; CREATE FUNCTION try_cast(v text, t text) RETURNS text AS $$
   DECLARE r text; BEGIN EXECUTE format('SELECT (%L::%s)::text', v, t) INTO r; RETURN r;
   EXCEPTION WHEN OTHERS THEN RETURN 'error ' || SQLSTATE; END $$ LANGUAGE plpgsql;`,
);
afterAll(() => postgres.close());

const names: Partial<Record<ScalarType, string>> = {
  integer: 'bigint',
  real: 'float8',
  boolean: 'boolean',
  timestamp: 'timestamp',
  date: 'date',
  blob: 'bytea',
};

function ours(text: string, to: ScalarType): string {
  try {
    return formatValue(castValue(text, 'text', to), to);
  } catch (error) {
    return (error as LightningError).code;
  }
}

/** PostgreSQL's answers to `text::type::text` for a list of texts. */
async function theirs(texts: readonly string[], to: ScalarType): Promise<string[]> {
  const { rows } = await postgres.query<{ r: string }>(
    `SELECT try_cast(v, $2) AS r FROM unnest($1::text[]) WITH ORDINALITY AS u(v, n) ORDER BY n`,
    [texts, names[to]],
  );
  return rows
    .map(({ r }) => (r.startsWith('error 22P0') || r === 'error 22007' || r === 'error 22023' ? 'INVALID_TEXT' : r))
    .map((r) => (r === 'error 22003' || r === 'error 22008' || r === 'error 22009' ? 'OUT_OF_RANGE' : r));
}

const odd = [
  '',
  ' ',
  'abc',
  '1',
  ' 42 ',
  '\t7\n',
  '-5',
  '+5',
  '1.5',
  '.5',
  '5.',
  '1e3',
  '1e400',
  '1e-400',
  '0e-999',
  '0x1F',
  '0b101',
  '0o17',
  '1_000',
  '1__0',
  '_1',
  '00012',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '99999999999999999999',
  'NaN',
  'nan',
  'Infinity',
  '-inf',
  'inf',
  '+infinity',
  't',
  'TRUE',
  'tru',
  'y',
  'of',
  'o',
  'on',
  'off',
  'no',
  '0',
  '2',
  ' f ',
  '--1',
  '1 2',
  '1e',
  'e1',
  '\u00a01',
  '-0',
  '-0.0',
];

const dates = [
  '2024-02-29',
  '2023-02-29',
  '2024-1-5',
  '0044-03-15 BC',
  '0001-01-01',
  '0000-01-01',
  '10000-01-01',
  '2024-13-01',
  ' 2024-05-17 ',
  '2024-05-17 08:30',
  '2024-05-17T08:30:15.5',
  '2024-05-17 24:00:00',
  '2024-05-17 25:00:00',
  '2024-05-17 08:30:15.120',
  '1969-12-31 23:59:59.999',
  'tuesday',
  '2024-05-17x',
  '2024-12-31 23:59:59.9996',
  '0044-03-15 10:00:00 BC',
];

describe('casts', () => {
  test.each(['integer', 'real', 'boolean'] as const)('text to %s as PostgreSQL', async (type) => {
    // PostgreSQL reads what C's strtod reads, hexadecimal floats too; the engine does not.
    const list = odd.filter((t) => type !== 'real' || t !== '0x1F');
    expect(list.map((t) => [t, ours(t, type)])).toEqual((await theirs(list, type)).map((r, i) => [list[i], r]));
  });

  test.each(['timestamp', 'date'] as const)('text to %s and back as PostgreSQL', async (type) => {
    // PostgreSQL keeps microseconds; the engine rounds to milliseconds.
    const list = dates.filter((t) => !t.endsWith('9996'));
    expect(list.map((t) => [t, ours(t, type)])).toEqual((await theirs(list, type)).map((r, i) => [list[i], r]));
  });

  test('text to blob and back as PostgreSQL', async () => {
    const list = ['', '\\x00ff', '\\x0', '\\xzz', 'abc', 'a\\\\b', '\\001', '\\9', 'é', '\\x 00 ff'];
    expect(list.map((t) => [t, ours(t, 'blob')])).toEqual((await theirs(list, 'blob')).map((r, i) => [list[i], r]));
  });

  test('reals print as PostgreSQL prints them', async () => {
    const list = [
      0,
      -0,
      1,
      0.1,
      1e-4,
      1e-5,
      123456e-10,
      1e14,
      123456789012345,
      1e15,
      1e16,
      1e20,
      1e21,
      1.5e300,
      5e-324,
      NaN,
      Infinity,
      -Infinity,
      1e100,
      2 ** 53,
      1234567890123456,
      999999999999999.9,
      0.30000000000000004,
      ...fc.sample(fc.double(), { numRuns: 1_500, seed }),
      ...fc.sample(fc.double({ min: -1e17, max: 1e17 }), { numRuns: 1_500, seed }),
      ...fc
        .sample(fc.tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: -12, max: 18 })), {
          numRuns: 500,
          seed,
        })
        .map(([m, e]) => Number(`${m}e${e}`)),
    ];
    const shown = list.map(formatReal);
    const { rows } = await postgres.query<{ r: string }>(
      `SELECT v::float8::text AS r FROM unnest($1::text[]) WITH ORDINALITY AS u(v, n) ORDER BY n`,
      [shown],
    );
    expect(shown).toEqual(rows.map(({ r }) => r));
    shown.forEach((t, i) => expect(castValue(t, 'text', 'real')).toBe(list[i]));
  });

  test('reals round half to even into integers as PostgreSQL', async () => {
    const list = [
      0.5,
      1.5,
      2.5,
      -0.5,
      -1.5,
      -2.5,
      0.49999999999999994,
      2 ** 51 + 0.5,
      2 ** 51 + 1.5,
      2 ** 53,
      1e18,
      9223372036854774784,
      ...fc.sample(fc.double({ min: -9e18, max: 9e18, noNaN: true }), { numRuns: 300, seed }),
      ...fc.sample(fc.integer({ min: -999, max: 999 }), { numRuns: 100, seed }).map((n) => n / 4),
    ];
    const { rows } = await postgres.query<{ r: string }>(
      `SELECT v::float8::bigint::text AS r FROM unnest($1::text[]) WITH ORDINALITY AS u(v, n) ORDER BY n`,
      [list.map(String)],
    );
    expect(list.map((x) => String(castValue(x, 'real', 'integer')))).toEqual(rows.map(({ r }) => r));
    expect(Object.is(castValue(-0.2, 'real', 'integer'), 0)).toBe(true);
    for (const x of [NaN, Infinity, -Infinity, 2 ** 63, -1e19]) {
      expect(() => castValue(x, 'real', 'integer')).toThrow(/out of the range/);
    }
    expect(castValue(-(2 ** 63), 'real', 'integer')).toBe(-(2n ** 63n));
  });

  test('civil dates and days agree with JavaScript dates over the whole range', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
        const date = new Date(days * 86_400_000);
        const civil = civilFromDays(days);
        expect(civil).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
        expect(daysFromCivil(civil.year, civil.month, civil.day)).toBe(days);
      }),
      { numRuns: 3_000, seed },
    );
    expect(parseTimestamp('2024-12-31 23:59:59.9996')).toBe(Date.UTC(2025, 0, 1));
    expect(parseTimestamp(new Date(8.64e15).toISOString())).toBe(8.64e15);
  });

  test.each(SCALARS)('%s to text and back is the same value', (type) => {
    if (type === 'geometry' || type === 'point') return;
    fc.assert(
      fc.property(values[type], (value) => {
        expect(equalValues(castValue(castValue(value, type, 'text'), 'text', type), value, type)).toBe(true);
      }),
      { seed },
    );
  });

  test('any text cast to any type is a value or an input error', () => {
    const parts = fc.array(
      fc.constantFrom(
        '1',
        '9',
        '-',
        '+',
        '.',
        'e',
        ' ',
        ':',
        'T',
        'Z',
        '0x',
        '_',
        '2024-01-02',
        '\\\\',
        '\\x',
        '{',
        '"a":',
        '}',
        '[',
        'BC',
        '😀',
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          parts.map((a) => a.join('')),
        ),
        fc.constantFrom(...SCALARS),
        (t, to) => {
          try {
            castValue(t, 'text', to);
          } catch (error) {
            expect(error).toBeInstanceOf(LightningError);
            expect((error as LightningError).kind).toBe('input');
          }
        },
      ),
      { numRuns: 5_000, seed },
    );
  });

  test('other casts, and NULL through all of them', () => {
    expect(castValue(1, 'integer', 'boolean')).toBe(true);
    expect(castValue(0, 'integer', 'boolean')).toBe(false);
    expect(castValue(true, 'boolean', 'integer')).toBe(1);
    expect(castValue(true, 'boolean', 'text')).toBe('true');
    expect(castValue(2n ** 60n, 'integer', 'real')).toBe(2 ** 60);
    expect(castValue(1, 'date', 'timestamp')).toBe(86_400_000);
    expect(castValue(-1, 'timestamp', 'date')).toBe(-1);
    expect(castValue('{"b":1, "a":2}', 'text', 'json')).toBe('{"a":2,"b":1}');
    expect(castValue('2.5', 'json', 'integer')).toBe(2);
    expect(castValue('null', 'json', 'boolean')).toBeNull();
    expect(() => castValue('"1"', 'json', 'integer')).toThrow(/cannot cast the JSON document/);
    const point = { type: 'Point' as const, coordinates: [1, 2] };
    expect(castValue(point, 'point', 'text')).toBe('{"type":"Point","coordinates":[1,2]}');
    expect(castValue('{"type":"Point","coordinates":[1,2]}', 'text', 'point')).toEqual(point);
    expect(castValue(castValue(point, 'point', 'json'), 'json', 'geometry')).toEqual(point);
    expect(() => castValue('{"type":"LineString","coordinates":[[1,2],[3,4]]}', 'text', 'point')).toThrow(
      /a Point is expected/,
    );
    expect(castValue([1, null], 'integer[]', 'text[]')).toEqual(['1', null]);
    for (const from of SCALARS) for (const to of SCALARS) expect(castValue(null, from, to)).toBeNull();
  });

  test('canCast says exactly which casts castValue can do, and when they happen', () => {
    for (const from of SCALARS) {
      for (const to of SCALARS) {
        const [value] = fc.sample(values[from], { numRuns: 1, seed });
        let refused = false;
        try {
          castValue(value!, from, to);
        } catch (error) {
          refused = (error as LightningError).code === 'TYPE_MISMATCH';
        }
        expect([from, to, refused]).toEqual([from, to, canCast(from, to) === undefined]);
      }
    }
    expect(canCast('integer', 'real')).toBe('implicit');
    expect(canCast('real', 'integer')).toBe('assignment');
    expect(canCast('date', 'text')).toBe('assignment');
    expect(canCast('text', 'date')).toBe('explicit');
    expect(canCast('null', 'blob')).toBe('implicit');
    expect(canCast('integer[]', 'real[]')).toBe('implicit');
    expect(canCast('integer', 'integer[]')).toBeUndefined();
    expect(canCast('date', 'integer')).toBeUndefined();
  });
});
