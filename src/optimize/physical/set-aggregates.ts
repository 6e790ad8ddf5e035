// Aggregates that indexes answer without rows: count(*) from the cardinality of a set, facets from a bitmap index.

import type { RowSetPlan } from '../../catalog/offer.js';
import { exprKey } from '../../expr/build.js';
import type { Aggregate, ColumnId, Expr } from '../../expr/expression.js';
import type { AggregatePlan } from '../../plan/logical.js';
import type { PhysicalPlan } from '../../plan/physical.js';
import { scanContext } from '../access/access-paths.js';
import type { Term } from '../access/row-sets.js';
import { labelOf } from '../access/row-sets.js';
import type { ScanContext } from '../access/scan-context.js';
import { makeSet } from '../access/set-paths.js';
import type { Candidate } from '../candidate.js';
import { expected, wantAll } from '../candidate.js';
import { estimate, exactly } from '../cardinality/estimate.js';
import type { Planner } from './planner.js';
import { scanUnder } from './planner.js';

/** `count(*)`, also as the count of something that is never NULL. */
function isCountAll(aggregate: Aggregate): boolean {
  if (aggregate.name !== 'count' || aggregate.distinct || aggregate.filter !== undefined) return false;
  const arg = aggregate.args[0];
  return arg === undefined || (arg.kind === 'constant' && arg.value !== null);
}

/** `count(*)` of all rows or by one bitmap-indexed group, out of the cardinalities of sets. */
export function answeredBySets(planner: Planner, node: AggregatePlan): Candidate | undefined {
  const only = node.aggregates[0];
  if (only === undefined || node.aggregates.length !== 1 || !isCountAll(only.aggregate) || node.groups.length > 1)
    return undefined;
  const target = scanUnder(node.input);
  if (target === undefined) return undefined;
  const context = scanContext(planner.planning, target.scan, target.predicates, wantAll(new Set()));
  if (context === undefined) return undefined;
  const terms = exactCover(context);
  if (terms === undefined) return undefined;
  const chosen = terms.length === 0 ? undefined : makeSet(context, terms);
  const group = node.groups[0];
  return group === undefined
    ? countOfSet(planner, context, chosen, only.column.id)
    : facets(planner, context, chosen, group.expr, [group.column.id, only.column.id]);
}

interface Chosen {
  readonly set: RowSetPlan;
  readonly terms: readonly Term[];
  readonly cost: number;
}

function countOfSet(planner: Planner, context: ScanContext, chosen: Chosen | undefined, id: ColumnId): Candidate {
  // One probe is counted without making its set, where its kind counts quickly: as it did for the estimate.
  const counted = chosen?.terms.length === 1 && isCounted(chosen.terms[0]);
  const cost = planner.costs.operator + (counted ? 2 * planner.costs.seek : (chosen?.cost ?? 0));
  const plan: PhysicalPlan = {
    kind: 'row-set-count',
    table: context.scan.table,
    name: context.scan.name,
    set: chosen?.set,
    considered: [
      { path: `count of ${pathOf(chosen)}`, verdict: 'chosen', reason: 'cardinalities alone answer it', cost },
    ],
    columns: [id],
    expected: expected(exactly(1), cost, cost),
  };
  return { plan, ordered: true, high: cost, clustered: false };
}

function facets(
  planner: Planner,
  context: ScanContext,
  chosen: Chosen | undefined,
  group: Expr,
  columns: readonly ColumnId[],
): Candidate | undefined {
  const { costs, planning } = planner;
  const key = exprKey(context.ordinals.toLocal(group));
  const usable = usableFor(context);
  const index = context.scan.table.indexes.find(
    (i) =>
      i.kind === 'bitmap' &&
      i.where === undefined &&
      i.keys.length === 1 &&
      usable(i.name) &&
      i.keys[0] !== undefined &&
      exprKey(i.keys[0].expr) === key,
  );
  if (index === undefined) return undefined;
  const counted = planning.catalog.index(index);
  const distinct = counted.distinct ?? 100;
  const pages = Math.max(1, counted.pages);
  const perValue =
    costs.setOperation + (chosen === undefined ? 0 : costs.setOperation * Math.ceil(context.tableRows / 65_536) * 0.1);
  const cost = costs.operator + (chosen?.cost ?? 0) + distinct * perValue + pages * costs.pageCached;
  const within = chosen?.set.rows.est ?? context.tableRows;
  const rows = estimate(0, Math.min(distinct, Math.max(1, within)), distinct + 1, 'index');
  const plan: PhysicalPlan = {
    kind: 'facet-scan',
    table: context.scan.table,
    name: context.scan.name,
    index,
    set: chosen?.set,
    considered: [
      {
        path: `facets of ${index.name} (bitmap)${chosen === undefined ? '' : ` within ${pathOf(chosen)}`}`,
        verdict: 'chosen',
        reason: 'cardinalities alone answer it',
        cost,
      },
    ],
    columns,
    expected: expected(rows, cost, cost),
  };
  return { plan, ordered: false, high: cost, clustered: false };
}

function usableFor(context: ScanContext): (name: string) => boolean {
  const refused = new Set(context.refused.filter((r) => r.reason.includes('hint')).map((r) => r.path.split(' ')[0]));
  return (name) => !refused.has(name);
}

function pathOf(chosen: Chosen | undefined): string {
  return chosen === undefined ? 'all rows' : labelOf(chosen.terms);
}

function isCounted(term: Term | undefined): boolean {
  return term?.set.kind === 'probe' && term.rows.lo === term.rows.hi;
}

/** The cheapest terms that answer every conjunct exactly; undefined when some conjunct needs a look at the row. */
function exactCover(context: ScanContext): readonly Term[] | undefined {
  const whole = context.terms.find((term) => term.exact === context.all && isCounted(term));
  if (whole !== undefined) return [whole];
  const chosen: Term[] = [];
  let open = context.all;
  while (open !== 0) {
    let next: Term | undefined;
    let least = Infinity;
    for (const term of context.terms) {
      // A term with conjuncts that it answers only loosely restricts too little, but never too much: it may still take part.
      const won = bitCount(term.exact & open);
      if (won === 0) continue;
      const price = (term.cost + 1) / won;
      if (price < least) {
        least = price;
        next = term;
      }
    }
    if (next === undefined) return undefined;
    chosen.push(next);
    open &= ~next.exact;
  }
  return chosen;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let m = mask; m !== 0; m &= m - 1) count++;
  return count;
}
