// Commands: `ast` draws the tree, `print` prints it back, `problems` shows what is wrong, where, and what to do.

import { join } from 'node:path';
import { parse, print } from '../../grammar/index.js';
import { runGolden } from '../golden/runner.js';
import { compact } from './compact.js';

function statements(input: string) {
  const result = parse(input);
  if (!result.ok) throw new Error(`${input}: ${result.problems[0]?.message}`);
  return result.statements;
}

runGolden(join(import.meta.dirname, '../golden/ast'), {
  ast: ({ input }) =>
    statements(input)
      .map((statement) => compact(statement))
      .join('\n'),
  print: ({ input }) => statements(input).map(print).join(';\n'),
  problems: ({ input }) => {
    const result = parse(input);
    if (result.ok) throw new Error(`${input}: no problem found`);
    return result.problems
      .map((problem) => {
        const at = `${problem.line}:${problem.column}`;
        const where = `${problem.code} ${at} "${input.slice(problem.offset, problem.offset + problem.length)}"`;
        const hint = problem.hint === undefined ? '' : `\n  hint: ${problem.hint}`;
        const expected = problem.expected === undefined ? '' : `\n  expected: ${problem.expected.join(' | ')}`;
        return `${where} ${problem.message}${expected}${hint}`;
      })
      .join('\n');
  },
});
