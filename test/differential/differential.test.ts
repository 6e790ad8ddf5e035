// The share of the differential cases that every test run makes: about a minute of processor. More: `npm run fuzz -- 1000000`.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Coverage } from './coverage.js';
import { Oracles } from './engines.js';
import type { Theme } from './generate/queries.js';
import { ENOUGH } from './required.js';
import { runCases } from './run.js';
import { report, shrink } from './shrink.js';

/** The same cases in every run; `npm run fuzz` makes new ones. */
const SEED = Number(process.env['SEED'] ?? 1);
const CASES = Number(process.env['CASES'] ?? 4_000);

/** By turns; filters, which reach the rarer indexes, twice. */
const THEMES: readonly Theme[] = ['filters', 'mixed', 'joins', 'filters', 'queries'];

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
      const run = { themes: THEMES, cases: CASES, seed: SEED, largeEvery: 16 };
      await runCases(oracles, run, coverage, (difference) => {
        reports.push(report(difference, shrink(oracles.sqliteAlone(), difference)));
        return false;
      });
      console.log(`seed ${SEED}: ${coverage.toString()}`);
      expect(reports).toEqual([]);
      if (CASES >= ENOUGH) expect(coverage.missing()).toEqual([]);
    },
    CASES * 200 + 300_000,
  );
});
