// `npm run crash -- [KILLS] [SEED]`: the kill test at length, in both durability modes.

import { resolve } from 'node:path';
import { killAgain } from '../crash/kills.js';

export async function main([kills = '60', seed = String(Date.now() % 1_000_000)]: readonly string[]): Promise<number> {
  let problems = 0;
  for (const durability of ['sync', 'async'] as const) {
    const result = await killAgain(resolve(import.meta.dirname, '../..'), Number(kills), Number(seed), durability);
    const { inside, acknowledged, ahead } = result;
    console.log(
      `seed ${seed}, ${durability}: ${result.kills} kills, ${inside} of them between the first write and the return of a commit; ` +
        `${acknowledged} commits acknowledged, ${ahead} more were whole; ${result.problems.length} problems`,
    );
    for (const problem of result.problems) console.log(`  ${problem}`);
    problems += result.problems.length;
  }
  return problems === 0 ? 0 : 1;
}
