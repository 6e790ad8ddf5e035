// BEGIN, COMMIT, ROLLBACK and savepoints as statements: what they keep and undo, what they refuse, and what they leave behind.

import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/index.js';
import { column, errorOf, expectCode, openTest, temporaryFile } from './support.js';

function table(db: Database): Database {
  db.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); CREATE INDEX t_b ON t USING bitmap (b)');
  return db;
}

const values = (db: Database) => column(db, 'SELECT a FROM t ORDER BY a');

describe('BEGIN', () => {
  it('keeps with COMMIT and undoes with ROLLBACK, across calls of any kind', () => {
    const db = table(openTest(temporaryFile()));
    db.exec('BEGIN');
    expect(db.inTransaction).toBe(true);
    db.query('INSERT INTO t VALUES (1, $1)', ['x']);
    db.table('t').insert({ a: 2, b: 'x' });
    db.prepare('INSERT INTO t VALUES (?, ?)').run(3, 'y');
    expect(column(db, "SELECT count(*) FROM t WHERE b = 'x'")).toEqual([2]);
    db.exec('COMMIT');
    expect(db.inTransaction).toBe(false);
    db.exec('START TRANSACTION ISOLATION LEVEL SERIALIZABLE');
    db.exec('DELETE FROM t WHERE a < 3');
    expect(values(db)).toEqual([3]);
    db.query('ROLLBACK WORK');
    expect(values(db)).toEqual([1, 2, 3]);
    expect(column(db, "SELECT count(*) FROM t WHERE b = 'x'")).toEqual([2]);
  });

  it('is durable, and nothing is before COMMIT', () => {
    const path = temporaryFile();
    const db = table(openTest(path));
    const other = openTest(path, { freshness: 'strict' });
    db.exec('BEGIN; INSERT INTO t VALUES (1, NULL)');
    expect(values(other)).toEqual([]);
    db.exec('END');
    expect(values(other)).toEqual([1]);
  });

  it('reads one state, whatever others commit, and then cannot be committed', () => {
    const path = temporaryFile();
    const db = table(openTest(path, { freshness: 'strict' }));
    const other = openTest(path, { freshness: 'strict' });
    db.exec('INSERT INTO t VALUES (1, NULL)');
    db.exec('BEGIN');
    expect(values(db)).toEqual([1]);
    // No lock is held: the other handle writes.
    other.exec('INSERT INTO t VALUES (2, NULL)');
    db.refresh();
    expect(values(db)).toEqual([1]);
    db.exec('INSERT INTO t VALUES (3, NULL)');
    const error = errorOf(() => db.exec('COMMIT'));
    expect([error.code, error.kind]).toEqual(['CONFLICT', 'conflict']);
    expect(db.inTransaction).toBe(false);
    expect(values(db)).toEqual([1, 2]);
    // One that only read has nothing to lose.
    db.exec('BEGIN');
    expect(values(db)).toEqual([1, 2]);
    other.exec('INSERT INTO t VALUES (4, NULL)');
    db.exec('COMMIT');
    expect(values(db)).toEqual([1, 2, 4]);
  });

  it('has one now()', () => {
    const db = openTest();
    db.exec('BEGIN');
    const [first] = column(db, 'SELECT now()');
    const until = Date.now() + 5;
    while (Date.now() < until);
    expect(column(db, 'SELECT now()')).toEqual([first]);
    db.exec('COMMIT');
  });

  it('takes definitions along', () => {
    const db = openTest();
    db.exec('BEGIN; CREATE TABLE made (a INTEGER); INSERT INTO made VALUES (1)');
    expect(column(db, 'SELECT a FROM made')).toEqual([1]);
    db.exec('ROLLBACK');
    expectCode('UNKNOWN_TABLE', () => db.query('SELECT a FROM made'));
    db.exec('BEGIN; CREATE TABLE made (a INTEGER); SAVEPOINT s; DROP TABLE made; ROLLBACK TO s');
    expect(column(db, 'SELECT count(*) FROM made')).toEqual([0]);
    db.exec('COMMIT');
    expect(column(db, 'SELECT count(*) FROM made')).toEqual([0]);
  });

  it('READ ONLY refuses changes', () => {
    const db = table(openTest());
    db.exec('BEGIN READ ONLY');
    expectCode('READ_ONLY', () => db.exec('INSERT INTO t VALUES (1, NULL)'));
    expect(values(db)).toEqual([]);
    db.exec('COMMIT');
    db.exec('INSERT INTO t VALUES (1, NULL)');
  });

  it('of a database that is open for reading only reads', () => {
    const path = temporaryFile();
    table(openTest(path)).close();
    const db = openTest(path, { readOnly: true });
    db.exec('BEGIN');
    expect(values(db)).toEqual([]);
    expectCode('READ_ONLY', () => db.exec('DELETE FROM t'));
    db.exec('COMMIT');
  });

  it('refuses levels that it cannot give, by name', () => {
    const db = openTest();
    for (const level of ['READ COMMITTED', 'READ UNCOMMITTED']) {
      const error = errorOf(() => db.exec(`BEGIN ISOLATION LEVEL ${level}`));
      expect(error.code).toBe('UNSUPPORTED');
      expect(error.message).toContain(`ISOLATION LEVEL ${level} is not supported`);
      expect(error.position).toBeDefined();
    }
    for (const level of ['SERIALIZABLE', 'REPEATABLE READ', 'SNAPSHOT']) {
      db.exec(`BEGIN ISOLATION LEVEL ${level}, READ WRITE`);
      db.exec('COMMIT');
    }
  });
});

