// Text, map and facet in one question: words, a box and a country; the twenty best by score, and by distance. Scores of two engines
// differ in the last digits of their formulas, so that rows are compared as sets where score decides, and exactly elsewhere. Libraries
// that have one index and no rows take part where that index alone answers.

import { places } from '../data/places.js';
import type { Group } from '../group.js';
import type { Contest, Contestant } from '../measure.js';
import { LIGHTNING, lightningPlaces } from '../peers/lightning.js';
import { FLEXSEARCH, flexSearchPlaces, MINISEARCH, miniSearchPlaces, RBUSH, rbushPlaces } from '../peers/libraries.js';
import { PGLITE, pglitePlaces } from '../peers/pglite.js';
import { SQLITE, sqlitePlaces } from '../peers/sqlite.js';

const BOX = { west: -10, south: 40, east: 20, north: 55 };
const { west, south, east, north } = BOX;
const RADIANS = Math.PI / 180;
const [LON, LAT] = [2.3522, 48.8566];

const IN_BOX = `ST_Within(location, ST_MakeEnvelope(${west}, ${south}, ${east}, ${north}))`;
const SQLITE_BOX = `l.west >= ${west} AND l.east <= ${east} AND l.south >= ${south} AND l.north <= ${north}`;
const PG_BOX = `location <@ box '((${west},${south}),(${east},${north}))'`;
const SQLITE_JOIN = 'places_about a JOIN places p ON p.id = a.rowid JOIN places_location l ON l.id = p.id';
const TSVECTOR = "to_tsvector('english', about)";

/** Neither has a distance on the sphere: the formula is written out. */
function sphere(lon: string, lat: string): string {
  return `2 * 6371008.8 * asin(sqrt(power(sin((${lat} - ${LAT}) * ${RADIANS} / 2), 2) +
    cos(${lat} * ${RADIANS}) * cos(${LAT} * ${RADIANS}) * power(sin((${lon} - ${LON}) * ${RADIANS} / 2), 2)))`;
}

interface Question {
  readonly name: string;
  readonly lightning: string;
  readonly sqlite: string;
  readonly postgres: string;
  readonly bar?: readonly number[];
  readonly same?: Contest['same'];
}

/** @param reach degrees around the point within which the ten nearest surely lie: the others are told where to look */
const questions = (reach: number): readonly Question[] => [
  {
    name: 'text + box + facet, count',
    lightning: `SELECT count(*) AS n FROM places WHERE MATCH(about, 'castle river') AND ${IN_BOX} AND country = 'FR'`,
    sqlite: `SELECT count(*) AS n FROM ${SQLITE_JOIN}
      WHERE places_about MATCH 'castle river' AND ${SQLITE_BOX} AND p.country = 'FR'`,
    postgres: `SELECT count(*)::int AS n FROM places
      WHERE ${TSVECTOR} @@ to_tsquery('english', 'castle & river') AND ${PG_BOX} AND country = 'FR'`,
    bar: [10, 1],
  },
  {
    name: 'text + box + facet, top 20 by score',
    lightning: `SELECT id FROM places WHERE MATCH(about, 'castle river') AND ${IN_BOX} AND country = 'FR' ORDER BY score() DESC LIMIT 20`,
    sqlite: `SELECT p.id FROM ${SQLITE_JOIN}
      WHERE places_about MATCH 'castle river' AND ${SQLITE_BOX} AND p.country = 'FR' ORDER BY rank LIMIT 20`,
    postgres: `SELECT id FROM places
      WHERE ${TSVECTOR} @@ to_tsquery('english', 'castle & river') AND ${PG_BOX} AND country = 'FR'
      ORDER BY ts_rank(${TSVECTOR}, to_tsquery('english', 'castle & river')) DESC LIMIT 20`,
    bar: [10, 1],
    same: asMany,
  },
  {
    name: 'text alone, top 20 by score',
    lightning: `SELECT id FROM places WHERE MATCH(about, 'lighthouse ruin') ORDER BY score() DESC LIMIT 20`,
    sqlite: `SELECT rowid AS id FROM places_about WHERE places_about MATCH 'lighthouse ruin' ORDER BY rank LIMIT 20`,
    postgres: `SELECT id FROM places WHERE ${TSVECTOR} @@ to_tsquery('english', 'lighthouse & ruin')
      ORDER BY ts_rank(${TSVECTOR}, to_tsquery('english', 'lighthouse & ruin')) DESC LIMIT 20`,
    same: asMany,
  },
  {
    name: 'text + box + facet, top 20 by distance',
    lightning: `SELECT id FROM places WHERE MATCH(about, 'castle') AND ${IN_BOX} AND kind = 'PPL'
      ORDER BY ST_Distance(location, ST_Point(${LON}, ${LAT})) LIMIT 20`,
    sqlite: `SELECT p.id FROM ${SQLITE_JOIN} WHERE places_about MATCH 'castle' AND ${SQLITE_BOX} AND p.kind = 'PPL'
      ORDER BY ${sphere('p.lon', 'p.lat')} LIMIT 20`,
    postgres: `SELECT id FROM places WHERE ${TSVECTOR} @@ to_tsquery('english', 'castle') AND ${PG_BOX} AND kind = 'PPL'
      ORDER BY ${sphere('location[0]', 'location[1]')} LIMIT 20`,
    bar: [10, 1],
  },
  {
    name: 'nearest 10 of a kind with a population',
    lightning: `SELECT id FROM places WHERE kind = 'PPLA2' AND population > 5000
      ORDER BY ST_Distance(location, ST_Point(${LON}, ${LAT})) LIMIT 10`,
    sqlite: `SELECT p.id FROM places p JOIN places_location l ON l.id = p.id
      WHERE l.west >= ${LON - reach} AND l.east <= ${LON + reach} AND l.south >= ${LAT - reach} AND l.north <= ${LAT + reach}
      AND p.kind = 'PPLA2' AND p.population > 5000 ORDER BY ${sphere('p.lon', 'p.lat')} LIMIT 10`,
    postgres: `SELECT id FROM places WHERE location <@ box '((${LON - reach},${LAT - reach}),(${LON + reach},${LAT + reach}))'
      AND kind = 'PPLA2' AND population > 5000 ORDER BY ${sphere('location[0]', 'location[1]')} LIMIT 10`,
    bar: [1, 1],
  },
  {
    name: 'box, count',
    lightning: `SELECT count(*) AS n FROM places WHERE ${IN_BOX}`,
    sqlite: `SELECT count(*) AS n FROM places p JOIN places_location l ON l.id = p.id
      WHERE ${SQLITE_BOX} AND p.lon >= ${west} AND p.lon <= ${east} AND p.lat >= ${south} AND p.lat <= ${north}`,
    postgres: `SELECT count(*)::int AS n FROM places WHERE ${PG_BOX}`,
  },
];

