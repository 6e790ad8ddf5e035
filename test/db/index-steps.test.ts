// Builds in steps that commit: what is written between the steps, of every kind at once; what ends them; what can be done with a half.

import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { BuildProgress, Database, IndexDefinition } from '../../src/index.js';
import { Random } from '../differential/random.js';
import { column, errorOf, expectCode, openTest, temporaryFile } from './support.js';

/** Rows lie far apart, in 10 chunks: a step of one row is a chunk. */
const IDS = 650_000;
const STEP = { stepRows: 1 };

const KINDS: readonly IndexDefinition[] = [
  { name: 'by_n', table: 't', using: 'btree', keys: ['n', 'word DESC'], include: ['f'] },
  { name: 'by_code', table: 't', using: 'hash', keys: 'code', unique: true },
  { name: 'by_f', table: 't', using: 'bitmap', keys: 'f', where: 'n > 20' },
  { name: 'by_word', table: 't', using: 'bitmap', keys: "(word || repeat('x', 70))" },
  { name: 'by_bloom', table: 't', using: 'bloom', keys: ['lower(word)', 'f'] },
  { name: 'by_text', table: 't', using: 'fulltext', keys: 'about' },
  { name: 'by_place', table: 't', using: 'rtree', keys: 'at' },
  { name: 'by_columns', table: 't', using: 'columnstore', keys: ['n', 'f', 'word'] },
];

const QUESTIONS = [
  'SELECT id, n, word FROM t WHERE n BETWEEN 30 AND 40 ORDER BY id',
  "SELECT id FROM t WHERE code = 'code 17' OR code = 'code 400' ORDER BY id",
  'SELECT id FROM t WHERE f = 3 AND n > 50 ORDER BY id',
  "SELECT count(*) AS c FROM t WHERE word || repeat('x', 70) = 'beta' || repeat('x', 70)",
  "SELECT id FROM t WHERE lower(word) = 'gamma' AND f = 2 ORDER BY id",
  "SELECT id FROM t WHERE MATCH(about, 'harbour -river') ORDER BY id",
  'SELECT id FROM t WHERE ST_DWithin(at, ST_Point(10, 10), 3000000) ORDER BY id',
  'SELECT f, count(*) AS c, sum(n) AS s FROM t GROUP BY f ORDER BY f',
];

function row(random: Random, id: number) {
  return {
    id,
    n: random.chance(0.1) ? null : random.int(0, 100),
    f: random.int(0, 5),
    word: random.pick(['alpha', 'Beta', 'beta', 'gamma', 'Gamma', null]),
    code: `code ${id}`,
    about: random.sample(['harbour', 'river', 'island', 'mountain', 'forest'], random.int(0, 4)).join(' '),
    at: random.chance(0.1) ? null : { type: 'Point', coordinates: [random.int(-180, 180), random.int(-85, 85)] },
  };
}

function filled(random: Random, rows: number, path?: string): Database {
  const db = openTest(path);
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, f INTEGER, word TEXT, code TEXT, about TEXT, at POINT)');
  const ids = new Set(Array.from({ length: rows }, () => random.int(0, IDS)));
  db.table('t').insertMany([...ids].map((id) => row(random, id)));
  return db;
}

function change(db: Database, random: Random): void {
  const table = db.table('t');
  const known = column(db, 'SELECT id FROM t WHERE id >= ? ORDER BY id LIMIT 3', [random.int(0, IDS)]) as number[];
  const id = known[0] ?? 1;
  const fresh = random.int(0, IDS);
  random.weighted<() => void>([
    [3, () => table.put(row(random, fresh))],
    [2, () => table.update(id, { n: random.int(0, 100), word: 'gamma', about: 'river island' })],
    [2, () => table.delete(id)],
    [1, () => db.query('UPDATE t SET f = (f + 1) % 6 WHERE id = ANY(?)', [known])],
    [
      1,
      () =>
        known.length > 0 && table.get(fresh) === undefined && table.update(id, { id: fresh, code: `code ${fresh}` }),
    ],
    [1, () => db.query('DELETE FROM t WHERE id BETWEEN ? AND ?', [fresh, fresh + 3_000])],
  ])();
}

/** Some changes, kept or undone: in a function, or between statements, also with pauses in which builds must wait. */
async function changeSome(db: Database, random: Random): Promise<void> {
  const some = () => {
    for (let i = random.int(1, 6); i > 0; i--) change(db, random);
  };
  if (random.chance(0.5)) return some();
  if (random.chance(0.3)) {
    expectCode('SYNTAX', () =>
      db.transaction(() => {
        some();
        db.query('nonsense');
      }),
    );
    return;
  }
  db.exec('BEGIN');
  some();
  db.exec('SAVEPOINT s');
  some();
  await setImmediate();
  if (random.chance(0.5)) db.exec('ROLLBACK TO s');
  some();
  db.exec(random.chance(0.5) ? 'COMMIT' : 'ROLLBACK');
}

