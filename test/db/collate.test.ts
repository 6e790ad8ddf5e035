// COLLATE NOCASE through everything that is not the text of one query: indexes of every comparing kind give what no index gives, lookups
// through handles, definitions made anew, queries built in code.

import { describe, expect, it } from 'vitest';
import { agg, fn, param } from '../../src/index.js';
import { RULES } from '../../src/optimize/rules/rules.js';
import { column, errorOf, openTest, temporaryFile } from './support.js';

const words = [
  'Éclair',
  'éclair',
  'ÉCLAIR',
  'Suva',
  'SUVA',
  'suva',
  'Straße',
  'STRASSE',
  'Ωmega',
  'ωMEGA',
  'a',
  'B',
  'b',
  '',
  'Zoë',
];

function filled(indexes: readonly string[], path?: string) {
  const db = openTest(path);
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, exact TEXT, n INTEGER)');
  for (const index of indexes) db.exec(index);
  const rows = Array.from({ length: 600 }, (_, id) => ({
    id,
    name: id % 17 === 0 ? null : words[(id * 7) % words.length]!,
    exact: words[(id * 11) % words.length]!,
    n: id % 5,
  }));
  db.table('t').insertMany(rows);
  db.exec('ANALYZE t');
  return { db, rows };
}

const kinds = [
  'btree (name)',
  'btree (name DESC, n)',
  'hash (name)',
  'bitmap (name)',
  'bloom (name)',
  'btree (exact COLLATE NOCASE)',
  'hash (exact COLLATE NOCASE)',
];

const conditions = [
  ...words.flatMap((word) => [`name = '${word}'`, `exact COLLATE NOCASE = '${word}'`]),
  "name > 'SUV'",
  "name BETWEEN 'A' AND 'ÉCLAIR'",
  "name IN ('SUVA', 'ΩMEGA', 'none')",
  "name <> 'suva' AND n = 1",
  "name = 'SUVA' OR exact COLLATE NOCASE = 'B'",
  "name COLLATE BINARY = 'Suva'",
  'name = exact',
  'name IN (SELECT o.exact FROM t o WHERE o.n = 2)',
  "name LIKE 'SU%'",
  "name = ANY (ARRAY['SUVA', 'ωmega', exact]) AND n > 2",
];

describe('indexes', () => {
  it.each(kinds)('%s gives the rows that no index gives', (kind) => {
    const [using, ...keys] = kind.split(' ');
    const { db } = filled([`CREATE INDEX i ON t USING ${using!} ${keys.join(' ')}`]);
    const plain = { hints: { disabledRules: RULES.map((rule) => rule.name), noIndexes: true } };
    for (const condition of conditions) {
      for (const sql of [
        `SELECT id FROM t WHERE ${condition} ORDER BY id`,
        `SELECT name, count(*) FROM t WHERE ${condition} GROUP BY name ORDER BY name`,
        `SELECT DISTINCT name, n FROM t WHERE ${condition} ORDER BY name, n LIMIT 7`,
        `SELECT name FROM t WHERE ${condition} EXCEPT ALL SELECT exact FROM t WHERE n < 2`,
        `SELECT min(name), max(name), array_agg(DISTINCT name ORDER BY name) FROM t WHERE ${condition}`,
      ]) {
        expect(db.prepare(sql).values(), sql).toEqual(db.prepare(sql, plain).values());
      }
    }
  });

  it('are used by comparisons, order and groups', () => {
    const { db } = filled(['CREATE INDEX i ON t (name)']);
    const plan = (sql: string) => db.prepare(`EXPLAIN ${sql}`).values().join('\n');
    expect(plan("SELECT id FROM t WHERE name = 'SUVA'")).toMatch(/\[btree i\]/);
    expect(plan('SELECT id FROM t WHERE name = $1')).toMatch(/\[btree i\]/);
    expect(plan("SELECT id FROM t WHERE name = ANY (ARRAY['SUVA', 'Zoë'])")).toMatch(/\[btree i\]/);
    expect(plan("SELECT id FROM t WHERE name LIKE 'Straß%'")).toMatch(/\[btree i\]/);
    expect(plan('SELECT id FROM t ORDER BY name LIMIT 3')).toMatch(/\[btree i\]/);
    expect(plan('SELECT min(name) FROM t')).toMatch(/\[btree i\]/);
  });

  it('answer as JavaScript folds the texts', () => {
    const { db, rows } = filled(['CREATE INDEX i ON t (name)']);
    for (const word of words) {
      const expected = rows.filter(({ name }) => name?.toLowerCase() === word.toLowerCase()).map(({ id }) => id);
      expect(column(db, 'SELECT id FROM t WHERE name = $1 ORDER BY id', [word])).toEqual(expected);
      const some = db.prepare('SELECT id FROM t WHERE name = ANY ($words) ORDER BY id');
      expect(some.values({ words: [word, null] })).toEqual(expected.map((id) => [id]));
    }
  });

  it('are looked up through handles by any case', () => {
    const { db } = filled([
      'CREATE INDEX i ON t (name)',
      'CREATE INDEX h ON t USING hash (name)',
      'CREATE INDEX b ON t (name COLLATE BINARY)',
    ]);
    const t = db.table('t');
    const count = (where: string) => column(db, `SELECT count(*) FROM t WHERE ${where}`)[0];
    expect(t.index('i').count('sUVA')).toBe(count("name = 'suva'"));
    expect(t.index('h').get('ÉCLAir')).toHaveLength(count("name = 'éclair'") as number);
    expect(t.index('b').count('Suva')).toBe(count("name COLLATE BINARY = 'Suva'"));
    expect(t.index('b').count('sUVA')).toBe(0);
    expect(t.index('i').range({ gte: 'SUVA', lt: 'SUVB' })).toHaveLength(count("name = 'suva'") as number);
  });
});

