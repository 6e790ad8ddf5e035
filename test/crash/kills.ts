// Kills the child again and again at random moments, and judges what the file holds afterwards.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from '../../src/index.js';
import { Random } from '../differential/random.js';
import { contents, differences, foretell, lastDone, SCHEMA } from './work.js';
import type { Thing } from './work.js';

export interface Kills {
  readonly kills: number;
  /** Of them between the first write of a transaction and the return of its commit. */
  readonly inside: number;
  /** Transactions acknowledged in all. */
  readonly acknowledged: number;
  /** Unacknowledged commits that were there all the same, and whole. */
  readonly ahead: number;
  readonly problems: readonly string[];
}

/**
 * @param code folder of the compiled sources
 * @param count kills, and more of them until two in five fell between the first write of a transaction and the return of its commit
 */
export async function killAgain(
  code: string,
  count: number,
  seed: number,
  durability: 'sync' | 'async',
): Promise<Kills> {
  const folder = mkdtempSync(join(tmpdir(), 'lightning-crash-'));
  const path = join(folder, 'crash.db');
  const random = new Random(seed);
  const problems: string[] = [];
  const expected = new Map<number, Thing>();
  let [inside, acknowledged, ahead, known] = [0, 0, 0, 0];
  let kill = 0;
  const first = open(path);
  first.exec(SCHEMA);
  first.close();
  try {
    while (kill < count || (inside < count * 0.4 && kill < count * 4)) {
      kill++;
      const said = await runUntilKilled(join(code, 'test/crash/child.js'), [path, String(seed), durability], random);
      const last = said.at(-1) ?? '';
      if (last.startsWith('w')) inside++;
      const done = said.findLast((line) => line.startsWith('a'));
      const acked = done === undefined ? known : Number(done.slice(2));
      acknowledged += acked - known;
      const db = open(path);
      try {
        const found = lastDone(db);
        if (found < acked) problems.push(`kill ${kill}: ${acked} was acknowledged, the file ends with ${found}`);
        if (found > acked + 1) problems.push(`kill ${kill}: the file ends with ${found}, only ${acked + 1} was begun`);
        if (found === acked + 1) ahead++;
        for (; known < found; known++) foretell(expected, seed, known + 1);
        const wanted = [...expected.values()].sort((a, b) => a.id - b.id);
        if (JSON.stringify(contents(db)) !== JSON.stringify(wanted))
          problems.push(`kill ${kill}: other rows than after ${found}`);
        if (kill % 3 === 0) db.analyze();
        for (const difference of differences(db, random)) problems.push(`kill ${kill}: ${difference}`);
        for (const { table, index, what } of db.verify().findings)
          problems.push(`kill ${kill}: ${table} ${index ?? ''} ${what}`);
      } finally {
        db.close();
      }
      if (problems.length > 0) break;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { kills: kill, inside, acknowledged, ahead, problems };
}

/** What the child said until it was killed, after a random number of lines and a random moment more. */
function runUntilKilled(script: string, args: readonly string[], random: Random): Promise<string[]> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = random.int(1, 60);
    const microseconds = random.int(0, 4_000);
    let text = '';
    let [seen, killed] = [0, false];
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (part: string) => {
      text += part;
      seen += part.split('\n').length - 1;
      if (seen < lines || killed) return;
      killed = true;
      const until = performance.now() + microseconds / 1000;
      while (performance.now() < until);
      child.kill('SIGKILL');
    });
    child.on('error', fail);
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') done(text.split('\n').slice(0, -1));
      else fail(new Error(`the child ended by itself: ${code ?? signal}`));
    });
  });
}
