// Rows out of a columnstore, in row-id order: values are put together only for the rows that pass.

import type { ColumnScan } from '../../plan/physical.js';
import { gather } from '../../values/column-vector.js';
import type { Value } from '../../values/types.js';
import { BATCH_ROWS, denseBatch } from '../rows/batch.js';
import type { Operator } from '../operator.js';
import { compileSource, positionsOf } from './chunk-source.js';
import { compileBoundary } from './top-boundary.js';

const EVERY = Uint32Array.from({ length: 8_192 }, (_, i) => i);

/** @param tell is given the number of chunks read and passed over at the end of each run */
export function columnScan(
  plan: ColumnScan,
  tell: Parameters<typeof compileSource>[2] = (context, read, pruned) => context.chunks?.(plan, read, pruned),
): Operator {
  const { scan, index } = plan;
  const source = compileSource(scan, index, tell);
  const positions = positionsOf(index);
  const ordinals = new Map(scan.fetch.map(({ id, ordinal }) => [id, ordinal]));
  /** By column yielded: its place in the columnstore, or undefined for the row id. */
  const places = plan.columns.map((id) => (id === scan.rowId ? undefined : positions.get(ordinals.get(id)!)));
  const boundary = plan.top && compileBoundary(plan.top, positions);
  return function* (context) {
    const top = boundary?.(context);
    for (const found of source(context)) {
      const { chunk, selection, count } = top === undefined ? found : top(found);
      if (count === 0) continue;
      const slots = selection ?? EVERY;
      const vectors = places.map((place) => (place === undefined ? undefined : chunk.column(place)));
      for (let from = 0; from < count; from += BATCH_ROWS) {
        const to = Math.min(from + BATCH_ROWS, count);
        const columns = vectors.map((vector) =>
          vector === undefined ? rowIds(chunk.first, slots, from, to) : gather(vector, slots, from, to),
        );
        yield denseBatch(columns, to - from);
      }
    }
  };
}

function rowIds(first: number, slots: Uint32Array, from: number, to: number): Value[] {
  return Array.from({ length: to - from }, (_, i) => first + slots[from + i]!);
}
