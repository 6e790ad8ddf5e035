// Several facets of one result: their counts are those of counting the rows, with and without the facet's own choice.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/conformance/index-kind-shapes.js';
import { fn, open } from '../../src/index.js';
import type { Database, FacetOptions, OpenOptions, Query } from '../../src/index.js';

interface Item {
  readonly id: number;
  readonly country: string | null;
  readonly kind: string;
  readonly stars: number | null;
  readonly price: number;
}

const FACETS = ['country', 'kind', 'stars'] as const;
type Facet = (typeof FACETS)[number];

describe('facets', () => {
  const random = new Random(41);
  const items = Array.from({ length: 2_000 }, (_, id): Item => ({
    id,
    country: random.next() < 0.1 ? null : random.pick(['FJ', 'FR', 'NZ', 'PE']),
    kind: random.pick(['hotel', 'hut', 'tent']),
    stars: random.next() < 0.3 ? null : random.below(5) + 1,
    price: random.below(300),
  }));
  let db: Database;
  beforeAll(() => {
    db = open(':memory:');
    db.exec(`CREATE TABLE items (id INTEGER PRIMARY KEY, country TEXT, kind TEXT NOT NULL, stars INTEGER, price INTEGER NOT NULL);
      CREATE INDEX items_country ON items USING bitmap (country);
      CREATE INDEX items_kind ON items USING bitmap (kind);
      CREATE INDEX items_price ON items USING btree (price)`);
    db.table('items').insertMany(items);
    db.analyze();
  });
  afterAll(() => db.close());

  /** Counted one by one; the most frequent first. */
  function counted(facet: Facet, wanted: (item: Item) => boolean): Map<string | number | null, number> {
    const counts = new Map<string | number | null, number>();
    for (const item of items) if (wanted(item)) counts.set(item[facet], (counts.get(item[facet]) ?? 0) + 1);
    return counts;
  }

  it('are those of counting, whatever is chosen', () => {
    for (let round = 0; round < 10; round++) {
      const choices: [facet: Facet, test: (item: Item) => boolean][] = [];
      let query = db.from<Item>('items');
      const below = random.next() < 0.5 ? random.below(300) : undefined;
      if (below !== undefined) query = query.where((i) => i.price.lt(below));
      if (random.next() < 0.6) {
        const [one, other] = [random.pick(['FJ', 'FR']), random.pick(['NZ', 'PE'])];
        query = query.where((i) => i.country.in([one, other]));
        choices.push(['country', ({ country }) => country === one || country === other]);
      }
      if (random.next() < 0.6) {
        const kind = random.pick(['hotel', 'tent']);
        query = query.where((i) => i.kind.eq(kind));
        choices.push(['kind', (item) => item.kind === kind]);
      }
      if (random.next() < 0.4) {
        query = query.where((i) => i.stars.ge(3));
        choices.push(['stars', ({ stars }) => stars !== null && stars >= 3]);
      }
      for (const exclude of [false, true]) {
        const found = [query, query.hint({ noIndexes: true })].map((q) => q.facets([...FACETS], { exclude }));
        expect(found[0]).toEqual(found[1]);
        for (const facet of FACETS) {
          const wanted = (item: Item) =>
            (below === undefined || item.price < below) &&
            choices.every(([own, test]) => (exclude && own === facet) || test(item));
          const values = found[0]![facet] as readonly { value: string | number | null; count: number }[];
          expect(new Map(values.map(({ value, count }) => [value, count]))).toEqual(counted(facet, wanted));
          expect(values.map(({ count }) => count)).toEqual(values.map(({ count }) => count).sort((a, b) => b - a));
        }
      }
    }
  });
});

/** Facets of a query, and each of them as a query of its own. */
function bothWays<Row extends object>(
  query: Query<[Row], Row>,
  names: readonly (keyof Row & string)[],
  options: FacetOptions = {},
) {
  const together = query.facets(names, options);
  const alone = Object.assign({}, ...names.map((name) => query.facets([name], options))) as typeof together;
  return { together, alone };
}

