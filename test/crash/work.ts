// What the killed process does, as a function of the seed and the number of the transaction, so that the survivor's contents can be
// foretold. Every transaction changes rows under all kinds of index, and the last number done.

import type { Database, Hints } from '../../src/index.js';
import { Random } from '../differential/random.js';

export interface Thing {
  readonly id: number;
  readonly n: number | null;
  readonly tag: string | null;
  readonly code: string;
  readonly about: string | null;
  readonly lon: number;
  readonly lat: number;
}

type Change =
  | { readonly kind: 'put'; readonly thing: Thing }
  | { readonly kind: 'update'; readonly id: number; readonly tag: string; readonly n: number }
  | { readonly kind: 'delete'; readonly id: number };

const IDS = 400;
const WORDS = 'harbour river island mountain forest desert valley glacier lagoon plateau'.split(' ');

export const SCHEMA = `
  CREATE TABLE things (id INTEGER PRIMARY KEY, n INTEGER, tag TEXT, code TEXT NOT NULL, about TEXT, loc POINT);
  CREATE INDEX things_n ON things USING btree (n) INCLUDE (tag);
  CREATE INDEX things_code ON things USING hash (code);
  CREATE INDEX things_tag ON things USING bitmap (tag);
  CREATE INDEX things_filter ON things USING bloom (code);
  CREATE INDEX things_about ON things USING fulltext (about);
  CREATE INDEX things_loc ON things USING rtree (loc);
  CREATE INDEX things_columns ON things USING columnstore (id, n, tag, code);
  CREATE TABLE progress (id INTEGER PRIMARY KEY, last INTEGER NOT NULL);
  INSERT INTO progress VALUES (1, 0);
`;

export function changesOf(seed: number, sequence: number): Change[] {
  const random = new Random(seed * 1_000_003 + sequence);
  return Array.from(
    {
      length: random.weighted([
        [3, 1],
        [4, random.int(2, 6)],
        [1, random.int(20, 60)],
      ]),
    },
    () => {
      const id = random.int(1, IDS);
      const tag = random.pick(['red', 'green', 'blue', 'grey']);
      const n = random.int(0, 50);
      return random.weighted<() => Change>([
        [2, () => ({ kind: 'update', id, tag, n })],
        [1, () => ({ kind: 'delete', id })],
        [
          4,
          () => ({
            kind: 'put',
            thing: {
              id,
              n: random.chance(0.1) ? null : n,
              tag: random.chance(0.1) ? null : tag,
              code: `code ${random.int(0, 99)}`,
              about: random.chance(0.1) ? null : random.sample(WORDS, random.int(0, 8)).join(' '),
              lon: random.int(-720, 720) / 4,
              lat: random.int(-340, 340) / 4,
            },
          }),
        ],
      ])();
    },
  );
}

/** Applies the transaction to what the table should hold. */
export function foretell(things: Map<number, Thing>, seed: number, sequence: number): void {
  for (const change of changesOf(seed, sequence)) {
    if (change.kind === 'put') things.set(change.thing.id, change.thing);
    else if (change.kind === 'delete') things.delete(change.id);
    else {
      const before = things.get(change.id);
      if (before !== undefined) things.set(change.id, { ...before, tag: change.tag, n: change.n });
    }
  }
}

/** @param wrote called after the first write inside the transaction */
export function perform(db: Database, seed: number, sequence: number, wrote: () => void): void {
  const things = db.table('things');
  const update = db.prepare('UPDATE things SET tag = ?, n = ? WHERE id = ?');
  db.transaction(() => {
    db.query('UPDATE progress SET last = ? WHERE id = 1', [sequence]);
    wrote();
    for (const change of changesOf(seed, sequence)) {
      if (change.kind === 'put') {
        const { lon, lat, ...rest } = change.thing;
        things.put({ ...rest, loc: { type: 'Point', coordinates: [lon, lat] } });
      } else if (change.kind === 'delete') {
        things.delete(change.id);
      } else {
        update.run(change.tag, change.n, change.id);
      }
    }
  });
}

export function lastDone(db: Database): number {
  return Number(db.query('SELECT last FROM progress WHERE id = 1')[0]?.['last']);
}

/** The table's rows, as `foretell` keeps them. */
export function contents(db: Database): Thing[] {
  return db
    .prepare('SELECT id, n, tag, code, about, ST_X(loc), ST_Y(loc) FROM things ORDER BY id')
    .values()
    .map(([id, n, tag, code, about, lon, lat]) => ({ id, n, tag, code, about, lon, lat }) as Thing);
}

const KINDS = ['btree', 'hash', 'bitmap', 'bloom', 'fulltext', 'rtree', 'columnstore'];

/** Queries over several columns whose answers, with random kinds of index switched off, are not those of the scan. */
export function differences(db: Database, random: Random): string[] {
  const conditions = [
    () => `n ${random.pick(['<', '=', '>='])} ${random.int(0, 50)}`,
    () => `tag ${random.pick(["= 'red'", "IN ('green', 'blue')", "<> 'grey'", 'IS NULL'])}`,
    () => `code ${random.pick(['=', '<>'])} 'code ${random.int(0, 99)}'`,
    () => `MATCH(about, '${random.sample(WORDS, 2).join(random.pick([' ', ' OR ', ' -']))}')`,
    () => `ST_DWithin(loc, ST_Point(${random.int(-90, 90)}, ${random.int(-60, 60)}), ${random.int(1, 6)}000000)`,
  ];
  return Array.from({ length: 12 }, () => {
    const chosen = random.sample(conditions, random.int(1, 4)).map((condition) => condition());
    const where = chosen.join(random.pick([' AND ', ' AND ', ' OR ']));
    const sql = random.pick([
      `SELECT id FROM things WHERE ${where} ORDER BY id`,
      `SELECT tag, count(*) AS c, sum(n) AS s FROM things WHERE ${where} GROUP BY tag ORDER BY tag`,
      `SELECT count(*) AS c FROM things WHERE NOT (${where})`,
    ]);
    const withoutKinds = random.sample(KINDS, random.int(0, 5)) as NonNullable<Hints['withoutKinds']>;
    const [one, other] = [{ withoutKinds }, { noIndexes: true }].map((hints) =>
      JSON.stringify(db.query(sql, [], { hints })),
    );
    return one === other ? '' : `${sql} without ${withoutKinds.join(', ')}: ${one} for ${other}`;
  }).filter((difference) => difference !== '');
}
