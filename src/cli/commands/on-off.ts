// The argument of commands that switch something.

import { LightningError } from '../../errors.js';

export function onOff(word: string | undefined): boolean {
  if (word === 'on') return true;
  if (word === 'off') return false;
  throw new LightningError('INVALID_ARGUMENT', `"${word ?? ''}" is neither on nor off`);
}
