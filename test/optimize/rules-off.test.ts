// Queries in which a rewrite could go wrong, over NULLs and empty sets: the answer with all rules is that without any, and without each one.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/index.js';
import { open } from '../../src/index.js';
import { RULES } from '../../src/optimize/rules/rules.js';

let db: Database;

beforeAll(() => {
  db = open(':memory:');
  db.exec(`CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER, y TEXT);
    CREATE TABLE b (id INTEGER PRIMARY KEY, x INTEGER, z INTEGER NOT NULL);
    CREATE INDEX b_x ON b (x) WHERE z > 1;
    CREATE INDEX a_x ON a USING bitmap (x);
    INSERT INTO a VALUES (1, 1, 'p'), (2, 2, NULL), (3, NULL, 'q'), (4, 2, 'p'), (5, 7, 'r'), (6, 0, 'p');
    INSERT INTO b VALUES (1, 1, 1), (2, 2, 2), (3, NULL, 3), (4, 2, 2), (5, 9, 0), (6, 0, 0)`);
  db.analyze();
});

afterAll(() => db.close());

test.each([
  'SELECT id FROM a WHERE x NOT IN (SELECT x FROM b)',
  'SELECT id FROM a WHERE x NOT IN (SELECT x FROM b WHERE x IS NOT NULL)',
  'SELECT id FROM a WHERE x NOT IN (SELECT z FROM b)',
  'SELECT id FROM a WHERE id NOT IN (SELECT z FROM b WHERE b.x = a.x)',
  'SELECT id FROM a WHERE NOT (x IN (SELECT x FROM b) AND id < 4)',
  "SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.x = a.x AND z > 1) OR y = 'q'",
  'SELECT id FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.x = a.x AND b.z = a.id)',
  'SELECT id FROM a WHERE EXISTS (SELECT count(*) FROM b WHERE b.x = a.x)',
  'SELECT id FROM a WHERE NOT EXISTS (SELECT b.x FROM b WHERE b.x = a.x GROUP BY b.x HAVING count(*) > 1)',
  'SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.x = a.x LIMIT 0)',
  'SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.x = a.x ORDER BY z LIMIT 1)',
  'SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.x = a.x LIMIT 1 OFFSET 1)',
  'SELECT id FROM a WHERE x IN (SELECT x FROM b WHERE b.z = a.id ORDER BY z LIMIT 1)',
  'SELECT id FROM a WHERE x IN (SELECT x FROM b ORDER BY z DESC, id LIMIT 2)',
  'SELECT id FROM a WHERE x IN (SELECT DISTINCT b.x FROM b LEFT JOIN a AS c ON c.id = b.z WHERE b.id = a.id)',
  'SELECT id, (SELECT max(z) FROM b WHERE b.x = a.x) AS m FROM a WHERE (SELECT count(*) FROM b WHERE b.x = a.x) = 0',
  'SELECT id, (SELECT count(*) FROM b WHERE b.x = a.x) AS n FROM a',
  'SELECT id, (SELECT 10 + coalesce(max(z), count(z)) FROM b WHERE b.x = a.x) AS n FROM a',
  'SELECT id FROM a WHERE id > (SELECT avg(z) FROM b WHERE b.x = a.x)',
  'SELECT id FROM a WHERE (SELECT min(z) FROM b WHERE b.x = a.x) IS NULL',
  'SELECT id FROM a WHERE (SELECT count(*) FROM b WHERE b.x = a.x AND b.z = a.id) = 0 OR x = 7',
  'SELECT id FROM a WHERE (SELECT count(*) FROM b WHERE b.x = a.x) >= (SELECT count(*) FROM b AS c WHERE c.z = a.x)',
  'SELECT id FROM a WHERE CASE WHEN x IS NULL THEN TRUE ELSE (SELECT count(*) FROM b WHERE b.x = a.x) = 2 END',
  'SELECT id, (SELECT max(z) FROM b WHERE b.x = a.x HAVING count(*) > 1) AS m FROM a',
  'SELECT id, (SELECT sum(z) FROM b WHERE b.x = a.x) AS m FROM a',
  'SELECT id, (SELECT max(6 / b.x) FROM b WHERE b.z = a.x AND b.x > 0) AS m FROM a WHERE id < 6',
  'SELECT id, (SELECT count(*) FROM b WHERE b.x = a.x * 1.0) AS n FROM a',
  'SELECT id, (SELECT count(*) FROM b WHERE b.x = a.x AND b.z <= a.id) AS n FROM a',
  'SELECT id, (SELECT count(*) FROM (SELECT DISTINCT z FROM b WHERE b.x = a.x) AS d) AS n FROM a',
  'SELECT id, (SELECT count(z) FROM (SELECT z, x FROM b ORDER BY z LIMIT 4) AS d WHERE d.x = a.x) AS n FROM a',
  'SELECT id, (SELECT count(c.id) FROM b LEFT JOIN a AS c ON c.id = b.z WHERE b.x = a.x) AS n FROM a',
  'SELECT id FROM a WHERE (SELECT count(*) FROM b WHERE b.x = a.x AND EXISTS (SELECT 1 FROM a AS c WHERE c.id = b.z)) > 0',
  'SELECT x, (SELECT max(b.z) FROM b WHERE b.x = g.x) AS m FROM (SELECT x, count(*) AS n FROM a GROUP BY x) AS g',
  'SELECT id FROM a WHERE EXISTS (SELECT b.x FROM b WHERE b.x = a.x GROUP BY b.x, z HAVING count(*) > 1)',
  'SELECT id FROM a WHERE id IN (SELECT count(*) FROM b WHERE b.x = a.x GROUP BY z)',
  'SELECT id FROM a WHERE x NOT IN (SELECT max(z) FROM b WHERE b.x = a.x GROUP BY b.id)',
  'SELECT id FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.x = a.x * 1.0 GROUP BY b.x HAVING count(*) > 1)',
  'SELECT id FROM a WHERE id IN (SELECT DISTINCT z FROM b WHERE b.x = a.x)',
  'SELECT a.id, b.id AS b FROM a LEFT JOIN b ON b.x = a.x AND b.z > 1 WHERE b.id IS NULL OR b.z = 2',
  'SELECT a.id, b.id AS b FROM a LEFT JOIN b ON b.x = a.x WHERE coalesce(b.z, 0) < 2',
  'SELECT a.id, b.id AS b FROM a LEFT JOIN b ON b.x = a.x AND a.id > 2 WHERE (b.z > 0) IS NOT FALSE',
  'SELECT a.id, b.id AS b FROM a LEFT JOIN b ON b.x = a.x WHERE b.z NOT IN (5) OR a.id = 3',
  'SELECT a.id, c.id AS c FROM a LEFT JOIN b ON b.x = a.x LEFT JOIN a AS c ON c.id = b.z WHERE c.x = 2',
  'SELECT a.id, c.id AS c FROM a LEFT JOIN (b JOIN a AS c ON c.id = b.z) ON b.x = a.x WHERE a.x IS NOT DISTINCT FROM 2',
  'SELECT a.id FROM a LEFT JOIN b ON FALSE WHERE b.id IS NULL',
  'SELECT DISTINCT a.id, b.x FROM a LEFT JOIN b ON b.x = a.x',
  'SELECT a.x, count(b.id) AS n, count(*) AS m FROM a LEFT JOIN b ON b.x = a.x AND b.z > 1 GROUP BY a.x',
  'SELECT x, n FROM (SELECT x, count(*) AS n FROM a GROUP BY x) AS g WHERE x = 2 AND n > 1',
  'SELECT n FROM (SELECT count(*) AS n FROM a) AS g WHERE n > 100',
  'SELECT count(*) AS n FROM a WHERE x = 1 AND x = 2',
  'SELECT x FROM (SELECT x, id FROM a ORDER BY id LIMIT 3) AS g WHERE x = 2',
  'SELECT x FROM (SELECT DISTINCT x FROM a) AS g WHERE x > 0 OR x IS NULL',
  'SELECT x FROM a UNION SELECT x FROM b EXCEPT SELECT z FROM b',
  'SELECT a.id FROM a JOIN b ON a.x = b.x WHERE a.x = 2 AND b.z > 1',
  'SELECT id FROM a WHERE x <> 0 AND 10 / x > 2',
  'SELECT a.id FROM a JOIN b ON a.x = b.x WHERE b.z <> 0 AND 10 / b.z > 3',
  'SELECT id FROM a WHERE CASE WHEN x = 0 THEN FALSE ELSE 6 / x = 3 END',
])('%s', (sql) => {
  const names = RULES.map((rule) => rule.name);
  const answer = (disabledRules: readonly string[]) =>
    db
      .query(sql, [], { hints: { disabledRules } })
      .map((row) => JSON.stringify(row))
      .sort();
  const plain = answer(names);
  expect(answer([])).toEqual(plain);
  for (const name of names) expect(answer([name]), `without ${name}`).toEqual(plain);
});

test('changes find their rows by sub-queries that were joined', () => {
  const left = (sql: string, disabledRules: readonly string[]) => {
    let rows: unknown;
    expect(() =>
      db.transaction(() => {
        db.prepare(sql, { hints: { disabledRules } }).run();
        rows = db.query('SELECT * FROM a ORDER BY id');
        throw new Error('undone');
      }),
    ).toThrow('undone');
    return rows;
  };
  for (const sql of [
    'DELETE FROM a WHERE (SELECT count(*) FROM b WHERE b.x = a.x) = 0',
    'UPDATE a SET x = x + 1 WHERE (SELECT max(z) FROM b WHERE b.x = a.x) >= 1',
    'UPDATE a SET x = (SELECT max(z) FROM b WHERE b.x = a.x)',
  ])
    expect(left(sql, [])).toEqual(left(sql, ['join-scalar-subqueries']));
});

test.each([-1, 0, 1, 2])('a partial index is not taken for a parameter that it may not cover: z > %i', (least) => {
  const sql = 'SELECT id FROM b WHERE x = 2 AND z > $1 OR x = 0 AND z > $1';
  expect(db.query(sql, [least])).toEqual(db.query(sql, [least], { hints: { noIndexes: true } }));
});
