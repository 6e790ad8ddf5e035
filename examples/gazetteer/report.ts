// Asks one question both ways, with indexes and without, and prints what a reader wants to see of it.

import type { Database, ResultValue } from 'lightning-db';
import { format } from '../../src/cli/formats/format.js';
import type { Question } from './queries.js';

/** Warm runs that are timed; a run of more than `LONG_RUN` milliseconds is timed once. */
const RUNS = 5;
const LONG_RUN = 1_000;

/** Milliseconds that runs without indexes may take in all; beyond it each is run once. */
const SCAN_BUDGET = 30_000;

export interface Outcome {
  readonly title: string;
  /** Milliseconds, medians. */
  readonly indexed: number;
  readonly scanned: number;
  /** What is wrong, if anything is. */
  readonly problems: readonly string[];
}

interface Measured {
  readonly rows: ResultValue[][];
  readonly median: number;
  readonly runs: number;
}

let scanTime = 0;

export function ask(db: Database, question: Question, number: number): Outcome {
  const { title, asks, sql, parameters = [] } = question;
  const text = sql.trim();
  console.log(`\n${'─'.repeat(Math.min(100, lineWidth()))}\n${number}. ${title}\n${asks}\n\n${text}\n`);

  const statement = db.prepare(text);
  const columns = statement.columns();
  const indexed = measure(() => statement.values(parameters), RUNS);
  console.log([...format('box', { columns, rows: indexed.rows }, { width: lineWidth() })].join(''));

  const plan = db.explain(text, parameters, { analyze: true });
  console.log(`${question.considered === true ? plan.trimEnd() : operators(plan)}\n`);

  const scan = db.prepare(text, { hints: { noIndexes: true } });
  const start = performance.now();
  const scanned = measure(() => scan.values(parameters), scanTime < SCAN_BUDGET ? RUNS : 1);
  scanTime += performance.now() - start;
  console.log(
    `with indexes ${told(indexed)}, without ${told(scanned)}: ${factor(indexed.median, scanned.median)}`,
  );

  const problems = check(question, indexed.rows, scanned.rows, plan);
  for (const problem of problems) console.log(`WRONG: ${problem}`);
  return { title, indexed: indexed.median, scanned: scanned.median, problems };
}

/** The plan without the list of what else was considered. */
function operators(plan: string): string {
  const [chosen = ''] = plan.split(/^(?:Considered|Rules:)/m);
  return chosen.trimEnd();
}

/** All questions at a glance. */
export function summary(outcomes: readonly Outcome[]): void {
  const columns = [
    { name: 'question', type: 'text' },
    { name: 'with indexes, ms', type: 'real' },
    { name: 'without, ms', type: 'real' },
    { name: 'times as fast', type: 'real' },
    { name: 'same answer', type: 'text' },
  ];
  const rows = outcomes.map(({ title, indexed, scanned, problems }) => [
    title,
    Number(indexed.toPrecision(3)),
    Number(scanned.toPrecision(3)),
    Number((scanned / indexed).toPrecision(2)),
    problems.length === 0 ? 'yes' : problems.join('; '),
  ]);
  console.log(`\n${[...format('box', { columns, rows }, { width: lineWidth() })].join('')}`);
}

/** The first run warms and gives the answer; it is also the only one when it is long. */
function measure(run: () => ResultValue[][], runs: number): Measured {
  const times: number[] = [];
  const timed = (): ResultValue[][] => {
    const start = performance.now();
    const rows = run();
    times.push(performance.now() - start);
    return rows;
  };
  const rows = timed();
  if ((times[0] ?? 0) <= LONG_RUN && runs > 1) {
    times.length = 0;
    while (times.length < runs) timed();
  }
  times.sort((a, b) => a - b);
  return { rows, median: times[times.length >> 1] ?? 0, runs: times.length };
}

function check(question: Question, indexed: readonly ResultValue[][], scanned: readonly ResultValue[][], plan: string): string[] {
  const problems: string[] = [];
  if (!same(indexed, scanned)) problems.push('the answers with and without indexes differ');
  if (question.known !== undefined && !same(indexed, question.known)) {
    problems.push(`the answer is known to be ${JSON.stringify(question.known)}`);
  }
  const missing = (question.combines ?? []).filter((name) => !operators(plan).includes(name));
  if (missing.length > 0) problems.push(`the plan does not use ${missing.join(', ')}`);
  return problems;
}

/** Equal but for the last digits of reals: scores are sums, and sums have an order. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= 1e-9 * Math.abs(a);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function told({ median, runs }: Measured): string {
  return `${milliseconds(median)} (${runs === 1 ? 'one run' : `median of ${runs}`})`;
}

function milliseconds(time: number): string {
  return `${time.toFixed(time < 1 ? 3 : 1)} ms`;
}

function factor(indexed: number, scanned: number): string {
  const times = scanned / indexed;
  return times >= 1.05 ? `${times.toFixed(times < 10 ? 1 : 0)} times as fast with them` : 'no gain, every row has to be read';
}

function lineWidth(): number {
  return process.stdout.columns || 120;
}
