// Rows of a set of row ids, in row-id order.

import type { RowSetScan } from '../../plan/physical.js';
import type { Operator } from '../operator.js';
import { evaluateRowSet, rowsInOrder } from '../row-set/row-set.js';
import { compileFetch } from './fetch.js';

/** The first batches are small, since a LIMIT above may need no more. */
const FIRST = 64;

export function rowSetScan(plan: RowSetScan): Operator {
  const { scan } = plan;
  const fetch = compileFetch(scan, plan.columns, plan.expected.rows.hi);
  return function* (context) {
    const batches = plan.early
      ? rowsInOrder(plan.set, scan.table, context, false)
      : evaluateRowSet(plan.set, scan.table, context).batches();
    let first = true;
    for (const rowIds of batches) {
      if (first && rowIds.length > FIRST) {
        const head = fetch({ rowIds: rowIds.subarray(0, FIRST), count: FIRST }, context);
        if (head) yield head;
        const rest = fetch({ rowIds: rowIds.subarray(FIRST), count: rowIds.length - FIRST }, context);
        if (rest) yield rest;
      } else {
        const batch = fetch({ rowIds, count: rowIds.length }, context);
        if (batch) yield batch;
      }
      first = false;
    }
  };
}
