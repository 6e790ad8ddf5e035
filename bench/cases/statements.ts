// What a statement costs before its first row: from a text that is known, and from one that must be planned.

import { places } from '../data/places.js';
import type { Group } from '../group.js';
import { LIGHTNING, lightningPlaces } from '../peers/lightning.js';
import { SQLITE, sqlitePlaces } from '../peers/sqlite.js';

const TIMES = 2_000;
const PLANS = 100;

export const statements: Group = {
  name: 'statements',
  *contests({ scale, path }) {
    const rows = Math.round(20_000 * Math.min(1, scale * 4));
    const indexes = ['population', 'country', 'kind', 'zone'] as const;
    const db = lightningPlaces(path('lightning'), places(rows), indexes);
    const sqlite = sqlitePlaces(path('sqlite'), places(rows), [...indexes, 'filter']);
    // SQLite's binding keeps no statements: an application does.
    try {
      const text = 'SELECT name FROM places WHERE id = ?';
      yield {
        name: 'text to first row, known text (better-sqlite3 prepares anew)',
        unit: 'query',
        operations: TIMES,
        contestants: [
          { name: LIGHTNING, run: () => repeat(TIMES, (i) => db.query(text, [1 + (i % 500)])[0]) },
          { name: SQLITE, run: () => repeat(TIMES, (i) => sqlite.prepare(text).get(1 + (i % 500))) },
        ],
      };
      const literal = (i: number) => `SELECT name FROM places WHERE id = ${1 + (i % 500)} AND zone >= 0`;
      yield {
        name: 'text to first row, other literals each time',
        unit: 'query',
        operations: TIMES,
        contestants: [
          { name: LIGHTNING, run: () => repeat(TIMES, (i) => db.query(literal(i))[0]) },
          { name: SQLITE, run: () => repeat(TIMES, (i) => sqlite.prepare(literal(i)).get()) },
        ],
      };
      let serial = 0;
      const planned = (alias: string) =>
        `SELECT a.name AS ${alias} FROM places a JOIN places b ON b.id = a.zone JOIN places c ON c.id = b.zone
         WHERE a.country = 'US' AND a.kind = 'nothing' AND b.zone < 5 AND c.population > 10`;
      yield {
        name: 'new plan of a join of three tables, and its empty answer',
        unit: 'query',
        operations: PLANS,
        contestants: [
          { name: LIGHTNING, run: () => repeat(PLANS, () => db.query(planned(`n${serial++}`)).length) },
          { name: SQLITE, run: () => repeat(PLANS, () => sqlite.prepare(planned(`n${serial++}`)).all().length) },
        ],
      };
    } finally {
      db.close();
      sqlite.close();
    }
  },
};

function repeat<T>(times: number, fn: (i: number) => T): T[] {
  const answers: T[] = [];
  for (let i = 0; i < times; i++) answers.push(fn(i));
  return answers;
}
