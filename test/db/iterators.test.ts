// Iterators see one state, whatever is written meanwhile, and let go of it.

import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/index.js';
import { errorOf, openTest, temporaryFile } from './support.js';

function filled(path?: string): Database {
  const db = openTest(path);
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); CREATE INDEX t_v ON t (v)');
  db.table('t').insertMany(Array.from({ length: 3000 }, (_, id) => ({ id, v: `v${id % 10}` })));
  return db;
}

const queries = [
  'SELECT id FROM t',
  'SELECT id FROM t WHERE id >= 0 ORDER BY id',
  "SELECT id FROM t WHERE v LIKE 'v%' ORDER BY v",
  'SELECT a.id FROM t a JOIN t b ON a.id = b.id',
];

describe.each(['memory', 'file'])('an iterator in %s', (where) => {
  const start = () => filled(where === 'file' ? temporaryFile() : undefined);

  it.each(queries)('keeps its state while rows are removed and added: %s', (sql) => {
    const db = start();
    const rows = db.prepare(sql).iterate();
    rows.next();
    db.exec("DELETE FROM t WHERE id % 2 = 0; UPDATE t SET v = 'w', id = id + 10000");
    let seen = 1;
    for (const { id } of rows) {
      if (seen++ === 5) db.exec("INSERT INTO t (v) VALUES ('late')");
      expect(id).toBeLessThan(3000);
    }
    expect(seen).toBe(3000);
    expect(db.table('t').count()).toBe(1501);
  });

  it('keeps it inside a transaction too, also over what the transaction wrote', () => {
    const db = start();
    db.transaction(() => {
      db.exec('DELETE FROM t WHERE id >= 2000');
      const rows = db.prepare('SELECT id FROM t').iterate();
      rows.next();
      db.exec('DELETE FROM t WHERE id >= 1000');
      for (const row of db.table('t').scan()) if (row['id'] === 500) db.exec('DELETE FROM t WHERE id > 600');
      expect([...rows]).toHaveLength(1999);
      expect(db.table('t').count()).toBe(601);
    });
  });

  it('outlives neither its transaction nor the database', () => {
    const db = start();
    const inside = db.transaction(() => {
      const rows = db.prepare('SELECT id FROM t').iterate();
      rows.next();
      return rows;
    });
    expect(errorOf(() => [...inside]).kind).toBe('state');
    const open = [db.prepare('SELECT id FROM t').iterate(), db.table('t').scan()];
    for (const rows of open) rows.next();
    db.close();
    for (const rows of open) expect(errorOf(() => [...rows]).kind).toBe('state');
  });

  it('that is left early lets go of its state', () => {
    const db = start();
    for (let i = 0; i < 200; i++) {
      for (const _ of db.prepare('SELECT id FROM t').iterate()) break;
      db.prepare('SELECT id FROM t').get();
      for (const _ of db.table('t').scan()) break;
      expect(() => {
        for (const _ of db.prepare('SELECT id FROM t').iterate()) throw new Error('left');
      }).toThrow('left');
      db.exec(`UPDATE t SET v = 'x${i}' WHERE id < 50`);
    }
    const bytes = db.stats().fileBytes;
    if (bytes !== undefined) expect(bytes).toBeLessThan(4_000_000);
  });
});

describe('iterate', () => {
  it('raises what is wrong, and may run a change', () => {
    const db = filled();
    expect(errorOf(() => [...db.prepare('SELECT 1 / (id - 2999) FROM t').iterate()]).code).toBe('DIVISION_BY_ZERO');
    expect(errorOf(() => [...db.prepare('SELECT ?').iterate()]).code).toBe('PARAMETER');
    const removed = db.prepare('DELETE FROM t WHERE id < 2 RETURNING id').iterate();
    expect([...removed]).toEqual([{ id: 0 }, { id: 1 }]);
    expect(db.table('t').count()).toBe(2998);
  });

  it('two at once do not meet, also of one statement', () => {
    const db = filled();
    const select = db.prepare(
      'SELECT id FROM t WHERE id >= $1 AND EXISTS (SELECT 1 FROM t x WHERE x.id = t.id) ORDER BY id',
    );
    const [a, b] = [select.iterate(10), select.iterate(2000)];
    for (let i = 0; i < 50; i++) expect([a.next().value, b.next().value]).toEqual([{ id: 10 + i }, { id: 2000 + i }]);
  });
});
