// Query constructs against PostgreSQL: each `.sql` file is run by both, statement by statement. A comment before a query says how its
// answers are compared: nothing as sets of rows, `-- ordered` as sequences; `-- error CODE` both refuse it, `-- only-here CODE` this
// language alone does;
// `-- postgres STATEMENT` what PostgreSQL is given instead, which cannot do this one. Every query runs once more with all rewrite rules off, and with no index used.

import { PGlite } from '@electric-sql/pglite';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RULES } from '../../src/optimize/rules/rules.js';
import { errorOf, openTest } from '../db/support.js';

interface Step {
  readonly line: number;
  readonly sql: string;
  readonly how: 'run' | 'rows' | 'ordered' | 'error' | 'only-here';
  readonly code: string;
  readonly postgres: string | undefined;
}

/** Statements end with a semicolon at the end of a line. */
function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  let lines: string[] = [];
  let how: Step['how'] | undefined;
  let code = '';
  let instead: string | undefined;
  text.split('\n').forEach((line, at) => {
    const mark = /^-- (ordered|error|only-here)\b *(\w*)/.exec(line);
    if (mark) [how, code] = [mark[1] as Step['how'], mark[2] ?? ''];
    instead = /^-- postgres (.*)/.exec(line)?.[1] ?? instead;
    if (line.startsWith('--') || (line.trim() === '' && lines.length === 0)) return;
    lines.push(line);
    if (!line.trimEnd().endsWith(';')) return;
    const sql = lines.join('\n').trim().slice(0, -1);
    const reads = /^\(*\s*(select|values|with)\b/i.test(sql) || /\breturning\b/i.test(sql);
    steps.push({ line: at + 1, sql, how: how ?? (reads ? 'rows' : 'run'), code, postgres: instead });
    [lines, how, code, instead] = [[], undefined, '', undefined];
  });
  if (lines.length > 0) throw new Error('a statement without an end');
  return steps;
}

/** Numbers are equal to 12 digits, whatever type the two give them. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'object') return JSON.stringify(value);
  const text = typeof value === 'string' ? value : String(value as number | bigint);
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? String(Number(Number(text).toPrecision(12)) + 0) : `'${text}'`;
}

function rowsOf(rows: readonly (readonly unknown[])[], ordered: boolean): string[] {
  const texts = rows.map((row) => row.map(textOf).join(' | '));
  return ordered ? texts : texts.sort();
}

let postgres: PGlite;
beforeAll(async () => {
  postgres = await PGlite.create();
});
afterAll(() => postgres.close());

async function answer(sql: string, ordered: boolean): Promise<string[]> {
  const { rows } = await postgres.query(sql, [], { rowMode: 'array' });
  return rowsOf(rows as unknown[][], ordered);
}

const plain = { hints: { disabledRules: RULES.map((rule) => rule.name), noIndexes: true } };

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.sql'));
test.each(files)(
  '%s',
  async (file) => {
    await postgres.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    const db = openTest();
    const wrong: string[] = [];
    for (const { line, sql, how, code, postgres: instead } of stepsOf(
      readFileSync(join(import.meta.dirname, file), 'utf8'),
    )) {
      const place = `${file}:${line}: ${sql}`;
      try {
        if (how === 'run') {
          await postgres.exec(instead ?? sql);
          db.exec(sql);
        } else if (how === 'rows' || how === 'ordered') {
          const ordered = how === 'ordered';
          const expected = await answer(instead ?? sql, ordered);
          expect(rowsOf(db.prepare(sql).values(), ordered), place).toEqual(expected);
          if (/\b(insert|update|delete)\b/i.test(sql)) continue;
          const simple = rowsOf(db.prepare(sql, plain).values(), ordered);
          expect(simple, `${place}, without rules and indexes`).toEqual(expected);
        } else {
          if (how === 'error') await expect(answer(sql, false), `PostgreSQL: ${place}`).rejects.toThrow();
          const error = errorOf(() => db.prepare(sql).values());
          expect(error.code, `${place}\n${error.message}`).toBe(code);
        }
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        wrong.push(message.includes(place) ? message : `${place}\n${message}`);
      }
    }
    if (wrong.length > 0) throw new Error(wrong.join('\n\n'));
  },
  120_000,
);
