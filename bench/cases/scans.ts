// Ranges of rows, and whole tables.

import { places } from '../data/places.js';
import type { Group } from '../group.js';
import { LIGHTNING, lightningPlaces } from '../peers/lightning.js';
import { SQLITE, sqlitePlaces } from '../peers/sqlite.js';

export const scans: Group = {
  name: 'scans',
  *contests({ scale, path }) {
    const rows = Math.round(500_000 * scale);
    const db = lightningPlaces(path('lightning'), places(rows), ['population']);
    const sqlite = sqlitePlaces(path('sqlite'), places(rows), ['population']);
    const span = Math.min(100_000, Math.floor(rows / 2));
    const prepare = (text: string) => ({ mine: db.prepare(text), theirs: sqlite.prepare(text) });
    try {
      const range = prepare('SELECT id, name, population FROM places WHERE id BETWEEN ? AND ?');
      yield {
        name: 'range by primary key, three columns as objects',
        unit: 'row',
        operations: span,
        contestants: [
          { name: LIGHTNING, run: () => range.mine.all(1000, 999 + span) },
          { name: SQLITE, run: () => range.theirs.all(1000, 999 + span) },
        ],
      };
      const short = prepare('SELECT id, name, population FROM places WHERE id BETWEEN ? AND ?');
      yield {
        name: 'range of 100 by primary key, objects',
        unit: 'row',
        operations: 10_000,
        contestants: [
          { name: LIGHTNING, run: () => Array.from({ length: 100 }, (_, i) => short.mine.all(i * 97, i * 97 + 99)) },
          { name: SQLITE, run: () => Array.from({ length: 100 }, (_, i) => short.theirs.all(i * 97, i * 97 + 99)) },
        ],
      };
      const sum = prepare('SELECT sum(population) AS total FROM places WHERE id BETWEEN ? AND ?');
      yield {
        name: 'sum of one column over a range',
        unit: 'row',
        operations: span,
        contestants: [
          { name: LIGHTNING, run: () => sum.mine.get(1000, 999 + span) },
          { name: SQLITE, run: () => sum.theirs.get(1000, 999 + span) },
        ],
      };
      const ordered = prepare('SELECT population FROM places WHERE population >= ? ORDER BY population LIMIT 10000');
      yield {
        name: '10,000 in order of a covering index',
        unit: 'row',
        operations: 10_000,
        contestants: [
          { name: LIGHTNING, run: () => ordered.mine.all(5000) },
          { name: SQLITE, run: () => ordered.theirs.all(5000) },
        ],
      };
      const top = prepare('SELECT name, population FROM places ORDER BY population DESC, id LIMIT 10');
      yield {
        name: 'top 10 by an indexed column',
        unit: 'query',
        operations: 1,
        contestants: [
          { name: LIGHTNING, run: () => top.mine.all() },
          { name: SQLITE, run: () => top.theirs.all() },
        ],
      };
      const full = prepare(
        'SELECT country, count(*) AS n, sum(population) AS total FROM places GROUP BY country ORDER BY country',
      );
      yield {
        name: 'group and sum over the whole table, no index',
        unit: 'row',
        operations: rows,
        contestants: [
          { name: LIGHTNING, run: () => full.mine.all() },
          { name: SQLITE, run: () => full.theirs.all() },
        ],
      };
      const unindexed = prepare("SELECT count(*) AS n FROM places WHERE zone = 3 AND kind = 'PPL' AND name > 'M'");
      yield {
        name: 'filter of three conditions over the whole table, no index',
        unit: 'row',
        operations: rows,
        contestants: [
          { name: LIGHTNING, run: () => unindexed.mine.get() },
          { name: SQLITE, run: () => unindexed.theirs.get() },
        ],
      };
    } finally {
      db.close();
      sqlite.close();
    }
  },
};
