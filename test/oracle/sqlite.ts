// The same table in this database and in SQLite.

import type { Database as SqliteDatabase } from 'sql.js';
import type { Database } from '../../src/index.js';

export interface LoadedTable {
  readonly name: string;
  /** As they stand in CREATE TABLE: the name, then the type. Rows may leave out the last ones. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export function loadTable(db: Database, sqlite: SqliteDatabase, { name, columns, rows }: LoadedTable): void {
  const create = `CREATE TABLE ${name} (${columns.join(', ')})`;
  const names = columns.slice(0, rows[0]!.length).map((column) => column.split(' ')[0]!);
  db.exec(create);
  db.table(name).insertMany(rows.map((row) => Object.fromEntries(names.map((each, i) => [each, row[i]]))));
  sqlite.run(create);
  const insert = sqlite.prepare(`INSERT INTO ${name} VALUES (${names.map(() => '?').join(', ')})`);
  for (const row of rows) {
    insert.bind([...row]);
    insert.step();
  }
  insert.free();
}
