// docs/grammar.html shows the grammar as it is: `npm run grammar:diagrams` draws it anew.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { grammarPage } from '../tools/grammar-diagrams.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const ebnf = read('grammar/lightning.ebnf');

test('the diagrams are those of the grammar', () => {
  const upToDate = read('docs/grammar.html') === grammarPage(ebnf);
  expect(upToDate, 'docs/grammar.html is out of date: npm run grammar:diagrams').toBe(true);
});

test('a page with each rule drawn once, and every link leading somewhere', () => {
  const page = grammarPage(ebnf);
  const ids = [...page.matchAll(/ id="(\w+)"/g)].map(([, id]) => id!);
  expect(new Set(ids).size).toBe(ids.length);
  expect(page.match(/<svg/g)).toHaveLength(ebnf.match(/^\w+ =(?! \?)/gm)!.length);
  const links = [...page.matchAll(/href="#(\w+)"/g)].map(([, id]) => id!);
  expect(links.filter((link) => !ids.includes(link))).toEqual([]);
});
