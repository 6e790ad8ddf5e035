// Lookup joins: the inner side is a scan that runs again for the values of the outer rows, which reach it as parameters. Its plan does not
// depend on where the values come from, so one is made for each shape of conditions and serves every join order.

import type { Estimate } from '../../catalog/statistics.js';
import { and, canRaise, compare, exprKey, substitute } from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import type { Scan } from '../../plan/logical.js';
import type { JoinType, PhysicalPlan } from '../../plan/physical.js';
import { accessPaths } from '../access/access-paths.js';
import { ordinalsOf } from '../access/conditions.js';
import { evaluationCost } from '../access/predicates.js';
import type { Candidate } from '../candidate.js';
import { best, wantAll } from '../candidate.js';
import { capped } from '../cardinality/estimate.js';
import { outputIds, readsOf } from '../plan-tree.js';
import type { Side } from './joins.js';
import { joinedSide, nodeOf } from './joins.js';
import type { Planner } from './planner.js';

/** Rows of one batch, within which equal keys are looked up once. */
const BATCH = 1_024;

/** A scan that a lookup join can run again for each row of the other side. */
export interface LookupTarget {
  readonly scan: Scan;
  readonly predicates: readonly Expr[];
  readonly columns: ReadonlySet<ColumnId>;
}

/** The inner side with the outer values in slots. */
interface Lookup {
  readonly candidate: Candidate;
  readonly outer: readonly Expr[];
  readonly slots: readonly number[];
}

/** What is known of one target, undefined where no index would be of use: by the conditions themselves, and by their shape. */
interface Known {
  readonly byConditions: Map<string, Lookup | undefined>;
  readonly byShape: Map<string, Candidate | undefined>;
}

/** Targets by their predicates, within a scan: the inner side is asked for in many join orders, and for each wanted order. */
export type LookupMemo = Map<Scan, { readonly target: LookupTarget; readonly known: Known }[]>;

export function lookupJoin(
  planner: Planner,
  type: JoinType,
  left: Side,
  right: Side,
  list: readonly Expr[],
  rows: Estimate,
): Side | undefined {
  const target = right.lookup;
  if (target === undefined || list.length === 0 || type === 'full') return undefined;
  const { costs } = planner;
  // What can raise stays outside: it must see only the pairs that the other conjuncts let through.
  const inside = list.filter((e) => !canRaise(e));
  const outside = list.filter((e) => canRaise(e));
  const found = lookupOf(planner, target, inside);
  if (found === undefined) return undefined;
  const once = found.candidate.plan.expected;
  const residual = outside.length === 0 ? undefined : and(outside);
  const perMatch = costs.joinRow + (residual === undefined ? 0 : evaluationCost(residual, costs));
  const startup = left.startup + costs.rerun + once.startup;
  // The inner side runs once for each combination of the values it is given by a batch.
  const perBatch = planner.knowledge.groups(found.outer, capped(left.rows, BATCH));
  const batches = (rows: number) => Math.max(1, rows / BATCH);
  const runs = {
    est: Math.min(left.rows.est, perBatch.est * batches(left.rows.est)),
    hi: Math.min(left.rows.hi, perBatch.hi * batches(left.rows.hi)),
  };
  const cost = left.cost + left.rows.est * costs.hashProbe + runs.est * (costs.rerun + once.cost) + rows.est * perMatch;
  const high =
    left.high + left.rows.hi * costs.hashProbe + runs.hi * (costs.rerun + found.candidate.high) + rows.hi * perMatch;
  const args = found.outer;
  const slots = found.slots;
  return joinedSide(type, left, right, rows, cost, startup, high, (l) => {
    const r = found.candidate.plan;
    return {
      kind: 'lookup-join',
      type,
      left: l,
      right: r,
      args,
      slots,
      residual,
      ...nodeOf(type, l, r, rows, cost, startup),
    };
  });
}

function lookupOf(planner: Planner, target: LookupTarget, inside: readonly Expr[]): Lookup | undefined {
  const { byConditions } = knownOf(planner, target);
  const conditions = inside.map(exprKey).join(' ');
  if (!byConditions.has(conditions)) byConditions.set(conditions, makeLookup(planner, target, inside));
  return byConditions.get(conditions);
}

function knownOf(planner: Planner, target: LookupTarget): Known {
  let list = planner.lookups.get(target.scan);
  if (list === undefined) planner.lookups.set(target.scan, (list = []));
  let entry = list.find(
    (e) => e.target === target || (sameItems(e.target.predicates, target.predicates) && sameColumns(e.target, target)),
  );
  if (entry === undefined) list.push((entry = { target, known: { byConditions: new Map(), byShape: new Map() } }));
  return entry.known;
}

function sameItems(a: readonly Expr[], b: readonly Expr[]): boolean {
  return a.length === b.length && a.every((expr, i) => expr === b[i]);
}

function sameColumns(a: LookupTarget, b: LookupTarget): boolean {
  return a.columns.size === b.columns.size && [...a.columns].every((id) => b.columns.has(id));
}

/** Plans the inner side with the outer columns as parameters: the first that is named gets the scan's first slot, and so on. */
function makeLookup(planner: Planner, target: LookupTarget, inside: readonly Expr[]): Lookup | undefined {
  const { planning } = planner;
  const { scan } = target;
  const own = outputIds(scan);
  const outer = new Map<ColumnId, { readonly slot: number; readonly expr: Expr }>();
  const conditions = inside.map((conjunct) => {
    const given = substitute(conjunct, (column) => {
      if (own.has(column.id)) return undefined;
      let entry = outer.get(column.id);
      if (entry === undefined)
        outer.set(column.id, (entry = { slot: planning.lookupSlot(scan, outer.size), expr: column }));
      return { kind: 'parameter', index: entry.slot, type: column.type };
    });
    // Of one shape, whichever side of the equality the outer column stands on.
    const isTurned = given.kind === 'compare' && given.operator === '=' && given.left.kind === 'parameter';
    return isTurned ? compare('=', given.right, given.left) : given;
  });
  if (outer.size === 0 || !isServed(scan, conditions)) return undefined;
  const { byShape } = knownOf(planner, target);
  const shape = conditions.map(exprKey).join(' ');
  if (!byShape.has(shape)) byShape.set(shape, innerPlan(planner, target, conditions));
  const candidate = byShape.get(shape);
  const given = [...outer.values()];
  return candidate && { candidate, outer: given.map((o) => o.expr), slots: given.map((o) => o.slot) };
}

/** Whether an index has anything to do with the conditions: a lookup without one reads the table for each outer row. */
function isServed(scan: Scan, conditions: readonly Expr[]): boolean {
  const ordinals = ordinalsOf(scan);
  return scan.table.indexes.some((index) =>
    index.keys.some((key) => {
      const read = readsOf(key.expr);
      return conditions.some((condition) => {
        for (const id of readsOf(condition)) if (read.has(ordinals.ordinal(id)!)) return true;
        return false;
      });
    }),
  );
}

function innerPlan({ planning }: Planner, target: LookupTarget, conditions: readonly Expr[]): Candidate | undefined {
  const want = wantAll(target.columns);
  const candidate = best(accessPaths(planning, target.scan, [...target.predicates, ...conditions], want), undefined);
  return candidate === undefined || isTableScan(candidate.plan) ? undefined : candidate;
}

function isTableScan(plan: PhysicalPlan): boolean {
  return plan.kind === 'table-scan' || (plan.kind === 'filter' && isTableScan(plan.input));
}
