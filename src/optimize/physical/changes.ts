// INSERT, UPDATE and DELETE: their inputs are planned like queries; the change itself is the same for every plan.

import type { ColumnId } from '../../expr/expression.js';
import type { Delete, Insert, Update } from '../../plan/logical.js';
import { outputOf } from '../../plan/logical.js';
import type { PhysicalPlan } from '../../plan/physical.js';
import type { Candidate } from '../candidate.js';
import { expected, wantAll } from '../candidate.js';
import { exactly } from '../cardinality/estimate.js';
import { readsOf } from '../plan-tree.js';
import type { Planner } from './planner.js';

export function planInsert(planner: Planner, node: Insert): Candidate {
  const source = planner.exact(
    node.source,
    outputOf(node.source).map((c) => c.id),
  );
  const { rows, cost } = source.plan.expected;
  const total = cost + rows.est * planner.costs.writeRow;
  const plan: PhysicalPlan = {
    kind: 'insert',
    table: node.table,
    source: source.plan,
    values: node.values,
    onConflict: node.onConflict,
    returning: node.returning,
    columns: node.returning?.items.map((i) => i.column.id) ?? [],
    expected: expected(node.returning === undefined ? exactly(0) : rows, total, total),
  };
  return { plan, ordered: false, high: source.high + rows.hi * planner.costs.writeRow, clustered: false };
}

export function planChange(planner: Planner, node: Update | Delete): Candidate {
  const columns = new Set<ColumnId>([node.rowId]);
  const own = new Set(outputOf(node.input).map((c) => c.id));
  const read = node.kind === 'update' ? node.assignments.map((a) => a.expr) : [];
  for (const expr of read) for (const id of readsOf(expr)) if (own.has(id)) columns.add(id);
  for (const column of node.returning?.beside ?? []) columns.add(column.id);
  const input = planner.cheapest(node.input, wantAll(columns));
  const { rows, cost } = input.plan.expected;
  const total = cost + rows.est * planner.costs.writeRow;
  const common = {
    table: node.table,
    input: input.plan,
    rowId: node.rowId,
    returning: node.returning,
    columns: node.returning?.items.map((i) => i.column.id) ?? [],
    expected: expected(node.returning === undefined ? exactly(0) : rows, total, total),
  };
  const plan: PhysicalPlan =
    node.kind === 'update'
      ? { kind: 'update', ...common, assignments: node.assignments }
      : { kind: 'delete', ...common };
  return { plan, ordered: false, high: input.high + rows.hi * planner.costs.writeRow, clustered: false };
}
