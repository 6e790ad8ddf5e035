// Builds a world in Lightning and in the oracles, and asks all of them the same queries: as planned, without indexes, with random rules
// and kinds switched off, under a join method, twice through the plan cache.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LightningError } from '../../src/errors.js';
import { open } from '../../src/index.js';
import type { Database, Hints, OpenOptions } from '../../src/index.js';
import { RULES } from '../../src/optimize/index.js';
import type { Coverage } from './coverage.js';
import { rowText, sameRows } from './engines.js';
import type { Oracles } from './engines.js';
import { Queries } from './generate-query.js';
import { isOrdered, outputKinds, redraw, write } from './query.js';
import type { Query } from './query.js';
import { Random } from './random.js';
import { replay, statementsOf, makeWorld } from './world.js';
import type { Step, World } from './world.js';

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

const KINDS = ['btree', 'hash', 'bitmap', 'bloom', 'rtree', 'fulltext'] as const;
export const AS_PLANNED: Variant = { name: 'as planned', hints: {} };

function variantsOf(random: Random): Variant[] {
  const disabledRules = RULES.map((rule) => rule.name).filter(() => random.chance(0.3));
  const other = random.weighted<() => Variant>([
    [1, () => ({ name: 'without kinds', hints: { withoutKinds: random.sample(KINDS, random.int(1, 4)) } })],
    [1, () => ({ name: 'join method', hints: { join: random.pick(['hash', 'lookup', 'nested-loop'] as const) } })],
    [1, () => ({ name: 'again', hints: {} })],
  ])();
  return [
    AS_PLANNED,
    { name: 'no indexes', hints: { noIndexes: true } },
    { name: 'rules off', hints: { disabledRules } },
    other,
  ];
}

/** Opens a database for a world: in memory, or in a file with a small cache that is closed and opened again after the writes. */
export function withDatabase<T>(world: Pick<World, 'seed'>, steps: readonly Step[], use: (db: Database) => T): T {
  const random = new Random(world.seed ^ 0x5bd1e995);
  const options: OpenOptions = {
    cachePolicy: random.pick(['w-tinylfu', 'arc'] as const),
    ...(random.chance(0.3) ? { cacheBytes: 50_000 } : {}),
  };
  if (!random.chance(0.1)) {
    const db = open(':memory:', options);
    try {
      replay(db, steps);
      return use(db);
    } finally {
      db.close();
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'lightning-differential-'));
  try {
    const path = join(folder, 'world.db');
    const first = open(path, { ...options, durability: 'async' });
    try {
      replay(first, steps);
    } finally {
      first.close();
    }
    const db = open(path, options);
    try {
      return use(db);
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An error as a sign by which it is known again. */
export function signOf(error: unknown): string {
  return error instanceof LightningError ? `error ${error.code}` : `error ${String(error).slice(0, 80)}`;
}

export function ask(db: Database, query: Query, hints: Hints): string[] {
  const { sql, parameters } = write(query, 'lightning');
  const kinds = outputKinds(query);
  const statement = db.prepare(sql, { hints });
  const rows = parameters.length === 0 ? statement.values() : statement.values(parameters);
  return rows.map((row) => rowText(row, kinds));
}

/** Runs `count` queries of a world; gives what differs. At most a few differences of one world are reported. */
export async function runWorld(
  oracles: Oracles,
  seed: number,
  count: number,
  coverage: Coverage,
  world = makeWorld(seed),
): Promise<Difference[]> {
  const random = new Random(seed + 0x9e3779b9);
  const differences: Difference[] = [];
  let clock = performance.now();
  const lap = (what: keyof Coverage['spent']): void => {
    coverage.spent[what] += performance.now() - clock;
    clock = performance.now();
  };
  await oracles.reset(statementsOf(world.steps, 'sqlite'), statementsOf(world.steps, 'postgres'));
  const queries: { query: Query; expected: string[]; variants: Variant[] }[] = [];
  const generator = new Queries(random, world.tables, true, world.large);
  let last: Query | undefined;
  for (let i = 0; i < count; i++) {
    const query: Query = last !== undefined && random.chance(0.25) ? redraw(last, random) : generator.next();
    last = query;
    const kinds = outputKinds(query);
    const variants = variantsOf(random);
    try {
      const sqlite = oracles.sqliteRows(write(query, 'sqlite'), kinds);
      const postgres = await oracles.postgresRows(write(query, 'postgres'), kinds);
      if (sameRows(sqlite, postgres, isOrdered(query))) queries.push({ query, expected: sqlite, variants });
      else {
        const what = `SQLite:\n${sqlite.slice(0, 10).join('\n')}\nPostgreSQL:\n${postgres.slice(0, 10).join('\n')}`;
        differences.push({ world, query, variant: AS_PLANNED, sign: 'oracles', what });
      }
    } catch (error) {
      differences.push({ world, query, variant: AS_PLANNED, sign: 'oracles', what: String(error) });
    }
  }
  lap('oracles');
  try {
    withDatabase(world, world.steps, (db) => {
      lap('building');
      for (const { query, expected, variants } of queries) {
        const difference = compare(db, query, expected, variants, coverage, world.seed);
        if (difference !== undefined) differences.push({ world, query, ...difference });
        const { sql, parameters } = write(query, 'lightning');
        coverage.query(query, expected, parameters.length);
        if (difference === undefined) coverage.plan(db.explain(sql, parameters, { format: 'json' }), world.indexes);
        if (differences.length >= 3) break;
      }
      clock = performance.now();
      const { ok, findings } = db.verify();
      lap('verifying');
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
