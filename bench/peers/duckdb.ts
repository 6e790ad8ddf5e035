// DuckDB, in memory, on as many threads as the machine has cores.

export const DUCKDB = 'duckdb';

/** The part of the package that is used here: the sources type-check without it. */
interface Connection {
  run(text: string): Promise<unknown>;
  prepare(text: string): Promise<{ runAndReadAll(): Promise<{ getRowObjectsJS(): object[] }> }>;
  closeSync(): void;
}

export class DuckDb {
  private constructor(private readonly connection: Connection) {}

  static async open(): Promise<DuckDb> {
    const name = '@duckdb/node-api';
    const { DuckDBInstance } = (await import(name)) as {
      readonly DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> };
    };
    return new DuckDb(await (await DuckDBInstance.create(':memory:')).connect());
  }

  async exec(text: string): Promise<void> {
    await this.connection.run(text);
  }

  /** A prepared statement that gives its rows as objects, whole numbers as numbers. */
  async prepare(text: string): Promise<() => Promise<object[]>> {
    const statement = await this.connection.prepare(text);
    return async () => {
      const rows = (await statement.runAndReadAll()).getRowObjectsJS();
      for (const row of rows as Record<string, unknown>[]) {
        for (const [name, value] of Object.entries(row)) if (typeof value === 'bigint') row[name] = Number(value);
      }
      return rows;
    };
  }

  close(): void {
    this.connection.closeSync();
  }
}
