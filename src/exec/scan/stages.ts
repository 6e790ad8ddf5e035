// A scan's filter in stages: a condition is tested before the columns of the next ones are read, so that rows which fail an early test
// cost no more than its column. The optimizer has put the conditions in order.

import { and } from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { columnsOf, conjuncts } from '../../expr/tree.js';
import type { ScanOutput } from '../../plan/physical.js';
import type { BatchFilter } from '../kernels.js';
import { batchFilter } from '../kernels.js';

export interface Stage {
  /** The columns that the test reads, in the order of its input. */
  readonly ids: readonly ColumnId[];
  readonly test: BatchFilter;
}

/** Conditions that read the same columns, or some of them, share a stage. */
export function stagesOf(filter: Expr, expectedRows: number): Stage[] {
  const groups: { readonly ids: Set<ColumnId>; readonly terms: Expr[] }[] = [];
  const seen = new Set<ColumnId>();
  for (const term of conjuncts(filter)) {
    const ids = columnsOf(term);
    const last = groups.at(-1);
    if (last !== undefined && [...ids].every((id) => seen.has(id))) {
      for (const id of ids) last.ids.add(id);
      last.terms.push(term);
    } else {
      groups.push({ ids, terms: [term] });
    }
    for (const id of ids) seen.add(id);
  }
  return groups.map(({ ids, terms }) => {
    const list = [...ids];
    return { ids: list, test: batchFilter(and(terms), list, expectedRows) };
  });
}

/** What a scan that reads rows in their order reads at once: the columns of the first stage; all that are wanted when nothing is tested. */
export function readFirst(scan: ScanOutput): ScanOutput['fetch'] {
  if (scan.filter === undefined) return scan.fetch;
  const [first] = conjuncts(scan.filter);
  const ids = first === undefined ? new Set<ColumnId>() : columnsOf(first);
  return scan.filterFetch.filter(({ id }) => ids.has(id));
}
