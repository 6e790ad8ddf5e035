// A physical plan under consideration, what is wanted of it, and how two are compared.

import type { Estimate } from '../catalog/statistics.js';
import { exprKey } from '../expr/build.js';
import type { ColumnId, Expr } from '../expr/expression.js';
import type { SortKey } from '../plan/logical.js';
import type { PartialSort, PhysicalPlan } from '../plan/physical.js';
import { rank } from './cost.js';

/** What the operators above would like. Only `columns` binds; the rest steers the choice. */
export interface Want {
  /** Columns read above; a plan may yield more. */
  readonly columns: ReadonlySet<ColumnId>;
  /** An order that would spare a sort. */
  readonly order: readonly SortKey[] | undefined;
  /** Rows after which reading stops; undefined when all are read. */
  readonly rows: number | undefined;
}

export interface Candidate {
  readonly plan: PhysicalPlan;
  /** Whether its rows come in the wanted order. */
  readonly ordered: boolean;
  /** When they do not: the part of that order in which they come. */
  readonly presorted?: Presorted | undefined;
  /** Cost if the high estimates come true. */
  readonly high: number;
  /** Whether rows read early say nothing of those to come (a filter on a walk): a stop after k rows may come late. */
  readonly clustered: boolean;
}

/** Rows sorted by the first keys of an order. */
export interface Presorted {
  readonly keys: number;
  /** The primary key that is the rest of the order, where rows with equal first keys come by row id. */
  readonly tie: PartialSort['tie'];
}

export function wantAll(columns: ReadonlySet<ColumnId>): Want {
  return { columns, order: undefined, rows: undefined };
}

export function sameWant(a: Want, b: Want): boolean {
  return a.rows === b.rows && sameColumns(a.columns, b.columns) && sameOrder(a.order, b.order);
}

function sameColumns(a: ReadonlySet<ColumnId>, b: ReadonlySet<ColumnId>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const id of a) if (!b.has(id)) return false;
  return true;
}

/** By identity of the keys: those that are written anew for the same purpose count as others. */
function sameOrder(a: Want['order'], b: Want['order']): boolean {
  if (a === b) return true;
  return (
    a?.length === b?.length &&
    a?.every(({ expr, desc, nullsFirst }, i) => {
      const other = b?.[i];
      return expr === other?.expr && desc === other.desc && nullsFirst === other.nullsFirst;
    }) === true
  );
}

/** Cost of reading the first `wanted` rows. */
export function costOfRows(candidate: Candidate, wanted: number | undefined): number {
  const { cost, startup, rows } = candidate.plan.expected;
  if (wanted === undefined) return cost;
  // Matches may be fewer than expected: the low estimate decides how far a walk has to go.
  const likely = candidate.clustered ? Math.sqrt(Math.max(1, rows.lo) * Math.max(1, rows.est)) : rows.est;
  const part = Math.min(1, wanted / Math.max(1, likely));
  return startup + Math.max(0, cost - startup) * part;
}

/** How many times thinner than on average matches may stand where a walk begins: the bad case of one that stops early. */
const CLUSTERING = 32;

/** What a candidate is ranked by when `wanted` rows are read of it. */
export function worth(candidate: Candidate, wanted: number | undefined): number {
  const cost = costOfRows(candidate, wanted);
  const { startup } = candidate.plan.expected;
  const bad = Math.max(candidate.high, candidate.plan.expected.cost);
  if (wanted === undefined) return rank(cost, bad);
  if (candidate.clustered) {
    // Where even the number of matches is doubtful, all may have to be read.
    const { lo, est } = candidate.plan.expected.rows;
    return rank(cost, lo * 8 < est ? bad : Math.min(bad, startup + (cost - startup) * CLUSTERING));
  }
  const part = Math.min(1, wanted / Math.max(1, candidate.plan.expected.rows.est));
  return rank(cost, startup + Math.max(0, bad - startup) * part);
}

