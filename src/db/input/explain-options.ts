// Options of the explain methods, checked.

import { LightningError } from '../../errors.js';
import { describe } from '../../values/index.js';
import type { ExplainOptions } from '../api.js';
import { checkOptions } from './arguments.js';

/** The options as they are. @throws LightningError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkExplain<Options extends ExplainOptions>(options: Options, more: readonly string[] = []): Options {
  checkOptions(options, 'explain()', ['analyze', 'format', ...more]);
  const { analyze, format } = options;
  if (analyze !== undefined && typeof analyze !== 'boolean') throw wrong('analyze', analyze, 'true or false');
  if (format !== undefined && format !== 'text' && format !== 'json') throw wrong('format', format, "'text' or 'json'");
  return options;
}

function wrong(name: string, value: unknown, wanted: string): LightningError {
  return new LightningError('INVALID_ARGUMENT', `option "${name}" of explain() is ${describe(value)}`, {
    hint: `pass ${wanted}`,
  });
}