export const search: Group = {
  name: 'search',
  async *contests({ scale, path, note }) {
    const rows = [...places(Math.round(300_000 * scale))];
    const db = lightningPlaces(path('lightning'), rows, ['country', 'kind', 'location', 'about', 'population']);
    const sqlite = sqlitePlaces(path('sqlite'), rows, ['country', 'kind', 'location', 'about', 'population']);
    const postgres = await pglitePlaces(rows);
    const alone: Readonly<Record<string, readonly Contestant[]>> = {
      'text alone, top 20 by score': textAlone(rows),
      'box, count': [await boxAlone(rows)],
    };
    try {
      for (const { name, bar, same, ...texts } of questions(5 / Math.sqrt(scale))) {
        note(db.explain(texts.lightning));
        const mine = db.prepare(texts.lightning);
        const theirs = sqlite.prepare(texts.sqlite);
        yield {
          ...{ name, unit: 'query', operations: 1 },
          ...(bar !== undefined && { bar }),
          ...(same !== undefined && { same }),
          contestants: [
            { name: LIGHTNING, run: () => mine.all() },
            { name: SQLITE, run: () => theirs.all() },
            { name: PGLITE, run: async () => (await postgres.query(texts.postgres)).rows },
            ...(alone[name] ?? []),
          ],
        };
      }
    } finally {
      db.close();
      sqlite.close();
      await postgres.close();
    }
  },
};

type Rows = Parameters<typeof miniSearchPlaces>[0];

function textAlone(rows: Rows): Contestant[] {
  const mini = miniSearchPlaces(rows);
  const flex = flexSearchPlaces(rows);
  const text = 'lighthouse ruin';
  return [
    { name: MINISEARCH, run: () => mini.search(text, { combineWith: 'AND' }).slice(0, 20) },
    { name: FLEXSEARCH, run: () => flex.search(text, { limit: 20 }).map((id) => ({ id })) },
  ];
}

async function boxAlone(rows: Rows): Promise<Contestant> {
  const tree = await rbushPlaces(rows);
  const box = { minX: west, minY: south, maxX: east, maxY: north };
  return { name: RBUSH, run: () => [{ n: tree.search(box).length }] };
}

/** Formulas of rank differ, and so do the best of many: as many must come. That the right rows match is shown by their counts. */
function asMany(a: unknown, b: unknown): boolean {
  return (a as object[]).length === (b as object[]).length;
}