export function best(candidates: readonly Candidate[], wanted: number | undefined): Candidate | undefined {
  let result: Candidate | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const value = worth(candidate, wanted);
    if (value < least) {
      least = value;
      result = candidate;
    }
  }
  return result;
}

/** The cheapest, and the cheapest among the ordered and among those that are in order by the most keys when these are others. */
export function prune(candidates: readonly Candidate[], wanted: number | undefined): Candidate[] {
  const first = best(candidates, undefined);
  const early = best(candidates, wanted);
  const ordered = best(
    candidates.filter((c) => c.ordered),
    wanted,
  );
  const depths = new Set(candidates.map((c) => depthOf(c)).filter((depth) => depth > 0));
  const presorted = Array.from(depths, (depth) =>
    best(
      candidates.filter((c) => depthOf(c) === depth),
      wanted,
    ),
  );
  return [...new Set([first, early, ordered, ...presorted].filter((c) => c !== undefined))];
}

/** Keys of the wanted order by which rows come; half a key more where ties are in order too. */
function depthOf({ presorted }: Candidate): number {
  return presorted === undefined ? 0 : presorted.keys + (presorted.tie === undefined ? 0 : 0.5);
}

/** A candidate over another: costs are added, order is kept when said so. */
export function expected(rows: Estimate, cost: number, startup: number) {
  return { rows, cost: Math.max(cost, startup), startup: Math.max(0, startup) };
}

export interface ProvidedOrder {
  readonly keys: readonly { readonly expr: Expr; readonly desc: boolean; readonly nullsFirst: boolean }[];
  /** No two rows have equal keys. */
  readonly unique: boolean;
}

/** How far rows that come in an order are in the wanted one. */
export interface ServedOrder {
  readonly direction: 'forward' | 'reverse';
  /** Leading keys of the wanted order; all of them when the rows need no sort. */
  readonly keys: number;
  /** Whether every key of the provided order was used on the way. */
  readonly exhausted: boolean;
}

/**
 * How far rows that come in the provided order are in the wanted one, read forward or backward; undefined when not by one key. Keys with
 * one value only (`fixed`, by `exprKey`) do not count; where a key cannot be NULL the place of NULLs does not matter.
 */
export function servedOrder(
  wanted: readonly SortKey[],
  provided: ProvidedOrder,
  fixed: ReadonlySet<string>,
  nonNull: (expr: Expr) => boolean,
): ServedOrder | undefined {
  let direction: 'forward' | 'reverse' | undefined;
  const seen = new Set<string>();
  let at = 0;
  for (let served = 0; served < wanted.length; served++) {
    const key = wanted[served]!;
    const text = exprKey(key.expr);
    if (fixed.has(text) || seen.has(text)) continue;
    const soFar = (): ServedOrder | undefined =>
      direction && { direction, keys: served, exhausted: at >= provided.keys.length };
    seen.add(text);
    while (at < provided.keys.length && isPassed(provided.keys[at]!.expr, fixed, seen, text)) at++;
    const next = provided.keys[at];
    if (next === undefined) {
      return provided.unique && direction ? { direction, keys: wanted.length, exhausted: true } : soFar();
    }
    if (exprKey(next.expr) !== text) return soFar();
    const turned = next.desc !== key.desc;
    const nullsTurned = next.nullsFirst !== key.nullsFirst;
    if (turned !== nullsTurned && !nonNull(key.expr)) return soFar();
    const needed = turned ? 'reverse' : 'forward';
    if (direction !== undefined && direction !== needed) return soFar();
    direction = needed;
    at++;
  }
  return { direction: direction ?? 'forward', keys: wanted.length, exhausted: at >= provided.keys.length };
}

function isPassed(expr: Expr, fixed: ReadonlySet<string>, seen: ReadonlySet<string>, current: string): boolean {
  const text = exprKey(expr);
  return fixed.has(text) || (text !== current && seen.has(text));
}
