// The list of commands, and how a line becomes a call of one.

import { LightningError } from '../../errors.js';
import { closest } from '../../text/edit-distance.js';
import type { Session } from '../session.js';
import type { Command } from './command.js';
import { explain } from './explain.js';
import { help } from './help.js';
import { importFile } from './import.js';
import { indexes } from './indexes.js';
import { mode } from './mode.js';
import { quit } from './quit.js';
import { read } from './read.js';
import { schema } from './schema.js';
import { stats } from './stats.js';
import { tables } from './tables.js';
import { timer } from './timer.js';
import { verify } from './verify.js';

export function commands(): readonly Command[] {
  return [explain, help, importFile, indexes, mode, quit, read, schema, stats, tables, timer, verify];
}

/** Runs a line such as `.schema places`. Throws when there is no such command, or its arguments are not as it wants them. */
export function runCommand(session: Session, line: string): boolean {
  const [name = '', ...args] = words(line);
  const command = commands().find((one) => one.name === name.toLowerCase());
  if (command === undefined) {
    const near = closest(
      name,
      commands().map((one) => one.name),
    );
    throw new LightningError('INVALID_ARGUMENT', `there is no command ${name}`, {
      hint: near === undefined ? 'type .help for the list' : `did you mean ${near}?`,
    });
  }
  const [least, most] = command.arguments;
  if (args.length < least || args.length > most) {
    throw new LightningError('INVALID_ARGUMENT', `${command.name} does not take ${args.length} arguments`, {
      hint: `write ${command.name} ${command.usage}`.trim(),
    });
  }
  return command.run(session, args);
}

/** Words of a line; quotes keep blanks, and a semicolon at the end is passed over. */
export function words(line: string): string[] {
  const text = line.trimEnd().replace(/;+$/, '');
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|[^\s'"]+/g)].map(([word, single, double]) => single ?? double ?? word);
}