describe('definitions', () => {
  it('are made again by their own statements', () => {
    const { db } = filled(['CREATE INDEX i ON t (name, n DESC)', 'CREATE INDEX b ON t (name COLLATE BINARY)']);
    db.exec(
      'CREATE TABLE u (name VARCHAR(9) COLLATE NOCASE NOT NULL, n INTEGER, UNIQUE (n, name), CHECK (name <> $$)'.replace(
        '$$',
        "'X')",
      ),
    );
    const again = openTest();
    for (const { sql } of db.schema().tables) again.exec(sql);
    expect(again.schema().tables.map(({ sql }) => sql)).toEqual(db.schema().tables.map(({ sql }) => sql));
    again.exec("INSERT INTO u VALUES ('Ada', 1)");
    expect(errorOf(() => again.exec("INSERT INTO u VALUES ('ADA', 1)")).code).toBe('UNIQUE');
    expect(errorOf(() => again.exec("INSERT INTO u VALUES ('x', 1)")).code).toBe('CHECK');
    expect(column(again, "SELECT count(*) FROM u WHERE name = 'ADA'")).toEqual([1]);
  });

  it('follow their column when its collation changes', () => {
    const indexes = [
      'btree (name, n)',
      'hash (name)',
      'bitmap (name)',
      'bloom (name)',
      'fulltext (name)',
      'columnstore (name)',
    ];
    const made = indexes.map((index, i) => `CREATE INDEX i${i} ON t USING ${index}`);
    const { db } = filled(made);
    const find = () => {
      const plain = db.prepare("SELECT id FROM t WHERE name = 'SUVA' ORDER BY id", { hints: { noIndexes: true } });
      const some = column(db, "SELECT id FROM t WHERE name = 'SUVA' ORDER BY id");
      expect(some).toEqual(plain.values().flat());
      for (const i of ['i0', 'i1', 'i2']) expect(db.table('t').index(i).get('SUVA')).toHaveLength(some.length);
      expect(db.verify().findings).toEqual([]);
      return some.length;
    };
    const keys = () => db.schema().tables[0]!.indexes.flatMap((index) => index.keys);
    const [folded, names] = [find(), keys()];
    db.exec('ALTER TABLE t ALTER COLUMN name TYPE TEXT');
    expect(find()).toBeLessThan(folded);
    expect(keys()).toEqual(names.map((key) => (key === 'lower(name)' ? 'name' : key)));
    db.exec('ALTER TABLE t ALTER COLUMN name TYPE VARCHAR(20) COLLATE NOCASE');
    expect([find(), keys()]).toEqual([folded, names]);
  });

  it('are found again in the file', () => {
    const path = temporaryFile();
    filled(['CREATE UNIQUE INDEX i ON t (name, id)'], path).db.close();
    const db = openTest(path);
    expect(column(db, "SELECT count(*) FROM t WHERE name = 'SUVA'")[0]).toBeGreaterThan(1);
    expect(column(db, "SELECT count(*) FROM t WHERE name || '' = 'sUVA'")).toEqual([0]);
  });
});

