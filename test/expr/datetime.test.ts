import { describe, expect, it } from 'vitest';
import { resolveFunction } from '../../src/expr/functions.js';
import { parseInterval } from '../../src/expr/functions/interval.js';
import type { Type } from '../../src/values/types.js';

const ms = (iso: string): number => Date.parse(iso);

function overloadOf(name: string, types: readonly Type[]) {
  const found = resolveFunction(name, types);
  if ('problem' in found || found.overload.context === true) throw new Error(`no plain ${name}`);
  return found.overload;
}

function extract(field: string, iso: string): number {
  const overload = overloadOf('extract', ['text', 'timestamp']);
  const prepared = overload.prepare![0]!.make(field)(ms(iso));
  const plain = overload.evaluate(field, ms(iso));
  expect(prepared).toBe(plain);
  return plain as number;
}

function trunc(field: string, iso: string): string {
  const overload = overloadOf('date_trunc', ['text', 'timestamp']);
  return new Date(overload.evaluate(field, ms(iso)) as number).toISOString();
}

function shift(iso: string, literal: string, unit?: string): string {
  const interval = parseInterval(literal, unit)!;
  const overload = overloadOf('add_interval', ['timestamp', 'integer', 'integer', 'integer']);
  const { months, days, milliseconds } = interval;
  return new Date(overload.evaluate(ms(iso), months, days, milliseconds) as number).toISOString().slice(0, 19);
}

describe('extract', () => {
  it('reads fields as PostgreSQL does', () => {
    const at = '2001-02-16T20:38:40.120Z';
    const fields = { century: 21, day: 16, decade: 200, dow: 5, doy: 47, hour: 20, isodow: 5, week: 7, quarter: 1 };
    for (const [field, value] of Object.entries(fields)) expect([field, extract(field, at)]).toEqual([field, value]);
    expect(extract('second', at)).toBe(40.12);
    expect(extract('milliseconds', at)).toBe(40120);
    expect(extract('epoch', at)).toBe(982355920.12);
    expect(extract('years', at)).toBe(2001);
    expect(extract('century', '2000-12-16T12:21:13Z')).toBe(20);
    expect(extract('isoyear', '2006-01-01T00:00:00Z')).toBe(2005);
    expect(extract('week', '2006-01-01T00:00:00Z')).toBe(52);
    expect(extract('isodow', '2006-01-01T00:00:00Z')).toBe(7);
    expect(extract('year', '-000001-01-01T00:00:00Z')).toBe(-2);
    expect(extract('second', '1969-12-31T23:59:58.500Z')).toBe(58.5);
    const early = '0099-05-05T05:05:05Z';
    const expected = {
      century: 1,
      decade: 9,
      dow: 2,
      isodow: 2,
      epoch: -59032263295,
      isoyear: 99,
      millennium: 1,
      week: 19,
    };
    for (const [field, value] of Object.entries(expected))
      expect([field, extract(field, early)]).toEqual([field, value]);
    expect(extract('julian', early)).toBeCloseTo(1757344.211863426, 9);
    expect(extract('decade', '0001-01-01T00:00:00Z')).toBe(0);
    expect(() => extract('fortnight', at)).toThrow(/not a field/);
    expect(() => extract('constructor', at)).toThrow(/not a field/);
  });
});

describe('date_trunc', () => {
  it('cuts down to the start of the field', () => {
    const at = '2001-02-16T20:38:40.120Z';
    expect(trunc('hour', at)).toBe('2001-02-16T20:00:00.000Z');
    expect(trunc('week', at)).toBe('2001-02-12T00:00:00.000Z');
    expect(trunc('week', '2006-01-01T05:00:00Z')).toBe('2005-12-26T00:00:00.000Z');
    expect(trunc('quarter', '2001-06-16T20:38:40Z')).toBe('2001-04-01T00:00:00.000Z');
    expect(trunc('decade', at)).toBe('2000-01-01T00:00:00.000Z');
    expect(trunc('century', '2000-06-01T00:00:00Z')).toBe('1901-01-01T00:00:00.000Z');
    expect(trunc('day', '1969-12-31T23:59:58.500Z')).toBe('1969-12-31T00:00:00.000Z');
    expect(trunc('week', '0099-05-05T05:05:05Z')).toBe('0099-05-04T00:00:00.000Z');
    expect(trunc('millennium', '0099-05-05T05:05:05Z')).toBe('0001-01-01T00:00:00.000Z');
    expect(trunc('year', '0050-06-01T00:00:00Z')).toBe('0050-01-01T00:00:00.000Z');
  });
});

describe('intervals', () => {
  it('reads literals', () => {
    expect(parseInterval('90', 'day')).toEqual({ months: 0, days: 90, milliseconds: 0 });
    expect(parseInterval('1 year 2 months -3 days 04:05:06.7', undefined)).toEqual({
      months: 14,
      days: -3,
      milliseconds: 14706700,
    });
    expect(parseInterval('1.5 days', undefined)).toEqual({ months: 0, days: 1, milliseconds: 43200000 });
    expect(parseInterval('2 weeks ago', undefined)).toEqual({ months: 0, days: -14, milliseconds: 0 });
    expect(parseInterval('1h 30min', undefined)).toEqual({ months: 0, days: 0, milliseconds: 5400000 });
    expect(parseInterval('one day', undefined)).toBeUndefined();
    expect(parseInterval('1 smoot', undefined)).toBeUndefined();
    expect(parseInterval('', 'day')).toBeUndefined();
  });

  it('clamps to the end of the month', () => {
    expect(shift('2024-01-31T10:00:00Z', '1 month')).toBe('2024-02-29T10:00:00');
    expect(shift('2023-03-31T00:00:00Z', '-1', 'month')).toBe('2023-02-28T00:00:00');
    expect(shift('2023-12-31T23:00:00Z', '1 day 2 hours')).toBe('2024-01-02T01:00:00');
    expect(shift('1969-12-31T23:59:59Z', '1 month')).toBe('1970-01-31T23:59:59');
  });
});
