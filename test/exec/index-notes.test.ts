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
