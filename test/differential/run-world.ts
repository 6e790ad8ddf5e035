// Builds a world in this database and in the oracles, and asks all of them the same queries: as planned, and in a part of the cases
// without indexes, with random rules or kinds switched off, under a join method, or again through the plan cache.

import { RULES } from '../../src/optimize/index.js';
import type { Database, Hints } from '../../src/index.js';
import { affordable } from './affordable.js';
import type { Coverage } from './coverage.js';
import { ask, signOf, withDatabase } from './database.js';
import { sameRows } from './engines.js';
import type { Oracles } from './engines.js';
import { Queries } from './generate/queries.js';
import type { Theme } from './generate/queries.js';
import { INDEX_KINDS } from './indexes.js';
import { redraw } from './query-change.js';
import { inSqlite, isOrdered, outputKinds, select, walkQuery, write } from './query.js';
import type { Query } from './query.js';
import { read, visible } from './generate/scope.js';
import { Random } from './random.js';
import { statementsOf } from './steps.js';
import type { World } from './world.js';

export interface Variant {
  readonly name: string;
  readonly hints: Hints;
}

export interface Difference {
  readonly world: World;
  /** Undefined: the world itself could not be built, or was not sound afterwards. */
  readonly query: Query | undefined;
  readonly variant: Variant;
  /** `answer`, `error CODE`, `verify`, `oracles`. */
  readonly sign: string;
  readonly what: string;
}

interface Case {
  readonly query: Query;
  readonly expected: readonly string[];
  readonly variants: readonly Variant[];
}

export const AS_PLANNED: Variant = { name: 'as planned', hints: {} };
/** Differences of one world that are reported. */
const ENOUGH = 3;
/** One plan in so many is looked at; all of a large world, whose queries are few. */
const LOOKED_AT = 6;
/** Rows of an answer from a large world; reading and comparing whole tables there says nothing that small ones do not. */
const MOST_ROWS = 1_000;
/** The share of the queries which SQLite answers that PostgreSQL is asked as well. */
const BOTH = 0.3;
/** The share of the queries that are one before them with other values. */
const REDRAWN = 0.5;

/** As planned, and in two of five cases in one other way. */
function variantsOf(random: Random): Variant[] {
  const disabledRules = RULES.map((rule) => rule.name).filter(() => random.chance(0.3));
  const other = random.weighted<() => Variant | undefined>([
    [8, () => undefined],
    [1.5, () => ({ name: 'no indexes', hints: { noIndexes: true } })],
    [1.5, () => ({ name: 'rules off', hints: { disabledRules } })],
    [0.7, () => ({ name: 'without kinds', hints: { withoutKinds: random.sample(INDEX_KINDS, random.int(1, 4)) } })],
    [0.7, () => ({ name: 'join method', hints: { join: random.pick(['hash', 'lookup', 'nested-loop'] as const) } })],
    [0.6, () => ({ name: 'again', hints: {} })],
  ])();
  return other === undefined ? [AS_PLANNED] : [AS_PLANNED, other];
}

/** The whole of every table, then random queries; some are those before them with other values. */
function queriesOf(world: World, theme: Theme, count: number, random: Random): Query[] {
  const queries: Query[] = world.tables.map(({ table }) =>
    select(
      [{ alias: 'x', table: table.name, join: undefined, on: undefined }],
      table.columns.map((c) => read(visible('x', c))),
    ),
  );
  const generator = new Queries(random, world.tables, true, theme, world.views);
  while (queries.length < count) {
    const last = queries.at(-1)!;
    queries.push(random.chance(REDRAWN) ? redraw(last, random) : generator.next());
  }
  return queries;
}

/** What the oracles say, and where they do not say the same. */
async function answered(
  oracles: Oracles,
  world: World,
  queries: readonly Query[],
  random: Random,
  coverage: Coverage,
): Promise<{ readonly cases: Case[]; readonly differences: Difference[] }> {
  const differences: Difference[] = [];
  const cases: Case[] = [];
  const asked = queries.filter((query) => !inSqlite(query) || random.chance(BOTH));
  const answers = await oracles.postgresAnswers(
    asked.map((query) => ({ sql: write(query, 'postgres').sql, kinds: outputKinds(query) })),
  );
  const postgres = new Map(asked.map((query, i) => [query, answers[i]!]));
  coverage.lap('postgres');
  for (const query of queries) {
    const variants = variantsOf(random);
    const differ = (what: string): void => {
      differences.push({ world, query, variant: AS_PLANNED, sign: 'oracles', what });
    };
    let expected = postgres.get(query);
    if (expected instanceof Error) {
      if (!onlySqlite(query, expected)) {
        differ(String(expected));
        continue;
      }
      expected = undefined;
    }
    if (inSqlite(query)) {
      try {
        const sqlite = oracles.sqliteRows(write(query, 'sqlite'), outputKinds(query));
        if (expected !== undefined && !sameRows(sqlite, expected, isOrdered(query))) {
          differ(`SQLite:\n${sqlite.slice(0, 10).join('\n')}\nPostgreSQL:\n${expected.slice(0, 10).join('\n')}`);
          continue;
        }
        if (expected !== undefined) coverage.both++;
        expected = sqlite;
      } catch (error) {
        differ(String(error));
        continue;
      }
    }
    if (expected !== undefined) cases.push({ query, expected, variants });
  }
  coverage.lap('sqlite');
  return { cases, differences };
}

