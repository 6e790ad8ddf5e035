// DISTINCT ON: rows in the order of its keys, the first of each run of equal ones.

import type { DistinctOn } from '../../plan/logical.js';
import type { PhysicalPlan } from '../../plan/physical.js';
import type { Candidate, Want } from '../candidate.js';
import { expected } from '../candidate.js';
import { readsOf } from '../plan-tree.js';
import type { Planner } from './planner.js';
import { union } from './planner.js';
import { planSort, sameKeys } from './sorting.js';

export function planDistinctOn(planner: Planner, node: DistinctOn, want: Want): Candidate[] {
  const { input, keys } = node;
  const on = keys.slice(0, node.on).map(({ expr }) => expr);
  const columns = on.reduce((all, expr) => union(all, readsOf(expr)), want.columns);
  const ordered = want.order === undefined || sameKeys(want.order, keys);
  const candidates = planSort(planner, { kind: 'sort', input, keys }, { columns, order: undefined, rows: undefined });
  const distinct = candidates.map((candidate): Candidate => {
    const { cost, startup, rows } = candidate.plan.expected;
    const step = planner.costs.sortedStep;
    const plan: PhysicalPlan = {
      kind: 'sorted-distinct',
      input: candidate.plan,
      on,
      columns: candidate.plan.columns,
      expected: expected(planner.knowledge.groups(on, rows), cost + rows.est * step, startup),
    };
    return { ...candidate, plan, ordered, high: candidate.high + rows.hi * step };
  });
  return planner.planning.choose('distinct on', distinct, want);
}
