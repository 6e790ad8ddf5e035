// Definitions are kept, come back as they were, and follow transactions.

import { describe, expect, it } from 'vitest';
import { keywords } from '../../grammar/index.js';
import { column, errorOf, expectCode, openTest, temporaryFile } from '../db/support.js';

const everything = `
  CREATE TABLE t (
    id INTEGER PRIMARY KEY, big INTEGER DEFAULT 9223372036854775807, low INTEGER DEFAULT -9223372036854775808,
    day DATE DEFAULT '2020-02-29', at TIMESTAMP DEFAULT TIMESTAMP '2020-01-01 10:00:00', raw BLOB DEFAULT x'00ff',
    real REAL DEFAULT -1.5e300, doc JSON DEFAULT '{"b": 1, "a": [null]}', flag BOOLEAN DEFAULT true,
    note TEXT DEFAULT 'it''s "so"', code VARCHAR(5) CHECK (code <> 'no'), sum INTEGER DEFAULT (1 + 2) * 3,
    CONSTRAINT sane CHECK (big > -9223372036854775808 OR day > '1999-01-01' OR raw = x'01'), UNIQUE (code, sum));
  CREATE INDEX lowered ON t (lower(note) DESC NULLS LAST, (sum + 1)) INCLUDE (day) WHERE big > 5 AND day IS NOT NULL;
  CREATE INDEX flags ON t USING bitmap (flag) WHERE code IN ('a', 'b') OR at < '2021-01-01';
  CREATE INDEX places ON t USING bloom (code) WITH (bits_per_row = 12);
  CREATE VIEW v (a, "B c") AS SELECT id, note FROM t WHERE note LIKE '%''%';
  CREATE VIEW w AS SELECT a FROM v`;

const values = {
  big: 9223372036854775807n,
  low: -9223372036854775808n,
  day: '2020-02-29',
  at: new Date('2020-01-01T10:00:00Z'),
  raw: Uint8Array.of(0, 255),
  real: -1.5e300,
  doc: { a: [null], b: 1 },
  flag: true,
  note: 'it\'s "so"',
  code: null,
  sum: 9,
};

describe('stored definitions', () => {
  it('keep defaults, checks and indexes of every type through a reopening', () => {
    const path = temporaryFile();
    const first = openTest(path);
    first.exec(everything);
    first.exec('INSERT INTO t (id) VALUES (1)');
    const schema = first.schema();
    first.close();

    const db = openTest(path);
    expect(db.schema()).toEqual(schema);
    db.exec('INSERT INTO t (id) VALUES (2)');
    db.table('t').insert({ id: 3 });
    for (const id of [1, 2, 3]) expect(db.table('t').get(id)).toEqual({ id, ...values });
    expectCode('CHECK', () => db.exec("INSERT INTO t (code) VALUES ('no')"));
    expectCode('CHECK', () => db.exec("INSERT INTO t (big, day) VALUES (-9223372036854775808, '1990-01-01')"));
    expect(column(db, `SELECT "B c" FROM v JOIN w USING (a) ORDER BY a LIMIT 1`)).toEqual([values.note]);
    expect(db.explain("SELECT day FROM t WHERE lower(note) = 'x' AND big > 5 AND day IS NOT NULL")).toContain(
      'lowered',
    );
  });

  it('are written by schema() as statements that make the same again', () => {
    const db = openTest();
    db.exec(everything);
    db.exec('CREATE OR REPLACE VIEW v AS SELECT id AS a FROM t');
    const copy = openTest();
    for (const table of db.schema().tables) copy.exec(table.sql);
    for (const view of db.schema().views) copy.exec(view.sql);
    expect(copy.schema()).toEqual(db.schema());
  });

  it('take every keyword and odd name as a name', () => {
    const db = openTest();
    const names = [...keywords(), 'Mixed Case', 'a"b', "it's", '__proto__', 'constructor', 'é', '1st', 'a.b'];
    const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
    db.exec(`CREATE TABLE "__proto__" (${names.map((name) => `${quoted(name)} INTEGER DEFAULT 1`).join(', ')})`);
    db.exec(`CREATE INDEX "hasOwnProperty" ON "__proto__" (${quoted('order')}, ${quoted('a"b')})`);
    const copy = openTest();
    for (const table of db.schema().tables) copy.exec(table.sql);
    expect(copy.schema()).toEqual(db.schema());
    copy.exec('INSERT INTO "__proto__" DEFAULT VALUES');
    const [row] = copy.query('SELECT * FROM "__proto__"');
    expect(Object.keys(row!)).toEqual(names);
    expect(Object.values(row!)).toEqual(names.map(() => 1));
    expect([...copy.table('__proto__').scan()]).toEqual([row]);
    copy.analyze('__proto__');
    copy.exec('DROP TABLE "__proto__"');
    expect(copy.schema().tables).toEqual([]);
  });
});

