// `lightning.ebnf` says what the parser does: rule for rule, in both directions.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Parser } from '../../grammar/parser.js';
import { fromGast, readEbnf, references, writeEbnf } from './ebnf.js';

const { rules, classes } = readEbnf(readFileSync(new URL('../../grammar/lightning.ebnf', import.meta.url), 'utf8'));
const parser = new Parser(true);
const productions = new Map(
  parser.getSerializedGastProductions().map((rule) => [(rule as { name?: string }).name ?? '', fromGast(rule)]),
);

test('both name the same rules', () => {
  expect([...rules.keys()].sort()).toEqual([...productions.keys()].sort());
});

test('each rule is the same in both', () => {
  for (const [name, production] of productions) {
    const written = rules.get(name);
    expect(written === undefined ? '' : writeEbnf(written, true), name).toBe(writeEbnf(production, true));
  }
});

test('every class of tokens that a rule refers to is explained, and no other', () => {
  const used = new Set([...rules.values()].flatMap(references).filter((name) => !rules.has(name)));
  expect([...classes].sort()).toEqual([...used].sort());
});

test('a rule that was changed on one side only is noticed', () => {
  const altered = readEbnf('where = "WHERE" [ expression ] ;').rules.get('where');
  expect(altered === undefined ? '' : writeEbnf(altered, true)).not.toBe(
    writeEbnf(productions.get('where') ?? { word: '' }, true),
  );
});
