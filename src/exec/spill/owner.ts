// Names of temporary directories, which tell whether the process that made them still lives: `<process>-<start>-<space>-<token>`.

import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { hashBytes } from '../../values/index.js';

/** After so long without a new file, a directory whose process cannot be asked (another machine, another container) counts as left behind. */
const FOREIGN_AGE_MS = 24 * 3_600_000;

/** Makes a name of this process's own. */
export function ownerName(): string {
  return `${process.pid}-${startOf(process.pid)}-${space()}-${randomBytes(4).toString('hex')}`;
}

/**
 * Whether the process that made a directory of this name lives, as far as can be told: on doubt it does.
 *
 * @param changed when the directory last changed, in milliseconds since the epoch
 */
export function ownerLives(name: string, changed: number): boolean {
  const parts = /^(\d+)-(\d+)-([0-9a-f]+)-[0-9a-f]{8}$/.exec(name);
  // Whatever it is, it is not ours to remove.
  if (parts === null) return true;
  const [, pid, start, owner] = parts;
  if (owner !== space()) return Date.now() - changed < FOREIGN_AGE_MS;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
  // The number may have been given to another process since.
  return startOf(Number(pid)) === start;
}

/** When a process began, in ticks since the machine did; 0 where the system does not tell. */
function startOf(pid: number): string {
  if (process.platform !== 'linux') return '0';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}

let known: string | undefined;

/** Where process numbers mean something: this boot of this machine, and the container. */
function space(): string {
  if (known === undefined) {
    const parts = [hostname()];
    if (process.platform === 'linux') {
      try {
        parts.push(readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'), readlinkSync('/proc/self/ns/pid'));
      } catch {
        // Without /proc the name of the machine has to do.
      }
    }
    known = hashBytes(Buffer.from(parts.join('\n'))).lo.toString(16);
  }
  return known;
}
