// PGlite (PostgreSQL in this process, in memory) with the table of places and the best that PostgreSQL has for it: composite B-trees, GIN
// over the words with English stemming, GiST over the points, statistics.

import { PGlite } from '@electric-sql/pglite';
import type { Place } from '../data/places.js';

export const PGLITE = 'pglite';

const TABLE = `CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, kind TEXT, zone INTEGER,
  population INTEGER, location POINT, about TEXT)`;

const INDEXES = [
  'CREATE INDEX ON places (country, kind, zone)',
  'CREATE INDEX ON places (kind, population)',
  'CREATE INDEX ON places (zone)',
  'CREATE INDEX ON places (population)',
  "CREATE INDEX ON places USING gin (to_tsvector('english', about))",
  'CREATE INDEX ON places USING gist (location)',
];

export async function pglitePlaces(places: Iterable<Place>): Promise<PGlite> {
  const db = await PGlite.create();
  await db.exec(TABLE);
  await copyInto(
    db,
    'places',
    lines(places, ({ id, name, country, kind, zone, population, lon, lat, about }) => [
      ...[id, name, country, kind, zone, population, `(${lon},${lat})`, about],
    ]),
  );
  for (const index of INDEXES) await db.exec(index);
  await db.exec('VACUUM ANALYZE');
  return db;
}

/** Rows as PostgreSQL's text format of COPY. */
export function* lines<T>(rows: Iterable<T>, valuesOf: (row: T) => readonly (string | number)[]): Generator<string> {
  for (const row of rows) {
    const fields = valuesOf(row).map((value) => String(value).replace(/[\\\t\n]/g, (c) => (c === '\\' ? '\\\\' : ' ')));
    yield `${fields.join('\t')}\n`;
  }
}

/** Lines sent at once. */
const CHUNK = 50_000;

export async function copyInto(db: PGlite, table: string, rows: Iterable<string>): Promise<void> {
  let chunk: string[] = [];
  const send = async () => {
    await db.query(`COPY ${table} FROM '/dev/blob'`, [], { blob: new Blob([chunk.join('')]) });
    chunk = [];
  };
  for (const row of rows) if (chunk.push(row) === CHUNK) await send();
  if (chunk.length > 0) await send();
}
