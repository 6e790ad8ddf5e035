// What an R-tree offers: one probe for each spatial constraint on its key. Points are decided in the index, so that the offer is exact;
// of other geometries it knows boxes, and every answer is rechecked on the row.

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexDef, TableDef } from '../../catalog/definitions.js';
import type { Offer, Probe } from '../../catalog/offer.js';
import type { Estimate } from '../../catalog/statistics.js';
import type { Constraint } from '../../expr/constraint.js';
import type { Expr } from '../../expr/expression.js';
import { equalExprs } from '../../expr/key.js';
import { bounds } from '../../geo/index.js';
import type { Box } from '../../geo/index.js';
import type { Geometry, Row, Value } from '../../values/types.js';
import { PROBE, SEEK } from '../costs.js';
import { selectionOf } from './selection.js';
import type { Selection } from './selection.js';

type Spatial = Extract<Constraint, { kind: 'spatial' }>;

/** Share of the entries around a place about which nothing is known. */
const SHARE = 0.01;
/** Fewer hits in the sample say little. */
const FEW_HITS = 10;
/** An entry held against the windows, and one decided by distance or polygon, nanoseconds. */
const ENTRY = 12;
const DECIDE = 25;

export function spatialOffers(
  index: IndexDef,
  table: TableDef,
  constraints: readonly Constraint[],
  catalog: Catalog,
): Offer[] {
  const key = index.keys[0]!;
  const offers: Offer[] = [];
  constraints.forEach((constraint, position) => {
    if (constraint.kind !== 'spatial' || !equalExprs(constraint.expr, key.expr)) return;
    const rows = estimateRows(index, table, constraint, catalog);
    const probe: Probe<Expr> = {
      kind: 'spatial',
      relation: constraint.relation,
      shape: constraint.shape,
      metres: constraint.metres,
    };
    offers.push({
      index,
      probe,
      serves: [position],
      precision: key.type === 'point' ? 'exact' : 'superset',
      rows,
      cost: costOf(rows.est, key.type === 'point'),
      order: undefined,
      walkCost: undefined,
    });
  });
  return offers;
}

/** Buckets at the border are read in vain for about the root of what is found. */
function costOf(rows: number, decided: boolean): number {
  const candidates = 1.3 * rows + 8 * Math.sqrt(rows) + 64;
  return PROBE + (2 + candidates / 180) * SEEK + candidates * (ENTRY + (decided ? DECIDE : 0));
}

function estimateRows(index: IndexDef, table: TableDef, constraint: Spatial, catalog: Catalog): Estimate {
  const { entries } = catalog.index(index);
  const unknown: Estimate = { lo: 0, est: entries * SHARE, hi: entries, source: 'default' };
  const selection = selectionFor(constraint, index.keys[0]!.type);
  if (selection === undefined) return unknown;
  if (selection.windows.length === 0) return { lo: 0, est: 0, hi: 0, source: 'exact' };
  const sampled = sampleShare(index, table, selection, catalog);
  if (sampled === undefined) return { ...unknown, est: entries * Math.max(areaShare(selection.windows), SHARE / 100) };
  const { hits, size } = sampled;
  // Of none or few hits, half a hit more than were seen.
  const est = (entries * (hits < FEW_HITS ? hits + 0.5 : hits)) / (size + 0.5);
  const spread = (entries * (3 * Math.sqrt(hits + 1) + 2)) / (size + 0.5);
  return {
    lo: Math.max(0, est - spread),
    est: Math.min(entries, est),
    hi: Math.min(entries, est + spread),
    source: 'sample',
  };
}

/** What constants select; undefined while a value is not known. */
function selectionFor(constraint: Spatial, type: 'point' | 'geometry' | string): Selection | undefined {
  const { shape, metres } = constraint;
  if (shape.kind !== 'constant' || (metres !== undefined && metres.kind !== 'constant')) return undefined;
  return selectionOf(
    { kind: 'spatial', relation: constraint.relation, shape: shape.value, metres: metres?.value },
    type === 'point' ? 'point' : 'geometry',
  );
}

function sampleShare(
  index: IndexDef,
  table: TableDef,
  selection: Selection,
  catalog: Catalog,
): { readonly hits: number; readonly size: number } | undefined {
  const { expr } = index.keys[0]!;
  const sample = catalog.statistics(table)?.sample;
  if (expr.kind !== 'column' || sample === undefined || sample.length === 0) return undefined;
  let hits = 0;
  let size = 0;
  for (const row of sample as readonly Row[]) {
    const value: Value = row[expr.id] ?? null;
    if (value === null) continue;
    size++;
    if (selects(selection, value as Geometry)) hits++;
  }
  return size === 0 ? undefined : { hits, size };
}

function selects({ windows, test }: Selection, geometry: Geometry): boolean {
  const box = bounds(geometry);
  if (box === undefined || !windows.some((w) => w.w <= box.e && w.e >= box.w && w.s <= box.n && w.n >= box.s))
    return false;
  return test === undefined || test(box.w, box.s);
}

/** Of the globe. */
function areaShare(windows: readonly Box[]): number {
  const sine = (degrees: number): number => Math.sin((degrees * Math.PI) / 180);
  return windows.reduce((sum, { w, s, e, n }) => sum + ((e - w) / 360) * ((sine(n) - sine(s)) / 2), 0);
}
