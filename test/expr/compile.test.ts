import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  and,
  call,
  caseWhen,
  column,
  compare,
  constant,
  inList,
  isTruth,
  like,
  not,
  or,
  parameter,
  subquery,
} from '../../src/expr/build.js';
import { compileClosure, compileFilter, compileProjection, evaluateConstant } from '../../src/expr/evaluate.js';
import type { CompileOptions } from '../../src/expr/evaluate.js';
import type { Evaluation } from '../../src/expr/evaluation.js';
import type { Expr } from '../../src/expr/expression.js';
import type { Value } from '../../src/values/types.js';
import { columns, evaluationOf, expressions, layout, outcome, parameters, row, seed } from './arbitrary.js';
import type { Outcome } from './arbitrary.js';

const modes = ['closure', 'generated'] as const;
const rows = fc.array(row, { minLength: 1, maxLength: 8 });
const byColumn = (data: readonly Value[][]): Value[][] => [...layout.values()].map((slot) => data.map((r) => r[slot]!));
const everyOther = (n: number): Uint32Array => Uint32Array.from({ length: Math.ceil(n / 2) }, (_, i) => 2 * i);

function project(
  expr: Expr,
  data: Value[][],
  selection: Uint32Array | undefined,
  ev: Evaluation,
  options: CompileOptions,
): Outcome {
  const out: Value[] = [];
  return outcome(() => {
    compileProjection(expr, layout, options)(byColumn(data), selection, selection?.length ?? data.length, out, ev);
    return out;
  });
}

function filter(
  expr: Expr,
  data: Value[][],
  selection: Uint32Array | undefined,
  ev: Evaluation,
  options: CompileOptions,
): Outcome {
  const out = selection === undefined ? new Uint32Array(data.length) : selection.slice();
  return outcome(() => {
    const input = selection === undefined ? undefined : out;
    const n = compileFilter(expr, layout, options)(byColumn(data), input, selection?.length ?? data.length, out, ev);
    return Array.from(out.subarray(0, n));
  });
}

describe('generated code and closures agree', () => {
  for (const type of ['integer', 'real', 'text', 'boolean'] as const) {
    it(`on ${type} projections`, () => {
      fc.assert(
        fc.property(expressions[type], rows, parameters, fc.boolean(), (expr, data, params, selected) => {
          const selection = selected ? everyOther(data.length) : undefined;
          const [closure, code] = modes.map((mode) => project(expr, data, selection, evaluationOf(params), { mode }));
          expect(code).toEqual(closure);
        }),
        { seed, numRuns: 1500 },
      );
    });
  }

  it('on filters, which keep the rows where the value is true', () => {
    let kept = 0;
    fc.assert(
      fc.property(expressions.boolean, rows, parameters, fc.boolean(), (expr, data, params, selected) => {
        const ev = evaluationOf(params);
        const selection = selected ? everyOther(data.length) : undefined;
        const [closure, code] = modes.map((mode) => filter(expr, data, selection, ev, { mode }));
        expect(code).toEqual(closure);
        const value = project(expr, data, selection, ev, { mode: 'closure' });
        if ('value' in value && closure !== undefined && 'value' in closure) {
          const indexes = selection ?? data.keys();
          const expected = [...indexes].filter((_, i) => (value.value as Value[])[i] === true);
          expect(closure.value).toEqual(expected);
          kept += expected.length;
        }
      }),
      { seed, numRuns: 3000 },
    );
    expect(kept).toBeGreaterThan(500);
  });

  it('when the same kernel meets other parameters', () => {
    fc.assert(
      fc.property(expressions.boolean, row, parameters, parameters, (expr, one, first, second) => {
        const kernels = modes.map((mode) => compileProjection(expr, layout, { mode }));
        for (const params of [first, second, first]) {
          const [closure, code] = kernels.map((kernel) =>
            outcome(() => {
              const out: Value[] = [];
              kernel(byColumn([one]), undefined, 1, out, evaluationOf(params));
              return out[0]!;
            }),
          );
          expect(code).toEqual(closure);
        }
      }),
      { seed, numRuns: 1500 },
    );
  });
});

