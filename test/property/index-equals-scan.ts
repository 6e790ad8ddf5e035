// One database against itself: any set of its indexes, and none, must give the same answers - at the newest state, in snapshots that
// are held while rows change, and after the file is opened again. Worlds and queries are those of the differential test.

import { Queries } from '../differential/generate/queries.js';
import type { Theme } from '../differential/generate/queries.js';
import { matchNode, spatialNode } from '../differential/generate/search.js';
import { sameRows } from '../differential/engines.js';
import { INDEX_KINDS } from '../differential/indexes.js';
import { isOrdered, write } from '../differential/query.js';
import type { Query } from '../differential/query.js';
import type { Random } from '../differential/random.js';
import { ask, signOf } from '../differential/database.js';
import type { World } from '../differential/world.js';
import type { Database, Hints } from '../../src/index.js';

/** As planned, one kind alone, a random choice of kinds; each is compared with the scan. */
export function hintsOf(random: Random): Hints[] {
  const only = random.pick(INDEX_KINDS);
  return [
    {},
    { withoutKinds: INDEX_KINDS.filter((kind) => kind !== only) },
    { withoutKinds: random.sample(INDEX_KINDS, random.int(1, 5)) },
  ];
}

function attempt(db: Database, query: Query, hints: Hints): { readonly rows: string[]; readonly sign: string } {
  try {
    return { rows: ask(db, query, hints), sign: 'answer' };
  } catch (error) {
    return { rows: [], sign: signOf(error) };
  }
}

/** What `count` random queries find to differ between the scan and the indexes. */
export function compareQueries(
  db: Database,
  world: World,
  random: Random,
  count: number,
  theme: Theme = 'mixed',
  ways: (random: Random) => readonly Hints[] = hintsOf,
): string[] {
  const generator = new Queries(random, world.tables, true, theme, world.views);
  const found: string[] = [];
  for (let i = 0; i < count; i++) {
    const query = generator.next();
    const scan = attempt(db, query, { noIndexes: true });
    for (const hints of ways(random)) {
      const answer = attempt(db, query, hints);
      if (answer.sign === scan.sign && sameRows(answer.rows, scan.rows, isOrdered(query))) continue;
      const { sql, parameters } = write(query, 'lightning');
      found.push(
        `seed ${world.seed} ${JSON.stringify(hints)}: ${sql} ${parameters.map(String).join(', ')}\n` +
          `scan ${scan.sign} ${scan.rows.slice(0, 5).join(' / ')}\nindexes ${answer.sign} ${answer.rows.slice(0, 5).join(' / ')}`,
      );
    }
  }
  return [...found, ...compareScores(db, world, random, Math.ceil(count / 4))];
}

/** Ranked answers: the same rows in the same order with the same scores. */
export function compareScores(db: Database, world: World, random: Random, count: number): string[] {
  const found: string[] = [];
  const tables = world.tables.filter(({ match }) => match);
  for (let i = 0; i < count && tables.length > 0; i++) {
    const { table } = random.pick(tables);
    const conditions = [matchNode(random, 'x').write('lightning', [])];
    if (random.chance(0.2)) conditions.push(spatialNode(random, 'x').write('lightning', []));
    if (random.chance(0.2)) conditions.push('x.c0 IS NOT NULL');
    // Without `id` the walk by score may serve the order; equal scores at the cut may then be other rows.
    const total = random.chance(0.3);
    const limit = random.chance(0.8) ? ` LIMIT ${random.int(1, 12)}` : '';
    const where = conditions.join(' AND ');
    const sql = `SELECT x.id, score() FROM ${table.name} AS x WHERE ${where} ORDER BY score() DESC${total ? ', x.id' : ''}${limit}`;
    const answers = [{ noIndexes: true }, ...hintsOf(random)].map((hints) => {
      const rows = db
        .prepare(sql, { hints })
        .values()
        .map(([id, score]) => ({ id: String(id), score: Number(score).toPrecision(10) }));
      const last = rows.at(-1)?.score;
      const shown = rows.map(({ id, score }) => (total || score !== last ? `${id}: ${score}` : score));
      return (total ? shown : shown.sort()).join(', ');
    });
    const different = answers.find((answer) => answer !== answers[0]);
    if (different !== undefined) found.push(`seed ${world.seed}: ${sql}\nscan ${answers[0]}\nindexes ${different}`);
  }
  return found;
}

/** An iterator that is held open, and what it must still give. */
export interface Held {
  readonly sql: string;
  readonly rest: IterableIterator<unknown>;
  readonly expected: string;
}

const text = (row: unknown): string => JSON.stringify(row, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v));

/** Begins to iterate over a table, reads a row or none, and remembers the others. */
export function hold(db: Database, table: string, random: Random): Held {
  const sql = `SELECT * FROM ${table} ORDER BY id`;
  const statement = db.prepare(sql, { hints: random.chance(0.5) ? {} : { noIndexes: true } });
  const expected = statement.all();
  const rest = statement.iterate();
  const read = random.int(0, Math.min(3, expected.length));
  for (let i = 0; i < read; i++) rest.next();
  return { sql, rest, expected: expected.slice(read).map(text).join('\n') };
}

/** What is wrong with the rest of an iterator, if anything. */
export function release(held: Held): string[] {
  const rows = [...held.rest].map(text).join('\n');
  if (rows === held.expected) return [];
  return [
    `${held.sql}: an iterator saw later changes: ${rows.slice(0, 300)} ... instead of ${held.expected.slice(0, 300)}`,
  ];
}

/** Direct lookups against statements without indexes. */
export function compareHandles(db: Database, world: World, random: Random): string[] {
  const found: string[] = [];
  for (const { table } of world.tables) {
    for (const index of world.indexes.filter((i) => i.table === table.name && !i.partial && !i.expression)) {
      const column = table.columns.find((c) => c.name === index.key);
      if (column === undefined || index.sql.includes(`${index.key},`) || index.sql.includes(', ')) continue;
      if (index.kind !== 'btree' && index.kind !== 'hash' && index.kind !== 'bitmap') continue;
      const handle = db.table(table.name).index(index.name);
      const value = random.pick(column.pool);
      if (value === null || column.kind === 'timestamp') continue;
      const wanted = db
        .query(`SELECT id FROM ${table.name} WHERE ${index.key} = $1`, [value], { hints: { noIndexes: true } })
        .map((row) => text(row['id']))
        .sort();
      const got = handle
        .get(value)
        .map((row) => text(row['id']))
        .sort();
      if (got.join() !== wanted.join())
        found.push(`seed ${world.seed} ${index.sql} get(${String(value)}): ${got.join()} for ${wanted.join()}`);
      if (handle.count(value) !== wanted.length) found.push(`seed ${world.seed} ${index.sql} count(${String(value)})`);
      if (handle.rowIds(value).length !== wanted.length)
        found.push(`seed ${world.seed} ${index.sql} rowIds(${String(value)})`);
    }
  }
  return found;
}