describe('queries built in code', () => {
  it('say it with collate(), and print it', () => {
    const { db } = filled(['CREATE INDEX i ON t (name)']);
    const queries = [
      db
        .from('t')
        .where((t) => t.name.eq('SUVA'))
        .select((t) => ({ id: t.id })),
      db
        .from('t')
        .where((t) => t.name.collate('binary').eq('SUVA'))
        .select((t) => ({ id: t.id })),
      db
        .from('t')
        .where((t) => t.exact.collate('nocase').in(['SUVA', 'ZOË']))
        .select((t) => ({ id: t.id })),
      db
        .from('t')
        .select((t) => ({ e: t.exact.collate('nocase') }))
        .distinct(),
      db
        .from('t')
        .groupBy((t) => ({ e: t.exact.collate('nocase') }))
        .aggregate((t) => ({ n: t.id.count() })),
      db
        .from('t')
        .orderBy((t) => [t.name.desc(), t.exact.collate('nocase'), t.id])
        .select((t) => ({ id: t.id })),
      db.from('t').select((t) => ({ n: t.name.countDistinct() })),
      db.from('t').select((t) => ({ least: t.name.min(), most: t.exact.collate('nocase').max() })),
      db
        .from('t')
        .select((t) => ({ name: t.name }))
        .except(
          db
            .from('t')
            .where((t) => t.n.gt(1))
            .select((t) => ({ name: t.exact })),
        )
        .orderBy('name'),
      db.from('t').select((t) => ({ names: agg('array_agg', t.name).distinct() })),
      db
        .from('t')
        .orderBy((t) => t.id)
        .select((t) => ({ most: fn('greatest', t.name, t.exact), least: fn('least', t.exact.collate('nocase'), 'M') })),
      db
        .from('t')
        .where((t) => t.name.like('SU%').or(t.exact.collate('nocase').notLike(param<string>('like'))))
        .select((t) => ({ id: t.id })),
      db
        .from('t')
        .where((t) => t.name.in(param<string[]>('names')))
        .select((t) => ({ n: t.id.count() })),
    ];
    const texts = queries.map((query) => query.toSQL());
    expect(texts).toEqual([
      "SELECT id FROM t WHERE name COLLATE NOCASE = 'suva'",
      "SELECT id FROM t WHERE name COLLATE BINARY = 'SUVA'",
      "SELECT id FROM t WHERE exact COLLATE NOCASE IN ('suva', 'zoë')",
      'SELECT DISTINCT exact COLLATE NOCASE AS e FROM t',
      'SELECT exact COLLATE NOCASE AS e, count(id) AS n FROM t GROUP BY exact COLLATE NOCASE',
      'SELECT id FROM t ORDER BY name DESC, exact COLLATE NOCASE, t.id',
      'SELECT count(DISTINCT name COLLATE NOCASE) AS n FROM t',
      'SELECT min(name) AS least, max(exact COLLATE NOCASE) AS most FROM t',
      '(SELECT t.name FROM t) EXCEPT (SELECT t.exact AS name FROM t WHERE t.n > 1) ORDER BY name',
      'SELECT array_agg(DISTINCT name ORDER BY name COLLATE NOCASE) AS names FROM t',
      "SELECT greatest(name, exact) AS most, least(exact COLLATE NOCASE, 'M') AS least FROM t ORDER BY id",
      "SELECT id FROM t WHERE name COLLATE NOCASE LIKE 'su%' OR exact COLLATE NOCASE NOT LIKE $like COLLATE NOCASE",
      'SELECT count(id) AS n FROM t WHERE name COLLATE NOCASE IN $names',
    ]);
    const given = { names: ['SUVA', 'zoË'], like: 'S%' };
    queries.forEach((query, i) => {
      const named = Object.entries(given).filter(([name]) => texts[i]!.includes(`$${name}`));
      const values = named.length === 0 ? [] : [Object.fromEntries(named)];
      expect(query.all(...values), texts[i]).toEqual(db.prepare(texts[i]!).all(...values));
    });
  });

  it('refuse what has no meaning', () => {
    const { db } = filled([]);
    expect(
      errorOf(() =>
        db
          .from('t')
          .where((t) => t.name.collate('german' as never).eq('a'))
          .all(),
      ).code,
    ).toBe('INVALID_ARGUMENT');
  });

  it('count facets by the folded text', () => {
    const { db, rows } = filled(['CREATE INDEX i ON t USING bitmap (name)']);
    const suva = rows.filter(({ name }) => name?.toLowerCase() === 'suva').length;
    const { name } = db.from('t').facets('name') as { name: readonly { value: string | null; count: number }[] };
    expect(name.filter(({ value }) => value?.toLowerCase() === 'suva')).toEqual([{ value: 'SUVA', count: suva }]);
  });
});
