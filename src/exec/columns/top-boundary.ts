// Below a Top-N, rows that cannot be among the first are left out before their values are put together: as many rows as are wanted have
// been seen already whose first sort key is strictly better. The boundary moves with each chunk; zones beyond it spare reading one.

import type { ColumnTop } from '../../plan/physical.js';
import { valueAt } from '../../values/column-vector.js';
import { comparator } from '../../values/order.js';
import type { Value } from '../../values/types.js';
import type { Context } from '../operator.js';
import { boundsOf } from '../scan/bounds.js';
import type { Found } from './chunk-source.js';

/** Rows that a boundary is kept for, at most: further ones make it dear and let much pass. */
const MOST = 10_000;

/** @returns for each run, what leaves of a chunk only slots that may be among the first; undefined when too many rows are wanted */
export function compileBoundary(
  top: ColumnTop,
  positions: ReadonlyMap<number, number>,
): (context: Context) => ((found: Found) => Found) | undefined {
  const position = positions.get(top.ordinal)!;
  const { desc, nullsFirst } = top;
  const compare = comparator(top.type, { desc, nullsFirst });
  return (context) => {
    const { offset, limit } = boundsOf(top, context);
    const wanted = offset + limit;
    if (wanted === 0 || wanted > MOST) return undefined;
    const kept = new Uint32Array(8_192);
    /** The best first keys so far: the boundary is the worst of them once there are enough. */
    let best: Value[] = [];
    let boundary: { readonly value: Value } | undefined;
    const learn = (values: readonly Value[]) => {
      best = best.concat(values).sort(compare).slice(0, wanted);
      if (best.length === wanted) boundary = { value: best[wanted - 1]! };
    };
    return (found) => {
      const { chunk } = found;
      if (boundary !== undefined && !mayEnter(found, position, boundary.value, top, compare)) {
        return { chunk, selection: kept, count: 0 };
      }
      const vector = chunk.column(position);
      const entering: Value[] = [];
      let count = 0;
      for (let i = 0; i < found.count; i++) {
        const slot = found.selection === undefined ? i : found.selection[i]!;
        const value = valueAt(vector, slot);
        if (boundary !== undefined) {
          const order = compare(value, boundary.value);
          if (order > 0) continue;
          if (order < 0) entering.push(value);
        } else entering.push(value);
        kept[count++] = slot;
        if (entering.length >= 2 * wanted + 64) learn(entering.splice(0));
      }
      if (entering.length > 0) learn(entering);
      return { chunk, selection: kept, count };
    };
  };
}

/** Whether the zone leaves room for a row not behind the boundary. */
function mayEnter(
  { chunk }: Found,
  position: number,
  boundary: Value,
  { desc, nullsFirst }: ColumnTop,
  compare: (a: Value, b: Value) => number,
): boolean {
  const { low, high, nulls } = chunk.zone(position);
  if (nulls > 0 && (nullsFirst || boundary === null)) return true;
  const nearest = desc ? high : low;
  if (nearest === undefined) return true;
  return nearest !== null && compare(nearest, boundary) <= 0;
}
