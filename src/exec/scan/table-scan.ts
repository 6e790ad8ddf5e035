// All live rows in row-id order; chunks that a bloom filter refutes are skipped.

import type { TableScan } from '../../plan/physical.js';
import type { Batch, Vector } from '../rows/batch.js';
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
  const fetched = ({ rowIds, columns, count }: RowBatch, context: Context) => {
    const known = new Map(ahead.map(({ id }, i): [number, Vector] => [id, columns[i]!]));
    return fetch({ rowIds, count, known }, context);
  };
  if (plan.refuters.length > 0) return (context) => refutedScan(plan, ordinals, fetched, context);
  return function* (context) {
    for (const rows of context.table(scan.table).rows.scanPages(context.reader, ordinals)) {
      const batch = fetched(rows, context);
      if (batch) yield batch;
    }
  };
}

/** The rows of all chunks that no bloom filter refutes. */
function* refutedScan(
  plan: TableScan,
  ordinals: readonly number[],
  fetched: (rows: RowBatch, context: Context) => Batch | undefined,
  context: Context,
): Iterable<Batch> {
  const table = context.table(plan.scan.table);
  const probes = plan.refuters.map(({ index, probe }) => ({
    index: table.index(index),
    probe: bindProbe(probe, context.evaluation),
  }));
  const told = { passed: 0, refuted: 0, empty: 0 };
  try {
    for (const chunk of table.rows.chunks(context.reader)) {
      if (probes.some(({ index, probe }) => index.mayContain?.(chunk, probe) === false)) {
        told.refuted++;
        continue;
      }
      told.passed++;
      let found = false;
      for (const rows of chunkRows(table, chunk, ordinals, context)) {
        const batch = fetched(rows, context);
        if (batch === undefined) continue;
        found = true;
        yield batch;
      }
      if (!found) told.empty++;
    }
  } finally {
    context.chunks?.(plan, told.passed, told.refuted, plan.measured ? told.empty : undefined);
    if (plan.measured) context.refuted?.(plan.refuters[0]!.index, told.refuted, told.empty);
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
