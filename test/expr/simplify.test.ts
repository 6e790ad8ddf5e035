import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  and,
  call,
  caseWhen,
  compare,
  constant,
  equalExprs,
  inList,
  isTruth,
  not,
  or,
  parameter,
} from '../../src/expr/build.js';
import { compileClosure, compileTest } from '../../src/expr/evaluate.js';
import type { Expr } from '../../src/expr/expression.js';
import { typeOf } from '../../src/expr/expression.js';
import { applySimplification, simplifications, simplify } from '../../src/expr/simplify.js';
import { columns, evaluationOf, expressions, layout, outcome, parameters, row, seed } from './arbitrary.js';

const { a, b, f } = columns;
const k = (n: number): Expr => constant(n, 'integer');
const one = compare('=', a, k(1));
const two = compare('>', b, k(2));
const unknown = constant(null, 'boolean');
const TRUE = constant(true, 'boolean');
const FALSE = constant(false, 'boolean');

/** Nothing but errors may differ, and errors may only go away. */
function agrees(before: Expr, after: Expr): void {
  fc.assert(
    fc.property(row, parameters, (values, params) => {
      const data = values.map((v) => [v]);
      const ev = evaluationOf(params);
      const expected = outcome(() => compileClosure(before, layout)(data, 0, ev));
      if ('error' in expected) return;
      expect(outcome(() => compileClosure(after, layout)(data, 0, ev))).toEqual(expected);
    }),
    { seed, numRuns: 3 },
  );
}

describe('each simplification keeps every answer', () => {
  for (const simplification of [...simplifications, undefined]) {
    it(simplification?.name ?? 'all together', () => {
      let changed = 0;
      fc.assert(
        fc.property(fc.oneof(expressions.boolean, expressions.boolean, expressions.integer), (expr) => {
          const after = simplification === undefined ? simplify(expr) : applySimplification(simplification, expr);
          expect(typeOf(after)).toBe(typeOf(expr));
          if (after === expr) return;
          changed++;
          agrees(expr, after);
        }),
        { seed, numRuns: 2500 },
      );
      expect(changed).toBeGreaterThan(100);
    });
  }

  it('never lets an error appear in a filter', () => {
    fc.assert(
      fc.property(expressions.boolean, row, parameters, (expr, values, params) => {
        const data = values.map((v) => [v]);
        const run = (e: Expr) => outcome(() => compileTest(e, layout, true)(data, 0, evaluationOf(params)));
        const expected = run(expr);
        if (!('error' in expected)) expect(run(simplify(expr))).toEqual(expected);
      }),
      { seed, numRuns: 3000 },
    );
  });

  it('comes to rest', () => {
    fc.assert(
      fc.property(expressions.boolean, (expr) => {
        const once = simplify(expr);
        expect(equalExprs(simplify(once), once)).toBe(true);
      }),
      { seed, numRuns: 1000 },
    );
  });
});

describe('examples', () => {
  const cases: [string, Expr, Expr][] = [
    ['folds literals', call('+', [k(1), call('*', [k(2), k(3)])]), k(7)],
    ['leaves what raises', call('/', [k(1), k(0)]), call('/', [k(1), k(0)])],
    ['leaves now()', call('now', []), call('now', [])],
    ['leaves x = x', compare('=', a, a), compare('=', a, a)],
    ['NULL makes a comparison unknown', compare('=', a, constant(null, 'integer')), unknown],
    ['pushes NOT into a comparison', not(one), compare('<>', a, k(1))],
    ['pushes NOT through AND', not(and([one, two])), or([compare('<>', a, k(1)), compare('<=', b, k(2))])],
    ['pushes NOT into IN', not(inList(a, [k(1), k(2)])), inList(a, [k(1), k(2)], true)],
    ['FALSE decides AND', and([one, FALSE, two]), FALSE],
    ['but not NULL', and([one, unknown]), and([one, unknown])],
    ['TRUE decides OR', or([one, TRUE]), TRUE],
    ['repeated terms go', and([one, two, one]), and([one, two])],
    ['absorbs', and([one, or([two, one])]), one],
    ['column stands left', compare('<', k(5), a), compare('>', a, k(5))],
    ['parameters stand right', compare('=', parameter(0, 'integer'), a), compare('=', a, parameter(0, 'integer'))],
    ['columns by id', compare('<', b, a), compare('>', a, b)],
    ['truth of a column', compare('=', f, FALSE), not(f)],
    ['IS TRUE of a literal', isTruth(unknown, true, true), TRUE],
    [
      'dead branches go',
      caseWhen([
        { when: FALSE, then: k(1) },
        { when: one, then: k(2) },
      ]),
      caseWhen([{ when: one, then: k(2) }]),
    ],
    ['a sure branch ends', caseWhen([{ when: TRUE, then: a }], call('/', [k(1), k(0)])), a],
  ];
  it.each(cases)('%s', (_name, before, after) => {
    expect(simplify(before)).toEqual(after);
  });

  it('keeps a term that raises before one that decides', () => {
    const raising = compare('=', call('/', [k(1), a]), k(1));
    expect(simplify(and([raising, FALSE]))).toEqual(and([raising, FALSE]));
    expect(simplify(and([FALSE, raising]))).toEqual(FALSE);
  });
});
