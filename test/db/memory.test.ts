// A small memory budget through the public door: answers are those of a large one, EXPLAIN ANALYZE and stats tell what was spilled, and no
// temporary file outlives its statement.

import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';
import { errorOf, temporaryFile, temporaryFolder } from './support.js';

const BUDGET = 65_536;
/** Of some 100 bytes each, as operators hold them: ten times the budget and more. */
const ROWS = 6000;

let small: Database;
let large: Database;
const folder = temporaryFolder();

beforeAll(() => {
  [small, large] = [BUDGET, 2 ** 30].map((memoryBudget) => {
    const db = open(':memory:', { memoryBudget, tempDirectory: folder });
    db.exec(
      'CREATE TABLE a (id INTEGER PRIMARY KEY, k INTEGER, t TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, k INTEGER, t TEXT)',
    );
    for (const [name, factor] of [
      ['a', 7919],
      ['b', 6101],
    ] as const)
      // prettier-ignore
      db.table(name).insertMany(
        Array.from({ length: ROWS }, (_, id) => ({
          id,
          k: id % 40 === 0 ? null : (id * factor) % (ROWS - 1000),
          t: `text ${(id * factor) % 5000}`,
        })),
      );
    db.analyze();
    return db;
  }) as [Database, Database];
});

afterAll(() => {
  small.close();
  large.close();
});

const queries = {
  'a sort': 'SELECT id, t FROM a ORDER BY t, id DESC',
  'a large LIMIT': 'SELECT id, t FROM a ORDER BY t, id LIMIT 3000 OFFSET 2000',
  grouping: 'SELECT k, count(*) AS n, min(t) AS least, count(DISTINCT t) AS texts FROM a GROUP BY k ORDER BY k',
  DISTINCT: 'SELECT DISTINCT t FROM a ORDER BY t',
  'DISTINCT within an aggregate': 'SELECT count(DISTINCT t) AS n, count(DISTINCT k) AS m FROM a',
  UNION: 'SELECT t FROM a UNION SELECT t FROM b ORDER BY t',
  INTERSECT: 'SELECT k, t FROM a INTERSECT SELECT k, t FROM b ORDER BY k, t',
  EXCEPT: 'SELECT k FROM a EXCEPT SELECT k FROM b WHERE k > 100 ORDER BY k',
  'INTERSECT without regard to case':
    'SELECT t FROM (SELECT t COLLATE NOCASE AS t FROM a INTERSECT ALL SELECT upper(t) FROM b) s ORDER BY t COLLATE "C"',
  'DISTINCT within an aggregate, without regard to case':
    "SELECT k, string_agg(DISTINCT t COLLATE NOCASE, ',') AS texts FROM a GROUP BY k ORDER BY k",
  'an inner join': 'SELECT a.id AS l, b.id AS r FROM a JOIN b ON a.k = b.k ORDER BY l, r',
  'a left join': 'SELECT a.id AS l, b.id AS r FROM a LEFT JOIN b ON a.k = b.k AND a.t < b.t ORDER BY l, r',
  'a full join': 'SELECT a.id AS l, b.id AS r FROM a FULL JOIN b ON a.k = b.k ORDER BY l, r',
  'a semi join': 'SELECT id FROM a WHERE k IN (SELECT k FROM b WHERE id > 500) ORDER BY id',
  'a common table read twice': `WITH x AS MATERIALIZED (SELECT id, t, ARRAY[k, id] AS list FROM a)
     SELECT id, list[2] AS two, list[1] AS one, (SELECT count(*) FROM x WHERE t > 'text 3') AS n FROM x WHERE id % 100 = 1 ORDER BY id`,
  'an anti join': 'SELECT id FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.k = a.k AND b.t < a.t) ORDER BY id',
} as const;

describe('within a budget of 64 KB', () => {
  it.each(Object.entries(queries))('%s', (_, sql) => {
    const before = small.stats().temporary.bytesWritten;
    expect(small.query(sql)).toEqual(large.query(sql));
    const { files, bytes, bytesWritten } = small.stats().temporary;
    expect({ files, bytes }).toEqual({ files: 0, bytes: 0 });
    expect(bytesWritten).toBeGreaterThan(before);
    expect(readdirSync(folder), 'no directory is left').toEqual([]);
    expect(large.stats().temporary.filesMade).toBe(0);
  });

  it('EXPLAIN ANALYZE tells what was spilled', () => {
    expect(small.explain(queries['a sort'], [], { analyze: true })).toMatch(/Sort .*memory=\d.* spilled=\d/);
    expect(large.explain(queries['a sort'], [], { analyze: true })).not.toContain('spilled');
  });

  it('what cannot be spilled is refused', () => {
    for (const sql of ['SELECT array_agg(t) AS list FROM a', 'SELECT id, t IN (SELECT t FROM b) AS there FROM a']) {
      expect(errorOf(() => small.query(sql))).toMatchObject({ code: 'MEMORY_BUDGET', kind: 'limit' });
      expect(errorOf(() => small.query(sql)).hint).toContain('memoryBudget');
      expect(large.query(sql).length).toBeGreaterThan(0);
    }
  });
});

it('answers of a correlated sub-query are forgotten before they are refused', () => {
  const sql =
    'SELECT count(*) AS n FROM a WHERE (a.t IN (SELECT b.t FROM b WHERE b.id BETWEEN a.id AND a.id + 20)) IS TRUE';
  expect(small.query(sql)).toEqual(large.query(sql));
});

it('closing removes the files of statements that were never read to their end', () => {
  const path = temporaryFile();
  const db = open(path, { memoryBudget: BUDGET });
  db.exec('CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT)');
  db.table('a').insertMany(Array.from({ length: ROWS }, (_, id) => ({ id, t: `text ${(id * 7919) % 5000}` })));
  const rows = db.prepare('SELECT id, t FROM a ORDER BY t').iterate();
  rows.next();
  expect(existsSync(`${path}-temp`)).toBe(true);
  expect(db.stats().temporary.files).toBe(1);
  db.close();
  expect(existsSync(`${path}-temp`)).toBe(false);
});
