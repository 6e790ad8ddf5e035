// Paths in row-id order: the whole table, and intersections of row sets grown term by term while a further term pays.

import type { Estimate } from '../../catalog/statistics.js';
import type { RowSetPlan } from '../../catalog/offer.js';
import type { PhysicalPlan } from '../../plan/physical.js';
import { expected } from '../candidate.js';
import type { CostModel } from '../cost.js';
import { pageGet, rank } from '../cost.js';
import type { Mask } from '../cardinality/table.js';
import { evaluationCost } from './predicates.js';
import { andSet, labelOf } from './row-sets.js';
import type { Term } from './row-sets.js';
import { fetchCost, tablePages } from './scan-output.js';
import type { Path, ScanContext } from './scan-context.js';
import { scanNode } from './scan-context.js';

/** Terms from which growing starts: the best few, since the best first term need not be in the best set. */
const STARTS = 3;

export function tableScanPath(context: ScanContext): Path {
  const { planning, scan, needed, tableRows } = context;
  const { costs } = planning;
  const test = context.testOutside(0);
  const rows = context.rows;
  const chunks = Math.ceil(tableRows / 65_536);
  const useful = chunks < 2 ? [] : context.refuters.filter((r) => r.rows.est < tableRows * 0.9);
  const kept = useful.reduce((share, r) => Math.min(share, r.rows.est / Math.max(1, tableRows)), 1);
  const read = tableRows * kept;
  const pages = tablePages(scan, tableRows) * kept;
  const yielding = rows.est * (needed.cost + scoreCost(context));
  const cost =
    costs.operator +
    chunks * useful.length * costs.refute +
    pages * pageGet(costs) +
    read * (costs.rowFetch + test.cost) +
    yielding;
  const high = cost + (rows.hi - rows.est) * needed.cost + (1 - kept) * tableRows * (costs.rowFetch + test.cost);
  const uses = useful.map((r) => r.offer.index.name);
  return {
    label: () => (uses.length === 0 ? 'scan' : `scan refuted by ${uses.join(', ')}`),
    uses,
    candidate: {
      plan: {
        kind: 'table-scan',
        scan: scanNode(context, test),
        refuters: useful.map((r) => ({ index: r.offer.index, probe: r.offer.probe })),
        measured: useful.length === 1 && useful[0]!.mask === context.all,
        columns: needed.columns,
        expected: expected(rows, cost, costs.operator),
      },
      ordered: context.order?.length === 0,
      high,
      clustered: context.conjuncts.length > 0,
    },
  };
}

/** Nanoseconds per row for the score, when it is asked for. */
export function scoreCost(context: ScanContext): number {
  const { score } = context.needed;
  if (score === undefined) return 0;
  const { costs } = context.planning;
  return context.terms.some((t) => t.set.kind === 'probe' && t.set.probe.kind === 'match')
    ? costs.rankedStep
    : evaluationCost(score.match, costs);
}

/** A set with what it answers. */
export interface ChosenSet {
  readonly set: RowSetPlan;
  readonly terms: readonly Term[];
  readonly exact: Mask;
  readonly rows: Estimate;
  /** Nanoseconds to make it; and before its first rows, where it is made piece by piece. */
  readonly cost: number;
  readonly startup: number;
}

export function makeSet(context: ScanContext, terms: readonly Term[]): ChosenSet {
  const { costs } = context.planning;
  const rows = context.rowsOf(terms);
  const sorted = [...terms].sort((a, b) => a.rows.est - b.rows.est);
  let cost = 0;
  let smallest = Infinity;
  sorted.forEach((term, i) => {
    cost += term.cost;
    smallest = Math.min(smallest, term.rows.est);
    // Long sets meet container by container, short ones id by id.
    if (i > 0) cost += costs.setOperation + costs.setPerId * Math.min(smallest, context.tableRows / 64);
  });
  const startup = Math.min(
    cost,
    sorted.reduce((total, term) => total + startupOf(term, costs), 0),
  );
  return { set: andSet(terms, rows), terms, exact: terms.reduce((m, t) => m | t.exact, 0), rows, cost, startup };
}

