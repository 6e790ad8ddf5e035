// Entries in the order of their true distances. An index yields lower bounds for what is no point: such entries wait until no nearer one
// can come.

import type { Near } from './kind.js';

/**
 * @param source by `metres`, ascending
 * @param distanceOf the true distance of a row of which the index knows a bound; undefined for one that is at no distance (left out)
 */
export function* trueDistances(
  source: Iterable<Near>,
  distanceOf: (rowId: number) => number | undefined,
): Generator<Near> {
  const waiting: Near[] = []; // ascending by distance, then row id
  for (const near of source) {
    while (waiting.length > 0 && waiting[0]!.metres < near.metres) yield waiting.shift()!;
    if (near.exact) insert(waiting, near);
    else {
      const metres = distanceOf(near.rowId);
      if (metres !== undefined) insert(waiting, { rowId: near.rowId, metres, exact: true });
    }
  }
  yield* waiting;
}

function insert(waiting: Near[], near: Near): void {
  let from = 0;
  let to = waiting.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const other = waiting[middle]!;
    if (other.metres < near.metres || (other.metres === near.metres && other.rowId < near.rowId)) from = middle + 1;
    else to = middle;
  }
  waiting.splice(from, 0, near);
}
