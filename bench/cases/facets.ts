// How many rows have each value: over the whole table, and among the rows of a filter.

import { places } from '../data/places.js';
import type { Group } from '../group.js';
import { LIGHTNING, lightningPlaces } from '../peers/lightning.js';
import { SQLITE, sqlitePlaces } from '../peers/sqlite.js';

export const facets: Group = {
  name: 'facets',
  *contests({ scale, path, note }) {
    const rows = Math.round(1_000_000 * scale);
    const db = lightningPlaces(path('lightning'), places(rows), ['country', 'kind', 'zone']);
    const sqlite = sqlitePlaces(path('sqlite'), places(rows), ['country', 'kind', 'zone', 'filter']);
    try {
      const contest = (name: string, text: string, bar?: number) => {
        note(db.explain(text));
        const mine = db.prepare(text);
        const theirs = sqlite.prepare(text);
        return {
          name,
          unit: 'query',
          operations: 1,
          ...(bar !== undefined && { bar }),
          contestants: [
            { name: LIGHTNING, run: () => mine.all() },
            { name: SQLITE, run: () => theirs.all() },
          ],
        };
      };
      yield contest(
        'counts by country',
        'SELECT country, count(*) AS n FROM places GROUP BY country ORDER BY country',
        50,
      );
      yield contest('counts by zone', 'SELECT zone, count(*) AS n FROM places GROUP BY zone ORDER BY zone', 50);
      yield contest(
        'counts by zone within a filter',
        "SELECT zone, count(*) AS n FROM places WHERE country = 'US' AND kind = 'PPL' GROUP BY zone ORDER BY zone",
      );
      yield contest(
        'counts by country within a wide filter',
        "SELECT country, count(*) AS n FROM places WHERE kind = 'PPL' AND zone IN (0, 1, 2) GROUP BY country ORDER BY country",
      );
    } finally {
      db.close();
      sqlite.close();
    }
  },
};