interface Thing {
  readonly id: number;
  readonly word: string | null;
  readonly label: string;
  readonly day: Date | null;
  readonly code: bigint | number;
  readonly about: string;
  readonly f: number;
}

describe('facets in one pass', () => {
  const random = new Random(42);
  const FACETS = ['word', 'label', 'day', 'code', 'f'] as const;

  function filled(indexes: readonly string[], options: OpenOptions = {}): Database {
    const db = open(':memory:', options);
    db.exec(
      `CREATE TABLE things (id INTEGER PRIMARY KEY, word TEXT, label TEXT COLLATE NOCASE, day DATE, code INTEGER, about TEXT, f INTEGER)`,
    );
    db.table('things').insertMany(
      Array.from({ length: 3_000 }, (_, id) => ({
        id,
        word: random.next() < 0.1 ? null : `word ${random.below(40)}`,
        label: random.pick(['red', 'Red', 'blue', 'BLUE', 'grey']),
        day: random.next() < 0.2 ? null : new Date(Date.UTC(2024, 0, 1 + random.below(20))),
        code: random.next() < 0.5 ? random.below(900) : 2n ** 60n + BigInt(random.below(3)),
        about: random.pick(['harbour river', 'river', 'island', '']),
        f: random.below(6),
      })),
    );
    for (const index of indexes) db.exec(`CREATE INDEX ON things USING ${index}`);
    db.analyze();
    return db;
  }

  const SETS = [
    [],
    ['bitmap (word)', 'bitmap (f)'],
    ['bitmap (word)', 'bitmap (label)', 'bitmap (day)', 'bitmap (code)', 'bitmap (f)'],
    ['columnstore (id, word, day, code, f, label)', 'bitmap (f)'],
    ['btree (f, word)', 'hash (word)', 'bitmap (day)'],
  ];

  it.each(SETS.map((set) => [set.join(', '), set] as const))('are those of one by one, over %s', (_, set) => {
    const db = filled([...set, 'fulltext (about)']);
    for (let round = 0; round < 12; round++) {
      let query = db.from<Thing>('things');
      const [word, f, id] = [`word ${random.below(40)}`, random.below(6), random.below(3_500)];
      if (random.next() < 0.4) query = query.where((t) => t.f.ne(f));
      if (random.next() < 0.3) query = query.where((t) => t.word.ge(word));
      if (random.next() < 0.3) query = query.where((t) => t.id.lt(id));
      if (random.next() < 0.2) query = query.match('about', 'river');
      if (random.next() < 0.2) query = query.where((t) => t.f.eq(f).or(t.word.eq(word)));
      const options = { exclude: random.next() < 0.5, ...(random.next() < 0.3 && { limit: 3 }) };
      const { together, alone } = bothWays(query, FACETS, options);
      expect(together).toEqual(alone);
      expect(bothWays(query.hint({ noIndexes: true }), FACETS, options).together).toEqual(alone);
    }
    db.close();
  });

  it('count what the memory budget does not take in passes of its own', () => {
    const db = filled([], { memoryBudget: 1024 * 1024 });
    const wide = db.from<Thing>('things').where((t) => t.id.ge(0));
    db.exec("UPDATE things SET word = repeat('x', 600) || id");
    const { together, alone } = bothWays(wide, ['word', 'f', 'day']);
    expect(together).toEqual(alone);
    expect(together.word).toHaveLength(3_000);
    db.close();
  });

  it('read the rows once', () => {
    const db = filled(['bitmap (day)']);
    let calls = 0;
    db.function('seen', { args: ['integer'], returns: 'boolean', deterministic: false }, () => ++calls > 0);
    const query = db.from<Thing>('things').where((t) => fn('seen', t.id) as never);
    const found = query.facets('word', 'f', 'code', 'day');
    expect(calls).toBe(3_000);
    expect(found.f.reduce((sum, { count }) => sum + count, 0)).toBe(3_000);
    db.close();
  });
});
