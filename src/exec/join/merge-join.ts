// Sort-merge join: both sides come sorted by the keys, and are read once, side by side. Right rows with equal keys are held while left rows meet
// them, in a temporary file when they do not fit the memory budget. Keeps the left side's order (a full join apart).
// Source: Graefe, "Query evaluation techniques for large databases" (ACM Computing Surveys, 1993), 5.2.

import { typeOf } from '../../expr/expression.js';
import type { MergeJoin } from '../../plan/physical.js';
import { comparator } from '../../values/index.js';
import type { Type, Value } from '../../values/types.js';
import type { Batch, Vector } from '../rows/batch.js';
import { denseBatch } from '../rows/batch.js';
import { measureRows } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import type { Context, Operator } from '../operator.js';
import { Peekable } from '../rows/peekable.js';
import { RowBuffer, dense } from '../rows/row-buffer.js';
import { RowFormat } from '../spill/row-format.js';
import { Run } from '../spill/run.js';
import { emit } from './emit.js';
import { compileEquiJoin } from './equi-join.js';
import type { EquiJoin } from './equi-join.js';
import { hasNull } from './join-table.js';
import { SortedRows } from './sorted-rows.js';
import type { CompareKeys } from './sorted-rows.js';
import type { Pairs } from './output.js';
import { MISSING, joined } from './output.js';

/** Pairs and right rows held before they are joined. */
const MOST_PAIRS = 16_384;

export function mergeJoin(
  plan: MergeJoin,
  leftTypes: readonly Type[],
  rightTypes: readonly Type[],
  left: Operator,
  right: Operator,
): Operator {
  const join = compileEquiJoin(plan, leftTypes, rightTypes);
  const compares = plan.leftKeys.map((key) => comparator(typeOf(key)));
  const compareKeys: CompareKeys = (a, rowA, b, rowB) => {
    for (let i = 0; i < compares.length; i++) {
      const order = compares[i]!(a[i]![rowA]!, b[i]![rowB]!);
      if (order !== 0) return order;
    }
    return 0;
  };
  return function* (context) {
    const account = context.memory.account(plan);
    const rows = new Peekable(left(context));
    try {
      if (join.type !== 'full' && !rows.any()) return;
      const sorted = new SortedRows(right(context), (batch) => join.rightKeys(batch, context), compareKeys);
      try {
        yield* new Merge(join, sorted, account, context, compareKeys).of(rows);
      } finally {
        sorted.close();
      }
    } finally {
      rows.close();
      account.close();
    }
  };
}

/** The right rows with the key that left rows are at. */
interface Group {
  readonly key: readonly (readonly Value[])[];
  /** Where its rows begin in the window. */
  readonly from: number;
  /** Its rows, when there are too many for the window; and which of them have been met. */
  readonly run: Run | undefined;
  readonly met: Uint8Array;
}

class Merge {
  /** Right rows that the pairs at hand are of: groups that were passed, then the present one. */
  private window: RowBuffer;
  private windowMet: number[] = [];
  private bytes = 0;
  private group: Group | undefined;
  private pairs: Pairs = { left: [], right: [] };
  private readonly measure;
  private readonly nothing: readonly Vector[];

  constructor(
    private readonly join: EquiJoin,
    private readonly right: SortedRows,
    private readonly account: Account,
    private readonly context: Context,
    private readonly compareKeys: CompareKeys,
  ) {
    this.window = new RowBuffer(join.rightTypes.length);
    this.measure = measureRows(join.rightTypes);
    this.nothing = join.rightTypes.map(() => []);
  }

  private get isFull(): boolean {
    return this.join.type === 'full';
  }

  *of(left: Iterable<Batch>): Iterable<Batch> {
    for (const batch of left) {
      const rows = dense(batch);
      const keys = this.join.leftKeys(rows, this.context);
      let from = 0;
      for (let i = 0; i < rows.count; i++) {
        if (hasNull(keys, i)) continue;
        if (this.group === undefined || this.compareKeys(keys, i, this.group.key, 0) !== 0) {
          if (this.window.length + this.pairs.left.length > MOST_PAIRS || this.group?.run !== undefined) {
            yield* this.flush(rows, from, i);
            from = i;
          }
          yield* this.leave();
          yield* this.passed(this.right.skipBefore(keys, i));
          if (this.right.isAt(keys, i)) this.group = this.load();
        }
        if (this.group === undefined) continue;
        if (this.group.run !== undefined) {
          yield* this.flush(rows, from, i);
          yield* this.meetRun(slice(rows, i, i + 1), this.group);
          from = i + 1;
          continue;
        }
        for (let row = this.group.from; row < this.window.length; row++) {
          this.pairs.left.push(i - from);
          this.pairs.right.push(row);
        }
        if (this.pairs.left.length > MOST_PAIRS) {
          yield* this.flush(rows, from, i + 1);
          from = i + 1;
        }
      }
      yield* this.flush(rows, from, rows.count);
    }
    if (!this.isFull) return;
    yield* this.leave();
    yield* this.forget();
    yield* this.passed(this.right.rest());
  }

