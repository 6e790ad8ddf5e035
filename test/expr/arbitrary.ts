// Random typed expressions, rows and parameters over one fixed set of columns, for the property tests of this folder.

import fc from 'fast-check';
import {
  and,
  call,
  caseWhen,
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
  not,
  or,
  parameter,
} from '../../src/expr/build.js';
import type { Evaluation } from '../../src/expr/evaluation.js';
import type { CompareOperator, Expr } from '../../src/expr/expression.js';
import { LightningError } from '../../src/errors.js';
import type { Value } from '../../src/values/types.js';

export const seed = Number(process.env['SEED'] ?? 20240517);

export const columns = {
  a: column(0, 't.a', 'integer', true),
  b: column(1, 't.b', 'integer', true),
  x: column(2, 't.x', 'real', true),
  y: column(3, 't.y', 'real', true),
  s: column(4, 't.s', 'text', true),
  f: column(5, 't.f', 'boolean', true),
  d: column(6, 't.d', 'date', true),
} as const;

export const layout = new Map(Object.values(columns).map((c) => [c.id, c.id]));

const maybe = <T extends Value>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 5, arbitrary: values }, { weight: 1, arbitrary: fc.constant(null) });

export const integers: fc.Arbitrary<number | bigint> = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -3, max: 4 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<number | bigint>(
      Number.MAX_SAFE_INTEGER,
      9007199254740992n,
      9007199254740993n,
      -9007199254740992n,
      9223372036854775807n,
      -9223372036854775808n,
    ),
  },
);

export const reals = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(-2, -1.5, -0.5, 0, 0.5, 1, 1.5, 2, 3) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(-0, NaN, Infinity, -Infinity, 9007199254740992, 9223372036854775808, 1e300, -1e300),
  },
);

export const texts = fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'A', 'é', '\u{1F600}', '\uFFFD', 'a%b', '10');
const patterns = fc.constantFrom('%', 'a%', '_', '%b', 'a_%', '%b%', 'a\\%b', 'ab', '', '_%c', '%a%b');
const days = fc.integer({ min: -2, max: 2 });

export const row: fc.Arbitrary<Value[]> = fc.tuple(
  maybe(integers),
  maybe(integers),
  maybe(reals),
  maybe(reals),
  maybe(texts),
  maybe(fc.boolean()),
  maybe(days),
);

export const parameters: fc.Arbitrary<Value[]> = fc.tuple(
  maybe(integers),
  maybe(reals),
  maybe(texts),
  maybe(fc.array(maybe(integers), { maxLength: 5 }) as fc.Arbitrary<Value>) as fc.Arbitrary<Value>,
  maybe(fc.boolean()),
);

export const evaluationOf = (values: Value[]): Evaluation => ({ parameters: values, now: 1_700_000_000_000 });

export const operators = fc.constantFrom<CompareOperator>('=', '<>', '<', '<=', '>', '>=');

export interface Arbitraries {
  readonly integer: fc.Arbitrary<Expr>;
  readonly real: fc.Arbitrary<Expr>;
  readonly text: fc.Arbitrary<Expr>;
  readonly boolean: fc.Arbitrary<Expr>;
}

const depthIdentifier = fc.createDepthIdentifier();
const depth = { depthIdentifier, maxDepth: 5, depthSize: 3 };

const integerConstant = maybe(integers).map((v) => constant(v, 'integer') as Expr);
const realConstant = maybe(reals).map((v) => constant(v, 'real') as Expr);
const textConstant = maybe(texts).map((v) => constant(v, 'text') as Expr);

