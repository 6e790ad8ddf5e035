import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  and,
  call,
  caseWhen,
  cast,
  column,
  compare,
  constant,
  equalExprs,
  exprKey,
  inArray,
  inList,
  isNull,
  like,
  not,
  or,
  parameter,
  subquery,
} from '../../src/expr/build.js';
import type { Expr } from '../../src/expr/expression.js';
import { printExpr, quoteName } from '../../src/expr/printer.js';
import { deserializeExpr, exprFromJson, exprToJson, serializeExpr } from '../../src/expr/serialize.js';
import type { Value } from '../../src/values/types.js';
import { columns, expressions, seed } from './arbitrary.js';

const { a, b, x, s, f, d } = columns;
const k = (v: Value, type: Parameters<typeof constant>[1] = 'integer'): Expr => constant(v, type);

describe('serialize', () => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.oneof(expressions.boolean, expressions.integer, expressions.real, expressions.text), (expr) => {
        expect(deserializeExpr(serializeExpr(expr))).toStrictEqual(expr);
      }),
      { seed, numRuns: 1500 },
    );
  });

  it('keeps values that JSON cannot say', () => {
    const point: Value = { type: 'Point', coordinates: [1, 2] };
    const values: Expr[] = [
      k(9007199254740993n),
      k(NaN, 'real'),
      k(-0, 'real'),
      k(-Infinity, 'real'),
      k(Uint8Array.of(0, 255), 'blob'),
      k([1, null, 9007199254740993n], 'integer[]'),
      k(point, 'point'),
      subquery({ form: 'exists', id: 1 }),
      {
        kind: 'match',
        index: 1,
        fields: [{ name: 'q', text: s, boost: 2 }],
        analysis: { language: 'en' },
        query: k('w', 'text'),
      },
    ];
    for (const expr of values) expect(exprFromJson(exprToJson(expr))).toStrictEqual(expr);
  });

  it('refuses what it has not made', () => {
    for (const text of ['', '{}', '{"kind":"magic"}', '[1', 'null', '{"kind":"and"}']) {
      expect(() => deserializeExpr(text)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
    }
  });
});

describe('print', () => {
  const cases: [string, Expr][] = [
    ['t.a > 1 AND t.b IS NULL', and([compare('>', a, k(1)), isNull(b)])],
    ['(t.f OR t.a = 1) AND NOT t.f', and([or([f, compare('=', a, k(1))]), not(f)])],
    ['NOT (t.f AND t.f)', not(and([f, f]))],
    ['(t.a + 1) * 2 - (t.b - -3)', call('-', [call('*', [call('+', [a, k(1)]), k(2)]), call('-', [b, k(-3)])])],
    ['-t.a', call('negate', [a])],
    ['-(1)', call('negate', [k(1)])],
    ['-(-1)', call('negate', [k(-1)])],
    ["t.s LIKE 'it''s%' ESCAPE '!'", like(s, k("it's%", 'text'), { escape: k('!', 'text') })],
    ['t.a NOT IN (1, NULL)', inList(a, [k(1), constant(null, 'null')], true)],
    ['t.a IN $4', inArray(a, parameter(3, 'integer[]'))],
    ['(t.a = 1) = t.f', compare('=', compare('=', a, k(1)), f)],
    ['CASE WHEN t.f THEN 1 ELSE CAST(NULL AS INTEGER) END', caseWhen([{ when: f, then: k(1) }])],
    ['CAST(t.a AS TEXT) || t.s', call('||', [cast(a, 'text'), s])],
    ['t.x < 1.0', compare('<', x, k(1, 'real'))],
    ["t.x = CAST('NaN' AS REAL)", compare('=', x, k(NaN, 'real'))],
    ["t.d >= DATE '1970-01-02'", compare('>=', d, k(1, 'date'))],
    ['extract(year FROM t.d)', call('extract', [k('year', 'text'), d])],
    ["now() + INTERVAL '1 months 2 days'", call('add_interval', [call('now', []), k(1), k(2), k(0)])],
    ['current_date', call('current_date', [])],
    ['lower(t.s)', call('lower', [s])],
    ['"Weird ""name"""', column(1, 'Weird "name"', 'text', true)],
    ['"order"', column(1, 'order', 'text', true)],
    ["CAST('\\xff' AS BLOB)", k(Uint8Array.of(255), 'blob')],
  ];
  it.each(cases)('%s', (text, expr) => expect(printExpr(expr)).toBe(text));

  it('writes columns as it is told', () => {
    expect(printExpr(compare('=', a, b), { column: (c) => quoteName(`C${c.id}`) })).toBe('"C0" = "C1"');
  });

  it('tells different expressions apart', () => {
    const seen = new Map<string, Expr>();
    fc.assert(
      fc.property(expressions.boolean, (expr) => {
        const text = printExpr(expr);
        const other = seen.get(text);
        if (other === undefined) seen.set(text, expr);
        else expect(exprKey(other).replaceAll(' ', '')).toBe(exprKey(expr).replaceAll(' ', ''));
      }),
      { seed, numRuns: 2000 },
    );
  });
});

describe('keys', () => {
  it('leave names out and tell values apart', () => {
    expect(equalExprs(column(1, 'p.q', 'text', true), column(1, 'other', 'text', false))).toBe(true);
    expect(equalExprs(k(1), k(1, 'real'))).toBe(false);
    expect(equalExprs(k(0, 'real'), k(-0, 'real'))).toBe(false);
    expect(equalExprs(k('1', 'text'), k(1))).toBe(false);
    expect(equalExprs(inList(a, [k(1), k(2)]), inList(a, [k(1)]))).toBe(false);
  });
});
