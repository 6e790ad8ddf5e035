// The access paths of one scan with its conjuncts: conditions -> offers -> row sets and walks -> scan nodes, weighed against each other.

import { and } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { Scan } from '../../plan/logical.js';
import type { Considered, PhysicalPlan } from '../../plan/physical.js';
import type { Candidate, Want } from '../candidate.js';
import { expected, worth } from '../candidate.js';
import { times } from '../cardinality/estimate.js';
import { selectivity } from '../cardinality/selectivity.js';
import type { Mask } from '../cardinality/table.js';
import type { Planning } from '../planning.js';
import { readsOf } from '../plan-tree.js';
import { columnPaths } from './column-paths.js';
import { ordinalsOf } from './conditions.js';
import { nearestPaths, orderedPaths, rankedPaths } from './ordered-paths.js';
import { evaluationCost } from './predicates.js';
import type { Path } from './scan-context.js';
import { ScanContext } from './scan-context.js';
import type { ChosenSet } from './set-paths.js';
import { chooseSets, rowSetPath, tableScanPath } from './set-paths.js';

/**
 * The cheapest ways to read a scan's rows that satisfy the predicates: the cheapest of all, and the cheapest in the wanted order.
 * @param predicates over the scan's columns and parameters (those of a lookup join included).
 */
export function accessPaths(planning: Planning, scan: Scan, predicates: readonly Expr[], want: Want): Candidate[] {
  const ordinals = ordinalsOf(scan);
  const stored = predicates.filter((p) => ordinals.isStored(p));
  const above = stored.length === predicates.length ? [] : predicates.filter((p) => !ordinals.isStored(p));
  const columns = new Set(want.columns);
  for (const predicate of above) for (const id of readsOf(predicate)) columns.add(id);
  const context = new ScanContext(planning, scan, stored, { ...want, columns });
  const paths = preferHinted(allPaths(context), planning.hints.indexes?.[scan.name]);
  const candidates = paths.map((p) => p.candidate);
  const chosen = planning.choose('scan', candidates, want);
  return chosen.map((candidate) => {
    const explained = planning.explains ? withConsidered(candidate, paths, context, want) : candidate;
    return above.length === 0 ? explained : filterAbove(planning, context, explained, above);
  });
}

/** The access context of a scan, for operators that are answered from sets alone (counts, facets). */
export function scanContext(
  planning: Planning,
  scan: Scan,
  predicates: readonly Expr[],
  want: Want,
): ScanContext | undefined {
  const ordinals = ordinalsOf(scan);
  return predicates.every((p) => ordinals.isStored(p)) ? new ScanContext(planning, scan, predicates, want) : undefined;
}

function allPaths(context: ScanContext): Path[] {
  const paths = context.isSingle ? [] : [tableScanPath(context), ...columnPaths(context)];
  const { singles, grown } = chooseSets(context, 0);
  for (const set of [...singles, ...grown]) paths.push(rowSetPath(context, set));

  const sets = new Map<Mask, ChosenSet | undefined>();
  const within = (answered: Mask): ChosenSet | undefined => {
    if (!sets.has(answered)) sets.set(answered, bestWithin(context, answered));
    return sets.get(answered);
  };
  for (const item of context.offers) paths.push(...orderedPaths(context, item, within));
  paths.push(...nearestPaths(context, context.indexes, within), ...rankedPaths(context, within));
  return paths.length > 0 ? paths : [tableScanPath(context)];
}

/** The set that leaves the fewest rows for its cost, to filter a walk by. */
function bestWithin(context: ScanContext, answered: Mask): ChosenSet | undefined {
  const { singles, grown } = chooseSets(context, answered);
  let result: ChosenSet | undefined;
  let least = Infinity;
  for (const set of [...grown, ...singles]) {
    const value = set.cost + set.rows.est * context.planning.costs.rowFetch * 10;
    if (value < least) {
      least = value;
      result = set;
    }
  }
  return result;
}

/** A hint that names indexes leaves the paths that use most of them. */
function preferHinted(paths: readonly Path[], named: readonly string[] | undefined): readonly Path[] {
  if (named === undefined || named.length === 0) return paths;
  const used = (path: Path) => named.filter((name) => path.uses.includes(name)).length;
  const most = Math.max(...paths.map(used));
  return paths.filter((path) => used(path) === most);
}

function withConsidered(candidate: Candidate, paths: readonly Path[], context: ScanContext, want: Want): Candidate {
  const own = worth(candidate, want.rows);
  const considered: Considered[] = [];
  for (const path of paths) {
    const cost = path.candidate.plan.expected.cost;
    if (path.candidate === candidate) {
      const reason = candidate.ordered && want.order !== undefined ? 'cheapest in the wanted order' : 'cheapest';
      considered.unshift({ path: path.label(), verdict: 'chosen', reason: noted(reason, path, context), cost });
      continue;
    }
    const ratio = worth(path.candidate, want.rows) / Math.max(1, own);
    const reason =
      ratio >= 1
        ? `costs ${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} times the chosen path`
        : 'its rows would have to be sorted';
    considered.push({ path: path.label(), verdict: 'rejected', reason: noted(reason, path, context), cost });
  }
  considered.push(...context.refused);
  const { plan } = candidate;
  switch (plan.kind) {
    case 'table-scan':
    case 'column-scan':
    case 'row-set-scan':
    case 'ordered-scan':
    case 'nearest-scan':
    case 'ranked-scan':
      return { ...candidate, plan: { ...plan, scan: { ...plan.scan, considered } } };
    default:
      return candidate;
  }
}

function noted(reason: string, path: Path, { notes }: ScanContext): string {
  return [reason, ...path.uses.flatMap((name) => notes.get(name) ?? [])].join('; ');
}

/** Predicates on the score or the row id are tested above the scan. */
function filterAbove(
  planning: Planning,
  context: ScanContext,
  candidate: Candidate,
  above: readonly Expr[],
): Candidate {
  const predicate = and(above);
  const s = selectivity(predicate, context.estimator);
  const input = candidate.plan;
  const { rows, cost, startup } = input.expected;
  const added = rows.est * evaluationCost(predicate, planning.costs);
  const plan: PhysicalPlan = {
    kind: 'filter',
    input,
    predicate,
    columns: input.columns,
    expected: expected(times(rows, s.lo, s.est, s.hi, s.source), cost + added, startup),
  };
  return { ...candidate, plan, high: candidate.high + added, clustered: true };
}
