// What a write and an open cost the store, counted in pages and not in time.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMemory, openStore } from '../../src/kv/index.js';
import { openCounting } from './counting-store.js';

const SCHEMA = `
  CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT, population INTEGER, about TEXT, loc POINT);
  CREATE INDEX places_population ON places USING btree (population);
  CREATE INDEX places_name ON places USING hash (name);
  CREATE INDEX places_kind ON places USING bitmap (kind);
  CREATE INDEX places_filter ON places USING bloom (name);
  CREATE INDEX places_about ON places USING fulltext (about);
  CREATE INDEX places_loc ON places USING rtree (loc);
`;
const WORDS = 'harbour river island mountain forest desert valley glacier lagoon plateau market castle bridge'.split(
  ' ',
);

function place(id: number): object {
  const about = Array.from({ length: 12 }, (_, i) => WORDS[(id * 7 + i * i * 3) % WORDS.length]).join(' ');
  return {
    id,
    name: `place ${id}`,
    kind: ['town', 'village', 'city', 'port'][id % 4],
    population: (id * 7_919) % 1_000_000,
    about: `${about} word${id % 500}`,
    loc: { type: 'Point', coordinates: [((id * 37) % 3_600) / 10 - 180, ((id * 53) % 1_700) / 10 - 85] },
  };
}

const places = (count: number): object[] => Array.from({ length: count }, (_, i) => place(i + 1));

describe('a single-row write under all six kinds of index', () => {
  it.each([100, 5_000, 60_000])('changes at most 12 pages of a table of %i rows', (rows) => {
    const { db, counts } = openCounting(openMemory());
    db.exec(SCHEMA);
    db.table('places').insertMany(places(rows));
    const inserts: number[] = [];
    for (let i = 1; i <= 60; i++) {
      counts.puts = counts.deletes = 0;
      db.table('places').insert(place(rows + i));
      inserts.push(counts.puts + counts.deletes);
    }
    console.log(`${rows} rows: pages per insert ${[...inserts].sort((a, b) => a - b).join(' ')}`);
    // Past 1,000 documents the list of pending postings is merged: the one insert of a thousand that pays for the others.
    expect(inserts.filter((pages) => pages > 12).length).toBeLessThanOrEqual(1);
    expect(db.verify().findings).toEqual([]);
    db.close();
  });
});

describe('opening', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lightning-open-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Entries read to open a file of so many rows, to answer the first point read, and the first indexed query. */
  function readsOf(rows: number): readonly [opening: number, point: number, indexed: number] {
    const path = join(folder, `${rows}.db`);
    const made = openCounting(openStore(path, { durability: 'async' }));
    made.db.exec(SCHEMA);
    made.db.table('places').insertMany(places(rows));
    made.db.analyze();
    made.db.close();
    const { db, counts } = openCounting(openStore(path, {}));
    const reads = (): number => {
      const sum = counts.gets + counts.scanned;
      counts.gets = counts.scanned = 0;
      return sum;
    };
    const opening = reads();
    expect(db.table('places').get(rows)).toMatchObject({ name: `place ${rows}` });
    const point = reads();
    expect(db.query(`SELECT population FROM places WHERE name = 'place ${rows}'`)).toHaveLength(1);
    const indexed = reads();
    db.close();
    return [opening, point, indexed];
  }

  it('reads a bounded number of pages, whatever the size', () => {
    const small = readsOf(500);
    const large = readsOf(50_000);
    console.log('reads to open, for the first point read, for the first indexed query:', small, large);
    expect(large[0]).toBe(small[0]);
    expect(large[0]).toBeLessThanOrEqual(8);
    expect(large[1]).toBeLessThanOrEqual(small[1] + 4);
    expect(large[2]).toBeLessThanOrEqual(small[2] + 12);
    expect(large[2]).toBeLessThanOrEqual(60);
  });
});
