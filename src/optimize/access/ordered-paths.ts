// Paths whose rows come in an order of their own: walks over ordered indexes (also covering ones), nearest-first, best-score-first.
// They compete where the order spares a sort, where a LIMIT lets them stop early, or where the entry holds all that is read.

import type { IndexDef } from '../../catalog/definitions.js';
import { equalExprs, exprKey, isConstant } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { OrderedScan } from '../../plan/physical.js';
import { estimate } from '../cardinality/estimate.js';
import { expected, servedOrder } from '../candidate.js';
import type { Candidate, Presorted, ServedOrder } from '../candidate.js';
import { pageGet } from '../cost.js';
import type { Mask } from '../cardinality/table.js';
import type { TableOffer } from './offers.js';
import { describeIndex } from './offers.js';
import type { ChosenSet } from './set-paths.js';
import { indexNames, scoreCost } from './set-paths.js';
import { fetchCost, isFixed } from './scan-output.js';
import type { RowTest } from './scan-output.js';
import type { Path, ScanContext } from './scan-context.js';
import { isOrdered, scanNode } from './scan-context.js';

/** Walks over one offer. `within`: sets that restrict it, each tried besides none. */
export function orderedPaths(
  context: ScanContext,
  item: TableOffer,
  sets: (answered: Mask) => ChosenSet | undefined,
): Path[] {
  const { offer } = item;
  if (!isOrdered(offer) || offer.order === undefined) return [];
  const { order, want } = context;
  const unique = offer.index.unique && offer.index.keys.every((key) => context.nonNull(key.expr));
  const served =
    order === undefined
      ? undefined
      : servedOrder(order, { keys: offer.order, unique }, context.fixed, (e) => context.nonNull(e));
  const rest = context.testOutside(item.exact);
  const covers = coveredColumns(context, offer.index, rest) !== undefined;
  if (served === undefined && !covers && (want.rows === undefined || offer.probe.kind === 'all')) return [];
  const paths = [walk(context, item, served, undefined)];
  if (served === undefined) return paths;
  const set = sets(item.exact);
  const other = set !== undefined && !indexNames(set.set).includes(offer.index.name);
  if (set !== undefined && other) paths.push(walk(context, item, served, set));
  return paths;
}

/** How a walk that is sorted by the first keys of the wanted order goes on within rows of equal keys. */
function presorted(context: ScanContext, item: TableOffer, served: ServedOrder): Presorted {
  const { table } = context.scan;
  const rest = context.order!.slice(served.keys).filter((key) => !context.fixed.has(exprKey(key.expr)));
  const next = rest[0];
  const primary = table.indexes.find((index) => index.kind === 'primary');
  // An entry of a btree ends with the row id, which is the key of its row in a table with a direct primary key.
  const isTie =
    item.offer.index.kind === 'btree' &&
    served.exhausted &&
    primary?.options['direct'] === true &&
    next?.expr.kind === 'column' &&
    next.expr.id === table.primaryKey[0] &&
    next.desc === (served.direction === 'reverse');
  return { keys: served.keys, tie: isTie ? { table, index: primary } : undefined };
}

function walk(
  context: ScanContext,
  item: TableOffer,
  served: ServedOrder | undefined,
  within: ChosenSet | undefined,
): Path {
  const { planning, needed, tableRows } = context;
  const { costs } = planning;
  const { index, probe } = item.offer;
  const answered = item.exact | (within?.exact ?? 0);
  const rest = context.conjunctsOutside(answered);
  const test = context.testOutside(answered);
  const entryColumns = coveredColumns(context, index, test);
  const covering = entryColumns !== undefined;
  const rows = context.rows;
  const isWhole = served !== undefined && served.keys === context.order?.length;
  const perEntry = (item.offer.walkCost ?? costs.walkEntry) + (covering ? decodeCost(context, index) : 0);
  const perRow = (covering ? 0 : needed.cost) + costs.kernel;
  // A direct primary key is walked along the set, which is made piece by piece; any other order asks for all of it first.
  const along = within !== undefined && index.kind === 'primary' && index.options['direct'] === true;
  const priced = (entries: number, out: number) => {
    const kept =
      within === undefined || along
        ? entries
        : Math.min(entries, Math.max(out, (entries * within.rows.est) / Math.max(1, tableRows)));
    const fetched = covering || (needed.fetch.length === 0 && rest.length === 0) ? 0 : walkFetch(context, index, kept);
    return (
      entries * (perEntry + (within === undefined || along ? 0 : costs.setHas)) +
      fetched +
      kept * test.cost +
      out * (perRow + scoreCost(context))
    );
  };
  // The first keys of a skip scan are looked up before its first entry.
  const isSkip = probe.kind === 'keys' && probe.skip === true;
  const seeks = isSkip ? Math.max(costs.seek, item.offer.cost - item.offer.rows.est * perEntry) : costs.seek;
  const made = costs.operator + seeks + (within?.cost ?? 0);
  const startup = along ? costs.operator + costs.seek + within.startup : made;
  const cost = made + priced(along ? within.rows.est : item.rows.est, rows.est);
  const node: OrderedScan = {
    kind: 'ordered-scan',
    scan: scanNode(context, test),
    index,
    probe,
    reverse: served?.direction === 'reverse',
    covering,
    entryColumns: entryColumns ?? [],
    within: within?.set,
    columns: needed.columns,
    expected: expected(rows, cost, startup),
  };
  return walkOf(covering ? 'covering walk of' : 'walk of', index, within, {
    plan: node,
    ordered: isWhole,
    presorted: served === undefined || isWhole ? undefined : presorted(context, item, served),
    high: made + priced(along ? within.rows.hi : item.rows.hi, rows.hi),
    clustered: rest.length > 0 || within !== undefined,
  });
}

