// What each further index costs a single durable insert and update: with one to six of them, beside SQLite with as many of the nearest it has.

import { places } from '../data/places.js';
import type { Group } from '../group.js';
import type { Contest } from '../measure.js';
import { LIGHTNING, lightningPlaces, rowsOf } from '../peers/lightning.js';
import type { Indexed } from '../peers/lightning.js';
import { INSERT, makeSqliteTriggers, SQLITE, sqlitePlaces, valuesOf } from '../peers/sqlite.js';

const KINDS = ['population', 'country', 'name', 'kind', 'location', 'about'] as const satisfies readonly Indexed[];
const COMMITS = 20;

export const indexedWrites: Group = {
  name: 'indexed-writes',
  *contests({ scale, path }) {
    const rows = [...places(Math.round(50_000 * scale))];
    const half = rows.length >>> 1;
    for (let count = 1; count <= KINDS.length; count++) {
      const kinds = KINDS.slice(0, count);
      const db = lightningPlaces(path('lightning'), rows.slice(0, half), kinds);
      const sqlite = sqlitePlaces(path('sqlite'), rows.slice(0, half), kinds);
      makeSqliteTriggers(sqlite, kinds);
      const table = db.table('places');
      const insert = sqlite.prepare(INSERT);
      const [mine, theirs] = [{ next: half }, { next: half }];
      const round = (at: { next: number }, each: (i: number) => void) => {
        for (let n = COMMITS; n > 0; n--) each(at.next++);
      };
      const place = (i: number) => ({ ...rows[half + (i % half)]!, id: i + 1 });
      const update = 'UPDATE places SET population = population + 1 WHERE id = ?';
      const [mineUpdate, theirUpdate] = [db.prepare(update), sqlite.prepare(update)];
      const contest = (what: string, own: (i: number) => void, other: (i: number) => void): Contest => ({
        name: `single durable ${what}, ${count} ${count === 1 ? 'index' : 'indexes'}`,
        unit: 'commit',
        operations: COMMITS,
        contestants: [
          { name: LIGHTNING, run: () => round(mine, own) },
          { name: SQLITE, run: () => round(theirs, other) },
        ],
      });
      try {
        yield contest(
          'insert',
          (i) => table.insert([...rowsOf([place(i)])][0] as Record<string, unknown>),
          (i) => insert.run(valuesOf(place(i))),
        );
        yield contest(
          'update of the first indexed column',
          (i) => mineUpdate.run(1 + (i % half)),
          (i) => theirUpdate.run(1 + (i % half)),
        );
      } finally {
        db.close();
        sqlite.close();
      }
    }
  },
};