describe('definitions inside a transaction', () => {
  it('are seen by the statements after them', () => {
    const db = openTest();
    const select = db.prepare('SELECT * FROM t');
    db.transaction(() => {
      db.exec("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t VALUES (1, 'x')");
      expect(select.all()).toEqual([{ a: 1, b: 'x' }]);
      expect(db.table('t').get(1)).toEqual({ a: 1, b: 'x' });
      db.exec('CREATE INDEX t_b ON t (b)');
      expect(column(db, "SELECT a FROM t WHERE b = 'x'")).toEqual([1]);
      db.exec('DROP TABLE t; CREATE TABLE t (z INTEGER); INSERT INTO t VALUES (7)');
      expect(select.all()).toEqual([{ z: 7 }]);
      expect(select.columns().map((c) => c.name)).toEqual(['z']);
    });
    expect(select.all()).toEqual([{ z: 7 }]);
  });

  it('are undone with it, and plans made inside are forgotten', () => {
    const db = openTest();
    db.exec('CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)');
    const select = db.prepare('SELECT * FROM t');
    select.all();
    expect(() =>
      db.transaction(() => {
        db.exec("DROP TABLE t; CREATE TABLE t (b TEXT); INSERT INTO t VALUES ('no'); CREATE TABLE other (a INTEGER)");
        expect(select.all()).toEqual([{ b: 'no' }]);
        throw new Error('undo');
      }),
    ).toThrow('undo');
    expect(select.all()).toEqual([{ a: 1 }]);
    // The next committed change of definitions takes the version that was undone.
    db.exec('CREATE TABLE other (x TEXT, y TEXT)');
    expect(db.query('SELECT * FROM other')).toEqual([]);
    db.exec("INSERT INTO other VALUES ('p', 'q')");
    expect(db.query('SELECT * FROM other')).toEqual([{ x: 'p', y: 'q' }]);
  });

  it('are undone alone with a savepoint', () => {
    const db = openTest();
    db.transaction(() => {
      db.exec('CREATE TABLE kept (a INTEGER)');
      expect(() =>
        db.transaction(() => {
          db.exec('CREATE TABLE undone (a INTEGER); DROP TABLE kept; CREATE VIEW kept AS SELECT 1 AS one');
          expect(db.query('SELECT * FROM kept')).toEqual([{ one: 1 }]);
          throw new Error('inner');
        }),
      ).toThrow('inner');
      db.exec('INSERT INTO kept VALUES (1)');
      expectCode('UNKNOWN_TABLE', () => db.query('SELECT * FROM undone'));
    });
    expect(db.query('SELECT * FROM kept')).toEqual([{ a: 1 }]);
    expect(db.schema().tables.map((table) => table.name)).toEqual(['kept']);
  });

  it('several statements of exec are one: all or none', () => {
    const db = openTest();
    expectCode('UNKNOWN_TABLE', () => db.exec('CREATE TABLE a (x INTEGER); INSERT INTO b VALUES (1)'));
    expect(db.schema().tables).toEqual([]);
    expectCode('SYNTAX', () => db.exec('CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1;'));
    expect(db.schema().tables).toEqual([]);
  });
});

describe('names', () => {
  it('are shared by tables, views and indexes', () => {
    const db = openTest();
    db.exec(
      'CREATE TABLE t (a INTEGER, CONSTRAINT u UNIQUE (a)); CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT 1 AS a',
    );
    for (const name of ['t', 'u', 'i', 'v']) {
      expectCode('ALREADY_EXISTS', () => db.exec(`CREATE TABLE ${name} (a INTEGER)`));
      expectCode('ALREADY_EXISTS', () => db.exec(`CREATE VIEW ${name} AS SELECT 1 AS a`));
      expectCode('ALREADY_EXISTS', () => db.exec(`CREATE INDEX ${name} ON t (a)`));
      expectCode('ALREADY_EXISTS', () => db.exec(`CREATE TABLE x (a INTEGER, CONSTRAINT ${name} UNIQUE (a))`));
    }
    db.exec('CREATE TABLE IF NOT EXISTS t (other TEXT); CREATE INDEX IF NOT EXISTS i ON t (a)');
    expectCode('ALREADY_EXISTS', () => db.exec('CREATE TABLE IF NOT EXISTS v (a INTEGER)'));
    expectCode('DUPLICATE_NAME', () => db.exec('CREATE TABLE x (a INTEGER UNIQUE, CONSTRAINT x_a_key UNIQUE (a))'));
  });

  it('that are dropped must be there, of that kind, and read by nothing', () => {
    const db = openTest();
    db.exec(`CREATE TABLE t (a INTEGER PRIMARY KEY); CREATE INDEX i ON t (a);
      CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM (SELECT * FROM v) AS x WHERE EXISTS (SELECT 1 FROM v)`);
    expectCode('DEPENDENT_OBJECT', () => db.exec('DROP TABLE t'));
    expectCode('DEPENDENT_OBJECT', () => db.exec('DROP VIEW v'));
    expectCode('DEPENDENT_OBJECT', () => db.exec('DROP INDEX t_pkey'));
    expect(errorOf(() => db.exec('DROP TABLE v')).message).toMatch(/no table "v"|reads/);
    expect(errorOf(() => db.exec('DROP VIEW tt')).hint).toMatch(/views: v, w/);
    expectCode('UNKNOWN_INDEX', () => db.exec('DROP INDEX j'));
    db.exec('DROP TABLE IF EXISTS x; DROP VIEW IF EXISTS x; DROP INDEX IF EXISTS x');
    db.exec('DROP VIEW v, w; DROP INDEX i; DROP TABLE t');
    expect(db.schema()).toEqual({ tables: [], views: [] });
  });

  it('a table that is dropped and made again is empty', () => {
    const db = openTest(temporaryFile());
    for (let round = 0; round < 3; round++) {
      db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX i ON t (a)');
      db.table('t').insertMany(Array.from({ length: 300 }, (_, id) => ({ id, a: `a${id % 7}` })));
      expect(column(db, "SELECT count(*) FROM t WHERE a = 'a3'")).toEqual([43]);
      expect(db.table('t').insert({})).toBe(300);
      db.exec('DROP TABLE t');
    }
  });
});
