// What an ordered index spares: the plan that a reader of EXPLAIN expects for each use, and the rows that a scan gives.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/conformance/index-kind-shapes.js';
import { open } from '../../src/index.js';
import type { Database, ParameterValue } from '../../src/index.js';

const ROWS = 6_000;
const withoutIndexes = { hints: { noIndexes: true } } as const;
let db: Database;

beforeAll(() => {
  const random = new Random(5);
  db = open(':memory:');
  db.exec(`
    CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT NOT NULL, a INTEGER NOT NULL, b INTEGER, s TEXT, n INTEGER, pad TEXT);
    CREATE INDEX t_ab ON t (a, b);
    CREATE INDEX t_mixed ON t (a, b DESC) INCLUDE (k);
    CREATE INDEX t_s ON t (s);
    CREATE INDEX t_n ON t (n NULLS FIRST, id);
    CREATE INDEX t_kb ON t (k, b);
    CREATE INDEX t_lower ON t (lower(s));`);
  db.table('t').insertMany(
    Array.from({ length: ROWS }, (_, id) => ({
      id,
      k: `k${random.below(6)}`,
      a: random.below(200),
      b: random.below(20) === 0 ? null : random.below(1_000),
      s: `${random.pick(['abc', 'abd', 'Abc', 'xyz', 'ab%'])}${random.below(300)}`,
      n: random.below(13) === 0 ? null : random.below(300),
      pad: 'x'.repeat(60),
    })),
  );
  db.analyze();
});
afterAll(() => db.close());

/** The plan without what was weighed. */
const planOf = (sql: string, parameters: readonly ParameterValue[] = []): string =>
  db.explain(sql, parameters).split('\nConsidered')[0]!;

const SORTED = /Sort|Top-N|Table Scan|Filter/;

describe.each<[string, string, RegExp, RegExp | undefined]>([
  [
    'equality, and then the order',
    'SELECT * FROM t WHERE a = 5 ORDER BY b, id LIMIT 5',
    /Walk: a = 5 \[btree t_ab\]/,
    undefined,
  ],
  [
    'composite, in reverse',
    'SELECT a, b FROM t WHERE a = 5 AND b > 100 ORDER BY b DESC',
    /Covering Scan Backward using t_ab[^]*a = 5 AND b > 100/,
    SORTED,
  ],
  [
    'a range, from the entries alone',
    'SELECT a, b FROM t WHERE a BETWEEN 5 AND 9 ORDER BY a, b',
    /Covering Scan using t_ab[^]*a >= 5 AND a <= 9/,
    SORTED,
  ],
  [
    'mixed directions',
    'SELECT a, b, k FROM t WHERE b IS NOT NULL ORDER BY a, b DESC, k LIMIT 40',
    /Presorted Key: t.a, t.b DESC[^]*Covering Scan using t_mixed/,
    undefined,
  ],
  [
    'mixed directions, turned',
    'SELECT a, b FROM t ORDER BY a DESC, b ASC NULLS LAST LIMIT 50',
    /Covering Scan Backward using t_mixed/,
    SORTED,
  ],
  [
    'mixed directions, and ties by primary key',
    'SELECT * FROM t ORDER BY a, b DESC, id LIMIT 5',
    /Ties: by row id[^]*Ordered Scan using t_mixed/,
    undefined,
  ],
  ['NULLS FIRST', 'SELECT * FROM t ORDER BY n NULLS FIRST, id LIMIT 500', /Ordered Scan using t_n/, SORTED],
  [
    'NULLS LAST from the other end',
    'SELECT * FROM t ORDER BY n DESC NULLS LAST, id DESC LIMIT 5',
    /Ordered Scan Backward using t_n/,
    SORTED,
  ],
  ['NULLs at the end where they are not', 'SELECT * FROM t ORDER BY n, id LIMIT 5', /Top-N/, undefined],
  [
    'where there are none, either end will do',
    'SELECT * FROM t WHERE n IS NOT NULL ORDER BY n, id LIMIT 5',
    /Ordered Scan using t_n on t[^]*n IS NOT NULL/,
    SORTED,
  ],
  ['IS NULL', 'SELECT id FROM t WHERE n IS NULL ORDER BY id LIMIT 50', /Walk: n IS NULL \[btree t_n\]/, SORTED],
  [
    'a prefix',
    "SELECT s FROM t WHERE s LIKE 'abc1%' ORDER BY s DESC LIMIT 30",
    /Covering Scan Backward using t_s[^]*s begins with 'abc1'/,
    SORTED,
  ],
  [
    'a prefix with an escaped sign',
    "SELECT id FROM t WHERE s LIKE 'ab\\%1%' ORDER BY id",
    /s begins with 'ab%1' \[btree t_s\]/,
    /Filter/,
  ],
  [
    'a prefix, and what LIKE asks more',
    "SELECT id FROM t WHERE s LIKE 'abc1_' ORDER BY id",
    /s begins with 'abc1'[^]*Filter: t.s LIKE/,
    undefined,
  ],
  [
    'a prefix of an expression',
    "SELECT id FROM t WHERE lower(s) LIKE 'abc1%' ORDER BY id",
    /begins with 'abc1' \[btree t_lower\]/,
    /Filter/,
  ],
  [
    'several ranges',
    'SELECT id FROM t WHERE a IN (1, 5, 9) AND b < 50 ORDER BY id',
    /a IN \(1, 5, 9\) AND b < 50 \[btree t_ab\]/,
    /Filter/,
  ],
  [
    'several values in order',
    'SELECT a, b FROM t WHERE a IN (9, 1, 5) ORDER BY a, b LIMIT 70',
    /Covering Scan using t_ab[^]*a IN \(9, 1, 5\)/,
    SORTED,
  ],
  [
    'a page after a row',
    'SELECT a, b, id FROM t WHERE (a, b) > (100, 500) ORDER BY a, b, id LIMIT 20',
    /from \(a, b\) = \(100, 500\) \[btree t_ab\]/,
    /Top-N|Table Scan/,
  ],
  ['the least', 'SELECT min(b) AS least FROM t WHERE a = 7', /Limit: 1[^]*Covering Scan using t_ab[^]*a = 7/, SORTED],
  [
    'the greatest',
    'SELECT max(b) AS most FROM t WHERE a = 7',
    /Limit: 1[^]*Covering Scan Backward using t_ab[^]*a = 7/,
    SORTED,
  ],
  [
    'least, greatest and number',
    'SELECT min(a), max(a), min(id), count(*) FROM t',
    /Covering Scan using t_ab[^]*Covering Scan Backward using t_ab[^]*Row Set Count/,
    SORTED,
  ],
  [
    'least and greatest of a part',
    'SELECT max(a), min(a) FROM t WHERE a > 150',
    /Covering Scan Backward using t_ab[^]*Covering Scan using t_ab/,
    SORTED,
  ],
  [
    'least and greatest of nothing',
    'SELECT max(n) AS most, min(n) AS least, count(*) FROM t WHERE n > 1000',
    /t_n/,
    /Table Scan/,
  ],
  [
    'groups in order',
    'SELECT a, count(*) AS n FROM t GROUP BY a ORDER BY a LIMIT 5',
    /Sorted Aggregate[^]*Covering Scan using t_ab/,
    /Sort Key/,
  ],
  ['a count without rows', 'SELECT count(*) AS n FROM t WHERE a < 100', /Row Set Count/, undefined],
  ['a later key alone', 'SELECT id FROM t WHERE b = 77 ORDER BY id', /each k AND b = 77 \[btree t_kb\]/, /Table Scan/],
  [
    'a later key alone, from the entries',
    'SELECT k, b FROM t WHERE b = 77 ORDER BY k',
    /Covering Scan using t_kb[^]*each k AND b = 77/,
    SORTED,
  ],
  [
    'a later key alone, in order',
    'SELECT k, b FROM t WHERE b BETWEEN 70 AND 90 ORDER BY k DESC, b DESC',
    /Covering Scan Backward using t_kb[^]*each k/,
    SORTED,
  ],
])('%s', (_, sql, wanted, unwanted) => {
  it('has its plan and the rows of a scan', () => {
    const plan = planOf(sql);
    expect(plan).toMatch(wanted);
    if (unwanted !== undefined) expect(plan).not.toMatch(unwanted);
    const found = db.query(sql);
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(db.query(sql, [], withoutIndexes));
  });
});

