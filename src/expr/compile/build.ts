// Generated source made into a function. What it uses beside its arguments is handed over in `env`, never spliced into the text.

import type { Generator } from './generate.js';

/** False under `--disallow-code-generation-from-strings` and the like. */
export function canGenerate(): boolean {
  if (generates === undefined) {
    try {
      generates = new Function('return true')() as boolean;
    } catch {
      generates = false;
    }
  }
  return generates;
}

let generates: boolean | undefined;

/** A kernel (columns, selection, count, out, evaluation) with the generator's declarations before the body. */
export function buildKernel<K>(generator: Generator, body: string): K {
  const names = generator.env.map((_, i) => `e${i}`);
  const source = `'use strict';
    const [${names.join(', ')}] = env;
    return function (columns, selection, count, out, evaluation) {
    ${generator.declarations()}
    ${body}
    };`;
  return (new Function('env', source) as (env: readonly unknown[]) => K)(generator.env);
}
