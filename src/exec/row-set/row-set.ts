// Row sets of a plan: probes become sets of row ids, combined as the plan says. Where rows are known to which a set is to be cut down,
// kinds that can do so never make the rest of it.

import type { TableDef } from '../../catalog/definitions.js';
import type { RowSetPlan } from '../../catalog/offer.js';
import type { Restriction } from '../../index/kind.js';
import { rowSets } from '../../index/row-set/index.js';
import type { RowSet } from '../../index/row-set/index.js';
import { bindProbe } from './bind-probe.js';
import type { Context } from '../operator.js';

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
  const [first, ...others] = args;
  if (first === undefined) return rowSets().empty;
  let set = evaluateRowSet(first, table, context);
  for (const arg of others) {
    if (set.size === 0) break;
    set = restrict(arg, table, context).rowSet(set);
  }
  return set;
}

/** The rows of a plan's set among given ones, for any number of these; values are looked up at the first. */
export function restrict(plan: RowSetPlan, table: TableDef, context: Context): Restriction {
  switch (plan.kind) {
    case 'probe': {
      const index = context.table(table).index(plan.index);
      const own = index.restrict?.(bindProbe(plan.probe, context.evaluation));
      if (own !== undefined) return own;
      let all: RowSet | undefined;
      const made = () => (all ??= evaluateRowSet(plan, table, context));
      return { rowSet: (within) => within.and(made()), count: (within) => within.andSize(made()) };
    }
    case 'and': {
      const args = countedLast(plan.args).map((arg) => restrict(arg, table, context));
      const cut = (within: RowSet, parts: readonly Restriction[]) => {
        let set = within;
        for (const part of parts) {
          if (set.size === 0) break;
          set = part.rowSet(set);
        }
        return set;
      };
      return {
        rowSet: (within) => cut(within, args),
        count(within) {
          const set = cut(within, args.slice(0, -1));
          return set.size === 0 ? 0 : args.at(-1)!.count(set);
        },
      };
    }
    case 'or': {
      const args = plan.args.map((arg) => restrict(arg, table, context));
      const rowSet = (within: RowSet) => rowSets().union(args.map((arg) => arg.rowSet(within)));
      return { rowSet, count: (within) => rowSet(within).size };
    }
    case 'not': {
      const arg = restrict(plan.arg, table, context);
      return {
        rowSet: (within) => within.andNot(arg.rowSet(within)),
        count: (within) => within.size - arg.count(within),
      };
    }
  }
}

/** The number of rows in the set, from cardinalities where the kind of index has them. */
export function countRowSet(plan: RowSetPlan, table: TableDef, context: Context): number {
  switch (plan.kind) {
    case 'probe':
      return context.table(table).index(plan.index).count(bindProbe(plan.probe, context.evaluation));
    case 'and': {
      // The last intersection is only counted.
      const args = countedLast(plan.args);
      const set = intersect(args.slice(0, -1), table, context);
      return set.size === 0 ? 0 : restrict(args.at(-1)!, table, context).count(set);
    }
    case 'or':
      return evaluateRowSet(plan, table, context).size;
    case 'not':
      return context.table(table).count - countRowSet(plan.arg, table, context);
  }
}

/** The plan's order, but for a probe of several values: it is counted value by value, and never becomes one set. */
function countedLast(args: readonly RowSetPlan[]): readonly RowSetPlan[] {
  const at = args.findIndex(
    (arg) =>
      arg.kind === 'probe' &&
      (arg.probe.kind === 'not-keys' ||
        (arg.probe.kind === 'keys' && arg.probe.sets.some((set) => set.kind === 'values' && set.values.length > 1))),
  );
  return at === -1 ? args : [...args.slice(0, at), ...args.slice(at + 1), args[at]!];
}

/** Row ids of the first window; each further one is so many times as wide. */
const FIRST_WINDOW = 2_048;
const WIDENING = 4;

/**
 * Row ids of a set in ascending (or descending) order, batch by batch, made window by window: who stops early leaves most of the set
 * unmade, who reads on pays for a few windows more.
 */
export function* rowsInOrder(
  plan: RowSetPlan,
  table: TableDef,
  context: Context,
  reverse: boolean,
): Iterable<Uint32Array> {
  const reader = context.table(table);
  const chunks = reader.rows.chunks(context.reader);
  if (chunks.length === 0) return;
  const low = chunks[0]! * 65_536;
  const high = (chunks.at(-1)! + 1) * 65_536;
  const { rowSet } = restrict(plan, table, context);
  const live = keepsOthers(plan) ? reader.live() : undefined;
  let width = FIRST_WINDOW;
  for (let done = 0; done < high - low; width *= WIDENING) {
    const next = Math.min(high - low, done + width);
    const [from, to] = reverse ? [high - next, high - done] : [low + done, low + next];
    const window = rowSets().fromRange(from, to);
    const set = rowSet(live ? live.and(window) : window);
    if (reverse) yield* descending(set);
    else yield* set.batches();
    done = next;
  }
}

/** Whether the set, cut out of ids of which some are no rows, may keep such: what others leave, and whole ranges. */
function keepsOthers(plan: RowSetPlan): boolean {
  switch (plan.kind) {
    case 'probe':
      return plan.probe.kind === 'not-keys' || plan.precision === 'refutes';
    case 'and':
      return plan.args.every(keepsOthers);
    case 'or':
      return plan.args.some(keepsOthers);
    case 'not':
      return true;
  }
}

function* descending(set: RowSet): Iterable<Uint32Array> {
  const ids = set.toArray().reverse();
  for (let at = 0; at < ids.length; at += 1_024) yield ids.subarray(at, at + 1_024);
}
