// Joins of four to seventeen tables: the queries of `test/joins`, of the Join Order Benchmark's shapes, with an index for each foreign key.

import type { Group } from '../group.js';
import type { Contestant } from '../measure.js';
import { LIGHTNING, openLightning } from '../peers/lightning.js';
import { openSqlite, SQLITE } from '../peers/sqlite.js';
import { archive, archiveIndexes, archiveQueries } from '../../test/joins/archive.js';
import type { ArchiveTable } from '../../test/joins/archive.js';

/** Of the archive's size: the larger it is, the more of the time goes into a few queries. */
const SCALE = 0.05;

export const joins: Group = {
  name: 'joins',
  *contests(setting) {
    const tables = archive(SCALE * Math.max(0.2, setting.scale));
    const queries = archiveQueries();
    const lightning = lightningArchive(setting.path('lightning'), tables);
    const sqlite = sqliteArchive(setting.path('sqlite'), tables);
    try {
      const ours = queries.map(({ sql }) => lightning.prepare(sql));
      const theirs = queries.map(({ sql }) => sqlite.prepare(sql));
      const contestants: Contestant[] = [
        { name: LIGHTNING, run: () => ours.map((statement) => statement.all()) },
        { name: SQLITE, run: () => theirs.map((statement) => statement.all()) },
      ];
      yield { name: '113 joins of 4 to 17 tables', unit: 'query', operations: queries.length, contestants };
    } finally {
      lightning.close();
      sqlite.close();
    }
  },
};

function namesOf({ columns }: ArchiveTable): string[] {
  return columns.map((column) => column.split(' ')[0]!);
}

function createOf({ name, columns }: ArchiveTable): string {
  return `CREATE TABLE ${name} (${columns.join(', ')})`;
}

function lightningArchive(path: string, tables: readonly ArchiveTable[]) {
  const db = openLightning(path, { cacheBytes: 512 * 1024 * 1024 });
  for (const table of tables) {
    db.exec(createOf(table));
    const names = namesOf(table);
    db.table(table.name).insertMany(
      table.rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]]))),
    );
  }
  for (const index of archiveIndexes(tables)) db.exec(index);
  db.analyze();
  return db;
}

function sqliteArchive(path: string, tables: readonly ArchiveTable[]) {
  const db = openSqlite(path);
  db.pragma('case_sensitive_like = ON');
  db.transaction(() => {
    for (const table of tables) {
      db.exec(createOf(table));
      const insert = db.prepare(
        `INSERT INTO ${table.name} VALUES (${namesOf(table)
          .map(() => '?')
          .join(', ')})`,
      );
      for (const row of table.rows) insert.run(row);
    }
  })();
  for (const index of archiveIndexes(tables)) db.exec(index);
  db.exec('ANALYZE');
  return db;
}
