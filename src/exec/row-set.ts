// Row sets of a plan: probes become sets of row ids, combined as the plan says.

import type { TableDef } from '../catalog/definitions.js';
import type { RowSetPlan } from '../catalog/offer.js';
import { rowSets } from '../index/row-set/index.js';
import type { RowSet } from '../index/row-set/index.js';
import { bindProbe } from './bind-probe.js';
import type { Context } from './operator.js';

export function evaluateRowSet(plan: RowSetPlan, table: TableDef, context: Context): RowSet {
  return context.fixedSets.of(plan, () => makeRowSet(plan, table, context));
}

function makeRowSet(plan: RowSetPlan, table: TableDef, context: Context): RowSet {
  switch (plan.kind) {
    case 'probe':
      return context.table(table).index(plan.index).rowSet(bindProbe(plan.probe, context.evaluation));
    case 'and':
      return intersect(plan.args, table, context);
    case 'or':
      return rowSets().union(plan.args.map((arg) => evaluateRowSet(arg, table, context)));
    case 'not':
      return context
        .table(table)
        .live()
        .andNot(evaluateRowSet(plan.arg, table, context));
  }
}

/** In the plan's order, the most selective first; an empty set ends it. */
function intersect(args: readonly RowSetPlan[], table: TableDef, context: Context): RowSet {
  let set: RowSet | undefined;
  for (const arg of args) {
    if (arg.kind === 'not') {
      const excluded = evaluateRowSet(arg.arg, table, context);
      set = (set ?? context.table(table).live()).andNot(excluded);
    } else {
      const next = evaluateRowSet(arg, table, context);
      set = set === undefined ? next : set.and(next);
    }
    if (set.size === 0) break;
  }
  return set ?? rowSets().empty;
}

/** The number of rows in the set, from cardinalities where the kind of index has them. */
export function countRowSet(plan: RowSetPlan, table: TableDef, context: Context): number {
  if (plan.kind === 'probe') {
    return context.table(table).index(plan.index).count(bindProbe(plan.probe, context.evaluation));
  }
  const last = plan.kind === 'and' ? plan.args.at(-1) : undefined;
  if (plan.kind === 'and' && plan.args.length > 1 && last !== undefined && last.kind !== 'not') {
    // The last intersection is only counted.
    const set = intersect(plan.args.slice(0, -1), table, context);
    return set.size === 0 ? 0 : set.andSize(evaluateRowSet(last, table, context));
  }
  if (plan.kind === 'not') {
    const reader = context.table(table);
    return reader.count - reader.live().andSize(evaluateRowSet(plan.arg, table, context));
  }
  return evaluateRowSet(plan, table, context).size;
}
