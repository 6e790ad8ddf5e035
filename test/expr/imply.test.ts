import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  and,
  call,
  compare,
  constant,
  inArray,
  inList,
  isNull,
  isTruth,
  like,
  match,
  not,
  or,
  parameter,
} from '../../src/expr/build.js';
import { compileClosure } from '../../src/expr/evaluate.js';
import type { Expr } from '../../src/expr/expression.js';
import { implies } from '../../src/expr/imply.js';
import { columns, evaluationOf, layout, operators, outcome, parameters, row, seed } from './arbitrary.js';

const { a, b, x, s, f } = columns;
const k = (v: number): Expr => constant(v, 'integer');
const t = (v: string): Expr => constant(v, 'text');

describe('implies', () => {
  it('is true only when every row says so', () => {
    const small = fc.integer({ min: -2, max: 3 }).map(k);
    const value = fc.oneof(
      { weight: 6, arbitrary: small },
      { weight: 1, arbitrary: fc.constant(parameter(0, 'integer')) },
    );
    const half = fc.constantFrom(-0.5, 0.5, 1, 1.5).map((v) => constant(v, 'real') as Expr);
    const leaf = fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(operators, fc.constantFrom(a, b), fc.oneof(value, half))
          .map(([o, e, v]) => compare(o, e, v)),
      },
      { weight: 2, arbitrary: fc.tuple(operators, half).map(([o, v]) => compare(o, x, v)) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.array(value, { minLength: 1, maxLength: 3 }), fc.boolean())
          .map(([i, n]) => inList(a, i, n)),
      },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom<Expr>(a, b, s), fc.boolean()).map(([e, n]) => isNull(e, n)) },
      fc.tuple(fc.constantFrom('a%', 'ab%', 'ab', '%'), fc.boolean()).map(([p, negated]) => like(s, t(p), { negated })),
      fc.tuple(operators, fc.constantFrom('a', 'ab', 'b')).map(([o, v]) => compare(o, s, t(v))),
      operators.map((o) => compare(o, a, b)),
      fc.constant<Expr>(f),
      fc.tuple(fc.boolean(), fc.boolean()).map(([truth, n]) => isTruth(f, truth, n)),
      fc.boolean().map((n) => inArray(a, parameter(3, 'integer[]'), n)),
    );
    const tree = fc.letrec<{ tree: Expr }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 2, depthSize: 1 },
        { weight: 3, arbitrary: leaf },
        fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(and),
        fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(or),
        tie('tree').map(not),
      ),
    })).tree;
    let proved = 0;
    let witnessed = 0;
    const rows = fc.array(row, { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(tree, { minLength: 1, maxLength: 3 }),
        tree,
        rows,
        parameters,
        (premise, conclusion, data, params) => {
          if (!implies(premise, conclusion)) return;
          proved++;
          const ev = evaluationOf(params);
          for (const one of data) {
            const batch = one.map((v) => [v]);
            const truth = (e: Expr) => outcome(() => compileClosure(e, layout)(batch, 0, ev));
            const given = truth(and(premise));
            if (!('value' in given) || given.value !== true) continue;
            witnessed++;
            expect(truth(conclusion)).toEqual({ value: true });
          }
        },
      ),
      { seed, numRuns: 12_000 },
    );
    expect(proved).toBeGreaterThan(300);
    expect(witnessed).toBeGreaterThan(300);
  });

  const gt = (n: number): Expr => compare('>', a, k(n));
  const yes: [string, Expr[], Expr][] = [
    ['the same', [gt(5)], gt(5)],
    ['a subset of conjuncts', [gt(5), compare('=', s, t('x'))], compare('=', s, t('x'))],
    ['nested conjuncts', [and([gt(5), isNull(b)])], and([isNull(b), gt(5)])],
    ['TRUE', [], constant(true, 'boolean')],
    ['a wider range', [gt(5)], compare('>=', a, k(5))],
    ['a range from the other side', [compare('<', k(5), a)], gt(4)],
    ['integer against real', [gt(5)], compare('>', a, constant(4.5, 'real'))],
    ['a point in a range', [compare('=', a, k(7))], gt(5)],
    ['a smaller list', [inList(a, [k(1), k(2)])], inList(a, [k(3), k(2), k(1)])],
    ['equality and exclusion', [compare('=', a, k(1))], compare('<>', a, k(2))],
    ['a range that excludes', [gt(5)], inList(a, [k(1), k(5)], true)],
    ['NOT NULL from a comparison', [compare('=', a, parameter(0, 'integer'))], isNull(a, true)],
    ['NOT NULL through strict functions', [compare('=', call('lower', [s]), t('x'))], isNull(s, true)],
    ['NOT NULL from a join', [compare('=', a, b)], isNull(b, true)],
    ['NOT NULL from LIKE', [like(s, parameter(2, 'text'))], isNull(s, true)],
    ['a longer prefix', [like(s, t('abc%x'))], like(s, t('ab%'))],
    ['one arm of an OR', [gt(5)], or([isNull(b), gt(3)])],
    ['by cases', [or([compare('=', a, k(6)), gt(10)])], gt(5)],
    ['the same parameter', [compare('>', a, parameter(0, 'integer'))], compare('>=', a, parameter(0, 'integer'))],
    ['a truth', [f], isTruth(f, true)],
    ['a negation', [not(f)], isTruth(f, true, true)],
  ];
  it.each(yes)('%s', (_name, premise, conclusion) => expect(implies(premise, conclusion)).toBe(true));

  const two = [s, a].map((text, i) => ({ name: String(i), text, boost: 1 }));
  const no: [string, Expr[], Expr][] = [
    ['nothing known', [], gt(5)],
    ['a narrower range', [gt(5)], gt(6)],
    ['another parameter', [compare('>', a, parameter(0, 'integer'))], compare('>', a, parameter(1, 'integer'))],
    ['a parameter and a literal', [compare('=', a, parameter(0, 'integer'))], gt(5)],
    ['a larger list', [inList(a, [k(1), k(2)])], inList(a, [k(1)])],
    ['another column', [gt(5)], compare('>', b, k(5))],
    ['one arm only', [or([gt(6), isNull(b)])], gt(5)],
    ['IS NULL', [isNull(a)], isNull(a, true)],
    ['coalesce is not strict', [compare('=', call('coalesce', [a, b]), k(1))], isNull(a, true)],
    ['a search in several texts', [match(1, two, {}, t('x'))], isNull(s, true)],
    [
      'time goes on',
      [compare('=', call('now', []), parameter(0, 'timestamp'))],
      compare('=', call('now', []), parameter(0, 'timestamp')),
    ],
  ];
  it.each(no)('not: %s', (_name, premise, conclusion) => expect(implies(premise, conclusion)).toBe(false));
});
