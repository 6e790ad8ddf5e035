// Builds that are watched and stopped, and what is told of indexes afterwards.

import { describe, expect, it } from 'vitest';
import type { BuildProgress } from '../../src/index.js';
import { errorOf, expectCode, openTest } from './support.js';

const ROWS = 12_000;

function filled(path?: string) {
  const db = openTest(path);
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, word TEXT, at POINT)');
  db.table('t').insertMany(
    Array.from({ length: ROWS }, (_, i) => ({
      id: i + 1,
      n: (i * 7919) % 1000,
      word: `word ${i % 17} ${'x'.repeat(i % 40)}`,
      at: { type: 'Point', coordinates: [(i % 360) - 180, (i % 170) - 85] },
    })),
  );
  return db;
}

const KINDS = [
  { using: 'btree', keys: ['n', 'word'] },
  { using: 'hash', keys: 'word' },
  { using: 'bitmap', keys: 'n' },
  { using: 'fulltext', keys: 'word' },
  { using: 'rtree', keys: 'at' },
  { using: 'bloom', keys: 'n' },
] as const;

describe('createIndex', () => {
  it.each(KINDS)('tells how far a $using index has come', ({ using, keys }) => {
    const db = filled();
    const told: BuildProgress[] = [];
    db.createIndex({ name: 'i', table: 't', using, keys }, { onProgress: (progress) => told.push(progress) });
    expect(told[0]).toMatchObject({ index: 'i', phase: 'reading', rows: 0, total: ROWS, secondsLeft: undefined });
    expect(told.map(({ phase }) => phase)).toContain('writing');
    expect(told.at(-1)).toMatchObject({ phase: 'writing', rows: ROWS, total: ROWS });
    for (let i = 1; i < told.length; i++) {
      if (told[i]!.phase === told[i - 1]!.phase) expect(told[i]!.rows).toBeGreaterThanOrEqual(told[i - 1]!.rows);
    }
    expect(db.table('t').index('i').kind).toBe(using);
  });

  it.each(KINDS)('leaves nothing of a $using index that was stopped, in either phase', ({ using, keys }) => {
    const db = filled();
    const before = JSON.stringify(db.schema());
    for (const phase of ['reading', 'writing']) {
      const stop = new AbortController();
      const build = () =>
        db.createIndex(
          { name: 'i', table: 't', using, keys },
          { signal: stop.signal, onProgress: (progress) => progress.phase === phase && stop.abort('enough') },
        );
      const error = errorOf(build);
      expect([error.code, error.cause]).toEqual(['ABORTED', 'enough']);
      expect(JSON.stringify(db.schema())).toBe(before);
    }
    db.createIndex({ name: 'i', table: 't', using, keys });
    expect(db.verify().ok).toBe(true);
  });

  it('is undone alone inside a transaction', () => {
    const db = filled();
    db.transaction(() => {
      db.exec('DELETE FROM t WHERE id > 5000');
      expectCode('ABORTED', () =>
        db.createIndex('CREATE INDEX i ON t (n)', { signal: AbortSignal.abort(), onProgress: () => undefined }),
      );
      db.createIndex('CREATE UNIQUE INDEX j ON t (id, n)');
    });
    expect(db.table('t').count()).toBe(5000);
    expect(db.schema().tables[0]!.indexes.map(({ name }) => name)).toEqual(['t_pkey', 'j']);
  });

  it('takes all the parts of a definition', () => {
    const db = filled();
    db.createIndex({
      ...{ name: 'odd name', table: 't', keys: ['n DESC', 'upper(word)'], include: ['at'], where: 'n > 500' },
    });
    db.createIndex({ name: 'f', table: 't', using: 'fulltext', keys: 'word', options: { language: 'none', k1: 1.5 } });
    const [, odd, text] = db.schema().tables[0]!.indexes;
    expect(odd).toMatchObject({ name: 'odd name', keys: ['n', 'upper(word)'], include: ['at'], where: 'n > 500' });
    expect(text).toMatchObject({ kind: 'fulltext', options: { language: 'none', k1: 1.5 } });
  });

  it('refuses what it does not know', () => {
    const db = filled();
    expectCode('INVALID_ARGUMENT', () => db.createIndex('SELECT 1'));
    expectCode('SYNTAX', () => db.createIndex('CREATE INDEX'));
    expectCode('INVALID_ARGUMENT', () => db.createIndex({ name: 'i', table: 't', keys: [] }));
    expectCode('UNKNOWN_OPTION', () => db.createIndex({ name: 'i', table: 't', keys: 'n', kind: 'hash' } as never));
    expectCode('UNKNOWN_OPTION', () => db.createIndex('CREATE INDEX i ON t (n)', { progress: 1 } as object));
    expectCode('INVALID_ARGUMENT', () => db.createIndex('CREATE INDEX i ON t (n)', { signal: {} as AbortSignal }));
    expectCode('UNIQUE', () => db.createIndex('CREATE UNIQUE INDEX i ON t (n)', { onProgress: () => undefined }));
  });
});

describe('reindex', () => {
  it('makes an index, or all of a table, anew, and can be stopped', () => {
    const db = filled();
    db.exec('CREATE INDEX i ON t (n); CREATE INDEX w ON t USING hash (word)');
    const names = new Set<string>();
    db.reindex('t', { onProgress: ({ index }) => names.add(index) });
    expect([...names]).toEqual(['t_pkey', 'i', 'w']);
    expectCode('ABORTED', () => db.reindex('i', { signal: AbortSignal.abort() }));
    expect(db.table('t').index('i').count(7)).toBe(12);
    expectCode('UNKNOWN_INDEX', () => db.reindex('no'));
  });
});

describe('uses', () => {
  it('are counted by the statements and lookups that read an index', () => {
    const db = filled();
    db.exec('CREATE INDEX i ON t (n); CREATE INDEX w ON t USING hash (word); ANALYZE');
    const uses = (name: string) => db.stats().indexes.find((index) => index.name === name)!;
    expect(uses('i')).toMatchObject({ table: 't', kind: 'btree', entries: ROWS, uses: 0, lastUsed: undefined });
    expect(uses('i').pages).toBeGreaterThan(10);
    const before = Date.now();
    const one = db.prepare('SELECT id FROM t WHERE n = ?');
    for (let i = 0; i < 3; i++) one.all(i);
    db.from('t')
      .where((t) => t.n!.eq(4))
      .all();
    expect(uses('i').uses).toBe(4);
    expect(uses('i').lastUsed!.getTime()).toBeGreaterThanOrEqual(before);
    db.table('t').index('w').count('word 1 x');
    expect([uses('i').uses, uses('w').uses]).toEqual([4, 1]);
    db.query('SELECT count(*) FROM t WHERE id > 5');
    expect(uses('i').uses).toBe(4);
  });
});
