import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseSlt } from './parse.js';
import { runSlt } from './run.js';

const DATA = resolve(import.meta.dirname, '../data/slt');

describe('sqllogictest, a sample of every group', () => {
  const files = readdirSync(DATA, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.br'))
    .sort();

  it('holds 500 queries of each group', () => {
    const queries = new Map<string, number>();
    for (const file of files) {
      const group = file.split('/').slice(0, 2).join('/');
      const count = recordsOf(file).filter((r) => r.kind === 'query' && !r.skipped).length;
      queries.set(group, (queries.get(group) ?? 0) + count);
    }
    const groups = [...queries].filter(([group]) => !group.startsWith('evidence/'));
    expect(groups.map(([, count]) => count)).toEqual(groups.map(() => 500));
    expect(groups.map(([group]) => group)).toEqual([
      'index/between',
      'index/commute',
      'index/delete',
      'index/orderby',
      'index/orderby_nosort',
      'index/random',
      'index/view',
      'random/aggregates',
      'random/expr',
      'random/groupby',
      'random/select',
      'select1.test.br',
      'select4.test.br',
    ]);
  });

  it.each(files)('%s', { timeout: 300_000 }, (file) => {
    const { passed, failures } = runSlt(recordsOf(file));
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });
});

function recordsOf(file: string) {
  return parseSlt(brotliDecompressSync(readFileSync(join(DATA, file))).toString('utf8'));
}
