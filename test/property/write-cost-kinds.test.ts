// What one more index of each kind costs a transaction: pages changed per row, by the rows of the transaction. The table of docs/indexes.md.

import { describe, expect, it } from 'vitest';
import { openMemory } from '../../src/kv/index.js';
import { openCounting } from './counting-store.js';

const ROWS = 10_000;
const SIZES = [1, 100, 10_000] as const;
const WORDS = 'harbour river island mountain forest desert valley glacier lagoon plateau market castle bridge'.split(
  ' ',
);

function row(id: number): object {
  const mixed = (id * 2_654_435_761) % 2 ** 32;
  return {
    id,
    name: `place ${mixed}`,
    kind: ['town', 'village', 'city', 'port'][mixed % 4],
    population: mixed % 1_000_000,
    about: Array.from({ length: 8 }, (_, i) => WORDS[(mixed + i * i * 3) % WORDS.length]).join(' '),
    loc: { type: 'Point', coordinates: [(mixed % 3_600) / 10 - 180, ((mixed >>> 8) % 1_700) / 10 - 85] },
  };
}

/** Pages written by transactions of so many rows, each into a table of its own of 10,000 rows. */
function pages(index: string): number[] {
  const { db, counts } = openCounting(openMemory());
  db.exec(
    `CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT, population INTEGER, about TEXT, loc POINT); ${index}`,
  );
  let id = 0;
  const insert = (count: number) => db.table('places').insertMany(Array.from({ length: count }, () => row(++id)));
  insert(ROWS);
  const found = SIZES.map((size) => {
    const rounds = size === 1 ? 30 : size === 100 ? 5 : 1;
    counts.puts = counts.deletes = 0;
    for (let i = 0; i < rounds; i++) insert(size);
    return (counts.puts + counts.deletes) / rounds;
  });
  db.close();
  return found;
}

const KINDS: readonly (readonly [kind: string, index: string, most: readonly [number, number, number]])[] = [
  ['btree', 'CREATE INDEX i ON places USING btree (population)', [3, 105, 500]],
  ['hash', 'CREATE INDEX i ON places USING hash (name)', [3, 105, 500]],
  ['bitmap', 'CREATE INDEX i ON places USING bitmap (kind)', [4, 8, 10]],
  ['rtree', 'CREATE INDEX i ON places USING rtree (loc)', [3, 105, 500]],
  ['fulltext', 'CREATE INDEX i ON places USING fulltext (about)', [4, 10, 400]],
  ['bloom', 'CREATE INDEX i ON places USING bloom (name)', [3, 25, 40]],
  ['columnstore', 'CREATE INDEX i ON places USING columnstore (id, kind, population)', [3, 15, 60]],
];

describe('pages changed by a transaction, beside those of the table', () => {
  it('are bounded for every kind', () => {
    const bare = pages('');
    const lines = [`table          ${bare.map((n) => n.toFixed(1)).join('  ')}`];
    const over: string[] = [];
    for (const [kind, index, most] of KINDS) {
      const more = pages(index).map((n, i) => n - bare[i]!);
      lines.push(`${kind.padEnd(14)} ${more.map((n) => n.toFixed(1)).join('  ')}`);
      more.forEach((n, i) => n > most[i]! && over.push(`${kind}: ${n} pages for ${SIZES[i]} rows`));
    }
    console.log(lines.join('\n'));
    expect(over).toEqual([]);
  });
});