/** What must be done before any part of a term's set is known: only bitmaps are cut down to a range of rows. */
function startupOf(term: Term, costs: CostModel): number {
  const bitmaps = (set: RowSetPlan): number | undefined => {
    switch (set.kind) {
      case 'probe':
        return set.index.kind === 'bitmap' && set.probe.kind !== 'all' ? costs.seek : undefined;
      case 'not':
        return bitmaps(set.arg);
      case 'and':
      case 'or': {
        let total = 0;
        for (const arg of set.args) total += bitmaps(arg) ?? Infinity;
        return Number.isFinite(total) ? total : undefined;
      }
    }
  };
  return bitmaps(term.set) ?? term.cost;
}

/** How near to one another the rows of a probe stand: where its first key follows the row ids, equal keys do. */
function nearnessOf(context: ScanContext, { set }: Term): number {
  const key = set.kind === 'probe' && set.probe.kind === 'keys' ? set.index.keys[0]?.expr : undefined;
  if (key?.kind !== 'column') return 0;
  return (context.planning.columnStatistics(context.scan.table, key.id)?.correlation ?? 0) ** 2;
}

/** What reading the rows of a set costs, as expected and at worst. */
function priceOf(context: ScanContext, chosen: ChosenSet) {
  const { planning, scan, needed, tableRows, rows } = context;
  const { costs } = planning;
  const test = context.testOutside(chosen.exact);
  const reads = (context.all & ~chosen.exact) !== 0 || needed.fetch.length > 0;
  const perRow = needed.cost + scoreCost(context) + costs.kernel;
  const nearness = Math.max(...chosen.terms.map((term) => nearnessOf(context, term)));
  const priced = (inside: number, out: number) =>
    (reads ? fetchCost(scan, inside, tableRows, costs, nearness) : 0) + inside * test.cost + out * perRow;
  const made = costs.operator + chosen.cost;
  return {
    startup: context.want.rows === undefined ? made : costs.operator + chosen.startup,
    cost: made + priced(chosen.rows.est, rows.est),
    high: made + priced(chosen.rows.hi, rows.hi),
  };
}

export function rowSetPath(context: ScanContext, chosen: ChosenSet): Path {
  const { needed, rows } = context;
  const { startup, cost, high } = priceOf(context, chosen);
  const plan: PhysicalPlan = {
    kind: 'row-set-scan',
    scan: scanNode(context, context.testOutside(chosen.exact)),
    set: chosen.set,
    early: false,
    columns: needed.columns,
    expected: expected(rows, cost, startup),
  };
  const clustered = (context.all & ~chosen.exact) !== 0;
  return {
    label: () => labelOf(chosen.terms),
    uses: indexNames(chosen.set),
    candidate: { plan, ordered: context.order?.length === 0, high, clustered },
  };
}

export function indexNames(set: RowSetPlan): string[] {
  switch (set.kind) {
    case 'probe':
      return [set.index.name];
    case 'and':
    case 'or':
      return set.args.flatMap(indexNames);
    case 'not':
      return indexNames(set.arg);
  }
}

/** Every single term, and the intersections that pay, for conjuncts outside `answered`. */
export function chooseSets(context: ScanContext, answered: Mask): { singles: ChosenSet[]; grown: ChosenSet[] } {
  const terms = context.terms.filter((t) => (t.mask & ~answered) !== 0);
  const price = (set: ChosenSet) => {
    const { cost, high } = priceOf(context, set);
    return rank(cost, high);
  };
  const singles = terms.map((term) => makeSet(context, [term]));
  const starts = singles
    .map((set) => ({ set, price: price(set) }))
    .sort((a, b) => a.price - b.price)
    .slice(0, STARTS);
  const grown: ChosenSet[] = [];
  for (const start of starts) {
    let current = start;
    for (;;) {
      let next: typeof start | undefined;
      const mask = current.set.terms.reduce((m, t) => m | t.mask, 0);
      for (const term of terms) {
        if ((term.mask & ~mask) === 0 && (term.exact & ~current.set.exact) === 0) continue;
        const set = makeSet(context, [...current.set.terms, term]);
        const tried = { set, price: price(set) };
        if (tried.price < current.price && (next === undefined || tried.price < next.price)) next = tried;
      }
      if (next === undefined) break;
      current = next;
    }
    if (current.set.terms.length > 1 && !grown.some((g) => sameTerms(g.terms, current.set.terms)))
      grown.push(current.set);
  }
  return { singles, grown };
}

function sameTerms(a: readonly Term[], b: readonly Term[]): boolean {
  return a.length === b.length && a.every((term) => b.includes(term));
}
