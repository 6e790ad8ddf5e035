// One file, several handles and processes: commits are seen when they are promised to be, and never half.

import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/index.js';
import { makeChildren } from './child.js';
import type { Children } from './child.js';
import { errorOf, expectCode, openTest, temporaryFile } from './support.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const count = (db: Database) => db.query('SELECT count(*) AS n FROM t')[0]!['n'];

describe('two handles of one process', () => {
  it('a strict one sees each commit at once, the other by the next turn', async () => {
    const path = temporaryFile();
    const writer = openTest(path);
    writer.exec('CREATE TABLE t (id INTEGER PRIMARY KEY)');
    const [strict, lazy] = [openTest(path, { freshness: 'strict' }), openTest(path, { freshness: 'turn' })];
    const select = lazy.prepare('SELECT id FROM t WHERE id = ?');
    for (let id = 1; id <= 20; id++) {
      writer.table('t').insert({ id });
      expect(count(strict)).toBe(id);
      await turn();
      expect(count(lazy)).toBe(id);
      expect(select.get(id)).toEqual({ id });
    }
    writer.exec('INSERT INTO t VALUES (100)');
    lazy.refresh();
    expect(count(lazy)).toBe(21);
    strict.close();
    lazy.close();
  });

  it("follow each other's definitions, statistics and keys", async () => {
    const path = temporaryFile();
    const [a, b] = [openTest(path), openTest(path)];
    a.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t (v) VALUES ('x')");
    await turn();
    const select = b.prepare('SELECT * FROM t');
    expect(select.all()).toEqual([{ id: 1, v: 'x' }]);
    b.exec('CREATE INDEX t_v ON t (v)');
    expect(b.table('t').insert({ v: 'y' })).toBe(2);
    expect(a.table('t').insert({ v: 'z' }), 'a transaction starts at the newest state').toBe(3);
    await turn();
    expect(a.table('t').index('t_v').get('y')).toEqual([{ id: 2, v: 'y' }]);
    a.exec("DROP TABLE t; CREATE TABLE t (v INTEGER, w TEXT); INSERT INTO t VALUES (5, 'w')");
    await turn();
    expect(select.all()).toEqual([{ v: 5, w: 'w' }]);
    expect([...b.table('t').scan()]).toEqual([{ v: 5, w: 'w' }]);
    b.close();
  });

  it("a write inside the other's transaction is refused, not waited for", () => {
    const path = temporaryFile();
    const [a, b] = [openTest(path), openTest(path)];
    a.exec('CREATE TABLE t (id INTEGER PRIMARY KEY)');
    a.transaction(() => {
      a.exec('INSERT INTO t VALUES (1)');
      const error = errorOf(() => b.exec('INSERT INTO t VALUES (2)'));
      expect(['state', 'conflict']).toContain(error.kind);
    });
    b.exec('INSERT INTO t VALUES (2)');
    expect(count(b)).toBe(2);
    b.close();
  });
});

