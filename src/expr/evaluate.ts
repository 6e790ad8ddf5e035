// The door to evaluation: expressions over batches as kernels, over single rows as closures, without rows as values.
// Generated kernels cost about 15 us to make and pay after some thousand rows, hence the modes.

import type { ColumnVector } from '../values/column-vector.js';
import type { Value } from '../values/types.js';
import { buildKernel, canGenerate } from './compile/build.js';
import { compileClosure, compileTest } from './compile/closure.js';
import type { CompileOptions, FilterKernel, Layout, ProjectionKernel } from './compile/contract.js';
import { Generator } from './compile/generate.js';
import type { VectorForm } from './compile/generate.js';
import type { Evaluation } from './evaluation.js';
import type { Expr } from './expression.js';
import { isConstant } from './facts.js';
import { some } from './tree.js';

export type {
  CompileOptions,
  FilterKernel,
  Layout,
  ProjectionKernel,
  RowFunction,
  RowTest,
} from './compile/contract.js';
export type { Columns } from './compile/contract.js';
export type { VectorForm } from './compile/generate.js';
export { compileClosure, compileTest } from './compile/closure.js';

/** From this many rows on, generated code repays its making. */
const GENERATE_FROM = 5_000;

export { canGenerate } from './compile/build.js';

/**
 * A kernel that lets pass the rows for which the predicate is true (not NULL).
 *
 * @example
 * const kernel = compileFilter(predicate, new Map([[column.id, 0]]));
 * const passed = kernel([values], undefined, 1024, out, evaluation); // out[0..passed) are row indexes
 */
export function compileFilter(predicate: Expr, layout: Layout, options: CompileOptions = {}): FilterKernel {
  return chosen(
    options,
    () => filterClosure(predicate, layout),
    () => filterCode(predicate, layout),
  );
}

/** A kernel that computes an expression for the selected rows. */
export function compileProjection(expr: Expr, layout: Layout, options: CompileOptions = {}): ProjectionKernel {
  return chosen(
    options,
    () => projectionClosure(expr, layout),
    () => projectionCode(expr, layout),
  );
}

const noLayout: Layout = new Map();

/** The value of an expression without columns, such as the key of an index probe. */
export function evaluateConstant(expr: Expr, evaluation: Evaluation): Value {
  if (expr.kind === 'constant') return expr.value;
  if (expr.kind === 'parameter') return evaluation.parameters[expr.index]!;
  return compileClosure(expr, noLayout)([], 0, evaluation);
}

/** Filter and projection alike: the rows to work on, their number, and what is written. */
type Kernel<Out, Result> = (
  columns: readonly ArrayLike<Value>[],
  selection: Uint32Array | undefined,
  count: number,
  out: Out,
  evaluation: Evaluation,
) => Result;

function chosen<Out, Result>(
  options: CompileOptions,
  closure: () => Kernel<Out, Result>,
  code: () => Kernel<Out, Result>,
): Kernel<Out, Result> {
  const mode = options.mode ?? 'auto';
  if (mode === 'closure' || !canGenerate()) return closure();
  if (mode === 'generated' || (options.rows ?? 0) >= GENERATE_FROM) return code();
  let kernel = closure();
  let seen = 0;
  let generated = false;
  return (columns, selection, count, out, evaluation) => {
    seen += count;
    if (!generated && seen >= GENERATE_FROM) {
      kernel = code();
      generated = true;
    }
    return kernel(columns, selection, count, out, evaluation);
  };
}

function filterClosure(predicate: Expr, layout: Layout): FilterKernel {
  const test = compileTest(predicate, layout, true);
  return (columns, selection, count, out, evaluation) => {
    let n = 0;
    for (let i = 0; i < count; i++) {
      const row = selection === undefined ? i : selection[i]!;
      if (test(columns, row, evaluation)) out[n++] = row;
    }
    return n;
  };
}

function projectionClosure(expr: Expr, layout: Layout): ProjectionKernel {
  const value = compileClosure(expr, layout);
  return (columns, selection, count, out, evaluation) => {
    for (let i = 0; i < count; i++) out[i] = value(columns, selection === undefined ? i : selection[i]!, evaluation);
  };
}

function filterCode(predicate: Expr, layout: Layout, forms?: readonly VectorForm[]): FilterKernel {
  const generator = new Generator(layout, forms);
  const test = generator.truth(predicate, true);
  return buildKernel<FilterKernel>(
    generator,
    `let n = 0;
    if (selection === undefined) { for (let r = 0; r < count; r++) if (${test}) out[n++] = r; }
    else for (let i = 0; i < count; i++) { const r = selection[i]; if (${test}) out[n++] = r; }
    return n;`,
  );
}

function projectionCode(expr: Expr, layout: Layout): ProjectionKernel {
  const generator = new Generator(layout);
  const value = generator.value(expr);
  return buildKernel<ProjectionKernel>(
    generator,
    `if (selection === undefined) { for (let r = 0; r < count; r++) out[r] = ${value}; }
    else for (let i = 0; i < count; i++) { const r = selection[i]; out[i] = ${value}; }`,
  );
}

/**
 * A filter over column vectors of the given forms, by slot; undefined where code generation is forbidden, and for what can only be
 * evaluated over arrays of values.
 */
export function compileVectorFilter(
  predicate: Expr,
  layout: Layout,
  forms: readonly VectorForm[],
): VectorFilter | undefined {
  if (!canGenerate() || !readsVectors(predicate)) return undefined;
  return filterCode(predicate, layout, forms) as unknown as VectorFilter;
}

/** Whether no part of an expression is left to closures, which read arrays. */
export function readsVectors(expr: Expr): boolean {
  return !some(
    expr,
    (node) => node.kind === 'subquery' || (node.kind === 'in-list' && !node.items.every((item) => isConstant(item))),
  );
}

/** As a `FilterKernel`, over vectors. */
export type VectorFilter = (
  columns: readonly ColumnVector[],
  selection: Uint32Array | undefined,
  count: number,
  out: Uint32Array,
  evaluation: Evaluation,
) => number;
