// Runs the records of one sqllogictest file on a fresh database in memory, as dialect `postgresql`. Values are written as SQLite's own
// runner writes them, so that its hashes can be compared.

import { createHash } from 'node:crypto';
import { LightningError } from '../../src/errors.js';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';
import type { QueryRecord, SltRecord, StatementRecord } from './parse.js';

export interface Failure {
  readonly line: number;
  readonly sql: string;
  readonly reason: string;
}

export interface Outcome {
  /** Queries alone are counted; a statement that fails is a failure of its own. */
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

/** @param verify checks the database at the end, and counts what is found as a failure. */
export function runSlt(records: readonly SltRecord[], verify = true): Outcome {
  const db = open(':memory:');
  const labels = new Map<string, string>();
  const failures: Failure[] = [];
  let [passed, skipped] = [0, 0];
  try {
    for (const record of records) {
      if (record.skipped) {
        if (record.kind === 'query') skipped++;
        continue;
      }
      if (record.kind === 'halt') break;
      const reason = record.kind === 'statement' ? runStatement(db, record) : runQuery(db, record, labels);
      if (reason !== undefined) failures.push({ line: record.line, sql: record.sql, reason });
      else if (record.kind === 'query') passed++;
    }
    if (verify) {
      for (const { table, index, what } of db.verify().findings) {
        failures.push({ line: 0, sql: 'verify', reason: `${table}${index === undefined ? '' : `.${index}`}: ${what}` });
      }
    }
  } finally {
    db.close();
  }
  return { passed, skipped, failures };
}

function runStatement(db: Database, record: StatementRecord): string | undefined {
  try {
    if (record.count === undefined) {
      db.exec(record.sql);
    } else {
      const { changes } = db.prepare(record.sql).run();
      if (changes !== record.count) return `${record.count} rows were to change, ${changes} did`;
    }
  } catch (error) {
    if (record.expect === 'ok') return describe(error);
    if (!(error instanceof LightningError) || error.kind === 'bug')
      return `not an error of the dialect: ${describe(error)}`;
    if (record.pattern !== undefined && !record.pattern.test(error.message)) return `another error: ${describe(error)}`;
    return undefined;
  }
  return record.expect === 'ok' ? undefined : 'an error was expected';
}

function runQuery(db: Database, record: QueryRecord, labels: Map<string, string>): string | undefined {
  try {
    return judgeAnswer(record, db.prepare(record.sql).values(), labels);
  } catch (error) {
    return describe(error);
  }
}

/** What is wrong with an answer, if anything. `labels` remembers the answers of labelled queries. */
export function judgeAnswer(
  record: QueryRecord,
  answer: readonly (readonly unknown[])[],
  labels: Map<string, string>,
): string | undefined {
  const rows = answer.map((row) => row.map((value, i) => formatSlt(value, record.types[i] ?? 'T')));
  const columns = record.types.length;
  const odd = rows.find((row) => row.length !== columns);
  if (odd !== undefined) return `${columns} columns expected, ${odd.length} came`;
  if (record.sort === 'rowsort') rows.sort(compareRows);
  const values = rows.flat();
  if (record.sort === 'valuesort') values.sort(compareText);
  const md5 = createHash('md5')
    .update(values.map((value) => `${value}\n`).join(''))
    .digest('hex');
  if (record.label !== undefined) {
    const before = labels.get(record.label);
    labels.set(record.label, md5);
    if (before !== undefined && before !== md5)
      return `another answer than the query before with label ${record.label}`;
  }
  if (record.hash !== undefined) {
    if (record.hash.values === values.length && record.hash.md5 === md5) return undefined;
    return `${record.hash.values} values with hash ${record.hash.md5} expected, came ${values.length} with ${md5}: ${shown(values)}`;
  }
  const { expected } = record;
  if (same(values, expected)) return undefined;
  const lines = rows.map((row) => row.join(' '));
  const plain = expected.map((line) => line.trim().replace(/\s+/g, ' '));
  if (columns > 1 && record.sort !== 'valuesort' && same(lines, plain)) return undefined;
  return `expected ${shown(expected)}, came ${shown(values)}`;
}

/** `%d`, `%.3f` or the text, as SQLite's runner prints them. */
export function formatSlt(value: unknown, type: string): string {
  if (value === null || value === undefined) return 'NULL';
  const plain = typeof value === 'boolean' ? Number(value) : value;
  if (type === 'I') {
    if (typeof plain === 'bigint') return String(plain);
    const number = Math.trunc(typeof plain === 'number' ? plain : Number.parseInt(String(plain), 10));
    return Number.isNaN(number) ? '0' : String(number + 0);
  }
  if (type === 'R') return Number(plain).toFixed(3);
  const text = plain instanceof Date ? plain.toISOString() : String(plain);
  return text === '' ? '(empty)' : text.replace(/[^ -~]/gu, '@');
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** All text here is ASCII. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareRows(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareText(a[i]!, b[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function shown(values: readonly string[]): string {
  return values.length <= 12 ? `[${values.join(' | ')}]` : `[${values.slice(0, 12).join(' | ')} ...]`;
}

function describe(error: unknown): string {
  if (error instanceof LightningError) return `${error.code}: ${error.message.split('\n')[0]}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
