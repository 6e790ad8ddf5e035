// Partial sorts against full ones: the same rows in the same order, whatever the groups, the limit and the keys that are no row ids.

import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/index.js';
import { openTest } from '../db/support.js';

const ORDERS = [
  'a, id',
  'a DESC, id',
  'a DESC, id DESC',
  'a, b, id',
  'a DESC NULLS LAST, b DESC, id',
  'a, c, id DESC',
  'lone, c, id',
  'few, id',
  'few DESC, c, id',
  'a, b DESC, c, id',
];
const BOUNDS = [
  '',
  'LIMIT 1',
  'LIMIT 10',
  'LIMIT 7 OFFSET 5',
  'LIMIT 100 OFFSET 2900',
  'LIMIT 0',
  'LIMIT 5 OFFSET 90000',
];
const FILTERS = ['', 'WHERE c > 3', 'WHERE few IN (1, 3)', "WHERE b = 'x' AND few <> 2"];

function filled(ids: (i: number) => number): Database {
  const db = openTest();
  db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c INTEGER NOT NULL, lone INTEGER, few INTEGER);
    CREATE INDEX t_a ON t (a); CREATE INDEX t_ab ON t (a, b); CREATE INDEX t_lone ON t (lone);
    CREATE INDEX t_few ON t (few); CREATE INDEX t_c ON t USING bitmap (c)`);
  db.table('t').insertMany(
    Array.from({ length: 3000 }, (_, i) => ({
      id: ids(i),
      a: i % 17 === 0 ? null : (i * 7919) % 400,
      b: i % 5 === 0 ? null : 'xyz'[i % 3],
      c: (i * 31) % 11,
      lone: (i * 7919) % 3001,
      few: i % 4,
    })),
  );
  db.analyze();
  return db;
}

describe.each([
  ['keys that are row ids', (i: number) => i],
  ['keys that are not', (i: number) => (i % 100 === 0 ? -1 - i : i % 333 === 1 ? 2 ** 40 + i : i)],
])('%s', (_, ids) => {
  it('partial sorts give the rows of full sorts in their order', () => {
    const db = filled(ids);
    let partial = 0;
    ORDERS.forEach((order, o) => {
      BOUNDS.forEach((bounds, b) => {
        const text = `SELECT id, a, b, c FROM t ${FILTERS[(o + b) % FILTERS.length]} ORDER BY ${order} ${bounds}`;
        if (db.explain(text).includes('Partial Sort')) partial++;
        const full = db.prepare(text, { hints: { noIndexes: true } }).all();
        const hints = { indexes: { t: ['t_a', 't_ab', 't_lone', 't_few'] } };
        expect(db.prepare(text).all(), text).toEqual(full);
        expect(db.prepare(text, { hints }).all(), text).toEqual(full);
      });
    });
    expect(partial).toBeGreaterThan(20);
  });
});

it('a limit is reached after a few groups', () => {
  const db = filled((i) => i);
  const text = db.explain('SELECT b FROM t ORDER BY a DESC, c LIMIT 3', [], { analyze: true });
  expect(text).toContain('Presorted Key: t.a DESC');
  const [, read] = /Scan.*actual rows=(\d+)/.exec(text) ?? [];
  expect(Number(read)).toBeLessThan(600);
});

it('rows of equal keys come by row id, so that a large group is not read to its end', () => {
  const db = filled((i) => i);
  const text = db.explain('SELECT b FROM t ORDER BY few, id LIMIT 3', [], { analyze: true });
  expect(text).toContain('Ties: by row id');
  const [, read] = /Scan.*actual rows=(\d+)/.exec(text) ?? [];
  expect(Number(read)).toBeLessThan(100);
});
