// Pages that begin after a row: comparisons of rows find their place in an ordered index, whatever its directions, and give the scan's rows.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/conformance/index-kind-shapes.js';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';

const ROWS = 3_000;

describe('comparisons of rows', () => {
  let db: Database;
  const random = new Random(29);
  const texts = ['', 'a', 'ab', 'b', 'ä', '\u{1f600}'];
  const maybe = (value: unknown) => (random.next() < 0.08 ? null : value);

  beforeAll(() => {
    db = open(':memory:');
    db.exec(`
      CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER NOT NULL, a INTEGER, b TEXT, c REAL, d INTEGER NOT NULL);
      CREATE INDEX t_abc ON t USING btree (a, b, c);
      CREATE INDEX t_mixed ON t USING btree (a DESC, b, c DESC NULLS LAST);
      CREATE INDEX t_first ON t USING btree (a NULLS FIRST, b DESC);
      CREATE INDEX t_kd ON t USING btree (k, d);
      CREATE INDEX t_d ON t USING btree (d);
    `);
    db.table('t').insertMany(
      Array.from({ length: ROWS }, (_, id) => ({
        id,
        k: random.below(3),
        a: maybe(random.below(12)),
        b: maybe(random.pick(texts)),
        c: maybe(random.below(40) / 4),
        d: random.below(400),
      })),
    );
    db.analyze();
  });
  afterAll(() => db.close());

  const value = (column: string): string => {
    if (random.next() < 0.05) return 'NULL';
    switch (column) {
      case 'b':
        return `'${random.pick(texts)}'`;
      case 'c':
        return random.pick(['1', '2.25', '7.5', '-1e300', '9223372036854775807']);
      default:
        return random.pick(['3', '5', '5.5', '0', '-4', '9', '300', '9223372036854775807']);
    }
  };

  it('give the same rows with any index', () => {
    const findings: string[] = [];
    for (let i = 0; i < 40; i++) {
      const columns = random.pick([['a', 'b'], ['a', 'b', 'c'], ['d', 'id'], ['b', 'a'], ['k', 'd'], ['d']]);
      const values = columns.map(value);
      const arms = columns.map((column, at) =>
        [
          ...columns.slice(0, at).map((c, j) => `${c} = ${values[j]!}`),
          `${column} ${random.pick(['<', '>'])} ${values[at]!}`,
        ].join(' AND '),
      );
      const conditions = [
        random.next() < 0.5
          ? `(${columns.join(', ')}) ${random.pick(['<', '<=', '>', '>='])} (${values.join(', ')})`
          : `(${arms.join(' OR ')})`,
      ];
      if (random.next() < 0.4) conditions.push(`(${columns.join(', ')}) < (${columns.map(value).join(', ')})`);
      if (random.next() < 0.3) conditions.push(random.pick(['k = 1', 'k IN (0, 2)', 'a < 9', 'a = 5', "b LIKE 'a%'"]));
      const desc = random.next() < 0.5 ? ' DESC' : '';
      const order =
        random.next() < 0.7 ? ` ORDER BY ${columns.map((c) => `${c}${desc}`).join(', ')}, id${desc} LIMIT 20` : '';
      const sql = `SELECT id FROM t WHERE ${conditions.join(' AND ')}${order}`;
      const ids = (hints: object) => {
        const found = db.query<{ id: number }>(sql, [], { hints }).map((row) => row.id);
        return (order === '' ? found.sort((x, y) => x - y) : found).join();
      };
      const scan = ids({ noIndexes: true });
      for (const name of [undefined, 't_abc', 't_mixed', 't_first', 't_kd', 't_d']) {
        const hints = name === undefined ? {} : { indexes: { t: [name] } };
        if (ids(hints) !== scan) findings.push(`${name ?? 'any'}: ${sql}`);
      }
    }
    expect(findings).toEqual([]);
  });

  it('and conditions on later columns alone, each first value of which is looked up', () => {
    const findings: string[] = [];
    for (let i = 0; i < 40; i++) {
      const d = random.pick(['= 7', 'IN (7, 9, 300)', 'BETWEEN 20 AND 24', '> 395', '= 5.5', 'IS NULL']);
      const c = random.pick(["b = 'ab'", "b LIKE 'a%'", 'b IS NULL', "(b, c) > ('b', 3)", "b IN ('', 'ä')"]);
      const sql = random.pick([
        `SELECT id FROM t WHERE d ${d} ORDER BY id`,
        `SELECT id FROM t WHERE ${c} ORDER BY id`,
        `SELECT count(*) AS id FROM t WHERE d ${d}`,
      ]);
      const answer = (hints: object) => JSON.stringify(db.query(sql, [], { hints }));
      for (const name of ['t_abc', 't_mixed', 't_first', 't_kd']) {
        if (answer({ indexes: { t: [name] } }) !== answer({ noIndexes: true })) findings.push(`${name}: ${sql}`);
      }
    }
    expect(findings).toEqual([]);
    const plan = db.explain('SELECT id FROM t WHERE d = 7', [], { hints: { indexes: { t: ['t_kd'] } } });
    expect(plan).toContain('Index Set: each k AND d = 7 [btree t_kd]');
  });

  it.each([
    ['SELECT id FROM t WHERE (a, b) > (5, $1) ORDER BY a, b LIMIT 5', 'from (a, b) = (5, $1) [btree t_abc]'],
    ["SELECT id FROM t WHERE (a, b) <= (5, 'b') ORDER BY a DESC, b DESC LIMIT 5", "to (a, b) = (5, 'b') [btree t_abc]"],
    [
      "SELECT id FROM t WHERE a < 5 OR (a = 5 AND b > 'a') ORDER BY a DESC, b LIMIT 5",
      "from (a, b) = (5, 'a') [btree t_mixed]",
    ],
    [
      'SELECT id FROM t WHERE k = 1 AND (d, id) > (200, 7) ORDER BY d, id LIMIT 5',
      'k = 1 AND from (d) = (200) [btree t_kd]',
    ],
    [
      'SELECT id FROM t WHERE (d, id) > (200, 7) AND (d, id) < (210, 3)',
      'from (d) = (200) AND to (d) = (210) [btree t_d]',
    ],
  ])('are read from their place on: %s', (sql, walk) => {
    const parameters = sql.includes('$1') ? ['a'] : [];
    const plan = db.explain(sql, parameters);
    expect(plan).toContain(walk);
    expect(plan).toContain('Filter:');
    const read = /Scan[^\n]*actual rows=([\d,]+)/.exec(db.explain(sql, parameters, { analyze: true }));
    expect(Number(read?.[1]?.replaceAll(',', ''))).toBeLessThan(120);
  });
});
