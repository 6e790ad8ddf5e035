// Options of the explain methods, checked.

import { LightningError } from '../../errors.js';
import { describe } from '../../values/index.js';
import { EXPLAIN_FORMATS } from '../../plan/explain/index.js';
import type { ExplainOptions } from '../api.js';
import { checkOptions } from './arguments.js';

/** The options as they are. @throws LightningError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkExplain<Options extends ExplainOptions>(options: Options, more: readonly string[] = []): Options {
  checkOptions(options, 'explain()', ['analyze', 'format', 'memo', ...more]);
  const { analyze, format, memo } = options;
  for (const [name, flag] of Object.entries({ analyze, memo })) {
    if (flag !== undefined && typeof flag !== 'boolean') throw wrong(name, flag, 'true or false');
  }
  if (format !== undefined && !EXPLAIN_FORMATS.includes(format)) {
    throw wrong('format', format, EXPLAIN_FORMATS.map((known) => `'${known}'`).join(', '));
  }
  return options;
}

function wrong(name: string, value: unknown, wanted: string): LightningError {
  return new LightningError('INVALID_ARGUMENT', `option "${name}" of explain() is ${describe(value)}`, {
    hint: `pass ${wanted}`,
  });
}
