// Sorting: rows kept column by column, an order of row numbers sorted by precomputed key vectors. Stable.

import { invariant } from '../errors.js';
import { typeOf } from '../expr/expression.js';
import type { ColumnId } from '../expr/expression.js';
import type { SortKey } from '../plan/logical.js';
import type { SortPlan, TopN } from '../plan/physical.js';
import type { Value } from '../values/types.js';
import { comparator } from '../values/index.js';
import type { Batch } from './batch.js';
import { batchValues } from './kernels.js';
import type { Context, Operator } from './operator.js';
import { RowBuffer } from './row-buffer.js';
import { boundsOf } from './scan/bounds.js';

/** Rows with their key vectors beside them. */
class Sorter {
  private rows: RowBuffer;
  private keys: Value[][];
  private readonly keyOf;
  private readonly compare: (a: number, b: number) => number;

  constructor(
    keys: readonly SortKey[],
    private readonly columns: readonly ColumnId[],
    expectedRows: number,
  ) {
    this.rows = new RowBuffer(columns.length);
    this.keys = keys.map(() => []);
    this.keyOf = keys.map((key) => batchValues(key.expr, columns, expectedRows));
    const compares = keys.map(({ expr, desc, nullsFirst }) => comparator(typeOf(expr), { desc, nullsFirst }));
    const [first] = compares;
    invariant(first, 'a sort needs a key');
    this.compare =
      compares.length === 1
        ? (a, b) => first(this.keys[0]![a]!, this.keys[0]![b]!) || a - b
        : (a, b) => {
            for (let i = 0; i < compares.length; i++) {
              const order = compares[i]!(this.keys[i]![a]!, this.keys[i]![b]!);
              if (order !== 0) return order;
            }
            return a - b;
          };
  }

  get length(): number {
    return this.rows.length;
  }

  add(batch: Batch, context: Context): void {
    this.keyOf.forEach((of, i) => {
      const column = this.keys[i]!;
      for (const value of of(batch, context)) column.push(value);
    });
    this.rows.add(batch);
  }

  /** Forgets all but the first `most` rows. */
  keep(most: number): void {
    const order = this.order().subarray(0, most);
    const kept = new RowBuffer(this.columns.length);
    for (const batch of this.rows.batches(order)) kept.add(batch);
    this.keys = this.keys.map((column) => Array.from(order, (row) => column[row]!));
    this.rows = kept;
  }

  private order(): Uint32Array {
    const order = Uint32Array.from({ length: this.rows.length }, (_, i) => i);
    // A typed array sorts by comparator without boxing its numbers.
    return order.sort(this.compare);
  }

  batches(from: number, to: number): Iterable<Batch> {
    const order = this.order();
    return this.rows.batches(order, Math.min(from, order.length), Math.min(to, order.length));
  }
}

export function sort(plan: SortPlan, input: Operator): Operator {
  return function* (context) {
    const sorter = new Sorter(plan.keys, plan.input.columns, plan.expected.rows.est);
    for (const batch of input(context)) sorter.add(batch, context);
    yield* sorter.batches(0, Infinity);
  };
}

/** Rows collected beyond the wanted number before the worse half is forgotten. */
const SLACK = 1024;

export function topN(plan: TopN, input: Operator): Operator {
  return function* (context) {
    const { offset, limit } = boundsOf(plan, context);
    if (limit === 0) return;
    const wanted = offset + limit;
    const sorter = new Sorter(plan.keys, plan.input.columns, plan.expected.rows.est);
    for (const batch of input(context)) {
      sorter.add(batch, context);
      if (sorter.length > 2 * wanted + SLACK) sorter.keep(wanted);
    }
    yield* sorter.batches(offset, wanted);
  };
}
