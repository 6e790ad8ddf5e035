// Groups by hashing: each distinct combination of group values gets a number, and every aggregate adds a batch of (group, value) pairs.

import { accumulated, createAccumulator } from '../expr/aggregates.js';
import { typeOf } from '../expr/expression.js';
import type { Aggregate, ColumnId } from '../expr/expression.js';
import type { HashAggregate } from '../plan/physical.js';
import type { Value } from '../values/types.js';
import type { Batch, Vector } from './batch.js';
import { BATCH_ROWS, denseBatch } from './batch.js';
import { batchFilter, batchValues } from './kernels.js';
import type { Context, Operator } from './operator.js';
import { rowKey } from './row-key.js';

export function hashAggregate(plan: HashAggregate, input: Operator): Operator {
  const { columns } = plan.input;
  const rows = plan.input.expected.rows.est;
  const groupOf = plan.groups.map((expr) => batchValues(expr, columns, rows));
  const keyOf = rowKey(plan.groups.map(typeOf));
  const steps = plan.aggregates.map((aggregate) => compileStep(aggregate, columns, rows));

  return function* (context) {
    const numbers = new Map<unknown, number>();
    const groups: Value[][] = plan.groups.map(() => []);
    const running = steps.map((step) => step(context));
    if (plan.groups.length === 0) numbers.set(undefined, 0);
    for (const batch of input(context)) {
      const assigned = new Uint32Array(batch.count);
      if (groupOf.length > 0) {
        const vectors = groupOf.map((of) => of(batch, context));
        for (let i = 0; i < batch.count; i++) {
          const key = keyOf(vectors, i);
          let number = numbers.get(key);
          if (number === undefined) {
            number = numbers.size;
            numbers.set(key, number);
            for (let g = 0; g < groups.length; g++) groups[g]!.push(vectors[g]![i]!);
          }
          assigned[i] = number;
        }
      }
      for (const step of running) step.add(batch, assigned, context);
    }
    for (let from = 0; from < numbers.size; from += BATCH_ROWS) {
      const to = Math.min(from + BATCH_ROWS, numbers.size);
      const results = running.map((step) => Array.from({ length: to - from }, (_, i) => step.finish(from + i)));
      yield denseBatch([...groups.map((group) => group.slice(from, to)), ...results], to - from);
    }
  };
}

interface Running {
  add(batch: Batch, groups: Uint32Array, context: Context): void;
  finish(group: number): Value;
}

function compileStep(aggregate: Aggregate, columns: readonly ColumnId[], rows: number): (context: Context) => Running {
  const args = accumulated(aggregate).map((arg) => batchValues(arg, columns, rows));
  const filter = aggregate.filter && batchFilter(aggregate.filter, columns, rows);
  return ({ evaluation }) => {
    const accumulator = createAccumulator(aggregate, evaluation.functions);
    return {
      add(batch, groups, context) {
        const passed = filter ? filter(batch, context) : batch;
        if (passed === undefined) return;
        const vectors: Vector[] = args.map((of) => of(passed, context));
        accumulator.addBatch(passed === batch ? groups : groupsOf(batch, passed, groups), vectors, passed.count);
      },
      finish: (group) => accumulator.finish(group),
    };
  };
}

/** The groups of the rows that passed a FILTER: both selections ascend through the same rows. */
function groupsOf(batch: Batch, passed: Batch, groups: Uint32Array): Uint32Array {
  const out = new Uint32Array(passed.count);
  let at = 0;
  for (let i = 0; i < passed.count; i++) {
    const row = passed.selection![i]!;
    while ((batch.selection === undefined ? at : batch.selection[at]!) !== row) at++;
    out[i] = groups[at]!;
  }
  return out;
}
