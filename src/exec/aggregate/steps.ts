// What a grouping does for each of its aggregates: arguments and FILTER are evaluated by batch and handed to a sink.

import { calledName, createAccumulator } from '../../expr/aggregates.js';
import { accumulated } from '../../expr/build.js';
import { typeOf } from '../../expr/expression.js';
import type { Aggregate, ColumnId } from '../../expr/expression.js';
import type { Type, Value } from '../../values/types.js';
import type { Batch, Vector } from '../rows/batch.js';
import { batchFilter, batchValues } from '../kernels.js';
import type { Account } from '../memory/memory.js';
import type { Context } from '../operator.js';
import { collectedSink } from './collected-sink.js';
import { DistinctSink } from './distinct-sink.js';
import { fixedSink } from './fixed-sink.js';
import type { Sink } from './sink.js';
import { keepsItsRows } from './sink.js';

/** One aggregate over the groups of one pass. After `end`, groups are finished in ascending order. */
export interface Step extends Pick<Sink, 'relieve' | 'end' | 'finish' | 'close'> {
  /** @param groups the group of each selected row */
  add(batch: Batch, groups: Uint32Array, context: Context): void;
}

/** Estimated bytes of a group's state, beside what its rows take. */
const STATE = 32;
const VARIABLE_STATE = 128;

/** @param columns of the input */
export function compileSteps(aggregates: readonly Aggregate[], columns: readonly ColumnId[], rows: number): StartSteps {
  const steps = aggregates.map((aggregate) => compileStep(aggregate, columns, rows));
  return (account, context) => steps.map((step) => step(account, context));
}

export type StartSteps = (account: Account, context: Context) => Step[];

/** Estimated bytes that one more group costs. */
export function bytesOfState(aggregates: readonly Aggregate[]): number {
  return aggregates.reduce(
    (sum, { args }) => sum + (args.some((arg) => isLong(typeOf(arg))) ? VARIABLE_STATE : STATE),
    0,
  );
}

function isLong(type: Type): boolean {
  return type === 'text' || type === 'blob' || type === 'json' || type === 'geometry' || type.endsWith('[]');
}

function compileStep(
  aggregate: Aggregate,
  columns: readonly ColumnId[],
  rows: number,
): (account: Account, context: Context) => Step {
  const taken = accumulated(aggregate);
  const args = taken.map((arg) => batchValues(arg, columns, rows));
  const filter = aggregate.filter && batchFilter(aggregate.filter, columns, rows);
  const types = taken.map(typeOf);
  const isDistinct = aggregate.distinct && aggregate.args.length > 0;
  // What is compared by keys is made distinct in order, where it is known which one to keep: the sink only drops what is there twice.
  const plain: Aggregate = isDistinct && aggregate.keys === undefined ? { ...aggregate, distinct: false } : aggregate;
  return (account, { evaluation }) => {
    const accumulator = createAccumulator(plain, evaluation.functions);
    const inner = keepsItsRows(plain)
      ? collectedSink(accumulator, calledName(plain), types, account)
      : fixedSink(accumulator);
    const sink = isDistinct ? new DistinctSink(inner, types, account) : inner;
    return {
      add(batch, groups, context) {
        const passed = filter ? filter(batch, context) : batch;
        if (passed === undefined) return;
        const vectors: Vector[] = args.map((of) => of(passed, context));
        sink.add(passed === batch ? groups : groupsOf(batch, passed, groups), vectors, passed.count);
      },
      relieve: () => sink.relieve(),
      end: () => sink.end(),
      finish: (group): Value => sink.finish(group),
      close: () => sink.close(),
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
