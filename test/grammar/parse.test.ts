// Positions, literals, statements, bounds, and what the printer gives back.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keywords, locate, parse, print, type Expr, type Statement } from '../../grammar/index.js';
import { Parser } from '../../grammar/parser.js';
import { withoutPositions } from './compact.js';

function one(text: string): Statement {
  const result = parse(text);
  if (!result.ok) throw new Error(`${text}: ${result.problems[0]?.message}`);
  const [statement] = result.statements;
  if (statement === undefined || result.statements.length !== 1) throw new Error(`${text}: not one statement`);
  return statement;
}

function item(text: string): Expr {
  const statement = one(`SELECT ${text}`);
  if (statement.kind !== 'select-statement' || statement.query.body.kind !== 'select') throw new Error('no SELECT');
  const [first] = statement.query.body.items;
  if (first?.kind !== 'item') throw new Error('no expression');
  return first.expression;
}

function problem(text: string) {
  const result = parse(text);
  if (result.ok) throw new Error(`no problem in ${text}`);
  return result.problems[0];
}

test('productions are unambiguous with one token of lookahead', () => {
  expect(() => new Parser(true)).not.toThrow();
});

describe('statements', () => {
  test('several, each with its own text and place', () => {
    const text = " SELECT 1 ;; /* ; */ SELECT ';' ; ";
    const result = parse(text);
    if (!result.ok) throw new Error('no parse');
    expect(result.statements.map((statement) => statement.text)).toEqual(['SELECT 1', "SELECT ';'"]);
    for (const { offset, length, text: own } of result.statements)
      expect(text.slice(offset, offset + length)).toBe(own);
  });
  test('none', () => {
    for (const text of ['', ' \n', ';', ';;--x', '/* x */', '\ufeff'])
      expect(parse(text)).toEqual({ ok: true, statements: [] });
  });
  test('question marks are counted anew in each', () => {
    const result = parse('SELECT ?, ?; SELECT ?');
    const indexes = JSON.stringify(result).match(/"index":\d/g);
    expect(indexes).toEqual(['"index":1', '"index":2', '"index":1']);
  });
  test('a view keeps the text of its query', () => {
    expect(one('CREATE VIEW v AS  SELECT a  FROM t')).toMatchObject({ queryText: 'SELECT a  FROM t' });
  });
});

describe('literals', () => {
  test.each([
    ['9007199254740991', 9007199254740991, true],
    ['9007199254740992', 9007199254740992n, true],
    ['9223372036854775808', 9223372036854775808n, true],
    ['0x1F', 31, true],
    ['1_000', 1000, true],
    ['1.0', 1, false],
    ['.5', 0.5, false],
    ['2.', 2, false],
    ['1e3', 1000, false],
  ])('number %s', (text, value, integer) => {
    expect(item(text)).toMatchObject({ kind: 'number', text, value, integer });
  });
  test.each([
    ["'it''s'", "it's"],
    [String.raw`E'a\n\'\\\x41\u00e9\U0001F600\101'''`, "a\n'\\Aé😀A'"],
    [String.raw`'a\n'`, 'a\\n'],
    ["''", ''],
  ])('string %s', (text, value) => expect(item(text)).toMatchObject({ kind: 'string', value }));
  test('blob', () => expect(item("X'00fF'")).toMatchObject({ kind: 'blob', value: new Uint8Array([0, 255]) }));
  test('what is none', () => {
    for (const text of [
      "x'0'",
      "x'zz'",
      '1e999',
      '12ab',
      "'\ud800'",
      '$',
      '$0',
      '$1a',
      '$99999',
      '""',
      '0xZ',
      "E'\\U00110000'",
    ]) {
      expect(problem(`SELECT ${text}`), text).toMatchObject({ code: 'SYNTAX', offset: expect.any(Number) as number });
    }
  });
});

test('names fold in ASCII only, and not in quotes', () => {
  expect(item('ABC')).toMatchObject({ name: { text: 'abc', quoted: false } });
  expect(item('"A""b"')).toMatchObject({ name: { text: 'A"b', quoted: true } });
  expect(item('ÉtÉ')).toMatchObject({ name: { text: 'ÉtÉ' } });
});

test('spans reach over the parentheses of operands', () => {
  expect(item('(a + b) * (c)')).toMatchObject({ offset: 7, length: 13 });
  expect(item('NOT (a)')).toMatchObject({ offset: 7, length: 7 });
  expect(item('a + 1')).toMatchObject({ operatorOffset: 9 });
});

test('every keyword that is not reserved is a name', () => {
  const reserved = keywords().filter((word) => !parse(`SELECT x.${word}, ${word} FROM ${word}`).ok);
  expect(reserved).toContain('select');
  expect(reserved).toContain('limit');
  for (const word of ['key', 'index', 'first', 'format', 'set', 'between', 'filter', 'by', 'year', 'row', 'exists']) {
    expect(reserved).not.toContain(word);
  }
  for (const word of keywords()) expect(parse(`SELECT 1 AS ${word}, t.${word} FROM t`).ok, word).toBe(true);
});

