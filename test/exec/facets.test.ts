// Several facets of one result: their counts are those of counting the rows, with and without the facet's own choice.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/conformance/index-kind-shapes.js';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';

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
