// .read: runs the statements and commands of a file, up to the first that fails.

import { readFileSync } from 'node:fs';
import { LightningError } from '../../errors.js';
import type { Command } from './command.js';

export const read: Command = {
  name: '.read',
  usage: 'FILE',
  summary: 'run the statements of a file, up to the first that fails',
  arguments: [1, 1],
  run(session, [path = '']) {
    return session.readFile(path, textOf(path));
  },
};

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (cause) {
    throw new LightningError(
      'CANNOT_OPEN',
      `cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
