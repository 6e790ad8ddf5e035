// Every second text of a sample of the statement fuzz. All of it: `npm run fuzz:statements -- FILE...`.

import { afterAll, expect, test } from 'vitest';
import { StatementFuzz } from './statements.js';
import { statementsWith, textsOf } from './texts.js';

const sample = (name: string): string[] =>
  textsOf(new URL(`../data/parser/${name}-sample.json`, import.meta.url)).filter((_, i) => i % 2 === 0);
const fuzz = new StatementFuzz();
afterAll(() => fuzz.close());

test("SQLite's fuzz inputs are answered or rejected in time", () => {
  const { tally } = fuzz;
  for (const text of sample('sqlite-fuzz')) fuzz.run(text);
  expect(tally.findings).toEqual([]);
  expect(tally.statements).toBeGreaterThan(139);
  expect(tally.answered).toBeGreaterThan(10);
}, 300_000);

test('naughty strings as statements, values, patterns, searches and names', () => {
  for (const text of sample('naughty-strings')) for (const statement of statementsWith(text)) fuzz.run(statement);
  expect(fuzz.tally.findings).toEqual([]);
}, 300_000);

test('what is wrong is found', () => {
  const faulty = new StatementFuzz(() => {
    throw new TypeError('planted');
  });
  faulty.run('SELECT 1');
  expect(faulty.tally.findings).toMatchObject([{ statement: 'SELECT 1', what: expect.stringContaining('planted') }]);
  faulty.close();
});
