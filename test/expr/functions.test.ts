import { describe, expect, it } from 'vitest';
import { functionNames, resolveFunction } from '../../src/expr/functions.js';
import type { ArgumentType } from '../../src/expr/typing.js';
import { LightningError } from '../../src/errors.js';
import type { Value } from '../../src/values/types.js';

function typing(name: string, ...types: ArgumentType[]): string {
  const found = resolveFunction(name, types);
  return 'problem' in found ? found.problem : `${found.casts.map((c) => c ?? '.').join(' ')} > ${found.type}`;
}

/** Evaluates the overload for these types over values that need no cast. */
function run(name: string, types: ArgumentType[], ...values: Value[]): Value {
  const found = resolveFunction(name, types);
  if ('problem' in found || found.overload.context === true) throw new Error(`no plain ${name}`);
  return found.overload.evaluate(...values);
}

const text = (name: string, ...values: Value[]): Value =>
  run(
    name,
    values.map((v) => (typeof v === 'number' ? 'integer' : 'text')),
    ...values,
  );
const int = (name: string, ...values: Value[]): Value =>
  run(
    name,
    values.map(() => 'integer'),
    ...values,
  );
const real = (name: string, ...values: Value[]): Value =>
  run(
    name,
    values.map(() => 'real'),
    ...values,
  );

function codeOf(f: () => unknown): string {
  try {
    f();
  } catch (error) {
    if (error instanceof LightningError) return error.code;
    throw error;
  }
  return 'none';
}

describe('resolution', () => {
  it('takes exact matches, then implicit casts', () => {
    expect(typing('+', 'integer', 'integer')).toBe('. . > integer');
    expect(typing('+', 'integer', 'real')).toBe('real . > real');
    expect(typing('+', 'date', 'integer')).toBe('. . > date');
    expect(typing('-', 'date', 'date')).toBe('. . > integer');
    expect(typing('sqrt', 'integer')).toBe('real > real');
    expect(typing('abs', 'integer')).toBe('. > integer');
    expect(typing('extract', 'text', 'date')).toBe('. . > real');
    expect(typing('date_trunc', 'text', 'date')).toBe('. timestamp > timestamp');
  });

  it('gives unknowns and NULLs the type of their place', () => {
    expect(typing('+', 'unknown', 'integer')).toBe('integer . > integer');
    expect(typing('-', 'date', 'unknown')).toBe('. date > integer');
    expect(typing('+', 'null', 'real')).toBe('real . > real');
    expect(typing('upper', 'unknown')).toBe('text > text');
    expect(typing('->', 'json', 'unknown')).toBe('. text > json');
    expect(typing('coalesce', 'null', 'integer', 'real')).toBe('real real . > real');
    expect(typing('coalesce', 'unknown', 'date')).toBe('date . > date');
    expect(typing('||', 'unknown', 'unknown')).toBe('text text > text');
    expect(typing('||', 'text', 'integer')).toBe('. text > text');
    expect(typing('concat', 'boolean', 'real')).toBe('. text > text');
  });

  it('says what is wrong', () => {
    expect(typing('frobnicate', 'text')).toBe('unknown-function');
    expect(typing('upper', 'text', 'text')).toBe('argument-count');
    expect(typing('upper', 'integer')).toBe('argument-types');
    expect(typing('||', 'integer', 'integer')).toBe('argument-types');
    expect(typing('coalesce', 'integer', 'text')).toBe('argument-types');
    const problem = resolveFunction('upper', ['integer']);
    expect(problem).toMatchObject({ message: 'upper does not take (integer)', signatures: ['upper(text)'] });
  });

  it('lists names without operators', () => {
    expect(functionNames()).toContain('substring');
    expect(functionNames()).not.toContain('+');
    expect(functionNames()).not.toContain('negate');
  });
});

