// docs/language.md is true: its examples give the answers beneath them, its table of differences is tried, and nothing of the grammar is
// left out.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from '../../grammar/index.js';
import { Parser } from '../../grammar/parser.js';
import { lex } from '../../grammar/tokens.js';
import { spelling } from '../../grammar/vocabulary.js';
import { readEbnf, terminals } from '../grammar/ebnf.js';
import { checkDifferences } from './differences.js';
import { blocksOf, checkExamples, stepsOf } from './examples.js';

const document = new URL('../../docs/language.md', import.meta.url);

test('every example of the language gives its answer', () => {
  expect(checkExamples(document).join('\n')).toBe('');
}, 120_000);

test('what differs from PostgreSQL and SQLite is as the table says', async () => {
  expect((await checkDifferences(document)).join('\n')).toBe('');
}, 120_000);

test('every rule and every word of the grammar stands in some example', () => {
  const { rules } = readEbnf(readFileSync(new URL('../../grammar/lightning.ebnf', import.meta.url), 'utf8'));
  const parser = new Parser();
  const reached = traceRules(parser);
  const words = new Set<string>();
  for (const { sql } of blocksOf(readFileSync(document, 'utf8')).flatMap(stepsOf)) {
    if (!parse(sql).ok) continue;
    const { tokens } = lex(sql);
    for (const token of tokens) words.add(spelling(token.tokenType));
    parser.start(tokens, sql);
    parser.statement();
  }
  expect([...rules.keys()].filter((name) => !reached.has(name))).toEqual([]);
  const all = new Set([...rules.values()].flatMap(terminals));
  expect([...all].filter((word) => !words.has(word))).toEqual([]);
});

/** The names of rules that the parser enters from here on. */
function traceRules(parser: Parser): Set<string> {
  const reached = new Set<string>();
  for (const { name = '' } of parser.getSerializedGastProductions() as { name?: string }[]) {
    // What chevrotain calls for a rule within a rule; the outermost has it, too.
    const rule = (parser as unknown as Record<string, { coreRule: (...args: unknown[]) => unknown }>)[name]!;
    const { coreRule } = rule;
    rule.coreRule = function (this: Parser, ...args: unknown[]) {
      reached.add(name);
      return coreRule.apply(this, args);
    };
  }
  return reached.add('statement');
}
