// Rows by distance from a point, nearest first, filtered on the way.

import { invariant } from '../../errors.js';
import { evaluateConstant } from '../../expr/evaluate.js';
import { rowSets } from '../../index/row-set/index.js';
import { trueDistances } from '../../index/true-distances.js';
import { distance } from '../../geo/index.js';
import type { NearestScan } from '../../plan/physical.js';
import type { Geometry } from '../../values/types.js';
import { codeOf } from '../../tables/table-code.js';
import type { Vector } from '../rows/batch.js';
import type { Context, Operator } from '../operator.js';
import { evaluateRowSet } from '../row-set/row-set.js';
import { sliceBatch } from '../limit.js';
import { boundsOf } from './bounds.js';
import { compileFetch } from './fetch.js';

const MOST = 1024;

/** A row and its true distance, NULL when it or the point has no place. */
interface Nearest {
  readonly rowId: number;
  readonly metres: number | null;
}

export function nearestScan(plan: NearestScan): Operator {
  const { scan, index } = plan;
  const fetch = compileFetch(scan, plan.columns, 0);
  return function* (context) {
    const { offset, limit } = boundsOf(plan, context);
    const point = evaluateConstant(plan.point, context.evaluation);
    const open = context.table(scan.table).index(index);
    invariant(open.nearest, `an index of kind ${index.kind} knows no distances`);
    const within = plan.within && evaluateRowSet(plan.within, scan.table, context);
    let skip = offset;
    let left = limit;
    let size = Math.max(16, Math.min(limit + offset, MOST));
    let batch: Nearest[] = [];
    const flush = () => {
      const found = foundOf(plan, batch);
      batch = [];
      size = Math.min(size * 2, MOST);
      const rows = fetch(found, context);
      if (rows === undefined) return undefined;
      const part = sliceBatch(rows, skip, left);
      skip = Math.max(skip - rows.count, 0);
      left -= part.count;
      return part.count > 0 ? part : undefined;
    };
    if (left <= 0) return;
    const seen: number[] = [];
    // Distances from nowhere are all NULL.
    const near =
      point === null ? [] : trueDistances(open.nearest(point, within), distanceFrom(plan, point as Geometry, context));
    for (const found of near) {
      seen.push(found.rowId);
      batch.push(found);
      if (batch.length < size) continue;
      const rows = flush();
      if (rows) yield rows;
      if (left <= 0) return;
    }
    const rows = batch.length > 0 ? flush() : undefined;
    if (rows) yield rows;
    // Rows without a place come last; a partial index was chosen only where there are none.
    if (index.where !== undefined) return;
    const all = within ?? context.table(scan.table).live();
    for (const rowIds of all.andNot(rowSets().fromUnsorted(Uint32Array.from(seen))).batches()) {
      if (left <= 0) return;
      batch = Array.from(rowIds, (rowId): Nearest => ({ rowId, metres: null }));
      const placeless = flush();
      if (placeless) yield placeless;
    }
  };
}

function foundOf(plan: NearestScan, batch: readonly Nearest[]) {
  const known = new Map<number, Vector>();
  if (plan.distance !== undefined)
    known.set(
      plan.distance,
      batch.map((near) => near.metres),
    );
  return { rowIds: Uint32Array.from(batch, (near) => near.rowId), count: batch.length, known };
}

/** The true distance of a row: undefined for NULL or an empty geometry. */
function distanceFrom(plan: NearestScan, point: Geometry, context: Context): (rowId: number) => number | undefined {
  const { rows, entries } = codeOf(plan.scan.table);
  const entry = entries.get(plan.index.id)!;
  return (rowId) => {
    const row = rows.read(context.reader, rowId);
    const shape = row && (entry(row)?.[0] as Geometry | null | undefined);
    return shape ? distance(shape, point) : undefined;
  };
}
