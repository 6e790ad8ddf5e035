// Groups by hashing: each distinct combination of group values gets a number, and every aggregate adds a batch of (group, value) pairs. Groups
// come in the order of their first rows. Rows of groups that the memory budget does not take are put aside in partitions, each of which is
// grouped in the same way, and the groups are put in order again.

import { typeOf } from '../../expr/expression.js';
import type { HashAggregate } from '../../plan/physical.js';
import type { Type, Value } from '../../values/types.js';
import { bytesOfState, compileSteps } from './steps.js';
import type { Step } from './steps.js';
import type { Batch } from '../rows/batch.js';
import { BATCH_ROWS, denseBatch } from '../rows/batch.js';
import { batchValues } from '../kernels.js';
import { bytesOf, entryBytes } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import type { Context, Operator } from '../operator.js';
import { rowKey } from '../rows/row-key.js';
import { mergeRuns } from '../spill/merge.js';
import { Partitions, byNumber, narrow, numbered } from '../spill/partitions.js';
import { RowFormat } from '../spill/row-format.js';
import { Run } from '../spill/run.js';

/** @param types of the input's columns */
export function hashAggregate(plan: HashAggregate, types: readonly Type[], input: Operator): Operator {
  const compiled = compile(plan, types);
  return function* (context) {
    const account = context.memory.account(plan);
    try {
      yield* new Grouping(compiled, account, context).of(input(context));
    } finally {
      account.close();
    }
  };
}

function compile(plan: HashAggregate, types: readonly Type[]) {
  const { columns, expected } = plan.input;
  const rows = expected.rows.est;
  const groupTypes = plan.groups.map(typeOf);
  return {
    groupOf: plan.groups.map((expr) => batchValues(expr, columns, rows)),
    keyOf: rowKey(groupTypes),
    stepsOf: compileSteps(plan.aggregates, columns, rows),
    perGroup: bytesOfState(plan.aggregates),
    inputTypes: [...types, 'real'] as const,
    outputTypes: [...groupTypes, ...plan.aggregates.map(({ type }) => type), 'real'] as const,
  };
}

/** Rows that are still to be grouped, divided `depth` times. */
interface Aside {
  readonly run: Run;
  readonly depth: number;
}

class Grouping {
  private readonly aside: Aside[] = [];
  private readonly inputWidth: number;
  private readonly outputWidth: number;
  private inputFormat: RowFormat | undefined;

  constructor(
    private readonly compiled: ReturnType<typeof compile>,
    private readonly account: Account,
    private readonly context: Context,
  ) {
    this.inputWidth = compiled.inputTypes.length - 1;
    this.outputWidth = compiled.outputTypes.length - 1;
  }

  *of(input: Iterable<Batch>): Iterable<Batch> {
    const { account, outputWidth } = this;
    for (const batch of this.pass(numbered(input), 0)) yield narrow(batch, outputWidth);
    if (this.aside.length === 0) return;
    const format = new RowFormat(this.compiled.outputTypes);
    const found: Run[] = [];
    for (let next = this.aside.pop(); next !== undefined; next = this.aside.pop()) {
      const out = new Run(format, account);
      for (const batch of this.pass(next.run.batches(), next.depth)) out.addBatch(batch);
      found.push(out.finish());
    }
    for (const batch of mergeRuns(found, undefined, format, byNumber(outputWidth), account)) {
      yield narrow(batch, outputWidth);
    }
  }

  /** Groups with the number of their first row as last column. @param input numbered */
  private *pass(input: Iterable<Batch>, depth: number): Iterable<Batch> {
    const { account, context, inputWidth } = this;
    const { groupOf, keyOf, stepsOf } = this.compiled;
    const numbers = new Map<unknown, number>();
    const groups: Value[][] = groupOf.map(() => []);
    const firsts: number[] = [];
    const steps = stepsOf(account, context);
    let bytes = 0;
    let partitions: Partitions | undefined;
    if (groupOf.length === 0) {
      numbers.set(undefined, 0);
      firsts.push(0);
    }
    for (const batch of input) {
      const rows = narrow(batch, inputWidth);
      const assigned = new Uint32Array(batch.count);
      if (groupOf.length === 0) {
        for (const step of steps) step.add(rows, assigned, context);
        continue;
      }
      const vectors = groupOf.map((of) => of(rows, context));
      const kept = new Uint32Array(batch.count);
      let count = 0;
      for (let i = 0; i < batch.count; i++) {
        const key = keyOf(vectors, i);
        const row = batch.selection === undefined ? i : batch.selection[i]!;
        let group = numbers.get(key);
        if (group === undefined) {
          if (partitions === undefined) {
            const size = this.groupBytes(key, vectors, i);
            if (this.fits(size, steps, numbers.size === 0)) {
              bytes += size;
              group = numbers.size;
              numbers.set(key, group);
              for (let g = 0; g < groups.length; g++) groups[g]!.push(vectors[g]![i]!);
              firsts.push(batch.columns[inputWidth]![row] as number);
            }
          }
          if (group === undefined) {
            partitions ??= new Partitions(
              (this.inputFormat ??= new RowFormat(this.compiled.inputTypes)),
              account,
              depth,
            );
            partitions.add(batch.columns, row, key);
            continue;
          }
        }
        assigned[count] = group;
        kept[count++] = row;
      }
      if (count === 0) continue;
      const taken = count === batch.count ? rows : { ...rows, selection: kept.subarray(0, count), count };
      for (const step of steps) step.add(taken, assigned.subarray(0, count), context);
    }
    for (const run of partitions?.finish() ?? []) if (run.rows > 0) this.aside.push({ run, depth: depth + 1 });
    for (const step of steps) step.end();
    for (let from = 0; from < numbers.size; from += BATCH_ROWS) {
      const to = Math.min(from + BATCH_ROWS, numbers.size);
      const results = steps.map((step) => Array.from({ length: to - from }, (_, i) => step.finish(from + i)));
      yield denseBatch([...groups.map((g) => g.slice(from, to)), ...results, firsts.slice(from, to)], to - from);
    }
    for (const step of steps) step.close();
    account.give(bytes);
  }

  private groupBytes(key: unknown, vectors: readonly ArrayLike<Value>[], row: number): number {
    let bytes = entryBytes(key) + this.compiled.perGroup;
    for (const vector of vectors) bytes += 8 + bytesOf(vector[row]!);
    return bytes;
  }

  /** Takes the bytes of one more group, if need be at the cost of what steps hold. The first group of a pass has to fit. */
  private fits(bytes: number, steps: readonly Step[], first: boolean): boolean {
    if (this.account.take(bytes)) return true;
    for (const step of steps) step.relieve();
    if (this.account.take(bytes)) return true;
    if (first) this.account.need(bytes, 'one group');
    return first;
  }
}
