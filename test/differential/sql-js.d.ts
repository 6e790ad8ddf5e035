// What the tests use of sql.js, which ships no types.

declare module 'sql.js' {
  export type SqlValue = number | bigint | string | Uint8Array | null;

  export interface Statement {
    bind(values?: readonly unknown[]): boolean;
    step(): boolean;
    get(params?: null, config?: { readonly useBigInt?: boolean }): SqlValue[];
    free(): boolean;
  }

  export interface Database {
    run(sql: string): Database;
    prepare(sql: string): Statement;
    close(): void;
  }

  export interface SqlJsStatic {
    readonly Database: new () => Database;
  }

  export default function initSqlJs(): Promise<SqlJsStatic>;
}
