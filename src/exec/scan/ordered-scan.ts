// A walk over an ordered index, forwards or backwards; a covering one never touches the rows.

import { invariant } from '../../errors.js';
import type { ColumnId } from '../../expr/expression.js';
import type { WalkBatch } from '../../index/kind.js';
import { membershipOf } from '../../index/row-set/index.js';
import type { OrderedScan } from '../../plan/physical.js';
import type { Vector } from '../rows/batch.js';
import { BATCH_ROWS } from '../rows/batch.js';
import { bindProbe } from '../row-set/bind-probe.js';
import type { Operator } from '../operator.js';
import { evaluateRowSet, rowsInOrder } from '../row-set/row-set.js';
import type { Found } from './fetch.js';
import { compileFetch } from './fetch.js';

export function orderedScan(plan: OrderedScan): Operator {
  const { scan, index } = plan;
  const fetch = compileFetch(scan, plan.columns, plan.expected.rows.hi);
  return function* (context) {
    const table = context.table(scan.table);
    const open = table.index(index);
    invariant(open.walk, `an index of kind ${index.kind} cannot be walked`);
    const covered = plan.entryColumns.length > 0;
    const probe = bindProbe(plan.probe, context.evaluation);
    const options = { reverse: plan.reverse, covered };
    const direct =
      plan.within && open.walkWithin?.(probe, rowsInOrder(plan.within, scan.table, context, plan.reverse), options);
    const test =
      plan.within && direct === undefined ? membershipOf(evaluateRowSet(plan.within, scan.table, context)) : undefined;
    let size = FIRST;
    for (const walked of direct ?? open.walk(probe, options)) {
      const found = foundOf(plan, walked, test);
      for (let from = 0; from < found.count; from += size) {
        if (from > 0) size = Math.min(2 * size, BATCH_ROWS);
        const batch = fetch(part(found, from, Math.min(from + size, found.count)), context);
        if (batch) yield batch;
      }
    }
  };
}

/** The first rows come in small batches, since a LIMIT above may need no more. */
const FIRST = 32;

function part(found: Found, from: number, to: number): Found {
  if (from === 0 && to === found.count) return found;
  const known = new Map<ColumnId, Vector>();
  for (const [id, vector] of found.known ?? []) {
    known.set(
      id,
      Array.from({ length: to - from }, (_, i) => vector[from + i]!),
    );
  }
  return { rowIds: found.rowIds.subarray(from, to), count: to - from, known };
}

function foundOf(plan: OrderedScan, walked: WalkBatch, isWithin: ((rowId: number) => boolean) | undefined): Found {
  const known = new Map(plan.entryColumns.map(({ position, id }): [number, Vector] => [id, walked.values[position]!]));
  if (isWithin === undefined) return { rowIds: walked.rowIds, count: walked.count, known };
  const kept: number[] = [];
  for (let i = 0; i < walked.count; i++) if (isWithin(walked.rowIds[i]!)) kept.push(i);
  return {
    rowIds: Uint32Array.from(kept, (i) => walked.rowIds[i]!),
    count: kept.length,
    known: new Map([...known].map(([id, vector]) => [id, kept.map((i) => vector[i]!)])),
  };
}