it('random orders and conditions give the rows of a scan, with any index', () => {
  const random = new Random(77);
  const conditions = [
    'a = 17',
    'a IN (3, 90, 150)',
    'a > 180',
    'b = 500',
    'b BETWEEN 20 AND 60',
    'b IS NULL',
    "k = 'k2'",
    "k IN ('k0', 'k5')",
  ];
  conditions.push("s LIKE 'abd2%'", 'n IS NULL', 'n > 250', '(a, b) > (150, 300)', "(k, b) <= ('k3', 400)", 'a <> 4');
  const keys = ['a', 'b', 'k', 's', 'n', 'id'];
  const findings: string[] = [];
  for (let round = 0; round < 150; round++) {
    const where = Array.from({ length: random.below(3) }, () => random.pick(conditions)).join(' AND ');
    const order = Array.from({ length: 1 + random.below(2) }, () =>
      [random.pick(keys), random.pick(['', 'DESC']), random.pick(['', '', 'NULLS FIRST', 'NULLS LAST'])].join(' '),
    );
    const tie = random.pick(['id', 'id DESC']);
    const columns = random.pick(['*', 'a, b', 'k, b', 'id, n', 's']);
    const sql = `SELECT ${columns} FROM t ${where === '' ? '' : `WHERE ${where}`} ORDER BY ${[...order, tie].join(', ')} LIMIT ${1 + random.below(60)}`;
    const wanted = JSON.stringify(db.query(sql, [], withoutIndexes));
    for (const name of [undefined, 't_ab', 't_mixed', 't_s', 't_n', 't_kb']) {
      const hints = name === undefined ? {} : { indexes: { t: [name] } };
      if (JSON.stringify(db.query(sql, [], { hints })) !== wanted) findings.push(`${name ?? 'any'}: ${sql}`);
    }
  }
  expect(findings).toEqual([]);
});

it('aggregates that read their rows each by itself are not made of rows that differ from call to call', () => {
  let calls = 0;
  db.function('now_and_then', { args: ['integer'], returns: 'boolean', deterministic: false }, () => calls++ % 2 === 0);
  expect(planOf('SELECT min(a), max(a) FROM t WHERE now_and_then(id)')).not.toContain('Nested Loop');
});