describe('integers', () => {
  it('are exact through 64 bits', () => {
    expect(int('+', Number.MAX_SAFE_INTEGER, 1)).toBe(9007199254740992n);
    expect(int('-', 9007199254740992n, 1)).toBe(Number.MAX_SAFE_INTEGER);
    expect(int('*', 3037000499, 3037000499)).toBe(9223372030926249001n);
    expect(int('*', -1, 9223372036854775807n)).toBe(-9223372036854775807n);
    expect(codeOf(() => int('+', 9223372036854775807n, 1))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => int('negate', -9223372036854775808n))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => int('/', -9223372036854775808n, -1))).toBe('OUT_OF_RANGE');
  });

  it('divide toward zero, and never give -0', () => {
    expect(int('/', 7, -2)).toBe(-3);
    expect(int('%', -7, 2)).toBe(-1);
    expect(Object.is(int('/', -1, 2), 0)).toBe(true);
    expect(Object.is(int('%', -4, 2), 0)).toBe(true);
    expect(Object.is(int('*', 0, -4), 0)).toBe(true);
    expect(Object.is(int('negate', 0), 0)).toBe(true);
    expect(int('/', 9007199254740991, 2)).toBe(4503599627370495);
    expect(codeOf(() => int('/', 1, 0))).toBe('DIVISION_BY_ZERO');
    expect(codeOf(() => int('mod', 1, 0))).toBe('DIVISION_BY_ZERO');
  });
});

describe('reals', () => {
  it('raise what PostgreSQL raises', () => {
    expect(codeOf(() => real('*', 1e308, 10))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => real('*', 1e-300, 1e-300))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => real('/', 1, 0))).toBe('DIVISION_BY_ZERO');
    expect(real('/', NaN, 0)).toBeNaN();
    expect(real('+', Infinity, 1)).toBe(Infinity);
    expect(real('-', Infinity, Infinity)).toBeNaN();
    expect(codeOf(() => real('sqrt', -1))).toBe('INVALID_VALUE');
    expect(codeOf(() => real('ln', 0))).toBe('INVALID_VALUE');
    expect(codeOf(() => real('power', 0, -1))).toBe('INVALID_VALUE');
    expect(real('power', -8, 3)).toBe(-512);
    expect(real('sign', NaN)).toBe(0);
    expect(codeOf(() => real('sin', Infinity))).toBe('OUT_OF_RANGE');
  });

  it('round halves to even, to digits away from zero', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 1e300].map((a) => real('round', a))).toEqual([0, 2, 2, 0, -2, 2, 1e300]);
    expect(run('round', ['real', 'integer'], 2.675, 2)).toBe(2.68);
    expect(run('round', ['real', 'integer'], -1.005, 2)).toBe(-1.01);
    expect(run('round', ['real', 'integer'], 1250, -2)).toBe(1300);
    expect(run('round', ['real', 'integer'], 4, -2)).toBe(0);
    expect(run('round', ['real', 'integer'], 60, -2)).toBe(100);
    expect(run('round', ['real', 'integer'], 1e-9, 3)).toBe(0);
    expect(run('trunc', ['real', 'integer'], -2.679, 2)).toBe(-2.67);
  });
});

