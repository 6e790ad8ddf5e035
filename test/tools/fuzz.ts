// `npm run fuzz -- [CASES] [SEED] [THEME]`: differential cases against SQLite and PostgreSQL, as many as asked; differences are made
// smaller. Themes: mixed, filters, joins, queries; all of them by turns when none is named.

import { Coverage } from '../differential/coverage.js';
import { Oracles } from '../differential/engines.js';
import type { Theme } from '../differential/generate/queries.js';
import { runCases } from '../differential/run.js';
import { ENOUGH } from '../differential/required.js';
import { report, shrink } from '../differential/shrink.js';

/** By turns; filters, which reach the rarer indexes, twice. */
const THEMES: readonly Theme[] = ['filters', 'mixed', 'joins', 'filters', 'queries'];
/** Reports of differences that look alike. */
const REPORTED = 2;

export async function main([
  cases = '10000',
  seed = String(Date.now() % 1_000_000_000),
  theme,
]: readonly string[]): Promise<number> {
  const themes = THEMES.filter((name) => theme === undefined || name === theme);
  if (!/^\d+$/.test(cases) || !/^\d+$/.test(seed) || themes.length === 0) {
    console.error(`usage: npm run fuzz -- [CASES] [SEED] [${[...new Set(THEMES)].join(' | ')}]`);
    return 2;
  }
  const oracles = await Oracles.open();
  const alone = oracles.sqliteAlone();
  const coverage = new Coverage();
  const signs = new Map<string, number>();
  const start = performance.now();
  console.log(`seed ${seed}`);
  const run = { themes, cases: Number(cases), seed: Number(seed), largeEvery: 16 };
  await runCases(oracles, run, coverage, (difference) => {
    const sign = `${difference.sign} ${difference.variant.name} ${difference.what.split('\n')[0]!.slice(0, 90)}`;
    const seen = signs.get(sign) ?? 0;
    signs.set(sign, seen + 1);
    if (seen < REPORTED) console.log(`\n${report(difference, shrink(alone, difference))}`);
    if (process.stdout.isTTY) process.stdout.write(`\r${coverage.cases} cases `);
    return true;
  });
  await oracles.close();
  console.log(`\n${coverage.toString()}`);
  if (coverage.cases >= ENOUGH) console.log(`too seldom: ${coverage.missing().join(', ') || 'nothing'}`);
  for (const [sign, count] of signs) console.log(`${count} times: ${sign}`);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage();
  const differing = [...signs.values()].reduce((sum, n) => sum + n, 0);
  console.log(
    `${coverage.cases} cases in ${seconds.toFixed(0)} s (${((user + system) / 1e6).toFixed(0)} s of processor), ${differing} differences`,
  );
  return differing === 0 ? 0 : 1;
}
