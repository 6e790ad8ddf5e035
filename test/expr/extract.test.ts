import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  and,
  between,
  call,
  cast,
  column,
  compare,
  constant,
  distinct,
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
import { orderOf } from '../../src/expr/compile/compare.js';
import type { Condition, Constraint } from '../../src/expr/constraint.js';
import { compileClosure, evaluateConstant } from '../../src/expr/evaluate.js';
import type { Evaluation } from '../../src/expr/evaluation.js';
import type { Expr } from '../../src/expr/expression.js';
import { typeOf } from '../../src/expr/expression.js';
import { mergeRanges, toCondition, valuesOf } from '../../src/expr/extract.js';
import type { Value } from '../../src/values/types.js';
import {
  columns,
  evaluationOf,
  expressions,
  integers,
  layout,
  operators,
  outcome,
  parameters,
  reals,
  row,
  seed,
  texts,
} from './arbitrary.js';

const { a, b, x, s, f, d } = columns;
const k = (v: Value, type: Parameters<typeof constant>[1] = 'integer'): Expr => constant(v, type);

/** What an index would answer, by the definition of each kind. Values must be of the expression's own type. */
function holds(constraint: Constraint, data: Value[][], ev: Evaluation): boolean {
  const type = typeOf(constraint.expr);
  const value = compileClosure(constraint.expr, layout)(data, 0, ev);
  const order = orderOf(type, type);
  const known = (expr: Expr): Value => {
    expect(typeOf(expr)).toBe(type);
    return evaluateConstant(expr, ev);
  };
  const members = (): Value[] => {
    if (constraint.kind !== 'set' && constraint.kind !== 'not-set') throw new Error('no set');
    const { set } = constraint;
    if (set.kind === 'null') return [];
    if (set.kind === 'values') return set.values.map(known);
    return [...((evaluateConstant(set.array, ev) as Value[] | null) ?? [])];
  };
  const within = (): boolean => members().some((v) => v !== null && order(v, value) === 0);
  switch (constraint.kind) {
    case 'set':
      return constraint.set.kind === 'null' ? value === null : value !== null && within();
    case 'not-set':
      return value !== null && !members().includes(null) && !within();
    case 'range': {
      if (value === null) return false;
      const { low, high } = constraint;
      const above = low === undefined ? 1 : boundOrder(order, value, known(low.value));
      const below = high === undefined ? -1 : boundOrder(order, value, known(high.value));
      if (Number.isNaN(above) || Number.isNaN(below)) return false;
      return (above > 0 || (above === 0 && low!.inclusive)) && (below < 0 || (below === 0 && high!.inclusive));
    }
    case 'prefix': {
      const prefix = known(constraint.prefix);
      return value !== null && prefix !== null && (value as string).startsWith(prefix as string);
    }
    default:
      throw new Error(constraint.kind);
  }
}

function boundOrder(order: (p: Value, q: Value) => number, value: Value, bound: Value): number {
  return bound === null ? NaN : order(value, bound);
}

/** Whether the condition surely holds, and whether it may. */
function judge(condition: Condition, data: Value[][], ev: Evaluation): { must: boolean; may: boolean } {
  switch (condition.kind) {
    case 'opaque':
      return { must: false, may: true };
    case 'constraint': {
      const truth = holds(condition.constraint, data, ev);
      return { must: truth && condition.constraint.exact, may: truth };
    }
    case 'not':
      return judgeNot(condition.arg, data, ev);
    default: {
      const args = condition.args.map((arg) => judge(arg, data, ev));
      return condition.kind === 'and'
        ? { must: args.every((arg) => arg.must), may: args.every((arg) => arg.may) }
        : { must: args.some((arg) => arg.must), may: args.some((arg) => arg.may) };
    }
  }
}

/** Where the constraint is false and its expression is not NULL. */
function judgeNot(arg: Condition, data: Value[][], ev: Evaluation): { must: boolean; may: boolean } {
  if (arg.kind !== 'constraint' || !arg.constraint.exact) throw new Error('NOT over what is not exact');
  const value = compileClosure(arg.constraint.expr, layout)(data, 0, ev);
  const truth = value !== null && !holds(arg.constraint, data, ev);
  return { must: truth, may: truth };
}

const maybe = <T extends Value>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { freq: 8 });
const known = {
  integer: fc.oneof(
    maybe(integers).map((v) => k(v)),
    fc.constant(parameter(0, 'integer')),
  ),
  real: fc.oneof(
    maybe(reals).map((v) => k(v, 'real')),
    fc.constant(parameter(1, 'real')),
  ),
  text: fc.oneof(
    maybe(texts).map((v) => k(v, 'text')),
    fc.constant(parameter(2, 'text')),
  ),
};
const number = fc.oneof(known.integer, known.real);
const numeric = fc.constantFrom<Expr>(a, b, x);