function expectIndexed(db: Database): void {
  const searches = db.schema().tables[0]!.indexes.some(({ kind }) => kind === 'fulltext');
  for (const sql of QUESTIONS) {
    if (sql.includes('MATCH') && !searches) continue;
    expect(db.query(sql), sql).toEqual(db.query(sql, [], { hints: { noIndexes: true } }));
  }
}

async function workBeside(db: Database, random: Random, builds: readonly Promise<void>[]): Promise<number> {
  let open = builds.length;
  for (const build of builds) void build.finally(() => open--).catch(() => undefined);
  let halves = 0;
  for (let round = 0; open > 0; round++) {
    await changeSome(db, random);
    const held = db.prepare('SELECT id, n, f FROM t ORDER BY id').iterate();
    const before = JSON.stringify(db.query('SELECT id, n, f FROM t ORDER BY id'));
    await setImmediate();
    if (round % 5 === 1) {
      expect(db.verify().findings).toEqual([]);
      halves += db.stats().indexes.filter(({ building }) => building !== undefined && building > 0).length;
      expectIndexed(db);
    }
    expect(JSON.stringify([...held])).toBe(before);
  }
  await Promise.all(builds);
  return halves;
}

describe('indexes that are made in steps', () => {
  it.each([1])('take in what is written meanwhile, of all kinds at once (seed %i)', async (seed) => {
    const random = new Random(seed);
    const db = filled(random, 300);
    const halves = await workBeside(
      db,
      random,
      KINDS.map((kind) => db.createIndexAsync(kind, STEP)),
    );
    expect(halves).toBeGreaterThan(0);
    expect(
      db
        .schema()
        .tables[0]!.indexes.map(({ name }) => name)
        .sort(),
    ).toEqual(['t_pkey', ...KINDS.map(({ name }) => name)].sort());
    expect(db.verify().findings).toEqual([]);
    db.analyze();
    expectIndexed(db);
    // And once more, in the place of those that are there.
    await workBeside(
      db,
      random,
      ['t_pkey', ...KINDS.map(({ name }) => name)].map((name) => db.reindexAsync(name, STEP)),
    );
    expect(db.stats().indexes.some(({ building }) => building !== undefined)).toBe(false);
    expectIndexed(db);
  });

  it('are told of by no query, and end with nothing when they are stopped', async () => {
    const random = new Random(3);
    const db = filled(random, 300);
    const before = JSON.stringify(db.schema());
    const stop = new AbortController();
    const build = db.createIndexAsync({ name: 'i', table: 't', keys: 'n' }, { ...STEP, signal: stop.signal });
    while (!((db.stats().indexes.find(({ name }) => name === 'i')?.building ?? 0) > 100)) await setImmediate();
    expect(JSON.stringify(db.schema())).toBe(before);
    expect(db.explain('SELECT id FROM t WHERE n = 5')).not.toContain('using i');
    expect(errorOf(() => db.exec('CREATE INDEX i ON t (f)')).hint).toContain('REINDEX INDEX i');
    expectCode('ALREADY_EXISTS', () => db.exec('CREATE TABLE i (a INTEGER)'));
    stop.abort('enough');
    await expect(build).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
    expect(db.stats().indexes.map(({ name }) => name)).toEqual(['t_pkey']);
    expect(JSON.stringify(db.schema())).toBe(before);
  });

  it('judge UNIQUE at their end', async () => {
    const db = filled(new Random(4), 300);
    for (const using of ['btree', 'hash']) {
      const build = db.createIndexAsync({ name: 'i', table: 't', using, keys: 'code', unique: true }, STEP);
      while ((db.stats().indexes.find(({ name }) => name === 'i')?.building ?? 0) === 0) await setImmediate();
      db.table('t').put({ id: 649_999, code: 'twin' });
      db.table('t').put({ id: 5, code: 'twin' });
      await expect(build).rejects.toMatchObject({ code: 'UNIQUE' });
      expect(db.stats().indexes.map(({ name }) => name)).toEqual(['t_pkey']);
      db.table('t').delete(5);
      await db.createIndexAsync({ name: 'i', table: 't', using, keys: 'code', unique: true }, STEP);
      expectCode('UNIQUE', () => db.table('t').put({ id: 5, code: 'twin' }));
      db.exec('DROP INDEX i');
    }
  });

  it.each([
    ['DROP INDEX i', 'CONFLICT'],
    ['DROP TABLE t', 'CONFLICT'],
    ['ALTER TABLE t ADD COLUMN more INTEGER', 'CONFLICT'],
    ['ALTER TABLE t DROP COLUMN f', 'CONFLICT'],
    ['TRUNCATE t', undefined],
    ['BEGIN; CREATE INDEX i ON t (n); COMMIT', undefined],
    ['CREATE INDEX i ON t (n)', undefined],
    ['REINDEX INDEX i', undefined],
    ['REINDEX TABLE t', undefined],
    ['CREATE INDEX other ON t (f)', undefined],
  ])('meet %s', async (sql, code) => {
    const db = filled(new Random(5), 300);
    const build = db.createIndexAsync('CREATE INDEX i ON t (n)', STEP);
    const failed = build.then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
    while ((db.stats().indexes.find(({ name }) => name === 'i')?.building ?? 0) === 0) await setImmediate();
    db.exec(sql);
    expect(await failed).toBe(code);
    const known = db.stats().indexes.filter(({ name }) => name === 'i');
    expect(known.map(({ building }) => building)).toEqual(code === undefined ? [undefined] : []);
    if (code === undefined) expect(known[0]!.entries).toBe(db.table('t').count());
  });

  it.each(['CREATE INDEX i ON t (n, f)', 'CREATE INDEX IF NOT EXISTS i ON t (n, f)', 'REINDEX INDEX i', 'REINDEX t'])(
    'go on with %s in a file that was closed meanwhile',
    async (sql) => {
      const path = temporaryFile();
      const before = filled(new Random(8), 300, path);
      const build = before.createIndexAsync('CREATE INDEX i ON t (n, f)', STEP);
      const refused = build.catch((error: { code: string }) => error.code);
      while ((before.stats().indexes.find(({ name }) => name === 'i')?.building ?? 0) < 100) await setImmediate();
      before.close();
      expect(await refused).toBe('CLOSED');
      const db = openTest(path);
      const { building } = db.stats().indexes.find(({ name }) => name === 'i')!;
      expect(building).toBeGreaterThanOrEqual(100);
      expect(db.verify().findings).toEqual([]);
      db.table('t').put({ id: 3, n: 5, f: 5 });
      db.exec('DELETE FROM t WHERE id BETWEEN 20000 AND 90000');
      expectCode('ALREADY_EXISTS', () => db.exec('CREATE INDEX i ON t (n DESC, f)'));
      expectCode('ALREADY_EXISTS', () => db.exec('CREATE UNIQUE INDEX i ON t (n, f)'));
      const told: number[] = [];
      const options = { ...STEP, onProgress: ({ index, rows }: BuildProgress) => index === 'i' && told.push(rows) };
      if (sql.startsWith('REINDEX')) db.reindex(sql.split(' ').at(-1)!, options);
      else db.createIndex(sql, options);
      // What was read before is not read again.
      expect(told[0]).toBeGreaterThanOrEqual(100);
      expect(db.table('t').index('i').count()).toBe(db.table('t').count());
      expect(db.stats().indexes.map((index) => index.building)).toEqual([undefined, undefined]);
    },
  );

  it('are as any other once they are renamed or dropped while they are made anew', async () => {
    const db = filled(new Random(6), 300);
    db.exec('CREATE INDEX i ON t (n); CREATE INDEX k ON t (f)');
    const again = async (name: string, sql: string) => {
      const build = db.reindexAsync(name, STEP);
      while (!db.stats().indexes.some(({ building }) => building !== undefined && building > 0)) await setImmediate();
      db.exec(sql);
      return build;
    };
    await again('i', 'ALTER INDEX i RENAME TO j');
    expect(db.stats().indexes.map(({ name }) => name)).toEqual(['t_pkey', 'j', 'k']);
    await expect(again('k', 'DROP INDEX k')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(db.stats().indexes.map(({ name }) => name)).toEqual(['t_pkey', 'j']);
  });

  it('refuse what is no number of rows', async () => {
    const db = filled(new Random(7), 3);
    for (const stepRows of [0, -1, 1.5, '5']) {
      const wrong = { stepRows } as { stepRows: number };
      expectCode('INVALID_ARGUMENT', () => db.createIndex('CREATE INDEX i ON t (n)', wrong));
      await expect(db.reindexAsync('t', wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
    await expect(db.createIndexAsync('CREATE INDEX i ON no (n)')).rejects.toMatchObject({ code: 'UNKNOWN_TABLE' });
  });
});