describe('another process', () => {
  let children: Children;
  beforeAll(() => {
    children = makeChildren();
  });
  afterAll(() => children.dispose());

  it('reads what is committed, and its commits are read', async () => {
    const path = join(children.folder, 'shared.db');
    const db = openTest(path);
    db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'here')");
    const child = children.run(`
      const db = open(${JSON.stringify(path)});
      say(JSON.stringify(db.query('SELECT * FROM t')));
      db.exec("INSERT INTO t VALUES (2, 'there'); CREATE INDEX t_v ON t (v)");
      say(String(db.verify().ok));
      db.close();`);
    expect(child).toEqual({ status: 0, out: '[{"id":1,"v":"here"}]\ntrue\n' });
    await turn();
    expect(db.query("SELECT id FROM t WHERE v = 'there'")).toEqual([{ id: 2 }]);
    expect(db.table('t').index('t_v').count('there')).toBe(1);
    expectCode('UNIQUE', () => db.exec("INSERT INTO t VALUES (2, 'again')"));
  });

  it('leaves temporary files when it is killed, which the next open removes', async () => {
    const path = join(children.folder, 'killed.db');
    const child = children.start(`
      const db = open(${JSON.stringify(path)}, { memoryBudget: 65536 });
      db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)');
      db.table('t').insertMany(Array.from({ length: 5000 }, (_, id) => ({ id, v: 'text ' + (id * 7919) % 5000 })));
      const rows = db.prepare('SELECT * FROM t ORDER BY v').iterate();
      rows.next();
      say('spilled');
      setInterval(() => rows.next(), 1000);`);
    await once(child.stdout!, 'data');
    const living = openTest(path);
    expect(readdirSync(`${path}-temp`), 'of a process that lives').toHaveLength(1);
    living.close();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(`${path}-temp`)).toBe(true);
    openTest(path);
    expect(existsSync(`${path}-temp`)).toBe(false);
  });

  it('never shows a mixture: a sum that every commit keeps is always the same', async () => {
    const path = join(children.folder, 'accounts.db');
    const db = openTest(path);
    db.exec(
      'CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, side TEXT); CREATE INDEX t_side ON t USING bitmap (side); CREATE INDEX t_v ON t (v)',
    );
    db.table('t').insertMany(Array.from({ length: 500 }, (_, id) => ({ id, v: 100, side: id % 2 ? 'odd' : 'even' })));
    const child = children.start(`
      const db = open(${JSON.stringify(path)}, { durability: 'async' });
      const take = db.prepare('UPDATE t SET v = v - 1, side = $2 WHERE id = $1');
      const give = db.prepare('UPDATE t SET v = v + 1, side = $2 WHERE id = $1');
      let moves = 0;
      const end = Date.now() + 700;
      while (moves < 60 || Date.now() < end) {
        db.transaction(() => { take.run(moves % 500, 'odd'); give.run((moves * 7 + 3) % 500, 'even'); });
        moves++;
      }
      say(String(moves));
      db.close();`);
    const moved = once(child.stdout!, 'data');
    const exited = once(child, 'exit');
    let states = 0;
    let last = -1;
    while (child.exitCode === null) {
      const [row] = db.query('SELECT sum(v) AS sum, count(*) AS n, count(DISTINCT side) AS sides FROM t');
      expect(row).toEqual({ sum: 50_000, n: 500, sides: 2 });
      expect(
        db.query(
          "SELECT (SELECT count(*) FROM t WHERE side = 'odd') + (SELECT count(*) FROM t WHERE side = 'even') AS n",
        ),
      ).toEqual([{ n: 500 }]);
      const { sequence } = db.stats();
      if (sequence !== last) states++;
      last = sequence;
      await turn();
    }
    await exited;
    expect(Number(String((await moved)[0]))).toBeGreaterThan(10);
    expect(states).toBeGreaterThan(3);
    db.refresh();
    expect(db.query('SELECT sum(v) AS sum FROM t')).toEqual([{ sum: 50_000 }]);
  });

  it('two processes that write lose nothing', async () => {
    const path = join(children.folder, 'counter.db');
    const db = openTest(path, { durability: 'async' });
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (0, 0)');
    const child = children.start(`
      const db = open(${JSON.stringify(path)}, { durability: 'async' });
      for (let i = 0; i < 60; i++) db.transaction(() => { db.exec('UPDATE t SET n = n + 1 WHERE id = 0'); db.exec('INSERT INTO t (n) VALUES (1)'); });
      db.close();`);
    const exited = once(child, 'exit');
    for (let i = 0; i < 60; i++) {
      db.transaction(() => {
        db.exec('UPDATE t SET n = n + 1 WHERE id = 0');
        db.exec('INSERT INTO t (n) VALUES (1)');
      });
      if (i % 10 === 0) await turn();
    }
    expect((await exited)[0]).toBe(0);
    db.refresh();
    expect(db.query('SELECT n, (SELECT count(*) FROM t) AS rows FROM t WHERE id = 0')).toEqual([{ n: 120, rows: 121 }]);
    expect(db.query('SELECT max(id) AS id FROM t')).toEqual([{ id: 120 }]);
  });
});