describe('text', () => {
  it('counts code points from 1', () => {
    expect(text('length', 'a😀b')).toBe(3);
    expect(text('substring', 'a😀bc', 2, 2)).toBe('😀b');
    expect(text('substring', 'abc', -1, 3)).toBe('a');
    expect(text('substring', 'abc', 0)).toBe('abc');
    expect(codeOf(() => text('substring', 'abc', 1, -1))).toBe('INVALID_VALUE');
    expect(text('left', 'abc', -1)).toBe('ab');
    expect(text('left', 'abc', -5)).toBe('');
    expect(text('right', 'abc', 2)).toBe('bc');
    expect(text('right', 'abc', -1)).toBe('bc');
    expect(text('right', 'abc', 9)).toBe('abc');
    expect(text('strpos', 'a😀b', 'b')).toBe(3);
    expect(text('position', 'b', 'abc')).toBe(2);
    expect(text('position', '', 'abc')).toBe(1);
    expect(text('reverse', 'a😀')).toBe('😀a');
  });

  it('does what PostgreSQL does', () => {
    expect(text('trim', '  a b ')).toBe('a b');
    expect(text('btrim', 'xyabyx', 'xy')).toBe('ab');
    expect(text('ltrim', 'xxa', 'x')).toBe('a');
    expect(text('rtrim', 'a😀😀', '😀')).toBe('a');
    expect(text('replace', 'aXbX', 'X', '$&')).toBe('a$&b$&');
    expect(text('replace', 'abc', '', 'x')).toBe('abc');
    expect(text('translate', '12345', '143', 'ax')).toBe('a2x5');
    expect(text('lpad', 'hi', 5, 'xy')).toBe('xyxhi');
    expect(text('rpad', 'hello', 3)).toBe('hel');
    expect(text('lpad', 'hi', -1)).toBe('');
    expect(text('repeat', 'ab', 3)).toBe('ababab');
    expect(text('repeat', 'ab', -3)).toBe('');
    expect(codeOf(() => text('repeat', 'abcdefgh', 1e9))).toBe('VALUE_TOO_LONG');
    expect(text('split_part', 'a,b,c', ',', 2)).toBe('b');
    expect(text('split_part', 'a,b,c', ',', -1)).toBe('c');
    expect(text('split_part', 'a,b,c', ',', 9)).toBe('');
    expect(text('split_part', 'a,b,c', ',', -9)).toBe('');
    expect(text('initcap', 'hello wORLD-foo')).toBe('Hello World-Foo');
    expect(text('ascii', '')).toBe(0);
    expect(text('chr', 233)).toBe('é');
    expect(codeOf(() => text('chr', 0))).toBe('INVALID_VALUE');
    expect(run('concat', ['text', 'boolean', 'text'], 'a', true, null)).toBe('at');
    expect(run('concat_ws', ['text', 'text', 'text', 'text'], ',', 'a', null, 'b')).toBe('a,b');
    expect(run('concat_ws', ['text', 'text'], null, 'a')).toBe(null);
  });
});

describe('conditional', () => {
  it('skips NULLs in greatest and least, and follows the total order', () => {
    expect(int('greatest', 1, null, 3)).toBe(3);
    expect(int('least', null, null)).toBe(null);
    expect(real('greatest', 1, NaN, Infinity)).toBeNaN();
    expect(text('greatest', '\u{1F600}', '\uFFFD')).toBe('\u{1F600}');
    expect(int('nullif', 1, 1)).toBe(null);
    expect(int('nullif', 1, null)).toBe(1);
    expect(int('nullif', 9007199254740993n, 9007199254740993n)).toBe(null);
  });
});

describe('json', () => {
  const document = '{"a":[1,{"b":"x"}],"c":null}';
  it('steps into documents', () => {
    expect(run('->', ['json', 'text'], document, 'a')).toBe('[1,{"b":"x"}]');
    expect(run('->', ['json', 'integer'], '[1,2]', -1)).toBe('2');
    expect(run('->', ['json', 'text'], '[1,2]', '0')).toBe(null);
    expect(run('->>', ['json', 'text'], document, 'c')).toBe(null);
    expect(run('->', ['json', 'text'], document, 'c')).toBe('null');
    expect(run('->', ['json', 'text'], document, 'toString')).toBe(null);
    expect(run('#>>', ['json', 'text[]'], document, ['a', '1', 'b'])).toBe('x');
    expect(run('#>', ['json', 'text[]'], document, ['a', '7'])).toBe(null);
  });

  it('knows containment', () => {
    const holds = (a: string, b: string): Value => run('@>', ['json', 'json'], a, b);
    expect(holds('{"a":1,"b":{"c":2,"d":3}}', '{"b":{"c":2}}')).toBe(true);
    expect(holds('[1,2,3]', '[3,1,1]')).toBe(true);
    expect(holds('[1,2]', '1')).toBe(true);
    expect(holds('[[1,2]]', '[1]')).toBe(false);
    expect(holds('{"a":[1,2]}', '{"a":1}')).toBe(false);
    expect(run('json_array_length', ['json'], '[1,2]')).toBe(2);
    expect(codeOf(() => run('json_array_length', ['json'], '{}'))).toBe('INVALID_VALUE');
  });
});
