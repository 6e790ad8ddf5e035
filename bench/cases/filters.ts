// `a = ? AND b = ? AND c IN (...)` over a million rows: its count, and its first twenty rows. SQLite has the covering index on all three.

import { places } from '../data/places.js';
import type { Group } from '../group.js';
import { LIGHTNING, lightningPlaces } from '../peers/lightning.js';
import { SQLITE, sqlitePlaces } from '../peers/sqlite.js';

const WHERE = 'country = ? AND kind = ? AND zone IN (1, 2, 5, 7)';
const PARAMETERS = [
  ['US', 'PPL'],
  ['IN', 'PPL'],
  ['DE', 'PPLA4'],
  ['FR', 'PPL'],
];

export const filters: Group = {
  name: 'filters',
  *contests({ scale, path, note }) {
    const rows = Math.round(1_000_000 * scale);
    const db = lightningPlaces(path('lightning'), places(rows), ['population', 'country', 'kind', 'zone']);
    const sqlite = sqlitePlaces(path('sqlite'), places(rows), ['population', 'country', 'kind', 'zone', 'filter']);
    try {
      const contest = (name: string, text: string, bar: number | undefined, order = text) => {
        const mine = db.prepare(text);
        const theirs = sqlite.prepare(order);
        return {
          name,
          unit: 'query',
          operations: PARAMETERS.length,
          ...(bar !== undefined && { bar }),
          contestants: [
            { name: LIGHTNING, run: () => PARAMETERS.map((parameters) => mine.all(...parameters)) },
            { name: SQLITE, run: () => PARAMETERS.map((parameters) => theirs.all(...parameters)) },
          ],
        };
      };
      const count = `SELECT count(*) AS n FROM places WHERE ${WHERE}`;
      note(db.explain(count, PARAMETERS[0]!));
      yield contest('three-way AND, count', count, 10);
      const first = `SELECT id, name FROM places WHERE ${WHERE} ORDER BY id LIMIT 20`;
      note(db.explain(first, PARAMETERS[0]!));
      yield contest('three-way AND, first 20 by id', first, 10);
      const top = `SELECT id, population FROM places WHERE ${WHERE} ORDER BY population DESC, id LIMIT 20`;
      note(db.explain(top, PARAMETERS[0]!));
      yield contest('three-way AND, top 20 by population', top, undefined);
      const four = `SELECT count(*) AS n FROM places WHERE ${WHERE} AND population BETWEEN 1000 AND 20000`;
      note(db.explain(four, PARAMETERS[0]!));
      yield contest('three-way AND and a range, count', four, undefined);
      const or = `SELECT count(*) AS n FROM places WHERE (country = ? OR zone = 3) AND kind <> ?`;
      note(db.explain(or, PARAMETERS[0]!));
      yield contest('OR and NOT, count', or, undefined);
    } finally {
      db.close();
      sqlite.close();
    }
  },
};
