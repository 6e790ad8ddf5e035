// better-sqlite3 with the table of places and the best that SQLite has: WAL, every commit synced, composite and covering indexes, FTS5
// with porter, R*Tree, statistics, prepared statements, a large cache and memory mapping.

import { createRequire } from 'node:module';
import type { Place } from '../data/places.js';

export const SQLITE = 'better-sqlite3';

/** The part of better-sqlite3 that is used here: the sources type-check without it. */
export interface SqliteStatement {
  get(...parameters: unknown[]): unknown;
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): unknown;
  iterate(...parameters: unknown[]): IterableIterator<unknown>;
  /** Gives the first column alone. */
  pluck(): this;
  /** Gives arrays. */
  raw(): this;
}

export interface Sqlite {
  prepare(text: string): SqliteStatement;
  exec(text: string): void;
  pragma(text: string): unknown;
  transaction(fn: () => void): () => void;
  close(): void;
}

const require = createRequire(import.meta.url);

export function openSqlite(path: string): Sqlite {
  const Database = require('better-sqlite3') as new (path: string) => Sqlite;
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('cache_size = -524288');
  db.pragma('mmap_size = 2147483648');
  db.pragma('temp_store = MEMORY');
  return db;
}

export type SqliteIndexed = 'population' | 'name' | 'country' | 'kind' | 'zone' | 'filter' | 'location' | 'about';

const INDEXES: Readonly<Record<SqliteIndexed, string>> = {
  population: 'CREATE INDEX places_population ON places (population)',
  name: 'CREATE INDEX places_name ON places (name)',
  country: 'CREATE INDEX places_country ON places (country)',
  kind: 'CREATE INDEX places_kind ON places (kind)',
  zone: 'CREATE INDEX places_zone ON places (zone)',
  // Covers a filter by all three, in the best order for equality, equality, list.
  filter: 'CREATE INDEX places_filter ON places (country, kind, zone)',
  location: `CREATE VIRTUAL TABLE places_location USING rtree (id, west, east, south, north);
    INSERT INTO places_location SELECT id, lon, lon, lat, lat FROM places`,
  about: `CREATE VIRTUAL TABLE places_about USING fts5 (about, content = 'places', content_rowid = 'id', tokenize = 'porter unicode61');
    INSERT INTO places_about (places_about) VALUES ('rebuild')`,
};

export const INSERT = `INSERT INTO places (id, name, country, kind, zone, population, lon, lat, about)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export function valuesOf(place: Place): unknown[] {
  const { id, name, country, kind, zone, population, lon, lat, about } = place;
  return [id, name, country, kind, zone, population, lon, lat, about];
}

export function makeSqliteTable(db: Sqlite): void {
  db.exec(`CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, kind TEXT, zone INTEGER,
    population INTEGER, lon REAL, lat REAL, about TEXT)`);
}

export function makeSqliteIndexes(db: Sqlite, indexes: readonly SqliteIndexed[]): void {
  for (const index of indexes) db.exec(INDEXES[index]);
}

/** Triggers that keep R*Tree and FTS5 in step, as an application would write them. */
export function makeSqliteTriggers(db: Sqlite, indexes: readonly SqliteIndexed[]): void {
  const inserts = [
    ['location', 'INSERT INTO places_location VALUES (new.id, new.lon, new.lon, new.lat, new.lat);'],
    ['about', 'INSERT INTO places_about (rowid, about) VALUES (new.id, new.about);'],
  ] as const;
  const own = inserts.filter(([name]) => indexes.includes(name)).map(([, text]) => text);
  if (own.length > 0) db.exec(`CREATE TRIGGER places_inserted AFTER INSERT ON places BEGIN ${own.join(' ')} END`);
}

export function insertSqlite(db: Sqlite, places: Iterable<Place>): void {
  const insert = db.prepare(INSERT);
  db.transaction(() => {
    for (const place of places) insert.run(valuesOf(place));
  })();
}

export function sqlitePlaces(path: string, places: Iterable<Place>, indexes: readonly SqliteIndexed[]): Sqlite {
  const db = openSqlite(path);
  makeSqliteTable(db);
  insertSqlite(db, places);
  makeSqliteIndexes(db, indexes);
  db.exec('ANALYZE');
  return db;
}
