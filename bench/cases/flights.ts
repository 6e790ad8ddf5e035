// A million and three million flights: several predicates, facets, sums over what a filter leaves, the most of something. Lightning DB has
// bitmaps, B-trees and a columnstore; SQLite composite indexes that cover the questions; PGlite, at a million, B-trees; DuckDB its columns.

import { appendFileSync, writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { open } from '../../src/index.js';
import type { Database } from '../../src/index.js';
import { Flights, FLIGHTS } from '../data/flights.js';
import type { Flight } from '../data/flights.js';
import type { Group, Setting } from '../group.js';
import type { Contest, Contestant } from '../measure.js';
import { DUCKDB, DuckDb } from '../peers/duckdb.js';
import { LIGHTNING } from '../peers/lightning.js';
import { copyInto, lines, PGLITE } from '../peers/pglite.js';
import { openSqlite, SQLITE } from '../peers/sqlite.js';
import type { Sqlite } from '../peers/sqlite.js';

const COLUMNS = 'day INTEGER, delay INTEGER, distance INTEGER, origin TEXT, destination TEXT';
const TABLE = `CREATE TABLE flights (id INTEGER PRIMARY KEY, ${COLUMNS})`;

const LIGHTNING_INDEXES = [
  'CREATE INDEX flights_origin ON flights USING bitmap (origin)',
  'CREATE INDEX flights_destination ON flights USING bitmap (destination)',
  'CREATE INDEX flights_delay ON flights (delay)',
  'CREATE INDEX flights_route ON flights (origin, destination, delay)',
  'CREATE INDEX flights_columns ON flights USING columnstore (day, delay, distance, origin, destination)',
];
const BTREES = [
  'CREATE INDEX flights_route ON flights (origin, destination, delay)',
  'CREATE INDEX flights_arrivals ON flights (destination, delay, distance)',
  'CREATE INDEX flights_delay ON flights (delay, distance)',
];

/** Questions with the bars against SQLite and DuckDB. */
const QUESTIONS: readonly (readonly [string, string, number?, number?])[] = [
  [
    'three-way AND, count',
    "SELECT count(*) AS n FROM flights WHERE origin = 'ATL' AND destination = 'DFW' AND delay > 30",
    10,
  ],
  [
    'AND of OR, count',
    "SELECT count(*) AS n FROM flights WHERE (origin = 'SFO' OR destination = 'SFO') AND delay > 60 AND distance < 1000",
  ],
  ['facet counts', 'SELECT origin, count(*) AS n FROM flights GROUP BY origin ORDER BY origin', 50],
  [
    'facet counts within a filter',
    "SELECT destination, count(*) AS n FROM flights WHERE origin IN ('ORD', 'ATL') AND delay > 60 GROUP BY destination ORDER BY destination",
  ],
  [
    'filter and aggregate',
    'SELECT count(*) AS n, sum(delay) AS late, max(distance) AS far FROM flights WHERE delay BETWEEN 20 AND 90 AND distance > 1000',
    5,
    0.5,
  ],
  [
    'filter, group and average',
    'SELECT origin, count(*) AS n, sum(delay) AS late FROM flights WHERE distance > 500 AND day < 100 GROUP BY origin ORDER BY origin',
    5,
    0.5,
  ],
  [
    'latest 20 of two airports',
    "SELECT id, delay FROM flights WHERE origin IN ('JFK', 'LGA') AND distance > 700 ORDER BY delay DESC, id LIMIT 20",
  ],
];

export const flights: Group = {
  name: 'flights',
  async *contests(setting) {
    const all = await Flights.read(Math.round(FLIGHTS * setting.scale));
    for (const share of [1 / 3, 1]) {
      const count = Math.round(all.count * share);
      yield* compare(count, all, setting, share < 1);
    }
  },
};

async function* compare(count: number, all: Flights, setting: Setting, withPostgres: boolean): AsyncGenerator<Contest> {
  const db = lightningFlights(setting.path('lightning'), all.rows(count));
  const sqlite = sqliteFlights(setting.path('sqlite'), all.rows(count));
  const duck = await duckFlights(setting.path('flights.csv'), all.rows(count));
  const postgres = withPostgres ? await pgliteFlights(all.rows(count)) : undefined;
  try {
    for (const [name, text, sqliteBar, duckBar] of QUESTIONS) {
      setting.note(db.explain(text));
      const mine = db.prepare(text);
      const theirs = sqlite.prepare(text);
      const columns = await duck.prepare(text);
      const contestants: Contestant[] = [
        { name: LIGHTNING, run: () => mine.all() },
        { name: SQLITE, run: () => theirs.all() },
        { name: DUCKDB, run: columns },
      ];
      if (postgres !== undefined)
        contestants.push({ name: PGLITE, run: async () => (await postgres.query(text)).rows });
      const bar = [sqliteBar, duckBar];
      yield { name: `${count} flights: ${name}`, unit: 'query', operations: 1, bar, contestants };
    }
  } finally {
    db.close();
    sqlite.close();
    duck.close();
    await postgres?.close();
  }
}

function lightningFlights(path: string, rows: Iterable<Flight>): Database {
  const db = open(path, { cacheBytes: 512 * 1024 * 1024 });
  db.exec(TABLE);
  db.table('flights').insertMany(rows);
  for (const index of LIGHTNING_INDEXES) db.exec(index);
  db.analyze();
  return db;
}

function sqliteFlights(path: string, rows: Iterable<Flight>): Sqlite {
  const db = openSqlite(path);
  db.exec(TABLE);
  const insert = db.prepare('INSERT INTO flights VALUES (?, ?, ?, ?, ?, ?)');
  db.transaction(() => {
    for (const row of rows) insert.run(Object.values(row));
  })();
  for (const index of BTREES) db.exec(index);
  db.exec('ANALYZE');
  return db;
}

async function pgliteFlights(rows: Iterable<Flight>) {
  // Whole numbers come as numbers, sums of them too.
  const db = await PGlite.create({ parsers: { 20: Number } });
  await db.exec(TABLE);
  await copyInto(
    db,
    'flights',
    lines(rows, (row) => Object.values(row) as (string | number)[]),
  );
  for (const index of BTREES) await db.exec(index);
  await db.exec('VACUUM ANALYZE');
  return db;
}

async function duckFlights(path: string, rows: Iterable<Flight>): Promise<DuckDb> {
  writeFileSync(path, '');
  let lines: string[] = [];
  const send = () => {
    appendFileSync(path, lines.join(''));
    lines = [];
  };
  for (const row of rows) if (lines.push(`${Object.values(row).join(',')}\n`) === 50_000) send();
  send();
  const db = await DuckDb.open();
  await db.exec(TABLE);
  await db.exec(`COPY flights FROM '${path}' (FORMAT csv, HEADER false)`);
  return db;
}
