// What the fingerprint lifts, what it keeps, and that it never calls two different statements the same.

import { expect, test } from 'vitest';
import { parse, print, shape } from '../../grammar/index.js';

const key = (text: string): string | undefined => shape(text)?.key;

test('literals of WHERE are lifted, with value and place', () => {
  const text = "SELECT a FROM t WHERE b = 5 AND c = 'it''s' AND d < 1.5 AND e = ? AND f IN $list";
  const found = shape(text);
  expect(found?.literals.map(({ value, tokenType }) => [value, tokenType])).toEqual([
    [5, 'integer'],
    ["it's", 'string'],
    [1.5, 'decimal'],
  ]);
  for (const { offset, length } of found?.literals ?? [])
    expect(text.slice(offset, offset + length)).toMatch(/^(5|'it''s'|1\.5)$/);
  expect(found?.explicitParameters.map(({ style, index, name }) => [style, index, name])).toEqual([
    ['question', 1, ''],
    ['name', 0, 'list'],
  ]);
});

test.each([
  ['SELECT a FROM t WHERE b = 5', 'select  A from T where b=77 -- x'],
  ["SELECT a FROM t WHERE b = 'x'", "SELECT a FROM t WHERE b = ''"],
  ['SELECT a + 1 FROM t', 'SELECT a + 2 FROM t'],
  ['INSERT INTO t VALUES (1, 2)', 'INSERT INTO t VALUES (3, 4)'],
  ['SELECT a FROM t WHERE b = 5 GROUP BY a', 'SELECT a FROM t WHERE b = 6 GROUP BY a'],
  ['UPDATE t SET a = 1 WHERE b = 2', 'UPDATE t SET a = 3 WHERE b = 4;'],
  ["SELECT a FROM t WHERE b = 'x'", 'SELECT a FROM t WHERE b = $q$y$q$'],
  ['SELECT ARRAY[1, 2] FROM t', 'SELECT ARRAY[3, 4] FROM t'],
  ['TABLE t', 'table t;'],
])('same: %s / %s', (a, b) => {
  expect(key(a)).toBeDefined();
  expect(key(a)).toBe(key(b));
});

test.each([
  ['SELECT a FROM t WHERE b = 5', 'SELECT a FROM t WHERE b = 5.0'],
  ['SELECT a FROM t WHERE b = 5', 'SELECT a FROM t WHERE b = 9007199254740993'],
  ['SELECT a FROM t WHERE b = 5', "SELECT a FROM t WHERE b = '5'"],
  ['SELECT a FROM t LIMIT 5', 'SELECT a FROM t LIMIT 6'],
  ['SELECT a FROM t ORDER BY 1', 'SELECT a FROM t ORDER BY 2'],
  ['SELECT a FROM t GROUP BY 1', 'SELECT a FROM t GROUP BY 2'],
  ['SELECT a + 1 FROM t GROUP BY a + 1', 'SELECT a + 2 FROM t GROUP BY a + 1'],
  ['SELECT (SELECT 1 WHERE a = 1) FROM t GROUP BY a', 'SELECT (SELECT 1 WHERE a = 2) FROM t GROUP BY a'],
  ['SELECT DISTINCT a + 1 FROM t', 'SELECT DISTINCT a + 2 FROM t'],
  ['SELECT a::varchar(5) FROM t', 'SELECT a::varchar(6) FROM t'],
  ['SELECT CAST(a AS decimal(5, 2)) FROM t', 'SELECT CAST(a AS decimal(5, 3)) FROM t'],
  ["SELECT DATE '2020-01-01'", "SELECT DATE '2020-01-02'"],
  ["SELECT INTERVAL '1' DAY", "SELECT INTERVAL '1' MONTH"],
  ["SELECT a -> 'x' FROM t", "SELECT a -> 'y' FROM t"],
  ["SELECT 1 FROM t WHERE a['x'] = '1'", "SELECT 1 FROM t WHERE a['y'] = '1'"],
  ['SELECT t.* FROM t', 'SELECT t.x FROM t'],
  ['SELECT t.* from t', 'SELECT t.from t'],
  ['SELECT "A" FROM t', 'SELECT a FROM t'],
  ['SELECT a FROM t WHERE b = $1', 'SELECT a FROM t WHERE b = 1'],
  ['SELECT a FROM t WHERE b = $1', 'SELECT a FROM t WHERE b = $2'],
])('different: %s / %s', (a, b) => {
  expect(key(a)).toBeDefined();
  expect(key(a)).not.toBe(key(b));
});

test('none for definitions, several statements and broken text', () => {
  for (const text of ['', 'CREATE TABLE t (a INT)', 'SELECT 1; SELECT 2', "SELECT '", 'EXPLAIN SELECT 1']) {
    expect(shape(text)).toBeUndefined();
  }
});

test('equal keys: equal statements but for the lifted literals', () => {
  const text = "SELECT a, 1 FROM t WHERE b = 5 AND c IN (1, 2) AND d LIKE 'x%' ORDER BY 1 LIMIT 3";
  const replaced = (shape(text)?.literals ?? []).reduceRight((before, { offset, length, tokenType }) => {
    return before.slice(0, offset) + (tokenType === 'string' ? "'other'" : '99') + before.slice(offset + length);
  }, text);
  expect(key(replaced)).toBe(key(text));
  const result = parse(replaced);
  expect(result.ok && print(result.statements[0] ?? { kind: 'commit', text: '', offset: 0, length: 0 })).toContain(
    'LIMIT 3',
  );
});
