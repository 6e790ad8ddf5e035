// Expressions of a plan, compiled against the columns that an operator yields.

import { compileClosure, compileFilter, compileProjection } from '../expr/evaluate.js';
import type { FilterKernel, Layout, RowFunction } from '../expr/evaluate.js';
import type { ColumnId, Expr } from '../expr/expression.js';
import type { Value } from '../values/types.js';
import type { Batch } from './rows/batch.js';
import type { Context } from './operator.js';

export function layoutOf(columns: readonly ColumnId[]): Layout {
  return new Map(columns.map((id, slot) => [id, slot]));
}

/** The batch with a selection of the rows for which the predicate is true; undefined when there are none. */
export type BatchFilter = (batch: Batch, context: Context) => Batch | undefined;

export function batchFilter(predicate: Expr, columns: readonly ColumnId[], rows?: number): BatchFilter {
  const kernel: FilterKernel = compileFilter(predicate, layoutOf(columns), { rows });
  return (batch, context) => {
    const out = new Uint32Array(batch.count);
    const passed = kernel(batch.columns, batch.selection, batch.count, out, context.evaluation);
    if (passed === 0) return undefined;
    if (passed === batch.count) return batch;
    return { columns: batch.columns, length: batch.length, selection: out.subarray(0, passed), count: passed };
  };
}

/** Values of an expression for the selected rows of a batch, dense. */
export type BatchValues = (batch: Batch, context: Context) => Value[];

export function batchValues(expr: Expr, columns: readonly ColumnId[], rows?: number): BatchValues {
  const kernel = compileProjection(expr, layoutOf(columns), { rows });
  return (batch, context) => {
    const out = new Array<Value>(batch.count);
    kernel(batch.columns, batch.selection, batch.count, out, context.evaluation);
    return out;
  };
}

/** An expression over single rows of a batch. */
export function rowValue(expr: Expr, columns: readonly ColumnId[]): RowFunction {
  return compileClosure(expr, layoutOf(columns));
}
