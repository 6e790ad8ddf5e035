// docs/functions.md lists every function there is, and its examples give the answers beside them.

import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { aggregateNames } from '../../src/expr/aggregates.js';
import { functionNames } from '../../src/expr/functions.js';
import { openExamples, answerOf } from './examples.js';

const document = new URL('../../docs/functions.md', import.meta.url);
const language = new URL('../../docs/language.md', import.meta.url);

/** `| functions | what | example | answer |`. */
const ROW = /^\| (`[^|]*`) \| ([^|]*) \| `([^`|]*)` \|([^|]*)\|$/;

/** Bound by the binder itself, since they speak of the query around them. */
const BOUND = ['match', 'score'];

test('every function is listed, and no other', () => {
  const listed = readFileSync(document, 'utf8')
    .split('\n')
    .flatMap((line) => [...(ROW.exec(line)?.[1] ?? '').matchAll(/`(\w+)/g)].map(([, name]) => name!.toLowerCase()));
  expect([...new Set(listed)].sort()).toEqual([...functionNames(), ...aggregateNames(), ...BOUND].sort());
});

test('every example gives its answer', () => {
  const lines = readFileSync(document, 'utf8').split('\n');
  const db = openExamples(readFileSync(language, 'utf8'));
  const wrong: string[] = [];
  try {
    for (const [at, line] of lines.entries()) {
      const [, names, what, example = ''] = ROW.exec(line) ?? [];
      if (names === undefined) continue;
      const sql = example.startsWith('SELECT ') ? example : `SELECT ${example}`;
      const answer = answerOf(db, { sql, parameters: [] }).map((each) => each.slice(3).replaceAll(' | ', ', '));
      const right = `| ${names} | ${what} | \`${example}\` | \`${answer.join('; ')}\` |`;
      if (right !== line) wrong.push(`line ${at + 1}: ${line}\nshould be\n${right}`);
      lines[at] = right;
    }
  } finally {
    db.close();
  }
  if (process.env['REWRITE'] === '1') writeFileSync(document, lines.join('\n'));
  else expect(wrong.join('\n')).toBe('');
});