/** PostgreSQL makes a full join by hashing or merging alone. */
function onlySqlite(query: Query, error: Error): boolean {
  let full = false;
  walkQuery(
    query,
    () => {},
    (part) => {
      if (part.kind === 'select' && part.from.some(({ join }) => join === 'FULL JOIN')) full = true;
    },
  );
  return full && error.message.includes('FULL JOIN is only supported');
}

/** Runs `count` queries of a world; gives what differs. At most a few differences of one world are reported. */
export async function runWorld(
  oracles: Oracles,
  world: World,
  theme: Theme,
  count: number,
  coverage: Coverage,
): Promise<Difference[]> {
  const random = new Random(world.seed + 0x9e3779b9);
  coverage.start();
  const drawn = queriesOf(world, theme, count, random);
  coverage.lap('generating');
  const names = world.tables.map(({ table }) => table.name).join(', ');
  const postgres = [...statementsOf(world.steps, 'postgres'), `ANALYZE ${names}`];
  await oracles.reset(statementsOf(world.steps, 'sqlite'), postgres);
  coverage.lap('oracles building');
  const soon = await affordable(oracles, drawn);
  coverage.tooDear += drawn.length - soon.length;
  const queries = world.large
    ? soon.filter((query) => !inSqlite(query) || oracles.answersWithin(write(query, 'sqlite'), MOST_ROWS))
    : soon;
  const { cases, differences } = await answered(oracles, world, queries, random, coverage);
  try {
    withDatabase(world, world.steps, (db) => {
      coverage.lap('building');
      cases.forEach(({ query, expected, variants }, i) => {
        if (differences.length >= ENOUGH) return;
        const difference = compare(db, query, expected, variants, coverage, world.seed);
        if (difference !== undefined) differences.push({ world, query, ...difference });
        const { sql, parameters } = write(query, 'lightning');
        coverage.query(query, expected, parameters.length);
        if (!coverage.ofPlans || difference !== undefined || (!world.large && i % LOOKED_AT !== 0)) return;
        coverage.lap('answering');
        coverage.plan(db.explain(sql, parameters, { format: 'json' }), world.indexes);
        coverage.lap('explaining');
      });
      coverage.lap('answering');
      const { ok, findings } = db.verify();
      coverage.lap('verifying');
      coverage.verified++;
      if (!ok) {
        const what = findings.map((f) => `${f.table} ${f.index ?? ''}: ${f.what}`).join('\n');
        differences.push({ world, query: undefined, variant: AS_PLANNED, sign: 'verify', what });
      }
    });
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    differences.push({ world, query: undefined, variant: AS_PLANNED, sign: signOf(error), what });
  }
  return differences;
}

function compare(
  db: Database,
  query: Query,
  expected: readonly string[],
  variants: readonly Variant[],
  coverage: Coverage,
  seed: number,
): Pick<Difference, 'variant' | 'sign' | 'what'> | undefined {
  for (const variant of variants) {
    try {
      const start = performance.now();
      const rows = ask(db, query, variant.hints);
      coverage.answered(
        variant.name,
        performance.now() - start,
        () => `seed ${seed} ${JSON.stringify(variant.hints)} ${write(query, 'lightning').sql}`,
      );
      if (sameRows(rows, expected, isOrdered(query))) continue;
      const what = `expected ${expected.length} rows:\n${expected.slice(0, 10).join('\n')}\ncame ${rows.length}:\n${rows.slice(0, 10).join('\n')}`;
      return { variant, sign: 'answer', what };
    } catch (error) {
      return { variant, sign: signOf(error), what: error instanceof Error ? (error.stack ?? '') : String(error) };
    }
  }
  return undefined;
}
