// Queries that people have published run as they are written, and answer as SQLite does: 22 of decision support, 13 over a star schema.

import initSqlJs from 'sql.js';
import type { Database as SqliteDatabase } from 'sql.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';
import { loadTable } from '../oracle/sqlite.js';
import { decisionSupport } from './decision-support.js';
import { starSchema } from './star-schema.js';
import { forSqlite, workloadQueries } from './workload.js';
import type { WorkloadTable } from './workload.js';

const WORKLOADS = [
  { name: 'decision support', file: 'decision-support.sql', tables: decisionSupport, queries: 22 },
  { name: 'star schema', file: 'star-schema.sql', tables: starSchema, queries: 13 },
];

describe.each(WORKLOADS)('$name', ({ file, tables, queries }) => {
  const all = workloadQueries(file);
  let db: Database;
  let sqlite: SqliteDatabase;

  beforeAll(async () => {
    db = open(':memory:');
    sqlite = new (await initSqlJs()).Database();
    sqlite.run('PRAGMA case_sensitive_like = ON; BEGIN');
    for (const table of tables()) load(table);
    db.analyze();
    sqlite.run('COMMIT; ANALYZE');
  });

  afterAll(() => {
    db.close();
    sqlite.close();
  });

  test.each(all)('$name', ({ statements }) => {
    for (const sql of statements) {
      if (!sql.startsWith('select')) {
        db.exec(sql);
        sqlite.run(forSqlite(sql));
        continue;
      }
      const rows = db.query(sql).map((row) => Object.values(row as object) as unknown[]);
      const expected: unknown[][] = [];
      const other = sqlite.prepare(forSqlite(sql));
      while (other.step()) expected.push(other.get());
      other.free();
      expect(rows.map((row) => row.map(near))).toEqual(expected.map((row) => row.map(near)));
      expect(rows.flat().some((value) => value !== null)).toBe(true);
    }
  });

  test('all queries are there', () => {
    expect(all.length).toBe(queries);
  });

  function load(table: WorkloadTable): void {
    const { name, indexes } = table;
    loadTable(db, sqlite, table);
    for (const index of indexes) {
      const sql = `CREATE INDEX ${name}_${index.replace(/\W+/g, '_')} ON ${name} (${index})`;
      db.exec(sql);
      sqlite.run(sql);
    }
  }
});

/** Sums of doubles depend on the order in which they are added. */
function near(value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(10)) : value;
}
