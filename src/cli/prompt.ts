// The prompt: lines until a semicolon, history, completion. A statement that fails leaves it alive; Ctrl-C drops what is
// typed, Ctrl-D leaves. While a statement runs the terminal is in its ordinary mode, so that Ctrl-C stops the program:
// the engine is synchronous and would not hear of it otherwise, and what was committed is safe.

import { createInterface } from 'node:readline';
import { Completer } from './completer.js';
import { HISTORY_LINES, historyPath, readHistory, writeHistory } from './history.js';
import type { Session } from './session.js';
import { Splitter } from './splitter.js';

const FIRST = 'lightning> ';
/** While a transaction is open. */
const WITHIN = 'lightning*> ';

/** What the next line continues. */
const CONTINUED = {
  blank: FIRST,
  code: '      ...> ',
  string: "        '> ",
  name: '        "> ',
  comment: '       /*> ',
};

/** Resolves when the person leaves. */
export function prompt(session: Session): Promise<void> {
  const { stdin, stdout, env } = session.streams;
  const completer = new Completer(session);
  const splitter = new Splitter();
  const path = historyPath(env);
  let history = readHistory(path);
  const lines = createInterface({
    input: stdin,
    output: stdout,
    terminal: true,
    history: [...history],
    historySize: HISTORY_LINES,
    removeHistoryDuplicates: true,
    prompt: FIRST,
    completer: (line: string) => completer.complete(line),
  });

  function ask(): void {
    const { state } = splitter;
    lines.setPrompt(state === 'blank' && session.db.inTransaction ? WITHIN : CONTINUED[state]);
    lines.prompt();
  }

  lines.on('history', (newestFirst: string[]) => {
    history = newestFirst;
  });
  lines.on('line', (line) => {
    const pieces = splitter.push(`${line}\n`);
    if (pieces.length > 0) {
      stdin.setRawMode?.(false);
      session.runAll(pieces);
      if (!session.over) stdin.setRawMode?.(true);
      completer.forget();
    }
    if (session.over) lines.close();
    else ask();
  });
  lines.on('SIGINT', () => {
    const empty = splitter.state === 'blank' && lines.line === '';
    splitter.reset();
    lines.write(null, { ctrl: true, name: 'e' });
    lines.write(null, { ctrl: true, name: 'u' });
    stdout.write(empty ? '\n(Ctrl-D leaves)\n' : '^C\n');
    ask();
  });

  ask();
  return new Promise((resolve) => {
    lines.on('close', () => {
      if (!session.over) stdout.write('\n');
      writeHistory(path, history);
      resolve();
    });
  });
}
