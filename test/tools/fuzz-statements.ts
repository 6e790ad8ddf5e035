// `npm run fuzz:statements -- [FILE...]`: runs every text of the files (see `textsOf`), each as it is; those of a file whose name has
// "naughty" or "blns" in it in every place that a text may stand. Without files: the samples of `test/data/parser`.

import { join } from 'node:path';
import { StatementFuzz } from '../fuzz/statements.js';
import { statementsWith, textsOf } from '../fuzz/texts.js';

const SAMPLES = ['sqlite-fuzz-sample.json', 'naughty-strings-sample.json'];

export function main(files: readonly string[]): number {
  const fuzz = new StatementFuzz();
  const start = performance.now();
  const named = files.length > 0 ? files : SAMPLES.map((name) => join('test/data/parser', name));
  let reported = 0;
  for (const file of named) {
    const texts = textsOf(file);
    const naughty = /naughty|blns/.test(file);
    console.log(`${file}: ${texts.length} texts`);
    for (const text of texts) {
      for (const statement of naughty ? statementsWith(text) : [text]) fuzz.run(statement);
      for (; reported < fuzz.tally.findings.length; reported++) {
        const { statement, what } = fuzz.tally.findings[reported]!;
        console.log(`\n${JSON.stringify(statement.slice(0, 2_000))}\n  ${what.slice(0, 2_000)}`);
      }
    }
  }
  fuzz.close();
  const { statements, answered, rejected, findings, slowest } = fuzz.tally;
  const codes = [...rejected].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`);
  console.log(`${statements} statements, ${answered} answered, rejected: ${codes.join(', ')}`);
  console.log(`slowest ${slowest.ms.toFixed(0)} ms: ${JSON.stringify(slowest.statement.slice(0, 300))}`);
  console.log(`${findings.length} findings in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return findings.length === 0 ? 0 : 1;
}
