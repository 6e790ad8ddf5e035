// The examples of a document: statements in ```sql blocks, each followed by its answer in comment lines. `REWRITE=1` writes the answers.
//
//   -- with ["FR"]                    parameters of the next statement, as JSON
//   SELECT name FROM cities WHERE country = ?;
//   -- Paris                          one line a row; "..." stands for anything, a line "..." for the rest
//
// A change answers `-- 2 rows changed` or its RETURNING rows, an empty query `-- no rows`, a mistake `-- ERROR CODE: message`. A block begins
// on the tables of the document's first block, whatever the blocks before it did.

import { readFileSync, writeFileSync } from 'node:fs';
import { LightningError, open } from '../../src/index.js';
import type { Database } from '../../src/index.js';

export interface Step {
  readonly sql: string;
  /** Line in the document, from 1. */
  readonly line: number;
  readonly parameters: readonly unknown[];
  readonly expected: readonly string[];
}

interface Block {
  readonly lines: readonly string[];
  /** Line of the first of them, from 1. */
  readonly start: number;
}

const FENCE = '```';

export function blocksOf(text: string): Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] !== `${FENCE}sql`) continue;
    const end = lines.indexOf(FENCE, at);
    blocks.push({ lines: lines.slice(at + 1, end), start: at + 2 });
    at = end;
  }
  return blocks;
}

/** The statements of a block. Comments before a statement are remarks; those right after it are its answer. */
export function stepsOf({ lines, start }: Block): Step[] {
  const steps: Step[] = [];
  let parameters: unknown[] = [];
  for (let at = 0; at < lines.length; at++) {
    const given = /^-- with (.*)/.exec(lines[at]!);
    if (given) parameters = [JSON.parse(given[1]!)].flat();
    if (lines[at]!.trim() === '' || lines[at]!.startsWith('--')) continue;
    const line = start + at;
    const sql: string[] = [];
    do sql.push(lines[at]!);
    while (!lines[at]!.endsWith(';') && ++at < lines.length);
    if (!sql.at(-1)!.endsWith(';')) throw new Error(`line ${line}: a statement without ";" at the end of a line`);
    const expected: string[] = [];
    while (lines[at + 1]?.startsWith('--')) expected.push(lines[++at]!);
    steps.push({ sql: sql.join('\n').slice(0, -1), line, parameters, expected });
    parameters = [];
  }
  return steps;
}

/** The answer as it stands in a document. */
export function answerOf(db: Database, { sql, parameters }: Pick<Step, 'sql' | 'parameters'>): string[] {
  try {
    const statement = db.prepare(sql);
    if (statement.columns().length === 0) {
      const { changes } = statement.run(...parameters);
      return /^(with|insert|update|delete)\b/i.test(sql)
        ? [`-- ${changes} row${changes === 1 ? '' : 's'} changed`]
        : [];
    }
    const rows = statement.values(...parameters).map((row) => row.map(shown).join(' | '));
    return rows.length === 0 ? ['-- no rows'] : rows.flatMap((row) => row.split('\n').map((line) => `-- ${line}`));
  } catch (error) {
    if (!(error instanceof LightningError)) throw error;
    return [`-- ERROR ${error.code}: ${error.message.split('\n')[0]}`];
  }
}

/** One value of an answer. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | bigint | boolean);
}

/** A database that holds the tables of the document's first block. */
export function openExamples(text: string): Database {
  const db = open(':memory:');
  for (const { sql, line } of stepsOf(blocksOf(text)[0]!)) {
    const [problem] = answerOf(db, { sql, parameters: [] }).filter((each) => each.startsWith('-- ERROR'));
    if (problem !== undefined) throw new Error(`line ${line}: ${problem}`);
  }
  return db;
}

/** What is wrong with the answers of a document; with `REWRITE=1` they are written instead. */
export function checkExamples(file: string | URL): string[] {
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  const wrong: string[] = [];
  // From the last to the first, so that lines before keep their numbers.
  const edits: { at: number; count: number; lines: string[] }[] = [];
  for (const block of blocksOf(text).slice(1)) {
    const db = openExamples(text);
    try {
      for (const step of stepsOf(block)) {
        const came = answerOf(db, step);
        if (agrees(step.expected, came)) continue;
        const at = step.line - 1 + step.sql.split('\n').length;
        edits.push({ at, count: step.expected.length, lines: came });
        wrong.push(`line ${step.line}: ${step.sql}\nexpected\n${step.expected.join('\n')}\ncame\n${came.join('\n')}\n`);
      }
      for (const { table, what } of db.verify().findings) wrong.push(`line ${block.start}: ${table}: ${what}`);
    } finally {
      db.close();
    }
  }
  if (process.env['REWRITE'] !== '1') return wrong;
  for (const { at, count, lines: came } of edits.reverse()) lines.splice(at, count, ...came);
  writeFileSync(file, lines.join('\n'));
  return [];
}

function agrees(expected: readonly string[], came: readonly string[]): boolean {
  const rest = expected.indexOf('-- ...');
  const lines = rest < 0 ? expected : expected.slice(0, rest);
  if (rest < 0 ? came.length !== lines.length : came.length < lines.length) return false;
  return lines.every((line, i) => {
    const pattern = line.split('...').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${pattern.join('.*')}$`).test(came[i]!);
  });
}
