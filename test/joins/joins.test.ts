// All queries of the Join Order Benchmark's shapes answer as SQLite does. A minimum hides much, so the joined rows are counted too.

import initSqlJs from 'sql.js';
import type { Database as SqliteDatabase } from 'sql.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';
import { loadTable } from '../oracle/sqlite.js';
import { archive, archiveIndexes, archiveQueries } from './archive.js';

const SCALE = 0.02;

let db: Database;
let sqlite: SqliteDatabase;

beforeAll(async () => {
  const tables = archive(SCALE);
  db = open(':memory:');
  sqlite = new (await initSqlJs()).Database();
  sqlite.run('PRAGMA case_sensitive_like = ON; BEGIN');
  for (const table of tables) loadTable(db, sqlite, table);
  for (const index of archiveIndexes(tables)) {
    db.exec(index);
    sqlite.run(index);
  }
  db.analyze();
  sqlite.run('COMMIT; ANALYZE');
});

afterAll(() => {
  db.close();
  sqlite.close();
});

describe('a film archive', () => {
  const queries = archiveQueries().map(({ name, sql }) => ({
    name,
    sql: sql.replace(' FROM ', ', count(*) AS joined FROM '),
  }));
  let found = 0;

  test.each(queries)('$name answers as SQLite', ({ sql }) => {
    const [answer] = db.query(sql).map((row) => Object.values(row as object) as unknown[]);
    const statement = sqlite.prepare(sql);
    statement.step();
    expect(answer).toEqual(statement.get());
    statement.free();
    if (answer!.at(-1) !== 0) found++;
  });

  test('a third of the queries find something', () => {
    expect(queries.length).toBe(113);
    expect(found).toBeGreaterThan(queries.length / 3);
  });
});
