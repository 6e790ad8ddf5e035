// Texts from elsewhere: none makes the parser throw or dawdle, every rejection has its place, whatever is read prints back
// to the same tree, and all of sqllogictest's sample is in the language.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { locate, parse, print, shape } from '../../grammar/index.js';
import { withoutPositions } from './compact.js';

function load(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../data/parser/${name}.json`, import.meta.url), 'utf8'));
}

/** Whether it was read. */
function check(text: string): boolean {
  const start = performance.now();
  const result = parse(text);
  shape(text);
  expect(performance.now() - start, text.slice(0, 200)).toBeLessThan(2000);
  if (!result.ok) {
    expect(result.problems.length).toBeGreaterThan(0);
    for (const { offset, length, line, column, message } of result.problems) {
      expect(message).not.toBe('');
      expect(offset + length).toBeLessThanOrEqual(text.length);
      expect({ line, column }).toEqual(locate(text, offset));
    }
    return false;
  }
  for (const statement of result.statements) {
    const printed = print(statement);
    const again = parse(printed);
    if (!again.ok) throw new Error(`${printed}: ${again.problems[0]?.message}`);
    expect(withoutPositions(again.statements[0]), printed).toEqual(withoutPositions(statement));
  }
  return true;
}

test("SQLite's fuzz inputs", () => {
  const read = (load('sqlite-fuzz-sample') as string[]).filter(check);
  expect(read.length).toBeGreaterThan(10);
});

test('naughty strings, alone, as strings and as names', () => {
  for (const text of load('naughty-strings-sample') as string[]) {
    check(text);
    const literal = parse(`SELECT '${text.replaceAll("'", "''")}' AS "${text.replaceAll('"', '""') || 'empty'}"`);
    expect(literal.ok, text).toBe(!/[\ud800-\udfff]/u.test(text) && !text.includes('\0'));
  }
});

test("sqlfluff's ANSI statements", () => {
  const read = Object.values(load('sqlfluff-ansi-sample') as Record<string, string>).filter(check);
  expect(read.length).toBeGreaterThan(20);
});

test("sqllogictest's queries are all in the language", () => {
  const outside = (load('sqllogictest-sample') as string[]).filter((text) => !check(text));
  // SQLite's own: a table's name after IN, NOT NULL after a value, NOT INDEXED, bit operators.
  expect(outside.filter((text) => !/ NOT NULL | NOT INDEXED|<<| IN t\d/.test(text))).toEqual([]);
});
