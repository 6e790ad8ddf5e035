// Commands: `bind` draws the logical plan (`types=` names the types of values at hand); `error` shows what is wrong, where, and the hint.

import { join } from 'node:path';
import { LightningError } from '../../src/errors.js';
import type { Type } from '../../src/values/types.js';
import { runGolden } from '../golden/runner.js';
import { bindText } from './catalog.js';
import { printQuery } from './print-logical.js';

runGolden(join(import.meta.dirname, '../golden/bind'), {
  bind: ({ input, flags }) => {
    const types = flags.get('types')?.split(',') as Type[] | undefined;
    const bound = bindText(input, types);
    if (bound.kind !== 'query') throw new Error(`${input}: a ${bound.kind} is no query`);
    return printQuery(bound.query);
  },
  error: ({ input }) => {
    try {
      bindText(input);
    } catch (error) {
      if (!(error instanceof LightningError)) throw error;
      const { position, kind, code, message } = error;
      if (position === undefined || kind === 'bug')
        throw new Error(`${input}: no position, or a bug`, { cause: error });
      return `${code} ${position.line}:${position.column} ${message}`;
    }
    throw new Error(`${input}: no error`);
  },
});
