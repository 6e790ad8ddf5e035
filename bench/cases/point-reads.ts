// One row by its primary key: in the cache of decoded pages, and outside it.

import { places } from '../data/places.js';
import { Random } from '../data/random.js';
import type { Group } from '../group.js';
import { LIGHTNING, lightningPlaces, openLightning } from '../peers/lightning.js';
import { openSqlite, SQLITE, sqlitePlaces } from '../peers/sqlite.js';

const READS = 50_000;
/** Rows that are read again and again. */
const HOT = 10_000;

function keys(below: number, seed: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: READS }, () => 1 + random.below(below));
}

/** Calls `get` for every key; the answer is a number that differs when a row does. */
function sumOf(ids: readonly number[], get: (id: number) => { readonly population: number } | undefined): number {
  let sum = 0;
  for (let i = 0; i < ids.length; i++) sum += get(ids[i]!)!.population;
  return sum;
}

interface Populated {
  readonly population: number;
}

export const pointReads: Group = {
  name: 'point-reads',
  *contests({ scale, path }) {
    const rows = Math.round(500_000 * scale);
    const file = path('lightning');
    const sqliteFile = path('sqlite');
    const db = lightningPlaces(file, places(rows), []);
    const sqlite = sqlitePlaces(sqliteFile, places(rows), []);
    const hot = keys(Math.min(HOT, rows), 1);
    try {
      const one = 'SELECT population FROM places WHERE id = ?';
      const mine = db.prepare<Populated>(one);
      const theirs = sqlite.prepare(one);
      yield {
        name: 'one column, prepared, cached',
        unit: 'read',
        operations: READS,
        bar: 10,
        contestants: [
          { name: LIGHTNING, run: () => sumOf(hot, (id) => mine.get(id)) },
          { name: SQLITE, run: () => sumOf(hot, (id) => theirs.get(id) as Populated) },
        ],
      };
      const all = 'SELECT id, name, country, kind, zone, population FROM places WHERE id = ?';
      const mineAll = db.prepare<Populated>(all);
      const theirsAll = sqlite.prepare(all);
      yield {
        name: 'six columns, prepared, cached',
        unit: 'read',
        operations: READS,
        bar: 10,
        contestants: [
          { name: LIGHTNING, run: () => sumOf(hot, (id) => mineAll.get(id)) },
          { name: SQLITE, run: () => sumOf(hot, (id) => theirsAll.get(id) as Populated) },
        ],
      };
      const table = db.table<Populated>('places');
      const whole = sqlite.prepare('SELECT * FROM places WHERE id = ?');
      yield {
        name: 'whole row, table.get, cached',
        unit: 'read',
        operations: READS,
        bar: 10,
        contestants: [
          { name: LIGHTNING, run: () => sumOf(hot, (id) => table.get(id)) },
          { name: SQLITE, run: () => sumOf(hot, (id) => whole.get(id) as Populated) },
        ],
      };
    } finally {
      db.close();
      sqlite.close();
    }
    // The least that both can do with: SQLite's default of 2 MB, without mapped memory, against a cache of 1 MB.
    const cold = openLightning(file, { cacheBytes: 1024 * 1024 });
    const coldSqlite = openSqlite(sqliteFile);
    coldSqlite.pragma('cache_size = -2000');
    coldSqlite.pragma('mmap_size = 0');
    try {
      const anywhere = keys(rows, 2);
      const text = 'SELECT population FROM places WHERE id = ?';
      const mine = cold.prepare<Populated>(text);
      const theirs = coldSqlite.prepare(text);
      yield {
        name: `one column of ${rows} rows at random, not in its cache`,
        unit: 'read',
        operations: READS,
        bar: 1.5,
        contestants: [
          { name: LIGHTNING, run: () => sumOf(anywhere, (id) => mine.get(id)) },
          { name: SQLITE, run: () => sumOf(anywhere, (id) => theirs.get(id) as Populated) },
        ],
      };
    } finally {
      cold.close();
      coldSqlite.close();
    }
  },
};
