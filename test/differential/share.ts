// The random cases that every test run makes, in files of their own that run side by side. More: `npm run fuzz -- 1000000`.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Coverage } from './coverage.js';
import { Oracles } from './engines.js';
import { ENOUGH } from './required.js';
import { runCases, THEMES } from './run.js';
import { report, shrink } from './shrink.js';

/** Cases of one file. */
const CASES = Number(process.env['CASES'] ?? 10_000);

/**
 * @param seed the same cases in every run; `SEED` in the environment moves all of them
 * @param covers whether these cases must reach everything that `required.ts` lists: one such sample tells of the generator
 */
export function differential(seed: number, { covers }: { readonly covers: boolean }): void {
  const first = seed + Number(process.env['SEED'] ?? 0);
  describe(`random cases against SQLite and PostgreSQL (seed ${first})`, () => {
    let oracles: Oracles;
    beforeAll(async () => {
      oracles = await Oracles.open();
    }, 120_000);
    afterAll(() => oracles.close());

    it(
      'differ in nothing',
      async () => {
        const coverage = new Coverage({ ofPlans: covers });
        const reports: string[] = [];
        const run = { themes: THEMES, cases: CASES, seed: first, largeEvery: 16 };
        await runCases(oracles, run, coverage, (difference) => {
          reports.push(report(difference, shrink(oracles.sqliteAlone(), difference)));
          return false;
        });
        console.log(`seed ${first}: ${coverage.toString()}`);
        expect(reports).toEqual([]);
        if (covers && CASES >= ENOUGH) expect(coverage.missing()).toEqual([]);
      },
      CASES * 200 + 300_000,
    );
  });
}