function walkOf(what: string, index: IndexDef, within: ChosenSet | undefined, candidate: Candidate): Path {
  const others = within === undefined ? [] : indexNames(within.set);
  const label = () => `${what} ${describeIndex(index)}${others.length === 0 ? '' : ` within ${others.join(', ')}`}`;
  return { label, uses: [index.name, ...others], candidate };
}

/** Nanoseconds to decode an entry with all its keys and included columns. */
function decodeCost(context: ScanContext, index: IndexDef): number {
  const { costs } = context.planning;
  const { table } = context.scan;
  const fixed = [
    ...index.keys.map(({ expr }) => expr.kind === 'column' && isFixed(table, expr.id)),
    ...index.include.map((ordinal) => isFixed(table, ordinal)),
  ];
  return fixed.reduce((total, isOne) => total + (isOne ? costs.entryField : costs.entryText), 0);
}

/** Rows fetched in index order: near to row-id order where the first key follows it, scattered otherwise. */
function walkFetch(context: ScanContext, index: IndexDef, rows: number): number {
  const { planning, scan, tableRows } = context;
  const { costs } = planning;
  const key = index.keys[0]?.expr;
  const correlation =
    index.kind === 'primary'
      ? 1
      : key?.kind === 'column'
        ? (planning.columnStatistics(scan.table, key.id)?.correlation ?? 0)
        : 0;
  const near = fetchCost(scan, rows, tableRows, costs);
  const scattered = rows * (pageGet(costs) + costs.rowFetch);
  const order = correlation * correlation;
  return near * order + Math.max(near, scattered) * (1 - order);
}

/** Where each column that is read stands in the index's entry; undefined when some column is not there. */
function coveredColumns(context: ScanContext, index: IndexDef, test: RowTest): OrderedScan['entryColumns'] | undefined {
  const { needed } = context;
  if (index.kind !== 'btree' || needed.score !== undefined) return undefined;
  const fields = new Map([...needed.fetch, ...test.fetch].map((f) => [f.id, f.ordinal]));
  const result: { position: number; id: number }[] = [];
  for (const [id, ordinal] of fields) {
    let position = index.keys.findIndex((key) => key.expr.kind === 'column' && key.expr.id === ordinal);
    if (position === -1) {
      const included = index.include.indexOf(ordinal);
      if (included === -1) return undefined;
      position = index.keys.length + included;
    }
    result.push({ position, id });
  }
  return result;
}

/** `ORDER BY ST_Distance(column, point)`: nearest first over an R-tree, filtered on the way. */
export function nearestPaths(
  context: ScanContext,
  indexes: readonly IndexDef[],
  sets: (answered: Mask) => ChosenSet | undefined,
): Path[] {
  const key = context.order?.[0];
  if (key === undefined || context.order?.length !== 1 || key.desc) return [];
  const call = key.expr;
  if (call.kind !== 'call' || call.name !== 'st_distance') return [];
  const paths: Path[] = [];
  for (const index of indexes) {
    const indexed = index.keys[0]?.expr;
    if (index.kind !== 'rtree' || index.keys.length !== 1 || indexed === undefined) continue;
    const at = call.args.findIndex((arg) => equalExprs(arg, indexed) || isCastOf(arg, indexed));
    const point = call.args[1 - at];
    if (at === -1 || point === undefined || call.args.length !== 2 || !isConstant(point)) continue;
    // Rows without a geometry are not in the index: the scan appends them, which is right when NULLs come last and the index is whole.
    if (!context.nonNull(indexed) && (key.nullsFirst || index.where !== undefined)) continue;
    if (isNullConstant(point)) continue;
    paths.push(nearest(context, index, point, undefined));
    const set = sets(0);
    if (set !== undefined) paths.push(nearest(context, index, point, set));
  }
  return paths;
}

