// The chunks of a columnstore with the slots whose rows pass a scan's filter: zones first, then one fused kernel over the vectors.

import { invariant } from '../../errors.js';
import type { IndexDef } from '../../catalog/definitions.js';
import { compileFilter, compileVectorFilter } from '../../expr/evaluate.js';
import type { FilterKernel, VectorFilter } from '../../expr/evaluate.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import type { ColumnChunk, ColumnReader } from '../../index/columnstore/chunk.js';
import type { ScanOutput } from '../../plan/physical.js';
import { hasBit } from '../../values/column-vector.js';
import type { ColumnVector } from '../../values/column-vector.js';
import { layoutOf } from '../kernels.js';
import type { Context } from '../operator.js';
import { arrayOf, KernelFamily } from './vector-kernels.js';
import { compileZoneTest } from './zone-test.js';

/** The slots of a chunk, ascending; `selection` undefined: all below `count`. It is used again for the next chunk. */
export interface Found {
  readonly chunk: ColumnChunk;
  readonly selection: Uint32Array | undefined;
  readonly count: number;
}

/** Rows from which code is generated. */
const FEW = 5_000;
/** Slots of a chunk. */
const SLOTS = 8_192;

/** Where the columns of a table stand in a columnstore, by ordinal. */
export function positionsOf(index: IndexDef): ReadonlyMap<number, number> {
  const positions = new Map<number, number>();
  index.keys.forEach(({ expr }, i) => expr.kind === 'column' && positions.set(expr.id, i));
  return positions;
}

export function columnsOf(index: IndexDef, scan: ScanOutput, context: Context): ColumnReader {
  const open = context.table(scan.table).index(index);
  invariant(open.columns, `an index of kind ${index.kind} has no columns`);
  return open.columns();
}

/** @param tell is given the number of chunks read and passed over when the last has been */
export function compileSource(
  scan: ScanOutput,
  index: IndexDef,
  tell: (context: Context, read: number, pruned: number) => void,
): (context: Context) => Iterable<Found> {
  const positions = positionsOf(index);
  const ids = scan.filterFetch.map(({ id }) => id);
  const byId = new Map(scan.filterFetch.map(({ ordinal, id }): [ColumnId, number] => [id, positions.get(ordinal)!]));
  const zones = scan.filter && compileZoneTest(scan.filter, byId);
  const filter = scan.filter && compileChunkFilter(scan.filter, ids);
  return function* (context) {
    const verdict = zones?.(context.evaluation);
    const [rows, passed] = [new Uint32Array(SLOTS), new Uint32Array(SLOTS)];
    let [read, pruned] = [0, 0];
    try {
      for (const chunk of columnsOf(index, scan, context).chunks()) {
        const asked = verdict?.(chunk) ?? 'all';
        if (asked === 'none') {
          pruned++;
          continue;
        }
        read++;
        const selection = chunk.present && slotsOf(chunk.present, chunk.length, rows);
        if (asked === 'all' || filter === undefined) {
          yield { chunk, selection, count: chunk.rows };
          continue;
        }
        const vectors = ids.map((id) => chunk.column(byId.get(id)!));
        const count = filter(vectors, selection, chunk.rows, passed, context);
        if (count === chunk.rows) yield { chunk, selection, count };
        else if (count > 0) yield { chunk, selection: passed, count };
      }
    } finally {
      tell(context, read, pruned);
    }
  };
}

function slotsOf(present: Uint32Array, length: number, out: Uint32Array): Uint32Array {
  let count = 0;
  for (let slot = 0; slot < length; slot++) if (hasBit(present, slot)) out[count++] = slot;
  return out;
}

type ChunkFilter = (
  vectors: readonly ColumnVector[],
  selection: Uint32Array | undefined,
  count: number,
  out: Uint32Array,
  context: Context,
) => number;

function compileChunkFilter(predicate: Expr, ids: readonly ColumnId[]): ChunkFilter {
  const layout = layoutOf(ids);
  const family = new KernelFamily<VectorFilter | undefined>((forms) => compileVectorFilter(predicate, layout, forms));
  let overArrays: FilterKernel | undefined;
  let seen = 0;
  return (vectors, selection, count, out, { evaluation }) => {
    seen += count;
    const kernel = seen < FEW ? undefined : family.for(vectors);
    if (kernel !== undefined) return kernel(vectors, selection, count, out, evaluation);
    overArrays ??= compileFilter(predicate, layout);
    return overArrays(vectors.map(arrayOf), selection, count, out, evaluation);
  };
}
