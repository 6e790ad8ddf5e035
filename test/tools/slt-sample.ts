// `node test/tools/run.mjs slt-sample DIRECTORY`: makes the sample of test/data/slt from the suite. Of the queries of each group that
// PostgreSQL (PGlite) answers as the suite expects, a fixed stride takes five hundred, with the statements that they rest on.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { parseSlt } from '../slt/parse.js';
import type { SltRecord } from '../slt/parse.js';
import { judgeAnswer } from '../slt/run.js';
import { withoutUnread } from './slt-unread.js';

const TAKEN = 500;

export async function main([root, out = 'test/data/slt']: readonly string[]): Promise<number> {
  if (root === undefined) {
    console.error('usage: node test/tools/run.mjs slt-sample SUITE [OUT]');
    return 2;
  }
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test'))
    .sort();
  const groups = new Map<string, string[]>();
  for (const file of files) groups.set(groupOf(file), [...(groups.get(groupOf(file)) ?? []), file]);
  for (const name of readdirSync(out))
    if (!/^(README.md|\.gitattributes)$/.test(name)) rmSync(join(out, name), { recursive: true });
  for (const [group, members] of groups) {
    const parsed: { file: string; records: SltRecord[] }[] = [];
    for (const file of members) {
      parsed.push({ file, records: await answered(parseSlt(readFileSync(join(root, file), 'utf8'))) });
    }
    const all = parsed.flatMap(({ records }) => records.filter((r) => r.kind === 'query')).length;
    const wanted = Math.min(TAKEN, all);
    console.log(`${group}: ${wanted} of ${all} queries`);
    if (wanted === 0) continue;
    let seen = 0;
    for (const { file, records } of parsed) {
      const kept = records.filter((record) => {
        if (record.kind !== 'query') return true;
        // The seen-th query is taken where seen * wanted / all passes the next whole number: exactly `wanted` in all, evenly spread.
        const take = Math.floor(((seen + 1) * wanted) / all) > Math.floor((seen * wanted) / all);
        seen++;
        return take;
      });
      const text = withoutUnread(kept)
        .map((record) => `${record.source.join('\n')}\n`)
        .join('\n');
      const target = join(out, `${file}.br`);
      mkdirSync(dirname(target), { recursive: true });
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
      writeFileSync(target, brotliCompressSync(text, { params }));
    }
  }
  return 0;
}

/** The records without the queries that PostgreSQL does not run or answers otherwise: meanings of SQLite alone. */
async function answered(records: readonly SltRecord[]): Promise<SltRecord[]> {
  const pg = await PGlite.create();
  const kept: SltRecord[] = [];
  const labels = new Map<string, string>();
  for (const record of records) {
    if (record.kind === 'query') {
      if (record.skipped) continue;
      try {
        const { rows } = await pg.query(record.sql, [], { rowMode: 'array' });
        if (judgeAnswer(record, rows as unknown[][], labels) !== undefined) continue;
      } catch {
        continue;
      }
    } else if (record.kind === 'statement' && !record.skipped) {
      const failed = await pg.exec(record.sql).then(
        () => false,
        () => true,
      );
      if (failed && record.expect === 'ok') continue;
    }
    kept.push(record);
    if (record.kind === 'halt' && !record.skipped) break;
  }
  await pg.close();
  return kept;
}

/** `random/select`, `index/view`; a file at the top and the evidence files are groups of their own. */
function groupOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'random' || first === 'index' ? `${first}/${second}` : file;
}