describe('an error inside a transaction', () => {
  it('undoes its statement alone', () => {
    const db = table(openTest());
    db.exec("BEGIN; INSERT INTO t VALUES (1, 'x')");
    expectCode('UNIQUE', () => db.exec("INSERT INTO t VALUES (2, 'x'), (1, 'x')"));
    expectCode('UNKNOWN_COLUMN', () => db.query('SELECT c FROM t'));
    expect(values(db)).toEqual([1]);
    db.exec("INSERT INTO t VALUES (3, 'x'); COMMIT");
    expect(values(db)).toEqual([1, 3]);
  });

  it('in a text that began the transaction undoes the transaction', () => {
    const db = table(openTest());
    expectCode('UNIQUE', () => db.exec('BEGIN; INSERT INTO t VALUES (1), (2); INSERT INTO t VALUES (1); COMMIT'));
    expect(db.inTransaction).toBe(false);
    expect(values(db)).toEqual([]);
    db.exec('BEGIN');
    expectCode('UNIQUE', () => db.exec('INSERT INTO t VALUES (1); SAVEPOINT s; INSERT INTO t VALUES (1)'));
    expect(db.inTransaction).toBe(true);
    db.exec('COMMIT');
    expect(values(db)).toEqual([1]);
  });
});

describe('savepoints', () => {
  it('are rolled back to more than once, and released', () => {
    const db = table(openTest(temporaryFile()));
    db.exec("BEGIN; INSERT INTO t VALUES (1, 'x'); SAVEPOINT one; INSERT INTO t VALUES (2, 'x'); SAVEPOINT two");
    db.exec("INSERT INTO t VALUES (3, 'x')");
    expect(values(db)).toEqual([1, 2, 3]);
    db.exec('ROLLBACK TO two');
    expect(values(db)).toEqual([1, 2]);
    db.exec("INSERT INTO t VALUES (4, 'x'); ROLLBACK TO SAVEPOINT one");
    expect(values(db)).toEqual([1]);
    expectCode('UNKNOWN_SAVEPOINT', () => db.exec('ROLLBACK TO two'));
    db.exec("INSERT INTO t VALUES (5, 'x'); ROLLBACK TO one; INSERT INTO t VALUES (6, 'x'); RELEASE one");
    expectCode('UNKNOWN_SAVEPOINT', () => db.exec('RELEASE SAVEPOINT one'));
    db.exec('COMMIT');
    expect(values(db)).toEqual([1, 6]);
    expect(column(db, "SELECT a FROM t WHERE b = 'x' ORDER BY a")).toEqual([1, 6]);
  });

  it('of one name hide the older, as in PostgreSQL', () => {
    const db = table(openTest());
    db.exec('BEGIN; SAVEPOINT s; INSERT INTO t VALUES (1); SAVEPOINT s; INSERT INTO t VALUES (2); ROLLBACK TO s');
    expect(values(db)).toEqual([1]);
    db.exec('RELEASE s; ROLLBACK TO s');
    expect(values(db)).toEqual([]);
    db.exec('COMMIT');
  });

  it('inside db.transaction belong to its function', () => {
    const db = table(openTest());
    db.transaction(() => {
      db.exec('SAVEPOINT around; INSERT INTO t VALUES (1)');
      db.transaction(() => {
        expectCode('UNKNOWN_SAVEPOINT', () => db.exec('ROLLBACK TO around'));
        db.exec('SAVEPOINT within_it; INSERT INTO t VALUES (2); ROLLBACK TO within_it; INSERT INTO t VALUES (3)');
      });
      expectCode('UNKNOWN_SAVEPOINT', () => db.exec('RELEASE within_it'));
      expect(values(db)).toEqual([1, 3]);
      db.exec('ROLLBACK TO around; INSERT INTO t VALUES (4)');
    });
    expect(values(db)).toEqual([4]);
  });
});

describe('statements of the session out of turn', () => {
  it('are refused', () => {
    const db = table(openTest());
    for (const statement of ['COMMIT', 'ROLLBACK', 'SAVEPOINT s', 'RELEASE s', 'ROLLBACK TO s']) {
      const error = errorOf(() => db.exec(statement));
      expect([error.code, error.kind, error.hint]).toEqual(['NO_TRANSACTION', 'state', 'BEGIN one first']);
    }
    db.exec('BEGIN');
    expectCode('IN_TRANSACTION', () => db.exec('BEGIN'));
    db.exec('ROLLBACK');
    db.transaction(() => {
      for (const statement of ['BEGIN', 'COMMIT', 'ROLLBACK']) {
        expectCode('IN_TRANSACTION', () => db.exec(statement));
      }
    });
  });

  it('db.transaction inside BEGIN is a savepoint, which COMMIT cannot end', () => {
    const db = table(openTest());
    db.exec('BEGIN');
    db.transaction(() => {
      db.exec('INSERT INTO t VALUES (1)');
      expectCode('IN_TRANSACTION', () => db.exec('COMMIT'));
      expectCode('IN_TRANSACTION', () => db.close());
    });
    expect(() =>
      db.transaction(() => {
        db.exec('INSERT INTO t VALUES (2)');
        throw new Error('undo');
      }),
    ).toThrow('undo');
    db.exec('COMMIT');
    expect(values(db)).toEqual([1]);
  });

  it('an iterator ends with its transaction', () => {
    const db = table(openTest());
    db.exec('BEGIN; INSERT INTO t VALUES (1), (2), (3)');
    const rows = db.prepare('SELECT a FROM t').iterate();
    db.exec('COMMIT');
    expectCode('ITERATOR_EXPIRED', () => [...rows]);
  });

  it('closing rolls back what is open', () => {
    const path = temporaryFile();
    const db = table(openTest(path));
    db.exec('BEGIN; INSERT INTO t VALUES (1)');
    db.close();
    expect(values(openTest(path))).toEqual([]);
  });
});
