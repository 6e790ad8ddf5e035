// .timer: whether the time of each statement is told.

import type { Command } from './command.js';
import { onOff } from './on-off.js';

export const timer: Command = {
  name: '.timer',
  usage: 'on|off',
  summary: 'tell how long each statement takes',
  arguments: [1, 1],
  run(session, [word]) {
    session.timer = onOff(word);
    return true;
  },
  complete: () => ['on', 'off'],
};
