// Sorting: rows kept column by column, an order of row numbers sorted by precomputed key vectors. Stable.

import { invariant } from '../../errors.js';
import { typeOf } from '../../expr/expression.js';
import type { ColumnId } from '../../expr/expression.js';
import type { SortKey } from '../../plan/logical.js';
import type { SortPlan, TopN } from '../../plan/physical.js';
import type { Type, Value } from '../../values/types.js';
import { comparator } from '../../values/index.js';
import type { Batch } from '../rows/batch.js';
import { denseBatch } from '../rows/batch.js';
import { batchValues } from '../kernels.js';
import type { Context, Operator } from '../operator.js';
import { RowBuffer, dense } from '../rows/row-buffer.js';
import { boundsOf } from '../scan/bounds.js';
import { ExternalSort } from '../spill/external-sort.js';
import type { SortColumn } from '../spill/external-sort.js';
import { narrow } from '../spill/partitions.js';

/** Rows with their key vectors beside them. */
export class Sorter {
  private rows: RowBuffer;
  private keys: Value[][];
  private readonly keyOf;
  private readonly compares: readonly ((a: Value, b: Value) => number)[];
  private readonly compare: (a: number, b: number) => number;

  constructor(
    keys: readonly SortKey[],
    private readonly columns: readonly ColumnId[],
    expectedRows: number,
  ) {
    this.rows = new RowBuffer(columns.length);
    this.keys = keys.map(() => []);
    this.keyOf = keys.map((key) => batchValues(key.expr, columns, expectedRows));
    const compares = (this.compares = keys.map(({ expr, desc, nullsFirst }) =>
      comparator(typeOf(expr), { desc, nullsFirst }),
    ));
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
    this.select(this.order().subarray(0, most));
  }

  private select(order: Uint32Array): void {
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

  /** Whether two rows differ in one of the first keys. */
  differ(a: number, b: number, keys: number): boolean {
    for (let i = 0; i < keys; i++) {
      if (this.compares[i]!(this.keys[i]![a]!, this.keys[i]![b]!) !== 0) return true;
    }
    return false;
  }

  /** Takes out the first rows of the order. */
  *take(most: number): Iterable<Batch> {
    const { rows } = this;
    const order = this.order();
    this.select(order.subarray(most));
    yield* rows.batches(order, 0, Math.min(most, order.length));
  }

  batches(from: number, to: number): Iterable<Batch> {
    const order = this.order();
    return this.rows.batches(order, Math.min(from, order.length), Math.min(to, order.length));
  }
}

/** Columns of the sort and, after them, its computed keys; and where each key stands. */
function compileSort(plan: SortPlan | TopN, types: readonly Type[]) {
  const { columns, expected } = plan.input;
  const computed: ReturnType<typeof batchValues>[] = [];
  const computedTypes: Type[] = [];
  const order = plan.keys.map(({ expr, desc, nullsFirst }): SortColumn => {
    const compare = comparator(typeOf(expr), { desc, nullsFirst });
    if (expr.kind === 'column') return { column: columns.indexOf(expr.id), compare };
    computed.push(batchValues(expr, columns, expected.rows.est));
    computedTypes.push(typeOf(expr));
    return { column: columns.length + computed.length - 1, compare };
  });
  const withKeys = (batch: Batch, context: Context): Batch => {
    if (computed.length === 0) return batch;
    const { columns: rows, count } = dense(batch);
    return denseBatch([...rows, ...computed.map((of) => of(batch, context))], count);
  };
  return { types: [...types, ...computedTypes], order, withKeys, width: columns.length };
}

export function sort(plan: SortPlan, types: readonly Type[], input: Operator): Operator {
  return sorting(plan, types, input, () => ({ offset: 0, limit: Infinity }));
}

export function topN(plan: TopN, types: readonly Type[], input: Operator): Operator {
  return sorting(plan, types, input, (context) => boundsOf(plan, context));
}

function sorting(
  plan: SortPlan | TopN,
  types: readonly Type[],
  input: Operator,
  bounds: (context: Context) => { readonly offset: number; readonly limit: number },
): Operator {
  const compiled = compileSort(plan, types);
  return function* (context) {
    const { offset, limit } = bounds(context);
    if (limit === 0) return;
    const account = context.memory.account(plan);
    try {
      const sorter = new ExternalSort(compiled.types, compiled.order, account, offset + limit);
      for (const batch of input(context)) sorter.add(compiled.withKeys(batch, context));
      for (const batch of sorter.sorted(offset)) yield narrow(batch, compiled.width);
    } finally {
      account.close();
    }
  };
}

/** Rows collected beyond the wanted number before the worse half is forgotten. */
export const SLACK = 1024;
