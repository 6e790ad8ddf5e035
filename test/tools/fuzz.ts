// `npm run fuzz -- [CASES] [SEED]`: differential cases against SQLite and PostgreSQL, as many as asked; differences are made smaller.

import { Coverage } from '../differential/coverage.js';
import { Oracles } from '../differential/engines.js';
import { runWorld } from '../differential/run-world.js';
import { makeLargeWorld } from '../differential/world.js';
import { report, shrink } from '../differential/shrink.js';

const PER_WORLD = 25;
/** One world in so many is large, for bloom filters. */
const LARGE_EVERY = 50;
const PER_LARGE_WORLD = 60;

export async function main([
  cases = '10000',
  seed = String(Date.now() % 1_000_000_000),
]: readonly string[]): Promise<number> {
  if (!/^\d+$/.test(cases) || !/^\d+$/.test(seed)) {
    console.error('usage: npm run fuzz -- [CASES] [SEED]');
    return 2;
  }
  const oracles = await Oracles.open();
  const alone = oracles.sqliteAlone();
  const coverage = new Coverage();
  const signs = new Map<string, number>();
  const start = performance.now();
  console.log(`seed ${seed}`);
  for (let world = 0; coverage.cases < Number(cases) && world < Number(cases); world++) {
    const at = Number(seed) + world;
    const large = world % LARGE_EVERY === 0;
    const run = large
      ? runWorld(oracles, at, PER_LARGE_WORLD, coverage, makeLargeWorld(at))
      : runWorld(oracles, at, PER_WORLD, coverage);
    for (const difference of await run) {
      const sign = `${difference.sign} ${difference.variant.name} ${difference.what.split('\n')[0]!.slice(0, 90)}`;
      const seen = signs.get(sign) ?? 0;
      signs.set(sign, seen + 1);
      if (seen < 2) console.log(`\n${report(difference, shrink(alone, difference))}`);
    }
    if (process.stdout.isTTY) process.stdout.write(`\r${coverage.cases} cases `);
  }
  await oracles.close();
  console.log(`\n${coverage.toString()}`);
  for (const short of coverage.missing()) console.log(`too few: ${short}`);
  for (const [sign, count] of signs) console.log(`${count} times: ${sign}`);
  const seconds = (performance.now() - start) / 1000;
  const differing = [...signs.values()].reduce((sum, n) => sum + n, 0);
  console.log(`${coverage.cases} cases in ${seconds.toFixed(0)} s, ${differing} differences`);
  return differing === 0 && coverage.missing().length === 0 ? 0 : 1;
}
