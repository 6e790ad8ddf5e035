// The program as a function of its arguments and streams. Exit codes: 0 all went well, 1 a statement failed or the file
// could not be opened, 2 the command line is wrong.

import { readFileSync } from 'node:fs';
import { open, type Database } from '../index.js';
import { readArguments, USAGE, UsageError, type Arguments } from './arguments.js';
import { prompt } from './prompt.js';
import { report } from './report.js';
import { Session } from './session.js';
import { Splitter } from './splitter.js';
import { mayColour, type Streams } from './streams.js';

export async function run(argv: readonly string[], streams: Streams): Promise<number> {
  let args: Arguments;
  try {
    args = readArguments(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    streams.stderr.write(`lightning: ${error.message}\nTry: lightning --help\n`);
    return 2;
  }
  if (args.action === 'help') {
    streams.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (args.action === 'version') {
    streams.stdout.write(`lightning ${version()}\n`);
    return 0;
  }
  let db: Database;
  try {
    db = open(args.file, args.readOnly ? { readOnly: true, mustExist: true } : {});
  } catch (error) {
    streams.stderr.write(report(error, mayColour(streams.stderr, streams.env)));
    return 1;
  }
  try {
    return (await answer(db, args, streams)) ? 0 : 1;
  } finally {
    db.close();
  }
}

/** Whether all went well. */
async function answer(db: Database, args: Arguments, streams: Streams): Promise<boolean> {
  const { stdin, stdout } = streams;
  const interactive = args.commands.length === 0 && stdin.isTTY === true && stdout.isTTY === true;
  const session = new Session(db, streams, { mode: args.mode, interactive });
  if (args.commands.length > 0) {
    return args.commands.every((text) => session.over || session.runText(text));
  }
  if (!interactive) return readInput(session);
  const where = args.file === ':memory:' ? 'a database in memory, which is gone when you leave' : args.file;
  session.print(`lightning ${version()}: ${where}\nType .help for help; statements end with ";".\n`);
  await prompt(session);
  return true;
}

/** Runs standard input as it comes; stops at the first statement that fails. */
async function readInput(session: Session): Promise<boolean> {
  const splitter = new Splitter();
  session.streams.stdin.setEncoding('utf8');
  let first = true;
  for await (const portion of session.streams.stdin) {
    const text = first ? String(portion).replace(/^\ufeff/, '') : String(portion);
    first = false;
    if (!session.runAll(splitter.push(text), 'stdin')) return false;
    if (session.over) return true;
  }
  return session.runAll(splitter.end(), 'stdin');
}

/** The package's own, from where it lies above the sources and above what is built from them. */
function version(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (manifest.name === 'lightning-db') return manifest.version ?? 'unknown';
    } catch {
      // Not there: look further up.
    }
  }
  return 'unknown';
}
