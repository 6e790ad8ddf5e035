// The share of the differential cases that every test run makes. More: `CASES=10000 SEED=1 npx vitest run test/differential`, or
// `npm run fuzz -- 10000`.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Coverage } from './coverage.js';
import { Oracles } from './engines.js';
import { runWorld } from './run-world.js';
import { report, shrink } from './shrink.js';
import { makeLargeWorld } from './world.js';

/** The same cases in every run; `npm run fuzz` makes new ones. */
const SEED = Number(process.env['SEED'] ?? 1);
const CASES = Number(process.env['CASES'] ?? 800);
const PER_WORLD = 25;
const PER_LARGE_WORLD = 60;
const LARGE_EVERY = 50;
/** Below this many cases, chance may leave a rare construct out. */
const ENOUGH = 5_000;

describe(`random cases against SQLite and PostgreSQL (seed ${SEED})`, () => {
  let oracles: Oracles;
  beforeAll(async () => {
    oracles = await Oracles.open();
  }, 120_000);
  afterAll(() => oracles.close());

  it(
    'differ in nothing',
    async () => {
      const coverage = new Coverage();
      const reports: string[] = [];
      for (let world = 0; coverage.cases < CASES && reports.length === 0; world++) {
        const seed = SEED + world;
        const large = world % LARGE_EVERY === 0;
        const differences = large
          ? await runWorld(oracles, seed, PER_LARGE_WORLD, coverage, makeLargeWorld(seed))
          : await runWorld(oracles, seed, PER_WORLD, coverage);
        for (const found of differences) reports.push(report(found, shrink(oracles.sqliteAlone(), found)));
      }
      console.log(`seed ${SEED}: ${coverage.toString()}`);
      expect(reports).toEqual([]);
      expect(coverage.missing(CASES >= ENOUGH ? 0.01 : 0.001)).toEqual([]);
    },
    CASES * 1_000 + 60_000,
  );
});
