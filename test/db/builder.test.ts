import { describe, expect, expectTypeOf, it } from 'vitest';
import { count, open, param, score } from '../../src/index.js';

interface Town {
  id: number;
  name: string;
  kind: string;
  population: number | null;
  about: string;
  location: object;
}

function towns() {
  const db = open(':memory:');
  db.exec(
    `CREATE TABLE towns (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, population INTEGER, about TEXT, location POINT)`,
  );
  db.table('towns').insertMany(
    Array.from({ length: 2000 }, (_, i) => ({
      id: i + 1,
      name: `town ${i % 97}`,
      kind: ['city', 'town', 'village'][i % 3],
      population: i % 11 === 0 ? null : (i * 7919) % 100_000,
      about: i % 5 === 0 ? 'an old harbour with boats' : 'hills and fields',
      location: { type: 'Point', coordinates: [(i % 50) - 25, Math.floor(i / 50)] },
    })),
  );
  db.exec(`CREATE INDEX towns_kind ON towns USING bitmap (kind); CREATE INDEX towns_pop ON towns (population);
    CREATE INDEX towns_about ON towns USING fulltext (about); CREATE INDEX towns_location ON towns USING rtree (location); ANALYZE`);
  return db;
}

describe('queries built in code', () => {
  it('give what their text gives, with typed rows', () => {
    using db = towns();
    const query = db
      .from<Town>('towns', 't')
      .where((t) => t.kind.eq('city').and(t.population.gt(50_000)))
      .match('about', 'harbour')
      .select((t) => ({ name: t.name, people: t.population, score: score() }))
      .orderBy((t) => [t.population.desc(), t.name.asc()])
      .limit(7);
    const rows = query.all();
    expectTypeOf(rows).toEqualTypeOf<{ name: string; people: number | null; score: number }[]>();
    expect(rows.length).toBe(7);
    expect(rows).toEqual(db.query(query.toSQL()));
    expect(query.plan()).toContain('towns_about');
    expect([...query.iterate()]).toEqual(rows);
  });

  it('read views, also of views, beside tables and inside sub-queries', () => {
    using db = towns();
    db.exec(`CREATE VIEW kinds (kind, people) AS SELECT kind, sum(population) FROM towns GROUP BY kind;
      CREATE VIEW big AS SELECT * FROM kinds WHERE people > (SELECT min(people) FROM kinds)`);
    const query = db
      .from<{ kind: string; people: number }>('big', 'b')
      .join<Town>('towns', 't', (b, t) => b.kind.eq(t.kind))
      .where((b, t) => t.id.lt(20).and(b.people.gt(param('least'))))
      .select((b, t) => ({ kind: b.kind, id: t.id }))
      .orderBy('id');
    const given = { least: 10 };
    expect(query.all(given).length).toBeGreaterThan(5);
    expect(query.all(given)).toEqual(db.query(query.toSQL(), given));
    const within = db
      .from<Town>('towns', 't')
      .where((t) => t.kind.in(db.from<{ kind: string }>('big').select((b) => ({ k: b.kind }))));
    expect(within.all()).toEqual(db.query(within.toSQL()));
    expect(within.all().length).toBeLessThan(2000);
    db.exec('DROP VIEW big; CREATE VIEW big AS SELECT kind, 0 AS people FROM towns WHERE id = 1');
    expect(within.all().length).toBe(667);
    db.exec('DROP VIEW big; ALTER TABLE towns DROP COLUMN about; CREATE VIEW big AS SELECT 1 AS one');
    expect(() => within.all()).toThrow('unknown column "kind" in "big"');
  });

  it('group, count facets from cardinalities, and take parameters when prepared', () => {
    using db = towns();
    const expected = db.query('SELECT kind, count(*) AS n FROM towns GROUP BY kind ORDER BY kind');
    const grouped = db
      .from<Town>('towns')
      .groupBy((t) => ({ kind: t.kind }))
      .aggregate(() => ({ n: count() }))
      .orderBy((t) => t.kind.asc());
    expect(grouped.all()).toEqual(expected);
    const facets = db.from<Town>('towns').match('about', 'harbour').facets('kind');
    const counts = db.query(
      "SELECT kind AS value, count(*) AS count FROM towns WHERE MATCH(about, 'harbour') GROUP BY kind",
    );
    expect(new Set(facets.kind.map((facet) => JSON.stringify(facet)))).toEqual(
      new Set(counts.map((row) => JSON.stringify(row))),
    );
    const byKind = db
      .from<Town>('towns')
      .where((t) => t.kind.eq(param('kind')))
      .prepare();
    for (const kind of ['city', 'town', 'nothing']) {
      expect(byKind.all({ kind })).toEqual(db.query('SELECT * FROM towns WHERE kind = ?', [kind]));
    }
  });

  it('see what a transaction has changed, and definitions that came later', () => {
    using db = towns();
    const query = db.from<Town>('towns').where((t) => t.id.eq(5000));
    expect(query.all()).toEqual([]);
    db.transaction(() => {
      db.table('towns').insert({ id: 5000, name: 'new', kind: 'city' });
      expect(query.get()?.name).toBe('new');
      db.exec('DROP INDEX towns_pop');
    });
    expect(query.get()?.name).toBe('new');
  });

  it('name what is misspelt', () => {
    using db = towns();
    expect(() => db.from('town').all()).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_TABLE', hint: expect.stringContaining('towns') as string }),
    );
  });
});
