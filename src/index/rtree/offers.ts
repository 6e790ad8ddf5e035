// What an R-tree offers: one probe for each spatial constraint on its key. Points are decided in the index, so that the offer is exact;
// of other geometries it knows boxes, and every answer is rechecked on the row.

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexDef } from '../../catalog/definitions.js';
import type { Offer, Probe } from '../../catalog/offer.js';
import type { Estimate } from '../../catalog/statistics.js';
import type { Constraint } from '../../expr/constraint.js';
import type { Expr } from '../../expr/expression.js';
import { equalExprs } from '../../expr/key.js';
import type { ScalarType } from '../../values/types.js';
import { PROBE, SEEK } from '../costs.js';
import { selectionOf } from './selection.js';

type Spatial = Extract<Constraint, { kind: 'spatial' }>;

/** Share of the entries around a place about which nothing is known. */
const SHARE = 0.01;
/** An entry that becomes one of a set, and one decided by distance or polygon, nanoseconds. */
const ENTRY = 20;
const DECIDE = 25;
/** Of so many roots of the entries found, those in the buckets that the border of a shape crosses. */
const BORDER = 57;

export function spatialOffers(index: IndexDef, constraints: readonly Constraint[], catalog: Catalog): Offer[] {
  const key = index.keys[0]!;
  const offers: Offer[] = [];
  constraints.forEach((constraint, position) => {
    if (constraint.kind !== 'spatial' || !equalExprs(constraint.expr, key.expr)) return;
    const rows = estimateRows(index, constraint, catalog);
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
      cost: costOf(rows.est, decidedOf(constraint, key.type)),
      order: undefined,
      walkCost: undefined,
    });
  });
  return offers;
}

/** Buckets at the border are read in vain for about the root of what is found. Within a rectangle or a circle these alone are decided. */
function costOf(rows: number, decided: 'none' | 'border' | 'all'): number {
  const candidates = 1.3 * rows + 8 * Math.sqrt(rows) + 64;
  const border = Math.min(candidates, BORDER * Math.sqrt(rows) + 64);
  const tested = decided === 'none' ? 0 : decided === 'all' ? candidates : border;
  return PROBE + (2 + candidates / 180) * SEEK + candidates * ENTRY + tested * DECIDE;
}

/** What the answer needs of the points met; shapes not known yet are taken for such as a query mostly gives. */
function decidedOf({ relation, shape }: Spatial, type: ScalarType): 'none' | 'border' | 'all' {
  if (type !== 'point') return 'none';
  if (shape.kind !== 'constant') return relation === 'dwithin' ? 'border' : 'all';
  const { holds } = selectionOf({ kind: 'spatial', relation, shape: shape.value, metres: 1 }, type);
  return holds === undefined ? 'all' : 'border';
}

/** What constants select, by the index itself; of what is not known yet, a share. */
function estimateRows(index: IndexDef, constraint: Spatial, catalog: Catalog): Estimate {
  const { entries } = catalog.index(index);
  const { relation, shape, metres } = constraint;
  const known = shape.kind === 'constant' && (metres === undefined || metres.kind === 'constant');
  const expected = known
    ? catalog.estimate(index, { kind: 'spatial', relation, shape: shape.value, metres: metres?.value })
    : undefined;
  if (expected === undefined) return { lo: 0, est: entries * SHARE, hi: entries, source: 'default' };
  // Of boxes it is known how many meet the shape, not how many of the geometries in them do.
  return { ...expected, lo: index.keys[0]!.type === 'point' ? expected.lo : 0, source: 'index' };
}
