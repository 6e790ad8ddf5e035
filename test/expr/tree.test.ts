import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  and,
  call,
  canRaise,
  cast,
  children,
  column,
  columnsOf,
  compare,
  conjuncts,
  constant,
  equalExprs,
  hasSubquery,
  isConstant,
  isDeterministic,
  like,
  mapChildren,
  match,
  not,
  or,
  parameter,
  parametersOf,
  rewrite,
  subquery,
  substitute,
  TRUE,
} from '../../src/expr/build.js';
import type { Expr } from '../../src/expr/expression.js';
import { compileClosure } from '../../src/expr/evaluate.js';
import { columns, evaluationOf, expressions, layout, outcome, parameters, row, seed } from './arbitrary.js';

const { a, b, s, f } = columns;
const one = constant(1, 'integer');
const now = call('now', []);

describe('constructors', () => {
  it('keep AND and OR flat', () => {
    expect(and([f, and([f, TRUE, not(f)])])).toEqual({ kind: 'and', args: [f, f, not(f)] });
    expect(and([])).toEqual(TRUE);
    expect(or([and([f]), constant(false, 'boolean')])).toBe(f);
    expect(not(not(f))).toBe(f);
    expect(not(constant(null, 'boolean'))).toEqual(constant(null, 'boolean'));
    expect(conjuncts(TRUE)).toEqual([]);
    expect(conjuncts(and([f, not(f)]))).toEqual([f, not(f)]);
  });

  it('cast arguments as the overload asks', () => {
    expect(call('+', [a, constant(1, 'real')]).args[0]).toEqual(cast(a, 'real'));
    expect(call('upper', [constant(null, 'null')]).args[0]).toEqual(constant(null, 'text'));
    expect(() => call('upper', [a])).toThrow(
      expect.objectContaining({ code: 'TYPE_MISMATCH', hint: 'use upper(text)' }),
    );
    expect(() => call('frob', [a])).toThrow(expect.objectContaining({ code: 'UNKNOWN_FUNCTION' }));
  });
});

describe('tree tools', () => {
  it('leave an unchanged node alone, and reach every child', () => {
    const samples: fc.Arbitrary<Expr> = fc.oneof(
      expressions.boolean,
      fc.constant(subquery({ form: 'any', id: 1, args: [b], slots: [3], operands: [a] })),
      fc.constant(match(1, [{ name: '', text: s, boost: 1 }], {}, parameter(2, 'text'))),
    );
    fc.assert(
      fc.property(samples, (expr) => {
        expect(mapChildren(expr, (child) => child)).toBe(expr);
        const visited: Expr[] = [];
        mapChildren(expr, (child) => (visited.push(child), child));
        expect(visited).toEqual([...children(expr)]);
        expect(
          equalExprs(
            rewrite(expr, (node) => ({ ...node })),
            expr,
          ),
        ).toBe(true);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('know what is read', () => {
    const expr = and([compare('=', a, parameter(4, 'integer')), like(s, parameter(1, 'text'))]);
    expect([...columnsOf(expr)]).toEqual([0, 4]);
    expect([...parametersOf(expr)]).toEqual([4, 1]);
    const moved = substitute(expr, (c) => (c.id === 0 ? column(9, 'u.a', 'integer', true) : undefined));
    expect([...columnsOf(moved)]).toEqual([9, 4]);
    expect([...columnsOf(subquery({ form: 'exists', id: 1, args: [b], slots: [0] }))]).toEqual([1]);
  });
});

describe('facts', () => {
  it('tell what is known before the rows', () => {
    expect(isConstant(call('+', [parameter(0, 'integer'), one]))).toBe(true);
    expect(isConstant(now)).toBe(true);
    expect(isConstant(call('+', [a, one]))).toBe(false);
    expect(isConstant(subquery({ form: 'scalar', id: 1, type: 'integer' }))).toBe(false);
    expect(isDeterministic(now)).toBe(false);
    expect(isDeterministic(call('upper', [s]))).toBe(true);
    expect(hasSubquery(not(subquery({ form: 'exists', id: 1 })))).toBe(true);
  });

  it('tell what may raise', () => {
    expect(canRaise(compare('=', a, one))).toBe(false);
    expect(canRaise(call('/', [a, b]))).toBe(true);
    expect(canRaise(call('/', [a, constant(2, 'integer')]))).toBe(false);
    expect(canRaise(call('/', [a, constant(-1, 'integer')]))).toBe(true);
    expect(canRaise(call('%', [a, constant(0, 'integer')]))).toBe(true);
    expect(canRaise(cast(s, 'integer'))).toBe(true);
    expect(canRaise(cast(a, 'text'))).toBe(false);
    expect(canRaise(like(s, parameter(0, 'text')))).toBe(false);
    expect(canRaise(like(s, s))).toBe(true);
    expect(canRaise(subquery({ form: 'scalar', id: 1, type: 'integer' }))).toBe(true);
  });

  it('no error comes where none was announced', () => {
    let raised = 0;
    const any = fc.oneof(expressions.boolean, expressions.integer, expressions.real, expressions.text);
    fc.assert(
      fc.property(any, row, parameters, (expr, values, params) => {
        const data = values.map((v) => [v]);
        const result = outcome(() => compileClosure(expr, layout)(data, 0, evaluationOf(params)));
        if ('error' in result) {
          raised++;
          expect(canRaise(expr)).toBe(true);
        }
      }),
      { seed, numRuns: 3000 },
    );
    expect(raised).toBeGreaterThan(20);
  });
});
