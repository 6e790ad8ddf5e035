// What was typed before, kept in a file: oldest first, one line each. Never in the way: a file that cannot be read or
// written only means that nothing is remembered.

import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Streams } from './streams.js';

/** Lines that are kept. */
export const HISTORY_LINES = 1_000;

/** Where history is kept; undefined when `LIGHTNING_HISTORY` is set to nothing. */
export function historyPath(env: Streams['env']): string | undefined {
  const asked = env['LIGHTNING_HISTORY'];
  if (asked !== undefined) return asked === '' ? undefined : asked;
  return join(homedir(), '.lightning_history');
}

/** Newest first, as `node:readline` wants them. */
export function readHistory(path: string | undefined): string[] {
  if (path === undefined) return [];
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines
      .filter((line) => line !== '')
      .reverse()
      .slice(0, HISTORY_LINES);
  } catch {
    return [];
  }
}

/** Takes them newest first. The file is for its owner alone: statements hold data. */
export function writeHistory(path: string | undefined, newestFirst: readonly string[]): void {
  if (path === undefined) return;
  try {
    const lines = newestFirst.slice(0, HISTORY_LINES).reverse();
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  } catch {
    // Remembering is a courtesy.
  }
}
