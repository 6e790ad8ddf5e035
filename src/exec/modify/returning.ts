// RETURNING: expressions over the rows that a statement wrote.

import * as build from '../../expr/build.js';
import type { Column, ColumnId } from '../../expr/expression.js';
import type { Returning } from '../../plan/logical.js';
import type { Row } from '../../values/types.js';
import type { Batch } from '../rows/batch.js';
import { denseBatch } from '../rows/batch.js';
import { batchValues } from '../kernels.js';
import type { Context } from '../operator.js';

/** What RETURNING reads beside the row itself. */
export function besideOf(returning: Returning | undefined): readonly Column[] {
  return returning?.beside.map((column) => build.column(column.id, column.name, column.type, column.nullable)) ?? [];
}

/** Yields at most one batch; without RETURNING, none. Rows are the table's, followed by what stands beside them. */
export function compileReturning(
  returning: Returning | undefined,
): (rows: readonly Row[], context: Context) => Batch | undefined {
  if (returning === undefined) return () => undefined;
  const columns: ColumnId[] = [...returning.row, ...returning.beside].map((column) => column.id);
  const values = returning.items.map((item) => batchValues(item.expr, columns));
  return (rows, context) => {
    if (rows.length === 0) return undefined;
    const written = denseBatch(
      columns.map((_, ordinal) => rows.map((row) => row[ordinal]!)),
      rows.length,
    );
    return denseBatch(
      values.map((of) => of(written, context)),
      rows.length,
    );
  };
}
