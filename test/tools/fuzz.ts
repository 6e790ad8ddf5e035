// `npm run fuzz -- [CASES] [SEED] [THEME]`: differential cases against SQLite and PostgreSQL, as many as asked, in a process for each
// processor; differences are made smaller. Themes: mixed, filters, joins, queries; all of them by turns when none is named.

import './optimize-late.js';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { SingleBar } from 'cli-progress';
import { Coverage } from '../differential/coverage.js';
import type { Counted } from '../differential/coverage.js';
import { Oracles } from '../differential/engines.js';
import type { Theme } from '../differential/generate/queries.js';
import { runCases, THEMES } from '../differential/run.js';
import { ENOUGH } from '../differential/required.js';
import { report, shrink } from '../differential/shrink.js';

/** Reports of differences that look alike, of each process. */
const REPORTED = 2;
/** Seeds of different processes lie so far apart; worlds of one process have seeds that follow each other. */
const APART = 10_000_000;
/** Cases below which a second process would only load its engines. */
const FEW = 2_000;

/** What a process tells after each world: all that it has counted and found so far. */
interface Message {
  readonly counted: Counted;
  readonly signs: readonly (readonly [string, number])[];
}

export async function main([
  cases = '10000',
  seed = String(Date.now() % 1_000_000_000),
  theme,
]: readonly string[]): Promise<number> {
  const themes = themesNamed(theme);
  if (!/^\d+$/.test(cases) || !/^\d+$/.test(seed) || themes.length === 0) {
    console.error(`usage: npm run fuzz -- [CASES] [SEED] [${[...new Set(THEMES)].join(' | ')}]`);
    return 2;
  }
  if (process.send !== undefined) {
    await share(Number(cases), Number(seed), themes);
    return 0;
  }
  const start = performance.now();
  const processes = Number(cases) < FEW ? 1 : availableParallelism();
  console.log(`seed ${seed}, ${processes} processes`);
  const bar = new SingleBar({
    format: '{bar} {value} of {total} cases, {speed} a second, {eta_formatted} left',
    noTTYOutput: true,
    notTTYSchedule: 60_000,
  });
  bar.start(Number(cases), 0, { speed: 0 });
  const told: Message[] = [];
  const finish = (failed: boolean): number => {
    bar.stop();
    return summary(told, failed, (performance.now() - start) / 1000);
  };
  process.once('SIGINT', () => process.exit(finish(true)));
  const failed = await Promise.all(
    Array.from({ length: processes }, async (_, i) => {
      const own = [Math.ceil(Number(cases) / processes), Number(seed) + i * APART, ...(theme ? [theme] : [])];
      const child = fork(process.argv[1]!, ['fuzz', ...own.map(String)], { execArgv: ['--max-semi-space-size=64'] });
      child.on('message', (message: Message) => {
        told[i] = message;
        const all = told.reduce((sum, { counted }) => sum + counted.cases, 0);
        bar.update(all, { speed: Math.round((all * 1000) / (performance.now() - start)) });
      });
      const [code] = (await once(child, 'exit')) as [number | null];
      return code !== 0;
    }),
  );
  return finish(failed.includes(true));
}

/** Prints what all processes have told. @returns the exit code */
function summary(told: readonly Message[], failed: boolean, seconds: number): number {
  const coverage = new Coverage();
  const signs = new Map<string, number>();
  for (const message of Object.values(told)) {
    coverage.add(message.counted);
    for (const [sign, count] of message.signs) signs.set(sign, (signs.get(sign) ?? 0) + count);
  }
  console.log(`\n${coverage.toString()}`);
  if (coverage.cases >= ENOUGH) console.log(`too seldom: ${coverage.missing().join(', ') || 'nothing'}`);
  for (const [sign, count] of signs) console.log(`${count} times: ${sign}`);
  const differing = [...signs.values()].reduce((sum, n) => sum + n, 0);
  console.log(`${coverage.cases} cases in ${seconds.toFixed(0)} s, ${differing} differences`);
  if (failed) console.log('a process ended before its time');
  return differing === 0 && !failed ? 0 : 1;
}

function themesNamed(theme: string | undefined): Theme[] {
  return THEMES.filter((name) => theme === undefined || name === theme);
}

/** The part of one process. */
async function share(cases: number, seed: number, themes: readonly Theme[]): Promise<void> {
  const tell = (message: Message): Promise<void> => new Promise((told) => process.send!(message, () => told()));
  const oracles = await Oracles.open();
  const alone = oracles.sqliteAlone();
  const signs = new Map<string, number>();
  const sofar = (): Message => ({ counted: coverage.counted(), signs: [...signs] });
  const coverage = new Coverage({ told: () => void tell(sofar()) });
  await runCases(oracles, { themes, cases, seed, largeEvery: 16 }, coverage, (difference) => {
    const sign = `${difference.sign} ${difference.variant.name} ${difference.what.split('\n')[0]!.slice(0, 90)}`;
    const seen = signs.get(sign) ?? 0;
    signs.set(sign, seen + 1);
    if (seen < REPORTED) console.log(`\n${report(difference, shrink(alone, difference))}`);
    return true;
  });
  await oracles.close();
  await tell(sofar());
  process.disconnect();
}