test('lines and columns', () => {
  const text = 'a\nb\r\nc\rd';
  expect([0, 1, 2, 5, 7, 99].map((offset) => locate(text, offset))).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 2 },
    { line: 2, column: 1 },
    { line: 3, column: 1 },
    { line: 4, column: 1 },
    { line: 4, column: 2 },
  ]);
  expect(problem('SELECT a\n  FORM t')).toMatchObject({ line: 2, column: 3, hint: 'did you mean FROM?' });
});

describe('bounds', () => {
  const nest = (open: string, inner: string, close: string, n: number) => open.repeat(n) + inner + close.repeat(n);
  test('what is too deep is refused, and nothing overflows', () => {
    for (const text of [
      '('.repeat(1e6),
      `SELECT ${nest('(SELECT ', '1', ')', 1000)}`,
      `SELECT ${nest('CASE WHEN ', '1', ' THEN 1 END', 1000)}`,
      `SELECT ${'1 + '.repeat(20_000)}1`,
      `SELECT ${'NOT '.repeat(20_000)}1`,
      `SELECT 1${' UNION SELECT 1'.repeat(5000)}`,
      `SELECT 1${'::int'.repeat(5000)}`,
      `SELECT * FROM t${' JOIN t USING (a)'.repeat(5000)}`,
    ]) {
      expect(problem(text), text.slice(0, 30)).toMatchObject({ code: 'TOO_COMPLEX' });
    }
  });
  test('what is deep enough for people parses and prints', () => {
    for (const text of [
      `SELECT ${nest('(', '1', ')', 399)}`,
      `SELECT ${nest('(SELECT ', '1', ')', 66)}`,
      `SELECT * FROM ${nest('(SELECT * FROM ', 't', ') AS x', 66)}`,
      `SELECT ${nest('a IN (', '1', ')', 200)}`,
      `SELECT ${nest('CASE WHEN ', '1', ' THEN 1 END', 190)}`,
      `SELECT ${'1 + '.repeat(450)}1`,
    ]) {
      expect(print(one(text)).length).toBeGreaterThan(0);
    }
  });
  test('a chain of OR is one node, however long', () => {
    const node = item(`${'a = 1 OR '.repeat(100_000)}b`);
    expect(node.kind === 'or' && node.operands.length).toBe(100_001);
  });
});

const leaf = fc.constantFrom(
  'a',
  '"B c"',
  't.a',
  '1',
  '2.5',
  "'x''y'",
  'NULL',
  'TRUE',
  '?',
  '$1',
  '$n',
  "x'00'",
  'f(a, 1)',
);
const expression = fc.letrec<{ e: string }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc
      .tuple(
        tie('e'),
        fc.constantFrom('+', '-', '*', '/', '%', '^', '||', '->', '@>', 'AND', 'OR', '=', '<>', '<'),
        tie('e'),
      )
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc.tuple(fc.constantFrom('NOT', '-', '+'), tie('e')).map(([op, a]) => `${op} (${a})`),
    fc
      .tuple(tie('e'), fc.constantFrom('IS NULL', 'IS NOT TRUE', 'ISNULL', '::int', '::varchar(3)'))
      .map(([a, op]) => `(${a})${op.startsWith(':') ? '' : ' '}${op}`),
    fc.tuple(tie('e'), tie('e'), tie('e')).map(([a, b, c]) => `(${a}) NOT BETWEEN (${b}) AND (${c})`),
    fc.tuple(tie('e'), tie('e'), tie('e')).map(([a, b, c]) => `(${a}) LIKE (${b}) ESCAPE (${c})`),
    fc.tuple(tie('e'), tie('e'), tie('e')).map(([a, b, c]) => `CASE ${a} WHEN ${b} THEN ${c} END`),
    fc.tuple(tie('e'), tie('e')).map(([a, b]) => `(${a}) IN (${b}, 1)`),
    fc.tuple(tie('e'), tie('e')).map(([a, b]) => `(SELECT ${a} FROM t WHERE ${b})`),
    fc.tuple(tie('e'), tie('e')).map(([a, b]) => `(${a}) = ANY (SELECT ${b})`),
  ),
})).e;

test('print gives back the tree', () => {
  fc.assert(
    fc.property(expression, (text) => {
      const tree = one(`SELECT ${text} AS x`);
      expect(withoutPositions(one(print(tree)))).toEqual(withoutPositions(tree));
    }),
    { numRuns: 500 },
  );
});

test('no text makes it throw, and every problem has its place', () => {
  const word = fc.constantFrom(
    'SELECT',
    'FROM',
    '(',
    ')',
    ',',
    "'",
    '"',
    '/*',
    '--',
    '1',
    'a',
    '*',
    '.',
    '$',
    'CASE',
    'END',
    ';',
    'x',
    '\n',
    '\ud83d',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(text, (input) => {
      const result = parse(input);
      if (result.ok) return;
      for (const { offset, length, line, column } of result.problems) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset + length).toBeLessThanOrEqual(input.length);
        expect({ line, column }).toEqual(locate(input, offset));
      }
    }),
    { numRuns: 500 },
  );
});
