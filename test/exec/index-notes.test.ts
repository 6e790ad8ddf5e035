// EXPLAIN says when an index is of the wrong kind.

import { expect, it } from 'vitest';
import { open } from '../../src/index.js';

it('names bitmaps over nearly unique columns, and hash indexes that are asked for ranges', () => {
  const db = open(':memory:');
  db.exec(`
    CREATE TABLE t (id INTEGER PRIMARY KEY, code INTEGER, kind INTEGER, name TEXT);
    CREATE INDEX t_code ON t USING bitmap (code);
    CREATE INDEX t_kind ON t USING bitmap (kind);
    CREATE INDEX t_name ON t USING hash (name);
  `);
  db.table('t').insertMany(
    Array.from({ length: 2_000 }, (_, id) => ({ id, code: id * 7, kind: id % 5, name: `name ${id}` })),
  );
  expect(db.explain('SELECT id FROM t WHERE code = 7')).toContain(
    'code is nearly unique, for which a btree index is smaller',
  );
  expect(db.explain('SELECT id FROM t WHERE kind = 3')).not.toContain('nearly unique');
  expect(db.explain("SELECT id FROM t WHERE name > 'name 5'")).toContain('a btree index would serve this condition');
  expect(db.explain("SELECT id FROM t WHERE name = 'name 5'")).not.toContain('a btree index would');
  db.close();
});

it('tells how full bloom filters are: fewer bits to a row let more pass', () => {
  const db = open(':memory:');
  db.exec(`
    CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
    CREATE INDEX wide ON t USING bloom (name) WITH (bits_per_row = 16);
    CREATE INDEX narrow ON t USING bloom (name) WITH (bits_per_row = 4);
  `);
  db.table('t').insertMany(Array.from({ length: 65_000 }, (_, id) => ({ id, name: `name ${id}` })));
  const rate = (name: string) => db.stats().indexes.find((index) => index.name === name)!.falsePositiveRate!;
  expect(rate('wide')).toBeGreaterThan(0);
  expect(rate('wide')).toBeLessThan(0.01);
  expect(rate('narrow')).toBeGreaterThan(5 * rate('wide'));
  expect(db.stats().indexes.find(({ kind }) => kind === 'primary')!.falsePositiveRate).toBeUndefined();
  db.close();
});

it('sizes bloom filters by the rate asked for, and measures the rate that scans meet', () => {
  const db = open(':memory:');
  db.exec(`
    CREATE TABLE t (id INTEGER PRIMARY KEY, name INTEGER);
    CREATE INDEX loose ON t USING bloom (name) WITH (false_positive_rate = 0.1);
  `);
  db.table('t').insertMany(Array.from({ length: 2 * 65_536 }, (_, id) => ({ id, name: id })));
  db.analyze();
  const use = (name: string) => db.stats().indexes.find((index) => index.name === name)!;
  expect(use('loose').measured).toBeUndefined();
  const one = db.prepare('SELECT id FROM t WHERE name = ?');
  for (let i = 0; i < 250; i++) expect(one.all(1_000_000 + i)).toEqual([]);
  for (let i = 0; i < 20; i++) expect(one.all(i * 5_000)).toHaveLength(1);
  const { falsePositiveRate: expected, measured, bytes } = use('loose');
  expect(expected).toBeGreaterThan(0.09);
  expect(expected).toBeLessThanOrEqual(0.1);
  expect(measured!.refuted + measured!.empty).toBe(250 * 2 + 20);
  expect(measured!.falsePositiveRate).toBeCloseTo(measured!.empty / 520, 10);
  expect(Math.abs(measured!.falsePositiveRate - 0.1)).toBeLessThan(0.04);
  expect(db.explain('SELECT id FROM t WHERE name = 70000', [], { analyze: true })).toMatch(
    /chunks=(1 pruned=1 empty=0|2 pruned=0 empty=1)/,
  );
  // Where another condition may have emptied a chunk, nothing is known.
  const before = use('loose').measured;
  expect(db.explain('SELECT id FROM t WHERE name = 70000 AND id % 7 = 100', [], { analyze: true })).not.toContain(
    'empty=',
  );
  expect(use('loose').measured).toEqual(before);
  db.exec('DROP INDEX loose; CREATE INDEX tight ON t USING bloom (name) WITH (false_positive_rate = 0.001)');
  expect(use('tight').falsePositiveRate).toBeLessThanOrEqual(0.001);
  expect(use('tight').bytes).toBeGreaterThan(2 * bytes);
  expect(db.schema().tables[0]!.indexes[1]!.options).toEqual({ false_positive_rate: 0.001 });
  db.exec('ALTER TABLE t ALTER COLUMN name SET DATA TYPE TEXT');
  expect(db.query("SELECT id FROM t WHERE name = '99'")).toEqual([{ id: 99 }]);
  expect(db.verify().findings).toEqual([]);
  db.close();
});

it('says of hash indexes over short keys that a btree is better, and of no other', () => {
  const db = open(':memory:');
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, short TEXT, middle TEXT, long TEXT)');
  const text = (id: number, length: number) => `${(id * 7919) % 2_003}`.padStart(4, '0').padEnd(length, `${id}xyz`);
  db.table('t').insertMany(
    Array.from({ length: 2_000 }, (_, id) => ({
      ...{ id, n: id * 7, short: text(id, 6), middle: text(id, 16), long: text(id, 60) },
    })),
  );
  db.analyze();
  const told = (keys: readonly string[]) => {
    db.exec(`CREATE INDEX h ON t USING hash (${keys.join(', ')})`);
    const where = keys.map(
      (key) => `${key} = ${key === 'n' ? '70' : `'${text(10, { short: 6, middle: 16 }[key] ?? 60)}'`}`,
    );
    const plan = db.explain(`SELECT id FROM t WHERE ${where.join(' AND ')}`);
    const bytes = (using: string) => {
      db.exec(`CREATE INDEX size ON t USING ${using} (${keys.join(', ')})`);
      const found = db.stats().indexes.find(({ name }) => name === 'size')!.bytes;
      db.exec('DROP INDEX size');
      return found;
    };
    const ratio = bytes('btree') / bytes('hash');
    db.exec('DROP INDEX h');
    expect(plan).toContain('h (hash)');
    return { note: /a btree index over .* would be (smaller|little larger)/.exec(plan)?.[1], ratio };
  };
  const number = told(['n']);
  expect(number.note).toBe('smaller');
  expect(number.ratio).toBeLessThan(1);
  expect(told(['short']).note).toBe('smaller');
  const middle = told(['middle']);
  expect(middle.note).toBe('little larger');
  expect(middle.ratio).toBeGreaterThan(1);
  for (const keys of [['long'], ['n', 'long'], ['middle', 'short', 'n']]) {
    const { note, ratio } = told(keys);
    expect(note).toBeUndefined();
    expect(ratio).toBeGreaterThan(1.5);
  }
  db.close();
});
