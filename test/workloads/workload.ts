// What a workload is: tables with rows, and queries that stand in a file as people have published them.

import { readFileSync } from 'node:fs';

export type Value = number | string | null;

export interface WorkloadTable {
  readonly name: string;
  /** Column definitions that both Lightning DB and SQLite read. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
  /** Columns of an index each; several columns stand in one text. */
  readonly indexes: readonly string[];
}

export interface WorkloadQuery {
  readonly name: string;
  /** Most often one; the answer is that of the SELECT among them. */
  readonly statements: readonly string[];
}

/** Queries of `test/workloads/FILE`; a line `-- Q1: ...` begins each. Read from the project's folder, in which tests run. */
export function workloadQueries(file: string): WorkloadQuery[] {
  return readFileSync(`test/workloads/${file}`, 'utf8')
    .split(/^-- (?=Q\d)/m)
    .slice(1)
    .map((part) => {
      const line = part.indexOf('\n');
      const statements = part
        .slice(line)
        .split(';')
        .map((statement) => statement.trim())
        .filter((statement) => statement !== '');
      return { name: part.slice(0, line), statements };
    });
}

/** What SQLite writes otherwise: dates are texts there, and a derived table has no list of column names. */
export function forSqlite(sql: string): string {
  return sql
    .replace(/date '([\d-]+)'(?: ([+-]) interval '(\d+)' (day|month|year))?/g, (_, date, sign, count, unit) =>
      sign === undefined ? `'${date}'` : `date('${date}', '${sign}${count} ${unit}')`,
    )
    .replace(/extract\(year from (\w+)\)/g, "cast(strftime('%Y', $1) as integer)")
    .replace(/substring\((\w+) from (\d+) for (\d+)\)/g, 'substr($1, $2, $3)')
    .replace(/count\(o_orderkey\)(?=[^;]*c_orders \(c_custkey, c_count\))/, 'count(o_orderkey) as c_count')
    .replace('c_orders (c_custkey, c_count)', 'c_orders');
}