/** Predicates most of which an index understands. */
const indexable: fc.Arbitrary<Expr> = fc.letrec<{ leaf: Expr; tree: Expr }>((tie) => ({
  leaf: fc.oneof(
    { weight: 6, arbitrary: fc.tuple(operators, numeric, number).map(([o, l, r]) => compare(o, l, r)) },
    { weight: 2, arbitrary: fc.tuple(operators, number, numeric).map(([o, l, r]) => compare(o, l, r)) },
    fc.tuple(operators, known.text).map(([o, v]) => compare(o, s, v)),
    fc.tuple(numeric, number, fc.boolean()).map(([l, r, n]) => distinct(l, r, n)),
    fc.tuple(numeric, fc.boolean()).map(([e, n]) => isNull(e, n)),
    {
      weight: 3,
      arbitrary: fc
        .tuple(numeric, fc.array(number, { minLength: 1, maxLength: 3 }), fc.boolean())
        .map(([e, i, n]) => inList(e, i, n)),
    },
    fc.boolean().map((n) => inArray(a, parameter(3, 'integer[]'), n)),
    fc
      .tuple(fc.array(maybe(integers), { maxLength: 3 }), fc.boolean())
      .map(([items, n]) => inArray(a, k(items, 'integer[]'), n)),
    fc.constant<Expr>(f),
    fc.tuple(fc.boolean(), fc.boolean()).map(([t, n]) => isTruth(f, t, n)),
    fc
      .tuple(fc.constantFrom('a%', 'ab', '%', '', 'a_', '%b', 'a\\%%', '\u{1F600}%'), fc.boolean())
      .map(([p, negated]) => like(s, k(p, 'text'), { negated })),
    known.text.map((v) => call('starts_with', [s, v])),
    fc
      .tuple(operators, fc.constantFrom(-86_400_000, -1, 0, 1, 86_400_000))
      .map(([o, ms]) => compare(o, cast(d, 'timestamp'), k(ms, 'timestamp'))),
    expressions.boolean,
  ),
  tree: fc.oneof(
    { maxDepth: 3, depthSize: 0.6 },
    { weight: 4, arbitrary: tie('leaf') },
    fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(and),
    fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(or),
    tie('tree').map(not),
    fc.tuple(tie('tree'), fc.boolean(), fc.boolean()).map(([e, t, n]) => isTruth(e, t, n)),
  ),
})).tree;

