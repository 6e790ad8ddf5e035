// Keys of NOCASE columns, and foreign keys to and from such columns: random changes leave in the tables what they leave in SQLite, which
// compares so, too; and what a handle finds by a key is what a scan finds.

import initSqlJs from 'sql.js';
import { expect, it } from 'vitest';
import { RULES } from '../../src/optimize/rules/rules.js';
import { openTest } from '../db/support.js';
import { Random } from '../differential/random.js';

const schema = [
  'CREATE TABLE p (name TEXT COLLATE NOCASE NOT NULL PRIMARY KEY, n INTEGER)',
  'CREATE TABLE q (g INTEGER NOT NULL, name TEXT COLLATE NOCASE NOT NULL, PRIMARY KEY (g, name))',
  'CREATE TABLE a (id INTEGER PRIMARY KEY, ref TEXT REFERENCES p (name) ON DELETE CASCADE ON UPDATE CASCADE)',
  'CREATE TABLE b (id INTEGER PRIMARY KEY, ref TEXT COLLATE NOCASE REFERENCES p (name) ON DELETE SET NULL ON UPDATE SET NULL)',
  'CREATE INDEX b_ref ON b (ref)',
  'CREATE TABLE c (id INTEGER PRIMARY KEY, ref TEXT REFERENCES p (name))',
  'CREATE INDEX c_ref ON c (ref COLLATE NOCASE)',
  'CREATE TABLE d (id INTEGER PRIMARY KEY, ref TEXT, g INTEGER, FOREIGN KEY (ref, g) REFERENCES q (name, g) ON DELETE CASCADE ON UPDATE CASCADE)',
  'CREATE TABLE e (code TEXT PRIMARY KEY, up TEXT COLLATE NOCASE REFERENCES e (code) ON DELETE SET NULL ON UPDATE CASCADE)',
  'CREATE INDEX e_up ON e (up)',
];

/** What SQLite leaves as it was: the spelling of a key that goes with its parent's. */
const contents = {
  p: 'SELECT name, n FROM p',
  q: 'SELECT g, name FROM q',
  a: 'SELECT id, lower(ref) FROM a',
  b: 'SELECT id, ref FROM b',
  c: 'SELECT id, ref FROM c',
  d: 'SELECT id, lower(ref), g FROM d',
  e: 'SELECT code, up FROM e',
};

function change(random: Random): string {
  const word = () => {
    const text = random.pick(['ann', 'bea', 'cy', 'dan']);
    return `'${random.weighted([
      [2, text],
      [1, text.toUpperCase()],
      [1, text[0]!.toUpperCase() + text.slice(1)],
    ])}'`;
  };
  const wordOrNull = () => (random.chance(0.1) ? 'NULL' : word());
  const id = () => String(random.int(1, 12));
  const g = () => String(random.int(1, 2));
  return random.weighted<() => string>([
    [3, () => `INSERT INTO p VALUES (${word()}, ${id()})`],
    [
      2,
      () =>
        `INSERT INTO p VALUES (${word()}, ${id()}) ON CONFLICT (name) DO UPDATE SET name = excluded.name, n = p.n + 1`,
    ],
    [1, () => `INSERT INTO p VALUES (${word()}, ${id()}) ON CONFLICT DO NOTHING`],
    [3, () => `UPDATE p SET name = ${word()} WHERE name = ${word()}`],
    [2, () => `DELETE FROM p WHERE name = ${word()}`],
    [2, () => `INSERT INTO q VALUES (${g()}, ${word()})`],
    [2, () => `UPDATE q SET g = ${g()}, name = ${word()} WHERE (g, name) = (${g()}, ${word()})`],
    [1, () => `DELETE FROM q WHERE name = ${word()} AND g = ${g()}`],
    [2, () => `INSERT INTO a VALUES (${id()}, ${wordOrNull()})`],
    [2, () => `INSERT INTO b VALUES (${id()}, ${wordOrNull()})`],
    [1, () => `INSERT INTO c VALUES (${id()}, ${wordOrNull()})`],
    [3, () => `INSERT INTO d VALUES (${id()}, ${wordOrNull()}, ${g()})`],
    [3, () => `INSERT INTO e VALUES (${word()}, ${wordOrNull()})`],
    [2, () => `UPDATE e SET code = ${word()} WHERE code = ${word()}`],
    [1, () => `DELETE FROM e WHERE code = ${word()}`],
    [2, () => `UPDATE ${random.pick(['a', 'b', 'c', 'd'])} SET ref = ${wordOrNull()} WHERE id = ${id()}`],
    [2, () => `DELETE FROM ${random.pick(['a', 'b', 'c', 'd'])} WHERE lower(ref) = lower(${word()})`],
  ])();
}

it.each([1, 2])('change as in SQLite (seed %i)', async (seed) => {
  const sqlite = new (await initSqlJs()).Database();
  sqlite.run('PRAGMA foreign_keys = ON');
  const db = openTest();
  for (const statement of schema) {
    sqlite.run(statement);
    db.exec(statement);
  }
  const random = new Random(seed);
  const queries = Object.values(contents).map((sql) => ({ sql, statement: db.prepare(sql) }));
  const runs = (run: () => unknown): boolean => {
    try {
      run();
      return true;
    } catch {
      return false;
    }
  };
  const rowsOf = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort();
  const inSqlite = (query: string): string[] => {
    const statement = sqlite.prepare(query);
    const rows: unknown[][] = [];
    while (statement.step()) rows.push(statement.get());
    statement.free();
    return rowsOf(rows);
  };
  let done = 0;
  for (let i = 0; i < 500; i++) {
    const statement = change(random);
    const [theirs, ours] = [runs(() => sqlite.run(statement)), runs(() => db.exec(statement))];
    expect(ours, statement).toBe(theirs);
    if (!ours) continue;
    done++;
    for (const query of queries) {
      expect(rowsOf(query.statement.values()), `${query.sql} after ${statement}`).toEqual(inSqlite(query.sql));
    }
  }
  expect(done).toBeGreaterThan(100);
  const plain = { hints: { disabledRules: RULES.map((rule) => rule.name), noIndexes: true } };
  const byScan = db.prepare('SELECT name, n FROM p WHERE name = $1', plain);
  for (const word of ['ann', 'BEA', 'Cy', 'dan', 'none']) expect(db.table('p').get(word)).toEqual(byScan.get(word));
  db.exec('REINDEX p; REINDEX q');
  expect(db.verify().findings).toEqual([]);
});
