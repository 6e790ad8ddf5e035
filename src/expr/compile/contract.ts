// What the compilers take and make.

import type { Value } from '../../values/types.js';
import type { Evaluation } from '../evaluation.js';
import type { ColumnId } from '../expression.js';

/** Where each column stands in a batch. */
export type Layout = ReadonlyMap<ColumnId, number>;

/** The columns of a batch, by slot; each has a value per row. */
export type Columns = readonly ArrayLike<Value>[];

/** The value of an expression for one row of a batch. */
export type RowFunction = (columns: Columns, row: number, evaluation: Evaluation) => Value;

/** Whether a predicate has the wanted truth value for one row of a batch. */
export type RowTest = (columns: Columns, row: number, evaluation: Evaluation) => boolean;

/**
 * Writes the rows that pass into `out`, in order, and returns their number. `selection` lists the rows to judge, `count` of them;
 * undefined means the rows below `count`. `out` may be `selection` itself.
 */
export type FilterKernel = (
  columns: Columns,
  selection: Uint32Array | undefined,
  count: number,
  out: Uint32Array,
  evaluation: Evaluation,
) => number;

/** Writes the value for the i-th selected row to `out[i]`. */
export type ProjectionKernel = (
  columns: Columns,
  selection: Uint32Array | undefined,
  count: number,
  out: Value[],
  evaluation: Evaluation,
) => void;

export interface CompileOptions {
  /** Default `auto`: closures at first, generated code once it pays. `generated` means closures where code generation is forbidden. */
  readonly mode?: 'closure' | 'generated' | 'auto' | undefined;
  /** Estimated rows, for `auto`. Unknown: the kernel counts them as they come. */
  readonly rows?: number | undefined;
}