describe('toCondition', () => {
  it('never loses a row, and is exact where it says so', () => {
    const seen = { true: 0, exact: 0, inexact: 0, opaque: 0 };
    const count = (condition: Condition): void => {
      if (condition.kind === 'opaque') seen.opaque++;
      else if (condition.kind === 'constraint') seen[condition.constraint.exact ? 'exact' : 'inexact']++;
    };
    fc.assert(
      fc.property(indexable, fc.array(row, { minLength: 1, maxLength: 6 }), parameters, (predicate, rows, params) => {
        const ev = evaluationOf(params);
        const condition = toCondition(predicate);
        count(condition);
        for (const one of rows) {
          const data = one.map((v) => [v]);
          const truth = outcome(() => compileClosure(predicate, layout)(data, 0, ev));
          if ('error' in truth) continue;
          const judged = outcome(() => {
            const { must, may } = judge(condition, data, ev);
            return [must, may];
          });
          if ('error' in judged) continue;
          const [must, may] = judged.value as [boolean, boolean];
          if (truth.value === true) {
            seen.true++;
            expect(may).toBe(true);
          }
          if (must) expect(truth.value).toBe(true);
        }
      }),
      { seed, numRuns: 6000 },
    );
    expect(seen.exact).toBeGreaterThan(1000);
    expect(seen.inexact).toBeGreaterThan(30);
    expect(seen.true).toBeGreaterThan(2000);
  });

  it('is exact for every comparison of an integer or real column with a literal', () => {
    fc.assert(
      fc.property(
        operators,
        numeric,
        fc.oneof(
          maybe(integers).map((v) => k(v)),
          maybe(reals).map((v) => k(v, 'real')),
        ),
        row,
        (o, e, v, one) => {
          const predicate = compare(o, e, v);
          const condition = toCondition(predicate);
          if (condition.kind !== 'constraint') throw new Error(condition.kind);
          expect(condition.constraint.exact).toBe(true);
          const data = one.map((value) => [value]);
          const ev = evaluationOf([]);
          expect(holds(condition.constraint, data, ev)).toBe(compileClosure(predicate, layout)(data, 0, ev) === true);
        },
      ),
      { seed, numRuns: 5000 },
    );
  });

  const show = (predicate: Expr): unknown => {
    const c = toCondition(predicate);
    if (c.kind !== 'constraint') return c.kind;
    const values = valuesOf(c.constraint).map((v) => (v.kind === 'constant' ? v.value : v.kind));
    return [c.constraint.kind, values, c.constraint.exact];
  };

  it('restates bounds in the type of the column', () => {
    expect(show(compare('>', a, k(1.5, 'real')))).toEqual(['range', [2], true]);
    expect(show(compare('<', a, k(1e300, 'real')))).toEqual(['not-set', [], true]);
    expect(show(compare('=', a, k(NaN, 'real')))).toEqual(['set', [], true]);
    expect(show(compare('<', x, k(9007199254740993n)))).toEqual(['range', [9007199254740992], true]);
    expect(show(compare('<', x, parameter(0, 'integer')))).toEqual(['range', ['cast'], false]);
    expect(show(compare('<', a, parameter(1, 'real')))).toBe('opaque');
    expect(show(compare('=', a, k(null)))).toEqual(['set', [], true]);
    expect(show(compare('>', k(3), call('+', [a, b])))).toEqual(['range', [3], true]);
    expect(show(compare('=', a, b))).toBe('opaque');
    expect(show(like(s, k('ab%', 'text')))).toEqual(['prefix', ['ab'], true]);
    expect(show(like(s, k('ab%c', 'text')))).toEqual(['prefix', ['ab'], false]);
    expect(show(like(s, k('ab', 'text')))).toEqual(['set', ['ab'], true]);
    expect(show(like(s, parameter(2, 'text')))).toBe('opaque');
    expect(show(like(s, k('ab%', 'text'), { insensitive: true }))).toBe('opaque');
    expect(show(inArray(a, parameter(3, 'integer[]')))).toEqual(['set', ['parameter'], true]);
    expect(show(not(f))).toEqual(['set', [false], true]);
  });

  it('understands searches and relations in both orders', () => {
    const place = column(7, 't.p', 'point', true);
    const box = call(
      'st_makeenvelope',
      [0, 0, 1, 1].map((n) => k(n, 'real')),
    );
    const relation = (e: Expr): unknown => {
      const c = toCondition(e);
      return c.kind === 'constraint' && c.constraint.kind === 'spatial'
        ? [c.constraint.relation, c.constraint.expr, c.constraint.exact]
        : c.kind;
    };
    expect(relation(call('st_within', [place, box]))).toEqual(['within', place, true]);
    expect(relation(call('st_within', [box, place]))).toEqual(['contains', place, true]);
    expect(relation(call('st_contains', [box, place]))).toEqual(['within', place, true]);
    expect(relation(call('st_intersects', [box, cast(place, 'geometry')]))).toEqual(['intersects', place, true]);
    expect(relation(call('st_dwithin', [place, box, k(5, 'real')]))).toEqual(['dwithin', place, true]);
    expect(relation(call('st_dwithin', [place, box, x]))).toBe('opaque');
    expect(relation(compare('<', call('st_distance', [box, place]), k(5)))).toEqual(['dwithin', place, false]);
    expect(relation(compare('>', k(5), call('st_distance', [box, place])))).toEqual(['dwithin', place, false]);
    expect(relation(compare('>', call('st_distance', [box, place]), k(5)))).toBe('constraint');

    const search = match(3, [{ name: 'about', text: s, boost: 1 }], {}, k('harbour', 'text'));
    expect(toCondition(search)).toMatchObject({
      kind: 'constraint',
      constraint: { kind: 'match', index: 3, field: 'about', expr: s, exact: true },
    });
    expect(toCondition(not(search)).kind).toBe('not');
    expect(toCondition(not(match(3, [{ name: '', text: s, boost: 1 }], {}, parameter(2, 'text')))).kind).toBe('opaque');
  });
});

describe('mergeRanges', () => {
  it('keeps the meaning of a conjunction', () => {
    const bound = fc.oneof(known.integer, fc.constant(parameter(4, 'integer')));
    const range = fc.tuple(fc.constantFrom('<', '<=', '>', '>=') as typeof operators, fc.constantFrom(a, b), bound);
    let fewer = 0;
    fc.assert(
      fc.property(
        fc.array(range, { minLength: 2, maxLength: 5 }),
        row,
        parameters,
        integers,
        (terms, one, params, extra) => {
          const constraints = terms.flatMap(([o, e, v]) => {
            const c = toCondition(compare(o, e, v));
            return c.kind === 'constraint' ? [c.constraint] : [];
          });
          const merged = mergeRanges(constraints);
          if (merged.length < constraints.length) fewer++;
          const data = one.map((v) => [v]);
          const ev = evaluationOf([...params.slice(0, 4), extra]);
          const all = (list: readonly Constraint[]): boolean => list.every((c) => holds(c, data, ev));
          expect(all(merged)).toBe(all(constraints));
        },
      ),
      { seed, numRuns: 2000 },
    );
    expect(fewer).toBeGreaterThan(500);
  });

  it('makes one range of BETWEEN', () => {
    const predicate = between(a, parameter(0, 'integer'), k(9));
    const c = toCondition(predicate);
    if (c.kind !== 'and') throw new Error(c.kind);
    const constraints = c.args.flatMap((arg) => (arg.kind === 'constraint' ? [arg.constraint] : []));
    const [only, ...others] = mergeRanges(constraints);
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      kind: 'range',
      low: { inclusive: true },
      high: { value: k(9), inclusive: true },
      exact: true,
    });
  });
});
