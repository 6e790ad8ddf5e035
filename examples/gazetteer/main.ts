// The World gazetteer: every town, country, airport and definition in one file, asked about a dozen things that take several
// kinds of index. `npm run demo [-- FILE] [-- --rebuild]`. Exit codes: 0, 1 when an answer is wrong, 2 for a wrong command line.

import { parseArgs } from 'node:util';
import { LightningError, type Database } from 'lightning-db';
import { NotAGazetteer, openGazetteer } from './load.js';
import { QUESTIONS } from './queries.js';
import { ask, summary } from './report.js';

const USAGE = 'Usage: npm run demo -- [FILE] [--rebuild]      (FILE: gazetteer/world.db unless named)';

function main(argv: readonly string[]): number {
  const { positionals, values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { rebuild: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  const [path = 'gazetteer/world.db', ...more] = positionals;
  if (values.help === true || more.length > 0) {
    console.log(USAGE);
    return more.length > 0 ? 2 : 0;
  }
  using db = openGazetteer(path, { rebuild: values.rebuild === true });
  holdings(db);
  const outcomes = QUESTIONS.map((question, i) => ask(db, question, i + 1));
  summary(outcomes);
  const wrong = outcomes.filter((outcome) => outcome.problems.length > 0);
  if (wrong.length > 0) {
    console.log(`${wrong.length} of ${outcomes.length} questions have a problem: ${wrong.map(({ title }) => title).join(', ')}`);
    return 1;
  }
  console.log(`All answers are the same with and without indexes. Ask your own:\n\n  npx lightning ${path}\n`);
  return 0;
}

function holdings(db: Database): void {
  const tables = db.schema().tables.filter((table) => table.name !== 'gazetteer');
  const rows = tables.map((table) => `${table.rows.toLocaleString('en-US')} ${table.name}`);
  const indexes = tables.flatMap((table) => table.indexes);
  const kinds = new Set(indexes.map((index) => index.kind));
  const size = ((db.stats().fileBytes ?? 0) / 2 ** 20).toFixed(0);
  console.log(`${rows.join(', ')}; ${indexes.length} indexes of the kinds ${[...kinds].join(', ')}; ${size} MB.`);
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.exitCode = 2;
  if (error instanceof NotAGazetteer) console.error(error.message);
  else if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    console.error(`${error.message}\n${USAGE}`);
  } else if (error instanceof LightningError && (error.kind === 'io' || error.kind === 'conflict')) {
    process.exitCode = 1;
    console.error(`${error.message}${error.hint === undefined ? '' : `\n  hint: ${error.hint}`}`);
  } else throw error;
}
