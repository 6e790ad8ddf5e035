import { describe, expect, it } from 'vitest';
import { parseSlt } from './parse.js';
import { formatSlt, runSlt } from './run.js';

describe('sqllogictest records', () => {
  it('reads statements, queries, hashes, conditions and comments', () => {
    const records = parseSlt(`hash-threshold 8

# a comment
statement ok
CREATE TABLE t (a INTEGER,
  b TEXT)

skipif postgresql # why
query I rowsort label-1
SELECT 1
----
1

onlyif postgresql
query IT nosort
SELECT 1, 'x'
----
1
x

onlyif mysql
statement error
DROP TABLE t

query R valuesort x
SELECT a FROM t
----
30 values hashing to 3c13dee48d9356ae19af2515e05e6b54

halt
`);
    expect(records.map((r) => [r.kind, r.skipped, r.line])).toEqual([
      ['statement', false, 4],
      ['query', true, 9],
      ['query', false, 15],
      ['statement', true, 22],
      ['query', false, 25],
      ['halt', false, 30],
    ]);
    expect(records[2]).toMatchObject({ types: 'IT', sort: 'nosort', label: undefined, expected: ['1', 'x'] });
    expect(records[4]).toMatchObject({ label: 'x', hash: { values: 30, md5: '3c13dee48d9356ae19af2515e05e6b54' } });
  });

  it('reads what sqllogictest-rs adds', () => {
    const records = parseSlt(`control sortmode rowsort

query ?I
SELECT a, b FROM t
----
x 1

query I valuesort
SELECT b FROM t

query error no such planet
SELECT nothing

statement error
DROP TABLE u
----
there is no (table)
  or view
`);
    expect(records.map((r) => (r.kind === 'query' ? [r.types, r.sort] : [r.kind]))).toEqual([
      ['TI', 'rowsort'],
      ['I', 'valuesort'],
      ['statement'],
      ['statement'],
    ]);
    expect(records[2]).toMatchObject({ expect: 'error', pattern: /no such planet/ });
    expect(records[3]).toMatchObject({ expect: 'error', pattern: /there is no \(table\)\n {2}or view/ });
  });

  it('refuses what it does not know', () => {
    expect(() => parseSlt('statement ok\nSELECT 1\n----\n1\n')).toThrow('nothing stands below');
    expect(() => parseSlt('control sortmode odd\n')).toThrow('nosort');

    expect(() => parseSlt('quarry I\nSELECT 1\n')).toThrow('line 1');
    expect(() => parseSlt('query Q\nSELECT 1\n')).toThrow('types');
    expect(() => parseSlt('query I oddsort\nSELECT 1\n')).toThrow('nosort');
    expect(() => parseSlt('statement maybe\nSELECT 1\n')).toThrow('statement ok');
  });

  it('writes values as the suite does', () => {
    expect(formatSlt(null, 'I')).toBe('NULL');
    expect(formatSlt(-0.5, 'I')).toBe('0');
    expect(formatSlt(true, 'I')).toBe('1');
    expect(formatSlt(12n ** 17n, 'I')).toBe('2218611106740436992');
    expect(formatSlt(2, 'R')).toBe('2.000');
    expect(formatSlt('', 'T')).toBe('(empty)');
    expect(formatSlt('a\u00e9\n', 'T')).toBe('a@@');
  });
});

describe('the runner', () => {
  const run = (text: string) => runSlt(parseSlt(text));
  const TABLE =
    'statement ok\nCREATE TABLE t (a INTEGER, b INTEGER)\n\nstatement ok\nINSERT INTO t VALUES (2, 1), (1, 3)\n\n';

  it('passes right answers in each order', () => {
    const { passed, failures } = run(
      `${TABLE}query II rowsort\nSELECT a, b FROM t\n----\n1\n3\n2\n1\n\nquery II valuesort\nSELECT a, b FROM t\n----\n1\n1\n2\n3\n
query II nosort\nSELECT a, b FROM t ORDER BY a\n----\n1 3\n2 1\n\nstatement count 2\nUPDATE t SET a = 0\n`,
    );
    expect(failures).toEqual([]);
    expect(passed).toBe(3);
  });

  it.each([
    ['a wrong value', 'query I nosort\nSELECT 1\n----\n2\n'],
    ['a missing row', 'query I nosort\nSELECT 1\n----\n1\n1\n'],
    ['a wrong order', 'query I nosort\nSELECT a FROM t ORDER BY a\n----\n2\n1\n'],
    ['a wrong hash', 'query I nosort\nSELECT 1\n----\n1 values hashing to 3c13dee48d9356ae19af2515e05e6b54\n'],
    ['another number of columns', 'query II nosort\nSELECT 1\n----\n1\n'],
    [
      'another answer under the same label',
      'query I nosort l\nSELECT 1\n----\n1\n\nquery I nosort l\nSELECT 2\n----\n2\n',
    ],
    ['an error in a query', 'query I nosort\nSELECT nothing FROM t\n----\n'],
    ['an error in a statement', 'statement ok\nDROP TABLE u\n'],
    ['no error', 'statement error\nSELECT 1\n'],
    ['another error', 'statement error no such planet\nDROP TABLE u\n'],
    ['another number of changes', 'statement count 1\nUPDATE t SET a = 0\n'],
  ])('fails for %s', (_, text) => {
    expect(run(TABLE + text).failures).toHaveLength(1);
  });
});
