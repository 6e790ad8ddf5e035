// .explain: whether each query's plan is shown before its rows.

import type { Command } from './command.js';
import { onOff } from './on-off.js';

export const explain: Command = {
  name: '.explain',
  usage: 'on|off',
  summary: "show each query's plan before its rows",
  arguments: [1, 1],
  run(session, [word]) {
    session.explain = onOff(word);
    return true;
  },
  complete: () => ['on', 'off'],
};