export const expressions: Arbitraries = fc.letrec<{
  integer: Expr;
  real: Expr;
  text: Expr;
  boolean: Expr;
  number: Expr;
}>((tie) => ({
  number: fc.oneof(depth, tie('integer'), tie('real')),
  integer: fc.oneof(
    depth,
    { weight: 3, arbitrary: fc.constantFrom<Expr>(columns.a, columns.b) },
    { weight: 2, arbitrary: integerConstant },
    fc.constant(parameter(0, 'integer')),
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/', '%'), tie('integer'), tie('integer'))
      .map(([name, l, r]) => call(name, [l, r])),
    tie('integer').map((e) => call('negate', [e])),
    tie('text').map((e) => call('length', [e])),
    fc.tuple(tie('integer'), tie('integer')).map((args) => call('coalesce', args)),
    fc.tuple(tie('boolean'), tie('integer'), tie('integer')).map(([when, then, e]) => caseWhen([{ when, then }], e)),
    tie('boolean').map((e) => cast(e, 'integer')),
    fc.constant(call('-', [columns.d, constant(1, 'date')])),
  ),
  real: fc.oneof(
    depth,
    { weight: 3, arbitrary: fc.constantFrom<Expr>(columns.x, columns.y) },
    { weight: 2, arbitrary: realConstant },
    fc.constant(parameter(1, 'real')),
    fc.tuple(fc.constantFrom('+', '-', '*', '/'), tie('real'), tie('number')).map(([name, l, r]) => call(name, [l, r])),
    tie('integer').map((e) => cast(e, 'real')),
    tie('number').map((e) => call('floor', [e])),
    fc.tuple(tie('real'), tie('real')).map((args) => call('greatest', args)),
    fc.constantFrom('year', 'day', 'dow').map((f) => call('extract', [constant(f, 'text'), columns.d])),
  ),
  text: fc.oneof(
    depth,
    { weight: 3, arbitrary: fc.constant<Expr>(columns.s) },
    { weight: 2, arbitrary: textConstant },
    fc.constant(parameter(2, 'text')),
    tie('text').map((e) => call('upper', [e])),
    fc.tuple(tie('text'), tie('text')).map((args) => call('||', args)),
    fc.tuple(tie('text'), tie('integer')).map((args) => call('concat', args)),
    fc.tuple(tie('text'), tie('integer')).map((args) => call('left', args)),
  ),
  boolean: fc.oneof(
    depth,
    { weight: 1, arbitrary: fc.constant<Expr>(columns.f) },
    fc.constantFrom<Expr>(
      constant(true, 'boolean'),
      constant(false, 'boolean'),
      constant(null, 'boolean'),
      parameter(4, 'boolean'),
    ),
    { weight: 4, arbitrary: fc.tuple(operators, tie('number'), tie('number')).map(([o, l, r]) => compare(o, l, r)) },
    { weight: 2, arbitrary: fc.tuple(operators, tie('text'), tie('text')).map(([o, l, r]) => compare(o, l, r)) },
    fc.tuple(operators, tie('boolean'), tie('boolean')).map(([o, l, r]) => compare(o, l, r)),
    operators.map((o) => compare(o, columns.d, constant(1, 'date'))),
    fc.tuple(tie('number'), tie('number'), fc.boolean()).map(([l, r, n]) => distinct(l, r, n)),
    { weight: 3, arbitrary: fc.array(tie('boolean'), { minLength: 2, maxLength: 3 }).map(and) },
    { weight: 3, arbitrary: fc.array(tie('boolean'), { minLength: 2, maxLength: 3 }).map(or) },
    { weight: 2, arbitrary: tie('boolean').map(not) },
    fc.tuple(fc.oneof(tie('integer'), tie('text')), fc.boolean()).map(([e, n]) => isNull(e, n)),
    fc.tuple(tie('boolean'), fc.boolean(), fc.boolean()).map(([e, t, n]) => isTruth(e, t, n)),
    fc
      .tuple(
        tie('number'),
        fc.array(fc.oneof(integerConstant, realConstant), { minLength: 1, maxLength: 7 }),
        fc.boolean(),
      )
      .map(([e, items, n]) => inList(e, items, n)),
    fc
      .tuple(tie('text'), fc.array(fc.oneof(textConstant, tie('text')), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([e, items, n]) => inList(e, items, n)),
    fc.tuple(tie('integer'), fc.boolean()).map(([e, n]) => inArray(e, parameter(3, 'integer[]'), n)),
    fc
      .tuple(
        tie('text'),
        fc.oneof(
          maybe(patterns).map((p) => constant(p, 'text')),
          tie('text'),
        ),
        fc.boolean(),
        fc.boolean(),
      )
      .map(([e, p, insensitive, negated]) => like(e, p, { insensitive, negated })),
  ),
}));

export type Outcome = { readonly value: Value } | { readonly error: string };

/** What evaluating gives: a value, or the code of the error. Any other failure is thrown on. */
export function outcome(f: () => Value): Outcome {
  try {
    return { value: f() };
  } catch (error) {
    if (error instanceof LightningError && error.code !== 'BUG') return { error: error.code };
    throw error;
  }
}
