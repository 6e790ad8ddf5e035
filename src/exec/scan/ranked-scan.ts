// Matches of a full-text query, best score first. With a residual filter, top-k is asked for more until enough rows pass.

import { invariant } from '../../errors.js';
import { evaluateConstant } from '../../expr/evaluate.js';
import type { Scored } from '../../index/kind.js';
import type { RankedScan } from '../../plan/physical.js';
import type { Batch, Vector } from '../rows/batch.js';
import { BATCH_ROWS } from '../rows/batch.js';
import { sliceBatch } from '../limit.js';
import type { Context, Operator } from '../operator.js';
import { evaluateRowSet } from '../row-set/row-set.js';
import { boundsOf } from './bounds.js';
import type { Fetch } from './fetch.js';
import { compileFetch } from './fetch.js';

export function rankedScan(plan: RankedScan): Operator {
  const { scan, index } = plan;
  const fetch = compileFetch(scan, plan.columns, 0);
  return function* (context) {
    const { offset, limit } = boundsOf(plan, context);
    if (limit === 0) return;
    const open = context.table(scan.table).index(index);
    invariant(open.search, `an index of kind ${index.kind} cannot rank`);
    const query = evaluateConstant(plan.query, context.evaluation);
    const within = plan.within && evaluateRowSet(plan.within, scan.table, context);
    let [skip, left, seen, passed] = [offset, limit, 0, 0];
    for (let ask = scan.filter ? (offset + limit) * 4 : offset + limit; ; ask = nextAsk(ask, passed, offset + limit)) {
      const found = open.search(query, plan.field, ask, within);
      for (const batch of batchesOf(plan, fetch, found, seen, context)) {
        const part = sliceBatch(batch, skip, left);
        skip = Math.max(skip - batch.count, 0);
        left -= part.count;
        passed += batch.count;
        if (part.count > 0) yield part;
        if (left <= 0) return;
      }
      if (found.length < ask) return;
      seen = found.length;
    }
  };
}

/** Every search begins anew: the next one asks for as many as should do, going by those that passed so far. */
function nextAsk(asked: number, passed: number, wanted: number): number {
  return Math.max(4 * asked, Math.ceil((1.5 * asked * wanted) / Math.max(1, passed)));
}

function* batchesOf(
  plan: RankedScan,
  fetch: Fetch,
  found: readonly Scored[],
  from: number,
  context: Context,
): Iterable<Batch> {
  const { score } = plan.scan;
  for (let at = from; at < found.length; at += BATCH_ROWS) {
    const part = found.slice(at, at + BATCH_ROWS);
    const known = new Map<number, Vector>();
    if (score)
      known.set(
        score.id,
        part.map((entry) => entry.score),
      );
    const rowIds = Uint32Array.from(part, (entry) => entry.rowId);
    const batch = fetch({ rowIds, count: part.length, known }, context);
    if (batch) yield batch;
  }
}
