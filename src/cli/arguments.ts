// What the command line asks for. Throws `UsageError` for what cannot be meant; knows nothing of databases.

import { parseArgs } from 'node:util';
import { closest } from '../text/edit-distance.js';
import { isMode, MODES, type Mode } from './formats/modes.js';

export interface Arguments {
  /** `:memory:` when none was named. */
  readonly file: string;
  /** Texts of `-c`, in order. */
  readonly commands: readonly string[];
  readonly mode: Mode;
  readonly readOnly: boolean;
  readonly action: 'run' | 'help' | 'version';
}

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {}

const OPTIONS = {
  command: { type: 'string', short: 'c', multiple: true },
  mode: { type: 'string', short: 'm' },
  readonly: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

export const USAGE = `Usage: lightning [options] [FILE]

Opens the database FILE (made when it is not there; in memory when none is named) and reads statements from -c,
else from standard input, else at a prompt. Statements end with ";". Lines that begin with "." are commands: ".help".

Options:
  -c, --command SQL   run this and leave; may be given several times, and may be a command such as ".tables"
  -m, --mode MODE     how rows are printed: ${MODES.join(', ')} (default box)
      --readonly      open an existing file, and refuse to change it
  -h, --help          print this
  -v, --version       print the version

Exit codes: 0 all went well, 1 a statement failed or the file could not be opened, 2 the command line is wrong.
The prompt keeps its history in ~/.lightning_history, or where LIGHTNING_HISTORY says.`;

/**
 * Reads the arguments behind the program's name.
 *
 * @example readArguments(['places.db', '-c', 'SELECT 1']).commands // ['SELECT 1']
 */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parsed(argv);
  const mode = values.mode ?? 'box';
  if (!isMode(mode)) throw new UsageError(`there is no mode "${mode}"; modes are ${MODES.join(', ')}`);
  if (positionals.length > 1) {
    throw new UsageError(`one FILE can be opened, but there are ${positionals.length}: ${positionals.join(' ')}`);
  }
  const file = positionals[0] ?? ':memory:';
  if (file === '') throw new UsageError('the name of FILE is empty');
  const action = values.help === true ? 'help' : values.version === true ? 'version' : 'run';
  const readOnly = values.readonly === true;
  if (action === 'run' && readOnly && file === ':memory:') {
    throw new UsageError('--readonly needs the FILE that is to be read');
  }
  return { file, commands: values.command ?? [], mode, readOnly, action };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const unknown = /Unknown option '-*([^']+)'/.exec(String(error))?.[1];
    if (unknown === undefined) throw new UsageError(firstSentence(error), { cause: error });
    const near = closest(unknown, Object.keys(OPTIONS));
    const dashes = unknown.length > 1 ? '--' : '-';
    const hint = near === undefined || unknown.length === 1 ? '' : `; did you mean --${near}?`;
    throw new UsageError(`there is no option ${dashes}${unknown}${hint}`, { cause: error });
  }
}

function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]?.replace(/\.$/, '') ?? message;
}
