// The two oracles, and how answers are compared.

import type { PGlite } from '@electric-sql/pglite';
import initSqlJs from 'sql.js';
import type { Database as SqliteDatabase, SqlJsStatic, Statement } from 'sql.js';
import { openPostgres } from '../oracle/postgres.js';
import { canonical } from './dialect.js';
import type { Kind } from './dialect.js';
import type { Written } from './query.js';

const OPTIONS = {
  rowMode: 'array',
  parsers: { 1082: (text: string) => text, 1114: (text: string) => text },
} as const;

export class Oracles {
  private sqlite: SqliteDatabase;

  private constructor(
    private readonly module: SqlJsStatic,
    private readonly postgres: PGlite | undefined,
  ) {
    this.sqlite = new module.Database();
  }

  /** @param withPostgres false: SQLite alone, for making a failing case smaller. */
  static async open(withPostgres = true): Promise<Oracles> {
    return new Oracles(await initSqlJs(), withPostgres ? await openPostgres() : undefined);
  }

  /** The same module without PostgreSQL, with a database of its own. */
  sqliteAlone(): Oracles {
    return new Oracles(this.module, undefined);
  }

  /** Forgets everything and runs these statements. */
  async reset(sqlite: readonly string[], postgres: readonly string[]): Promise<void> {
    this.resetSqlite(sqlite);
    if (this.postgres !== undefined) {
      await this.postgres.exec(
        `DROP SCHEMA IF EXISTS world CASCADE; CREATE SCHEMA world; SET search_path = world; ${postgres.join(';\n')}`,
      );
    }
  }

  resetSqlite(statements: readonly string[]): void {
    this.sqlite.close();
    this.sqlite = new this.module.Database();
    this.sqlite.run('PRAGMA case_sensitive_like = ON');
    for (const statement of statements) this.sqlite.run(statement);
  }

  sqliteRows(query: Written, kinds: readonly Kind[]): string[] {
    return this.inSqlite(query, (statement) => {
      const rows: string[] = [];
      while (statement.step()) rows.push(rowText(statement.get(null, { useBigInt: true }), kinds));
      return rows;
    });
  }

  /** Whether SQLite answers with no more than so many rows; true where it cannot answer. */
  answersWithin(query: Written, rows: number): boolean {
    try {
      return this.inSqlite(query, (statement) => {
        let count = 0;
        while (count <= rows && statement.step()) count++;
        return count <= rows;
      });
    } catch {
      return true;
    }
  }

  private inSqlite<T>({ sql, parameters }: Written, use: (statement: Statement) => T): T {
    const statement = this.sqlite.prepare(sql);
    try {
      statement.bind(parameters);
      return use(statement);
    } finally {
      statement.free();
    }
  }

  /** Answers of many queries, asked together; an error stands in the place of its query's answer. */
  async postgresAnswers(
    queries: readonly { readonly sql: string; readonly kinds: readonly Kind[] }[],
  ): Promise<(string[] | Error)[]> {
    if (this.postgres === undefined) throw new Error('PostgreSQL was not opened');
    if (queries.length === 0) return [];
    try {
      const results = await this.postgres.exec(queries.map(({ sql }) => sql).join(';\n'), OPTIONS);
      return queries.map(({ kinds }, i) =>
        (results[i]!.rows as unknown as unknown[][]).map((row) => rowText(row, kinds)),
      );
    } catch (error) {
      if (queries.length === 1) return [error instanceof Error ? error : new Error(String(error))];
      const half = queries.length >> 1;
      return [
        ...(await this.postgresAnswers(queries.slice(0, half))),
        ...(await this.postgresAnswers(queries.slice(half))),
      ];
    }
  }

  /** Runs a statement in both; each says what went wrong, if anything. */
  async change(sqlite: string, postgres: string): Promise<{ readonly sqlite?: Error; readonly postgres?: Error }> {
    const wrong: { sqlite?: Error; postgres?: Error } = {};
    try {
      this.sqlite.run(sqlite);
    } catch (error) {
      wrong.sqlite = error as Error;
    }
    try {
      await this.postgres!.exec(postgres);
    } catch (error) {
      wrong.postgres = error as Error;
    }
    return wrong;
  }

  async close(): Promise<void> {
    this.sqlite.close();
    await this.postgres?.close();
  }
}

export function rowText(row: readonly unknown[], kinds: readonly Kind[]): string {
  return kinds.map((kind, i) => canonical(row[i], kind)).join(' | ');
}

/** Equal as sequences when ordered, as multisets otherwise. */
export function sameRows(a: readonly string[], b: readonly string[], ordered: boolean): boolean {
  if (a.length !== b.length) return false;
  const [x, y] = ordered ? [a, b] : [[...a].sort(), [...b].sort()];
  return x.every((row, i) => row === y[i]);
}
