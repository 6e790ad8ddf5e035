// All live rows in row-id order; chunks that a bloom filter refutes are skipped.

import type { TableScan } from '../../plan/physical.js';
import type { Vector } from '../rows/batch.js';
import { bindProbe } from '../row-set/bind-probe.js';
import { CHUNK_ROWS } from '../../pages/index.js';
import type { RowBatch } from '../../pages/index.js';
import type { TableReader } from '../../tables/table-reader.js';
import type { Context, Operator } from '../operator.js';
import { compileFetch } from './fetch.js';
import { readFirst } from './stages.js';

export function tableScan(plan: TableScan): Operator {
  const { scan } = plan;
  const fetch = compileFetch(scan, plan.columns, scan.table.columns.length === 0 ? 0 : plan.expected.rows.hi);
  const ahead = readFirst(scan);
  const ordinals = ahead.map((column) => column.ordinal);
  return function* (context) {
    for (const { rowIds, columns, count } of liveRows(plan, ordinals, context)) {
      const known = new Map(ahead.map(({ id }, i): [number, Vector] => [id, columns[i]!]));
      const batch = fetch({ rowIds, count, known }, context);
      if (batch) yield batch;
    }
  };
}

/** The rows of all chunks that no bloom filter refutes. */
function* liveRows(plan: TableScan, ordinals: readonly number[], context: Context): Iterable<RowBatch> {
  const table = context.table(plan.scan.table);
  if (plan.refuters.length === 0) return yield* table.rows.scanPages(context.reader, ordinals);
  const probes = plan.refuters.map(({ index, probe }) => ({
    index: table.index(index),
    probe: bindProbe(probe, context.evaluation),
  }));
  for (const chunk of table.rows.chunks(context.reader)) {
    if (probes.some(({ index, probe }) => index.mayContain?.(chunk, probe) === false)) continue;
    yield* chunkRows(table, chunk, ordinals, context);
  }
}

function* chunkRows(
  table: TableReader,
  chunk: number,
  ordinals: readonly number[],
  context: Context,
): Iterable<RowBatch> {
  const end = (chunk + 1) * CHUNK_ROWS;
  for (const batch of table.rows.scanPages(context.reader, ordinals, chunk * CHUNK_ROWS)) {
    let { count } = batch;
    while (count > 0 && batch.rowIds[count - 1]! >= end) count--;
    if (count > 0) yield { ...batch, count };
    if (count < batch.count) return;
  }
}
