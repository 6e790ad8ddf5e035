import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { open } from '../../src/index.js';
import { compile } from '../tools/compile.mjs';
import { killBuilds } from './builds.js';
import { killAgain } from './kills.js';

/** `npm run crash` makes 60 of each. */
const KILLS = Number(process.env['KILLS'] ?? 5);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

let code = '';
beforeAll(() => {
  code = compile();
}, 120_000);

describe('a process killed at random moments', () => {
  it.each(['sync', 'async'] as const)(
    'loses nothing that was acknowledged (durability %s)',
    async (durability) => {
      const result = await killAgain(code, KILLS, SEED, durability);
      console.log(`seed ${SEED}, ${durability}:`, JSON.stringify(result));
      expect(result.problems).toEqual([]);
      expect(result.acknowledged).toBeGreaterThan(KILLS);
      expect(result.inside).toBeGreaterThanOrEqual(KILLS * 0.4);
    },
    KILLS * 60_000,
  );
});

describe('a process killed while it makes indexes', () => {
  it(
    'goes on with them where the last step ended',
    async () => {
      const { problems, ...result } = await killBuilds(code, KILLS, 4_000, SEED);
      console.log(`seed ${SEED}, builds:`, JSON.stringify(result));
      expect(problems).toEqual([]);
      expect(result.kills).toBeGreaterThan(0);
      expect(result.resumed).toBeGreaterThan(0);
      // A kill costs one step at most; what is read since the last report is not counted.
      expect(result.read).toBeLessThanOrEqual(result.once + result.kills * result.step);
    },
    KILLS * 60_000,
  );
});

describe('two processes', () => {
  it('that write the same file wait for their turns, and lose no update', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lightning-turns-'));
    try {
      const path = join(folder, 'turns.db');
      const db = open(path);
      db.exec('CREATE TABLE counters (id INTEGER PRIMARY KEY, n INTEGER NOT NULL); INSERT INTO counters VALUES (1, 0)');
      db.exec('CREATE TABLE log (who INTEGER, n INTEGER NOT NULL); CREATE INDEX log_who ON log USING bitmap (who)');
      const run = () =>
        new Promise<number | null>((done, fail) => {
          const args = [join(code, 'test/crash/counter.js'), path, '300'];
          const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
          child.on('error', fail);
          child.on('close', done);
        });
      expect(await Promise.all([run(), run()])).toEqual([0, 0]);
      db.refresh();
      expect(db.query('SELECT n FROM counters')).toEqual([{ n: 600 }]);
      const turns = db.prepare('SELECT who, n FROM log ORDER BY n').values();
      expect(turns.map(([, n]) => n)).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
      expect(new Set(turns.map(([who]) => who)).size).toBe(2);
      expect(db.verify().findings).toEqual([]);
      db.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
