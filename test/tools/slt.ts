// `npm run slt -- DIRECTORY...`: runs every sqllogictest file below, and says per folder what passed, failed and was
// skipped. Failures of one kind are told once: the first of them, and how many there are.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSlt } from '../slt/parse.js';
import { runSlt, type Failure } from '../slt/run.js';

export function main(args: readonly string[]): number {
  const [root = '.', ...rest] = args;
  if (args.length === 0 || rest.length > 0) {
    console.error('usage: npm run slt -- DIRECTORY_OR_FILE');
    return 2;
  }
  const totals = new Map<string, { passed: number; failed: number; skipped: number; seconds: number }>();
  for (const file of filesOf(root)) {
    const start = performance.now();
    const { passed, skipped, failures } = runSlt(parseSlt(readFileSync(file, 'utf8')));
    const folder = relative(root, dirname(file)) || '.';
    const total = totals.get(folder) ?? { passed: 0, failed: 0, skipped: 0, seconds: 0 };
    totals.set(folder, total);
    total.passed += passed;
    total.failed += failures.length;
    total.skipped += skipped;
    total.seconds += (performance.now() - start) / 1000;
    for (const alike of byKind(failures)) {
      const { line, sql, reason } = alike[0]!;
      console.log(`${file}:${line}: ${reason}${alike.length > 1 ? ` (${alike.length} such failures)` : ''}\n  ${sql}`);
    }
  }
  const sum = { passed: 0, failed: 0, skipped: 0, seconds: 0 };
  for (const [folder, total] of totals) {
    report(folder, total);
    sum.passed += total.passed;
    sum.failed += total.failed;
    sum.skipped += total.skipped;
    sum.seconds += total.seconds;
  }
  report('all', sum);
  return sum.failed === 0 ? 0 : 1;
}

/** Reasons that differ in names and figures alone are of one kind. */
function byKind(failures: readonly Failure[]): Failure[][] {
  const kinds = new Map<string, Failure[]>();
  for (const failure of failures) {
    const kind = failure.reason.replace(/"[^"]*"|\[.*\]|\d+/g, '');
    kinds.set(kind, [...(kinds.get(kind) ?? []), failure]);
  }
  return [...kinds.values()];
}

function report(name: string, t: { passed: number; failed: number; skipped: number; seconds: number }): void {
  const figures = [`${t.passed} passed`, `${t.failed} failed`, `${t.skipped} skipped`, `${t.seconds.toFixed(1)} s`];
  console.log(`${name.padEnd(28)} ${figures.map((figure) => figure.padStart(15)).join('')}`);
}

function filesOf(root: string): string[] {
  if (statSync(root).isFile()) return [root];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(test|slt)$/.test(name))
    .sort()
    .map((name) => join(root, name));
}
