// Lightning DB with the table of places.

import { open } from '../../src/index.js';
import type { Database, OpenOptions } from '../../src/index.js';
import type { Place } from '../data/places.js';

export const LIGHTNING = 'lightning-db';

const TABLE = `CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, kind TEXT, zone INTEGER,
  population INTEGER, location POINT, about TEXT)`;

export type Indexed = 'population' | 'name' | 'country' | 'kind' | 'zone' | 'location' | 'about';

const INDEXES: Readonly<Record<Indexed, string>> = {
  population: 'CREATE INDEX places_population ON places USING btree (population)',
  name: 'CREATE INDEX places_name ON places USING hash (name)',
  country: 'CREATE INDEX places_country ON places USING bitmap (country)',
  kind: 'CREATE INDEX places_kind ON places USING bitmap (kind)',
  zone: 'CREATE INDEX places_zone ON places USING bitmap (zone)',
  location: 'CREATE INDEX places_location ON places USING rtree (location)',
  about: 'CREATE INDEX places_about ON places USING fulltext (about)',
};

export function* rowsOf(places: Iterable<Place>): Generator<object> {
  for (const { lon, lat, ...row } of places) yield { ...row, location: { type: 'Point', coordinates: [lon, lat] } };
}

export function openLightning(path: string, options?: OpenOptions): Database {
  return open(path, options);
}

export function makeIndexes(db: Database, indexes: readonly Indexed[]): void {
  for (const index of indexes) db.exec(INDEXES[index]);
}

export function makeTable(db: Database): void {
  db.exec(TABLE);
}

/** A database with places, indexes and statistics. */
export function lightningPlaces(path: string, places: Iterable<Place>, indexes: readonly Indexed[]): Database {
  const db = openLightning(path, { cacheBytes: 512 * 1024 * 1024 });
  makeTable(db);
  db.table('places').insertMany(rowsOf(places));
  makeIndexes(db, indexes);
  db.analyze();
  return db;
}