describe('meaning', () => {
  const none: Evaluation = { parameters: [], now: 0 };
  const value = (expr: Expr, ...data: Value[]): Value[] =>
    modes.map((mode) => {
      const out: Value[] = [];
      compileProjection(expr, layout, { mode })(
        data.map((v) => [v]),
        undefined,
        1,
        out,
        none,
      );
      return out[0]!;
    });
  const both = (v: Value): Value[] => [v, v];
  const k = (v: Value, type: 'integer' | 'real' | 'text' | 'boolean' = 'integer'): Expr => constant(v, type);
  const unknown = k(null, 'boolean');

  it('three-valued logic', () => {
    expect(value(and([columns.f, unknown]), 0, 0, 0, 0, '', false)).toEqual(both(false));
    expect(value(and([columns.f, unknown]), 0, 0, 0, 0, '', true)).toEqual(both(null));
    expect(value(or([columns.f, unknown]), 0, 0, 0, 0, '', true)).toEqual(both(true));
    expect(value(not({ kind: 'not', arg: columns.f }), 0, 0, 0, 0, '', null)).toEqual(both(null));
    expect(value(isTruth(columns.f, true, true), 0, 0, 0, 0, '', null)).toEqual(both(true));
    expect(value(inList(columns.a, [k(1), k(null)], true), 2)).toEqual(both(null));
    expect(value(inList(columns.a, [k(1), k(null)], true), 1)).toEqual(both(false));
    expect(value(inList(columns.a, [k(1), k(2)], true), null)).toEqual(both(null));
  });

  it('integers and reals compare by mathematical value', () => {
    expect(value(compare('=', columns.a, k(9007199254740992, 'real')), 9007199254740992n)).toEqual(both(true));
    expect(value(compare('=', columns.a, k(9007199254740992, 'real')), 9007199254740993n)).toEqual(both(false));
    expect(value(inList(columns.a, [k(9007199254740992, 'real')]), 9007199254740992n)).toEqual(both(true));
    expect(value(compare('<', columns.a, k(NaN, 'real')), 1)).toEqual(both(true));
    expect(value(compare('=', columns.x, k(NaN, 'real')), 0, 0, NaN)).toEqual(both(true));
    expect(value(compare('>', columns.x, k(Infinity, 'real')), 0, 0, NaN)).toEqual(both(true));
  });

  it('CASE and AND leave out what they need not evaluate', () => {
    const bang = compare('=', call('/', [k(1), columns.a]), k(1));
    const guarded = caseWhen([{ when: compare('=', columns.a, k(0)), then: k(true, 'boolean') }], bang);
    expect(value(guarded, 0)).toEqual(both(true));
    expect(value(and([compare('<>', columns.a, k(0)), bang]), 0)).toEqual(both(false));
    const constantBang = compare('=', call('/', [k(1), k(0)]), k(1));
    expect(value(and([compare('<>', columns.a, k(0)), constantBang]), 0)).toEqual(both(false));
    expect(() => value(bang, 0)).toThrow(/division by zero/);
  });

  it('LIKE', () => {
    const likes = (text: string, pattern: string, insensitive = false): Value[] =>
      value(like(columns.s, k(pattern, 'text'), { insensitive }), 0, 0, 0, 0, text);
    expect(likes('\u{1F600}b', '_b')).toEqual(both(true));
    expect(likes('aXbXc', 'a%b%c')).toEqual(both(true));
    expect(likes('aab', '%a_')).toEqual(both(true));
    expect(likes('abcabd', '%abd')).toEqual(both(true));
    expect(likes('100%', '100\\%')).toEqual(both(true));
    expect(likes('HELLO', 'he%', true)).toEqual(both(true));
    expect(likes('a\nb', 'a%b')).toEqual(both(true));
    expect(() => likes('a', 'a\\')).toThrow(/must not end/);
    const slow = '%a%a%a%a%a%a%a%a%b';
    expect(likes('a'.repeat(5000), slow)).toEqual(both(false));
  });

  it('LIKE agrees with a regular expression', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '\u{1F600}'), maxLength: 7 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_', '\u{1F600}'), maxLength: 6 });
    fc.assert(
      fc.property(word, pattern, (text, p) => {
        const expected = new RegExp(`^${p.replaceAll('%', '.*').replaceAll('_', '.')}$`, 'su').test(text);
        expect(value(like(columns.s, k(p, 'text')), 0, 0, 0, 0, text)).toEqual(both(expected));
      }),
      { seed, numRuns: 2000 },
    );
  });

  it('MATCH is judged with the analysis of the index', () => {
    const match: Expr = {
      kind: 'match',
      index: 1,
      fields: [{ name: '', text: columns.s, boost: 1 }],
      analysis: { language: 'en' },
      query: k('harbour -ferry', 'text'),
    };
    expect(value(match, 0, 0, 0, 0, 'Old harbours')).toEqual(both(true));
    expect(value(match, 0, 0, 0, 0, 'Harbour with ferries')).toEqual(both(false));
    expect(value(match, 0, 0, 0, 0, null)).toEqual(both(null));
    const marked = call('highlight', [columns.s, ...['harbour', '{}', '[', ']'].map((v) => k(v, 'text'))]);
    expect(value(marked, 0, 0, 0, 0, 'Old harbours')).toEqual(both('Old [harbours]'));
    const cut = call('snippet', [columns.s, k('harbour', 'text'), k('{}', 'text'), k(2), k('about', 'text')]);
    expect(value(cut, 0, 0, 0, 0, 'Some very old harbours')).toEqual(both('…old harbours'));
  });

  it('sub-queries get their slots before they run', () => {
    const asked: unknown[] = [];
    const ev: Evaluation = {
      parameters: [null, null],
      now: 0,
      subqueries: {
        scalar: (id) => (asked.push(['scalar', id, [...ev.parameters]]), 7),
        exists: () => true,
        any: (_subquery, [operand]) => (operand === null ? null : operand === 3),
        row: () => null,
      },
    };
    const scalar = subquery({
      form: 'scalar',
      id: 4,
      args: [call('+', [columns.a, k(1)])],
      slots: [1],
      type: 'integer',
    });
    const within = subquery({ form: 'any', id: 5, operands: [columns.a] });
    for (const mode of modes) {
      const out: Value[] = [];
      compileProjection(call('+', [scalar, columns.b]), layout, { mode })([[1], [10]], undefined, 1, out, ev);
      expect(out).toEqual([17]);
      const picked = new Uint32Array(3);
      expect(compileFilter(within, layout, { mode })([[1, null, 3]], undefined, 3, picked, ev)).toBe(1);
      expect(picked[0]).toBe(2);
    }
    expect(asked).toEqual([
      ['scalar', 4, [null, 2]],
      ['scalar', 4, [null, 2]],
    ]);
  });

  it('now() is one instant for the statement', () => {
    const ev = evaluationOf([5]);
    expect(evaluateConstant(call('now', []), ev)).toBe(ev.now);
    expect(evaluateConstant(call('+', [parameter(0, 'integer'), k(1)]), ev)).toBe(6);
    for (const mode of modes) {
      const out: Value[] = [];
      compileProjection(call('date_trunc', [k('day', 'text'), call('now', [])]), layout, { mode })(
        [],
        undefined,
        2,
        out,
        ev,
      );
      expect(out).toEqual([1699920000000, 1699920000000]);
    }
  });

  it('a column outside the layout is a bug, not an undefined', () => {
    expect(() => compileClosure(column(99, 'q', 'integer', true), layout)).toThrow(/not in the batch/);
    expect(() =>
      compileFilter(compare('=', column(99, 'q', 'integer', true), k(1)), layout, { mode: 'generated' }),
    ).toThrow(/not in the batch/);
  });
});

describe('modes', () => {
  it('auto goes over to generated code without changing answers', () => {
    const kernel = compileFilter(compare('<', columns.a, constant(500, 'integer')), layout);
    const values = Array.from({ length: 1024 }, (_, i) => i);
    const out = new Uint32Array(1024);
    for (let batch = 0; batch < 10; batch++) {
      expect(kernel([values], undefined, 1024, out, evaluationOf([]))).toBe(500);
    }
  });

  it('works where code generation is forbidden', async () => {
    vi.resetModules();
    const forbidden = vi.fn(function () {
      throw new EvalError('Code generation from strings disallowed for this context');
    });
    vi.stubGlobal('Function', forbidden);
    try {
      const fresh = await import('../../src/expr/evaluate.js');
      expect(fresh.canGenerate()).toBe(false);
      const kernel = fresh.compileFilter(compare('<', columns.a, constant(2, 'integer')), layout, {
        mode: 'generated',
      });
      const out = new Uint32Array(3);
      expect(kernel([[1, 2, 0]], undefined, 3, out, evaluationOf([]))).toBe(2);
      expect(forbidden).toHaveBeenCalledTimes(1);
    } finally {
      vi.unstubAllGlobals();
      vi.resetModules();
    }
  });
});
