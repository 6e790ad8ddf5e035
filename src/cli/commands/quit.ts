// .quit: leaves the program.

import type { Command } from './command.js';

export const quit: Command = {
  name: '.quit',
  usage: '',
  summary: 'leave',
  arguments: [0, 0],
  run(session) {
    session.over = true;
    return true;
  },
};