  /** Joins left rows with the pairs at hand, and forgets the right rows of groups that were passed. */
  private *flush(rows: Batch, from: number, to: number): Iterable<Batch> {
    if (to > from) {
      const left = slice(rows, from, to);
      const { columns } = this.window;
      const kept = this.join.keep(left.columns, columns, this.pairs, this.context);
      if (this.isFull) for (const row of kept.right) this.windowMet[row] = 1;
      yield* emit(this.join.type, left, columns, kept);
      this.pairs = { left: [], right: [] };
    }
    if (this.group === undefined || this.group.from > 0) yield* this.forget();
  }

  /** Forgets the window but for the present group. */
  private *forget(): Iterable<Batch> {
    const { window, windowMet } = this;
    const keep = this.group === undefined ? window.length : this.group.from;
    if (this.isFull) {
      const lone: number[] = [];
      for (let row = 0; row < keep; row++) if (windowMet[row] !== 1) lone.push(row);
      yield* this.alone(window.columns, lone);
    }
    this.window = new RowBuffer(window.width);
    for (const batch of window.batches(undefined, keep, window.length)) this.window.add(batch);
    this.windowMet = windowMet.slice(keep);
    if (this.group !== undefined) this.group = { ...this.group, from: 0 };
    const bytes = this.window.length === 0 ? 0 : Math.ceil((this.bytes * this.window.length) / window.length);
    this.account.give(this.bytes - bytes);
    this.bytes = bytes;
  }

  /** The group is passed; of one in a file the rows that were not met come out. */
  private *leave(): Iterable<Batch> {
    const { group } = this;
    this.group = undefined;
    if (group?.run === undefined || !this.isFull) return;
    let from = 0;
    for (const batch of group.run.batches()) {
      yield* this.alone(
        batch.columns,
        Array.from({ length: batch.count }, (_, i) => i).filter((i) => group.met[from + i] === 0),
      );
      from += batch.count;
    }
  }

  /** All rows with the key that the right side is at. */
  private load(): Group {
    const { account, window } = this;
    const key = this.right.key();
    const from = window.length;
    let run: Run | undefined;
    for (const batch of this.right.group()) {
      const size = this.measure(batch);
      if (run === undefined && account.take(size)) {
        this.bytes += size;
        window.add(batch);
        continue;
      }
      run ??= new Run(new RowFormat(this.join.rightTypes), account);
      run.addBatch(batch);
    }
    if (run === undefined) return { key, from, run, met: new Uint8Array(0) };
    // All in one place, in order: those in memory come before the others.
    const whole = new Run(new RowFormat(this.join.rightTypes), account);
    for (const batch of window.batches(undefined, from, window.length)) whole.addBatch(batch);
    for (const batch of run.finish().batches()) whole.addBatch(batch);
    window.truncate(from);
    return { key, from, run: whole.finish(), met: new Uint8Array(this.isFull ? whole.rows : 0) };
  }

  /** One left row with all rows of a group in a file. */
  private *meetRun(left: Batch, { run, met }: Group): Iterable<Batch> {
    const { type } = this.join;
    const yieldsRight = type !== 'semi' && type !== 'anti';
    let found = false;
    let from = 0;
    for (const rows of run!.batches()) {
      const all: Pairs = { left: [], right: [] };
      for (let i = 0; i < rows.count; i++) {
        all.left.push(0);
        all.right.push(i);
      }
      const kept = this.join.keep(left.columns, rows.columns, all, this.context);
      found ||= kept.left.length > 0;
      if (this.isFull) for (const row of kept.right) met[from + row] = 1;
      if (yieldsRight) yield* joined(left.columns, rows.columns, kept);
      else if (found) break;
      from += rows.count;
    }
    if (!yieldsRight || (!found && type !== 'inner')) {
      const one: Pairs = found ? { left: [0], right: [0] } : { left: [], right: [] };
      yield* emit(type, left, this.nothing, one);
    }
  }

  /** Right rows that no left row meets come out of a full join. */
  private *passed(batches: Iterable<Batch>): Iterable<Batch> {
    for (const batch of batches) {
      if (!this.isFull) continue;
      const { columns, count } = dense(batch);
      yield* this.alone(
        columns,
        Array.from({ length: count }, (_, i) => i),
      );
    }
  }

  private alone(right: readonly Vector[], rows: readonly number[]): Iterable<Batch> {
    const missing = this.join.leftTypes.map(() => []);
    return joined(missing, right, { left: rows.map(() => MISSING), right: [...rows] });
  }
}

function slice(batch: Batch, from: number, to: number): Batch {
  if (from === 0 && to === batch.count) return batch;
  const columns = batch.columns.map((column) => Array.from({ length: to - from }, (_, i) => column[from + i]!));
  return denseBatch(columns, to - from);
}
