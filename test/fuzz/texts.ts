// Where fuzz statements come from, and what is made of a text that is no statement.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { quote } from '../differential/dialect.js';

/**
 * The texts of a file, gzipped or not: JSON (an array of strings) or lines of JSON, each `{"sql_latin1": TEXT}`, a text of bytes.
 *
 * @param name a path or a file's URL
 */
export function textsOf(name: string | URL): string[] {
  const bytes = readFileSync(name);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  if (text.startsWith('[')) return JSON.parse(text) as string[];
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Buffer.from((JSON.parse(line) as { sql_latin1: string }).sql_latin1, 'latin1').toString('utf8'));
}

/** Statements that hold a text wherever one may stand: as a value, a pattern, a search, a name, and as each type. */
export function statementsWith(text: string): string[] {
  const value = quote(text);
  const name = `"${text.replaceAll('"', '""') || 'empty'}"`;
  return [
    text,
    `SELECT ${value} AS ${name}, upper(${value}), length(${value}), reverse(${value}), ${value} || b FROM t0`,
    `SELECT * FROM t1 WHERE c LIKE ${value} OR c ILIKE ${value} OR c = ${value}`,
    `SELECT id, score() FROM t2 WHERE MATCH(content, ${value}) ORDER BY score() DESC`,
    `SELECT split_part(${value}, ${value}, 1), replace('abc', ${value}, 'x'), strpos(b, ${value}) FROM t0`,
    ...['INTEGER', 'REAL', 'BOOLEAN', 'DATE', 'TIMESTAMP', 'JSON'].map((type) => `SELECT CAST(${value} AS ${type})`),
    `CREATE TABLE ${name} (${name} TEXT PRIMARY KEY); INSERT INTO ${name} VALUES (${value}); SELECT ${name} FROM ${name} WHERE ${name} = ${value}`,
    `INSERT INTO t2 (id, a, content) VALUES (99, ${value}, ${value}); SELECT * FROM t2 WHERE a = ${value}; UPDATE t1 SET c = ${value}, y = ${value} || c`,
  ];
}