function isCastOf(expr: Expr, inner: Expr): boolean {
  return expr.kind === 'cast' && expr.type === 'geometry' && equalExprs(expr.arg, inner);
}

function isNullConstant(expr: Expr): boolean {
  return expr.kind === 'constant' && expr.value === null;
}

function nearest(context: ScanContext, index: IndexDef, point: Expr, within: ChosenSet | undefined): Path {
  const { planning, needed, tableRows } = context;
  const { costs } = planning;
  const test = context.testOutside(within?.exact ?? 0);
  const rows = context.rows;
  const priced = (kept: number, out: number) =>
    tableRows * (costs.nearestStep + (within === undefined ? 0 : costs.setHas)) +
    kept * (pageGet(costs) + costs.rowFetch + test.cost) +
    out * needed.cost;
  const startup = costs.operator + costs.seek + (within?.cost ?? 0);
  const inside = within?.rows ?? estimate(tableRows, tableRows, tableRows, 'exact');
  const cost = startup + priced(inside.est, rows.est);
  return walkOf('nearest of', index, within, {
    plan: {
      kind: 'nearest-scan',
      scan: scanNode(context, test),
      index,
      point,
      distance: undefined,
      within: within?.set,
      limit: undefined,
      offset: undefined,
      columns: needed.columns,
      expected: expected(rows, cost, startup),
    },
    ordered: true,
    high: startup + priced(inside.hi, rows.hi),
    clustered: context.conjuncts.length > 0,
  });
}

/** `ORDER BY score() DESC` with its MATCH among the conjuncts: best first from the full-text index. */
export function rankedPaths(context: ScanContext, sets: (answered: Mask) => ChosenSet | undefined): Path[] {
  const { scan, order } = context;
  const key = order?.[0];
  if (scan.score === undefined || key === undefined || order?.length !== 1 || !key.desc) return [];
  if (key.expr.kind !== 'column' || context.ordinals.ordinal(scan.score.id) !== key.expr.id) return [];
  const wanted = exprKey(context.ordinals.toLocal(scan.score.match));
  const conjunct = context.conjuncts.find((c) => exprKey(c.local) === wanted);
  if (conjunct === undefined) return [];
  const paths: Path[] = [];
  for (const item of context.offers) {
    if (item.offer.index.kind !== 'fulltext' || item.exact !== conjunct.bit || item.offer.probe.kind !== 'match')
      continue;
    paths.push(ranked(context, item, undefined));
    const set = sets(conjunct.bit);
    if (set !== undefined) paths.push(ranked(context, item, set));
  }
  return paths;
}

function ranked(context: ScanContext, item: TableOffer, within: ChosenSet | undefined): Path {
  const { planning, needed, scan, tableRows } = context;
  const { costs } = planning;
  const { index, probe } = item.offer;
  const query = probe.kind === 'match' ? probe.query : (scan.score?.match.query as Expr);
  const field = probe.kind === 'match' ? probe.field : undefined;
  const rest = context.conjunctsOutside(item.exact | (within?.exact ?? 0));
  const test = context.testOutside(item.exact | (within?.exact ?? 0));
  const rows = context.rows;
  const reads = rest.length > 0 || needed.fetch.length > 0;
  // Scores of all matches come first; rows are fetched as they are asked for, in order of score.
  const startup = costs.operator + item.offer.cost + item.rows.est * costs.rankedStep + (within?.cost ?? 0);
  const priced = (kept: number, out: number) =>
    kept * (test.cost + (reads ? pageGet(costs) + costs.rowFetch : 0)) + out * needed.cost;
  const share = within === undefined ? 1 : Math.min(1, within.rows.est / Math.max(1, tableRows));
  const cost = startup + priced(item.rows.est * share, rows.est);
  return walkOf('ranked by', index, within, {
    plan: {
      kind: 'ranked-scan',
      scan: scanNode(context, test),
      index,
      query,
      field,
      within: within?.set,
      limit: undefined,
      offset: undefined,
      columns: needed.columns,
      expected: expected(rows, cost, startup),
    },
    ordered: true,
    high: startup + priced(item.rows.hi, rows.hi),
    clustered: rest.length > 0,
  });
}
