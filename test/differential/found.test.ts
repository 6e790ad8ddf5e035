// Cases that the random ones found to be wrong, each as small as it can be.

import { describe, expect, it } from 'vitest';
import { open } from '../../src/index.js';

interface Found {
  readonly what: string;
  readonly setup?: string;
  readonly sql: string;
  readonly parameters?: readonly unknown[];
  readonly rows: readonly (readonly unknown[])[];
}

const FOUND: readonly Found[] = [
  {
    what: 'a parameter in a common table that nothing reads',
    setup: 'CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2)',
    sql: 'WITH w AS (SELECT a FROM t WHERE a = $1) SELECT a FROM t WHERE a > $2',
    parameters: [7, 1],
    rows: [[2]],
  },
  {
    what: 'a sub-query in a common table that nothing reads',
    setup: 'CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2)',
    sql: 'WITH w AS (SELECT (SELECT max(a) FROM t) AS m) SELECT a, (SELECT min(a) FROM t) FROM t ORDER BY 1',
    rows: [
      [1, 1],
      [2, 1],
    ],
  },
  {
    what: 'an order below the value of a sub-query that became a join',
    setup: 'CREATE TABLE t (a INTEGER, b INTEGER); INSERT INTO t VALUES (2, 1), (1, 2), (3, 1)',
    sql: 'SELECT a, (SELECT max(u.a) FROM t u WHERE u.b = t.b) FROM t ORDER BY a',
    rows: [
      [1, 1],
      [2, 3],
      [3, 3],
    ],
  },
  {
    what: 'the least text of a group without regard to case, ordered',
    setup: "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('red'), ('Red'), ('blue')",
    sql: 'SELECT min(a) FROM t GROUP BY a COLLATE NOCASE ORDER BY 1',
    rows: [['Red'], ['blue']],
  },
];

describe('found by random cases', () => {
  it.each(FOUND)('$what', ({ setup, sql, parameters = [], rows }) => {
    const db = open(':memory:');
    try {
      if (setup !== undefined) db.exec(setup);
      expect(db.prepare(sql).values([...parameters])).toEqual(rows);
    } finally {
      db.close();
    }
  });

  it('a common table that nothing reads is checked', () => {
    const db = open(':memory:');
    expect(() => db.query('WITH w AS (SELECT nothing) SELECT 1')).toThrow(/"nothing"/);
    db.close();
  });
});
