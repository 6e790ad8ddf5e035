// Loading, and single and small durable writes, with an index of every kind that both have in place.

import { places } from '../data/places.js';
import type { Place } from '../data/places.js';
import type { Group } from '../group.js';
import type { Indexed } from '../peers/lightning.js';
import { LIGHTNING, lightningPlaces, makeIndexes, makeTable, openLightning, rowsOf } from '../peers/lightning.js';
import type { SqliteIndexed } from '../peers/sqlite.js';
import {
  INSERT,
  insertSqlite,
  makeSqliteIndexes,
  makeSqliteTable,
  makeSqliteTriggers,
  openSqlite,
  SQLITE,
  sqlitePlaces,
  valuesOf,
} from '../peers/sqlite.js';

const KINDS: readonly Indexed[] = ['population', 'name', 'country', 'kind', 'location', 'about'];
const SQLITE_KINDS: readonly SqliteIndexed[] = ['population', 'name', 'country', 'kind', 'location', 'about'];

export const writes: Group = {
  name: 'writes',
  *contests({ scale, path }) {
    const rows = Math.round(100_000 * scale);
    const input = [...places(rows)];
    const objects = [...rowsOf(input)];
    const load = (fill: (file: string) => number) => () => fill(path('load'));
    yield {
      name: `bulk load of ${rows} rows without an index`,
      unit: 'row',
      operations: rows,
      rounds: 3,
      contestants: [
        { name: LIGHTNING, run: load((file) => lightningLoad(file, objects, [], [])) },
        { name: SQLITE, run: load((file) => sqliteLoad(file, input, [], [])) },
      ],
    };
    yield {
      name: `bulk load of ${rows} rows, then indexes of five kinds`,
      unit: 'row',
      operations: rows,
      rounds: 3,
      bar: 1,
      contestants: [
        { name: LIGHTNING, run: load((file) => lightningLoad(file, objects, [], KINDS)) },
        { name: SQLITE, run: load((file) => sqliteLoad(file, input, [], SQLITE_KINDS)) },
      ],
    };
    const some = input.slice(0, Math.min(rows, 20_000));
    const someObjects = objects.slice(0, some.length);
    yield {
      name: `${some.length} rows in one transaction, indexes of five kinds in place`,
      unit: 'row',
      operations: some.length,
      rounds: 3,
      contestants: [
        { name: LIGHTNING, run: load((file) => lightningLoad(file, someObjects, KINDS, [])) },
        { name: SQLITE, run: load((file) => sqliteLoad(file, some, SQLITE_KINDS, [])) },
      ],
    };
    yield* small(input, path);
  },
};

function lightningLoad(
  file: string,
  rows: readonly object[],
  before: readonly Indexed[],
  after: readonly Indexed[],
): number {
  const db = openLightning(file);
  try {
    makeTable(db);
    makeIndexes(db, before);
    db.table('places').insertMany(rows);
    makeIndexes(db, after);
    return db.table('places').count();
  } finally {
    db.close();
  }
}

function sqliteLoad(
  file: string,
  rows: readonly Place[],
  before: readonly SqliteIndexed[],
  after: readonly SqliteIndexed[],
): number {
  const db = openSqlite(file);
  try {
    makeSqliteTable(db);
    makeSqliteIndexes(db, before);
    makeSqliteTriggers(db, before);
    insertSqlite(db, rows);
    makeSqliteIndexes(db, after);
    return db.prepare('SELECT count(*) FROM places').pluck().get() as number;
  } finally {
    db.close();
  }
}

function* small(input: readonly Place[], path: (name: string) => string) {
  const half = input.length >>> 1;
  const db = lightningPlaces(path('lightning'), input.slice(0, half), KINDS);
  const sqlite = sqlitePlaces(path('sqlite'), input.slice(0, half), SQLITE_KINDS);
  makeSqliteTriggers(sqlite, SQLITE_KINDS);
  const rest = input.slice(half);
  const objects = [...rowsOf(rest)] as Record<string, unknown>[];
  const table = db.table('places');
  const insert = sqlite.prepare(INSERT);
  // Both number their rows themselves: the same rows again under fresh keys.
  const next = (key: { at: number }, count: number) => Array.from({ length: count }, () => key.at++ % rest.length);
  const [mine, theirs] = [{ at: 0 }, { at: 0 }];
  const fresh = ([, ...values]: unknown[]) => [null, ...values];
  const withoutId = ({ id: _, ...row }: Record<string, unknown>) => row;
  try {
    yield {
      name: 'single durable insert, five index kinds',
      unit: 'commit',
      operations: 20,
      bar: 1,
      contestants: [
        { name: LIGHTNING, run: () => next(mine, 20).forEach((i) => table.insert(withoutId(objects[i]!))) },
        { name: SQLITE, run: () => next(theirs, 20).forEach((i) => insert.run(fresh(valuesOf(rest[i]!)))) },
      ],
    };
    yield {
      name: 'durable batch of 1,000, five index kinds',
      unit: 'row',
      operations: 1000,
      contestants: [
        { name: LIGHTNING, run: () => void table.insertMany(next(mine, 1000).map((i) => withoutId(objects[i]!))) },
        {
          name: SQLITE,
          run: () =>
            sqlite.transaction(() => next(theirs, 1000).forEach((i) => insert.run(fresh(valuesOf(rest[i]!)))))(),
        },
      ],
    };
    const update = 'UPDATE places SET population = population + 1 WHERE id = ?';
    const [mineUpdate, theirUpdate] = [db.prepare(update), sqlite.prepare(update)];
    yield {
      name: 'single durable update of an indexed column',
      unit: 'commit',
      operations: 20,
      contestants: [
        { name: LIGHTNING, run: () => next(mine, 20).forEach((i) => mineUpdate.run(1 + (i % half))) },
        { name: SQLITE, run: () => next(theirs, 20).forEach((i) => theirUpdate.run(1 + (i % half))) },
      ],
    };
  } finally {
    db.close();
    sqlite.close();
  }
}
