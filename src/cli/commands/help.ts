// .help: the commands, a line each.

import type { Command } from './command.js';
import { commands } from './run.js';

export const help: Command = {
  name: '.help',
  usage: '',
  summary: 'list the commands',
  arguments: [0, 0],
  run(session) {
    const lines = commands().map(({ name, usage, summary }) => ({ call: `${name} ${usage}`.trim(), summary }));
    const width = Math.max(...lines.map(({ call }) => call.length));
    session.print(lines.map(({ call, summary }) => `${call.padEnd(width)}   ${summary}\n`).join(''));
    session.print(
      'Statements end with ";". Ctrl-C cancels what is typed, or stops the program while a statement runs; Ctrl-D leaves.\n',
    );
    return true;
  },
};
