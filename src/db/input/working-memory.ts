// Where the operators of a database's statements may put what they hold: so much memory, and a directory for the rest.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkingMemory } from '../../exec/memory/memory.js';
import { TemporaryFiles, removeLeftovers } from '../../exec/spill/temporary-files.js';
import type { OpenOptions } from '../api.js';

/** Bytes that the operators of one statement may hold together. */
export const DEFAULT_BUDGET = 256 * 2 ** 20;
export const LEAST_BUDGET = 2 ** 16;

/** Also removes what processes that were killed have left there. @param path as given to `open` */
export function workingMemory(
  path = ':memory:',
  options: Pick<OpenOptions, 'memoryBudget' | 'tempDirectory'> = {},
): WorkingMemory {
  const base = directoryOf(path, options.tempDirectory);
  removeLeftovers(base);
  return { limit: options.memoryBudget ?? DEFAULT_BUDGET, files: new TemporaryFiles(base) };
}

function directoryOf(path: string, given: string | undefined): string {
  if (given !== undefined) return join(given, 'lightning-temp');
  return path === ':memory:' ? join(tmpdir(), 'lightning-temp') : `${path}-temp`;
}
