// Joins of 64 tables are planned with little work, whatever the shape of their graph. Work is counted as readings of the cost model, which
// pricing any candidate takes: unlike time it is the same on every machine.

import { describe, expect, test } from 'vitest';
import { DEFAULT_COSTS } from '../../src/optimize/cost.js';
import type { PhysicalPlan } from '../../src/plan/physical.js';
import { HandMadeCatalog, planOf } from './catalog.js';

const TABLES = 64;
const tables = Array.from({ length: TABLES }, (_, i) => `t${i}`);

const catalog = new HandMadeCatalog(
  tables
    .flatMap((name, i) => [
      `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER);`,
      `CREATE INDEX ${name}_a ON ${name} (a);`,
      `ROWS ${name} ${100 * (i + 1)}`,
    ])
    .join('\n'),
);

/** Conditions over the first `n` tables. */
const graphs: Readonly<Record<string, (names: readonly string[]) => string[]>> = {
  'a chain': (names) => names.slice(1).map((name, i) => `${name}.a = ${names[i]}.id`),
  'a chain of one value': (names) => names.slice(1).map((name, i) => `${name}.a = ${names[i]}.a`),
  'a star': (names) => names.slice(1).map((name, i) => `t0.${i % 2 === 0 ? 'a' : 'b'} = ${name}.id`),
  'a clique of equalities': (names) => names.flatMap((a, i) => names.slice(i + 1).map((b) => `${a}.id = ${b}.id`)),
  'a clique of other comparisons': (names) =>
    names.flatMap((a, i) => names.slice(i + 1).map((b) => `${a}.a < ${b}.b + ${i}`)),
  'a cross product': () => [],
};

function planned(n: number, graph: (names: readonly string[]) => string[]): { plan: PhysicalPlan; work: number } {
  let work = 0;
  const costs = new Proxy(DEFAULT_COSTS, {
    get: (model, name) => {
      work++;
      return model[name as keyof typeof model];
    },
  });
  const names = tables.slice(0, n);
  const conditions = graph(names);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const { plan } = planOf(`SELECT count(*) AS n FROM ${names.join(', ')}${where}`, catalog, undefined, { costs });
  return { plan, work };
}

function namesIn(plan: PhysicalPlan): string[] {
  if ('left' in plan) return [...namesIn(plan.left), ...namesIn(plan.right)];
  if ('input' in plan && plan.input !== undefined) return namesIn(plan.input);
  if ('scan' in plan) return [plan.scan.name];
  return 'name' in plan ? [plan.name] : [];
}

describe('a join of 64 tables', () => {
  test.each(Object.entries(graphs))('%s', (_, graph) => {
    const half = planned(TABLES / 2, graph);
    const whole = planned(TABLES, graph);
    expect(namesIn(whole.plan).sort()).toEqual([...tables].sort());
    expect(whole.work).toBeLessThan(20_000);
    // Twice the tables, at most a square step: no exponent hides below the limit.
    expect(whole.work).toBeLessThan(half.work * 4);
  });
});
