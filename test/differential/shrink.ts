// Makes a difference smaller: fewer steps, fewer rows, a smaller query, as long as the same thing goes wrong against SQLite.

import type { Oracles } from './engines.js';
import { sameRows } from './engines.js';
import { ask, signOf, withDatabase } from './database.js';
import { smallerQueries } from './query-change.js';
import { inSqlite, isOrdered, outputKinds, write } from './query.js';
import type { Query } from './query.js';
import type { Difference } from './run-world.js';
import { describeSteps, statementsOf } from './steps.js';
import type { Step } from './steps.js';

export interface Small {
  readonly steps: readonly Step[];
  readonly query: Query | undefined;
}

/** @param seconds at most about this long */
export function shrink(oracles: Oracles, difference: Difference, seconds = 15): Small {
  const until = performance.now() + seconds * 1000;
  const same = (small: Small): boolean => {
    if (performance.now() > until) return false;
    try {
      return outcome(oracles, difference, small) === difference.sign;
    } catch {
      return false;
    }
  };
  let best: Small = { steps: difference.world.steps, query: difference.query };
  const { query: asked } = best;
  if (difference.sign === 'oracles' || (asked !== undefined && !inSqlite(asked)) || !same(best)) return best;
  for (let before: Small | undefined; before?.steps !== best.steps || before.query !== best.query;) {
    before = best;
    best = { ...best, steps: fewer(best.steps, (steps) => same({ ...best, steps })) };
    best = fewerRows(best, same);
    const { query } = best;
    const smaller = query === undefined ? undefined : smallerQueries(query).find((q) => same({ ...best, query: q }));
    if (smaller !== undefined) best = { ...best, query: smaller };
  }
  return best;
}

function outcome(oracles: Oracles, { world, variant }: Difference, { steps, query }: Small): string | undefined {
  let expected: string[] = [];
  if (query !== undefined) {
    oracles.resetSqlite(statementsOf(steps, 'sqlite'));
    expected = oracles.sqliteRows(write(query, 'sqlite'), outputKinds(query));
  }
  try {
    return withDatabase(world, steps, (db) => {
      if (query === undefined) return db.verify().ok ? undefined : 'verify';
      return sameRows(ask(db, query, variant.hints), expected, isOrdered(query)) ? undefined : 'answer';
    });
  } catch (error) {
    return signOf(error);
  }
}

/** Delta debugging: leaves out halves, quarters, ... single items. */
function fewer<T>(items: readonly T[], same: (items: readonly T[]) => boolean): readonly T[] {
  let best = items;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.length;) {
      const rest = best.toSpliced(at, size);
      if (same(rest)) best = rest;
      else at += size;
    }
  }
  return best;
}

function fewerRows(small: Small, same: (small: Small) => boolean): Small {
  let best = small;
  small.steps.forEach((_, i) => {
    const step = best.steps[i]!;
    const replaced = (other: Step): Small => ({ ...best, steps: best.steps.with(i, other) });
    if (step.kind === 'bulk') {
      const rows = fewer(step.rows, (fewerOnes) => same(replaced({ ...step, rows: fewerOnes })));
      if (rows !== step.rows) best = replaced({ ...step, rows });
    } else if (step.kind === 'transaction') {
      const steps = fewer(step.steps, (fewerOnes) => same(replaced({ ...step, steps: fewerOnes })));
      if (steps !== step.steps) best = replaced({ ...step, steps });
    }
  });
  return best;
}

/** What a person needs to see it again. */
export function report(difference: Difference, small: Small): string {
  const { world, variant, sign, what } = difference;
  const lines = [`seed ${world.seed}, ${variant.name} ${JSON.stringify(variant.hints)}: ${sign}`, what, '-- smallest:'];
  if (sign !== 'oracles')
    lines.push(
      ...describeSteps(small.steps).map((line) => (line.length > 2_000 ? `${line.slice(0, 2_000)} ...` : line)),
    );
  if (small.query !== undefined) {
    const { sql, parameters } = write(small.query, 'lightning');
    lines.push(`${sql};  -- ${JSON.stringify(parameters, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))}`);
    if (sign === 'oracles') lines.push(`${write(small.query, 'postgres').sql};`);
  }
  return lines.join('\n');
}
