// .mode: how rows are printed.

import { LightningError } from '../../errors.js';
import { isMode, MODES } from '../formats/modes.js';
import type { Command } from './command.js';

export const mode: Command = {
  name: '.mode',
  usage: MODES.join('|'),
  summary: 'choose how rows are printed',
  arguments: [1, 1],
  run(session, [word = '']) {
    if (!isMode(word)) {
      throw new LightningError('INVALID_ARGUMENT', `there is no mode "${word}"`, {
        hint: `modes are ${MODES.join(', ')}`,
      });
    }
    session.mode = word;
    return true;
  },
  complete: () => MODES,
};
