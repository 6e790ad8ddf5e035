// Text, map and facet in one question: words, a box and a country; the twenty best by score, and by distance. Scores of two engines
// differ in the last digits of their formulas, so that rows are compared as sets where score decides, and exactly elsewhere.

import { places } from '../data/places.js';
import type { Group } from '../group.js';
import { LIGHTNING, lightningPlaces } from '../peers/lightning.js';
import { SQLITE, sqlitePlaces } from '../peers/sqlite.js';

const BOX = { west: -10, south: 40, east: 20, north: 55 };
const RADIANS = Math.PI / 180;

export const search: Group = {
  name: 'search',
  *contests({ scale, path, note }) {
    const rows = Math.round(300_000 * scale);
    const db = lightningPlaces(path('lightning'), places(rows), ['country', 'kind', 'location', 'about', 'population']);
    const sqlite = sqlitePlaces(path('sqlite'), places(rows), ['country', 'kind', 'location', 'about', 'population']);
    const { west, south, east, north } = BOX;
    const inBox = `ST_Within(location, ST_MakeEnvelope(${west}, ${south}, ${east}, ${north}))`;
    const theirBox = `l.west >= ${west} AND l.east <= ${east} AND l.south >= ${south} AND l.north <= ${north}`;
    try {
      const contest = (name: string, mineText: string, theirText: string, bar?: number) => {
        note(db.explain(mineText));
        const mine = db.prepare(mineText);
        const theirs = sqlite.prepare(theirText);
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
        'text + box + facet, count',
        `SELECT count(*) AS n FROM places WHERE MATCH(about, 'castle river') AND ${inBox} AND country = 'FR'`,
        `SELECT count(*) AS n FROM places_about a JOIN places p ON p.id = a.rowid JOIN places_location l ON l.id = p.id
         WHERE places_about MATCH 'castle river' AND ${theirBox} AND p.country = 'FR'`,
        10,
      );
      yield {
        ...contest(
          'text + box + facet, top 20 by score',
          `SELECT id FROM places WHERE MATCH(about, 'castle river') AND ${inBox} AND country = 'FR' ORDER BY score() DESC LIMIT 20`,
          `SELECT p.id FROM places_about a JOIN places p ON p.id = a.rowid JOIN places_location l ON l.id = p.id
           WHERE places_about MATCH 'castle river' AND ${theirBox} AND p.country = 'FR' ORDER BY rank LIMIT 20`,
          10,
        ),
        same: overlap,
      };
      yield {
        ...contest(
          'text alone, top 20 by score',
          `SELECT id FROM places WHERE MATCH(about, 'lighthouse ruin') ORDER BY score() DESC LIMIT 20`,
          `SELECT rowid AS id FROM places_about WHERE places_about MATCH 'lighthouse ruin' ORDER BY rank LIMIT 20`,
        ),
        same: overlap,
      };
      // SQLite has no distance on the sphere: the formula is written out, for the rows of a box around the point.
      const [lon, lat] = [2.3522, 48.8566];
      const distance = `2 * 6371008.8 * asin(sqrt(pow(sin((p.lat - ${lat}) * ${RADIANS} / 2), 2) +
        cos(p.lat * ${RADIANS}) * cos(${lat} * ${RADIANS}) * pow(sin((p.lon - ${lon}) * ${RADIANS} / 2), 2)))`;
      yield contest(
        'text + box + facet, top 20 by distance',
        `SELECT id FROM places WHERE MATCH(about, 'castle') AND ${inBox} AND kind = 'PPL'
         ORDER BY ST_Distance(location, ST_Point(${lon}, ${lat})) LIMIT 20`,
        `SELECT p.id FROM places_about a JOIN places p ON p.id = a.rowid JOIN places_location l ON l.id = p.id
         WHERE places_about MATCH 'castle' AND ${theirBox} AND p.kind = 'PPL' ORDER BY ${distance} LIMIT 20`,
        10,
      );
      yield contest(
        'nearest 10 of a kind with a population',
        `SELECT id FROM places WHERE kind = 'PPLA2' AND population > 5000
         ORDER BY ST_Distance(location, ST_Point(${lon}, ${lat})) LIMIT 10`,
        `SELECT p.id FROM places p JOIN places_location l ON l.id = p.id
         WHERE l.west >= ${lon - 5} AND l.east <= ${lon + 5} AND l.south >= ${lat - 5} AND l.north <= ${lat + 5}
         AND p.kind = 'PPLA2' AND p.population > 5000 ORDER BY ${distance} LIMIT 10`,
      );
      yield contest(
        'box, count',
        `SELECT count(*) AS n FROM places WHERE ${inBox}`,
        `SELECT count(*) AS n FROM places p JOIN places_location l ON l.id = p.id
         WHERE ${theirBox} AND p.lon >= ${west} AND p.lon <= ${east} AND p.lat >= ${south} AND p.lat <= ${north}`,
      );
    } finally {
      db.close();
      sqlite.close();
    }
  },
};

/** Best matches of two BM25 formulas: at least half of them the same. */
function overlap(a: unknown, b: unknown): boolean {
  const [mine, theirs] = [a, b].map((rows) => new Set((rows as { readonly id: number }[]).map(({ id }) => id)));
  const shared = [...mine!].filter((id) => theirs!.has(id)).length;
  return mine!.size === theirs!.size && shared * 2 >= mine!.size;
}
