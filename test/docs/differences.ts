// The table of differences in a document: each row's statement is run here, on PostgreSQL and on SQLite.

import { readFileSync, writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import initSqlJs, { type Statement } from 'sql.js';
import { LightningError, open } from '../../src/index.js';
import { shown } from './examples.js';

const ROW = /^\| `((?:SELECT|VALUES|WITH) [^`]*)` \|([^|]*)\|([^|]*)\|([^|]*)\|(.*)\|$/;

/** What is wrong in the table; with `REWRITE=1` its answers are written instead. */
export async function checkDifferences(file: URL): Promise<string[]> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const here = open(':memory:');
  const postgres = await PGlite.create();
  const sqlite = new (await initSqlJs()).Database();
  const wrong: string[] = [];
  let rows = 0;
  for (const [at, line] of lines.entries()) {
    // "\|" is how a table holds the sign.
    const cells = ROW.exec(line.replaceAll('\\|', '\u0000'))?.slice(1);
    if (cells === undefined) continue;
    rows++;
    const [sql = '', , , , why = ''] = cells.map((cell) => cell.replaceAll('\u0000', '|'));
    const answers = [
      await answerOf(() => here.prepare(sql).values(), isOwnError),
      await answerOf(async () => (await postgres.query(sql, [], { rowMode: 'array' })).rows as unknown[][]),
      await answerOf(() => allRows(sqlite.prepare(sql))),
    ];
    const statement = `\`${sql}\``.replaceAll('|', '\\|');
    const right = `| ${statement} | ${answers.map((each) => `\`${each}\``).join(' | ')} |${why}|`;
    if (new Set(answers).size === 1) wrong.push(`line ${at + 1}: all three give the same: ${line}`);
    if (right === line) continue;
    wrong.push(`line ${at + 1}: ${line}\nshould be\n${right}`);
    lines[at] = right;
  }
  here.close();
  sqlite.close();
  await postgres.close();
  if (rows === 0) return ['there is no table of differences'];
  if (process.env['REWRITE'] !== '1') return wrong;
  writeFileSync(file, lines.join('\n'));
  return [];
}

function allRows(statement: Statement): unknown[][] {
  const rows: unknown[][] = [];
  while (statement.step()) rows.push(statement.get());
  statement.free();
  return rows;
}

const isOwnError = (error: unknown) => error instanceof LightningError && error.kind !== 'bug';

/** All rows in one line; `error` for a statement that is refused in the way of this engine. */
async function answerOf(
  run: () => readonly (readonly unknown[])[] | Promise<readonly (readonly unknown[])[]>,
  refused: (error: unknown) => boolean = () => true,
): Promise<string> {
  try {
    return (await run()).map((row) => row.map(shown).join(', ')).join('; ');
  } catch (error) {
    if (!refused(error)) throw error;
    return 'error';
  }
}
