// Several facets in one pass over the rows: a table of counts for each. A facet with more values than the memory budget takes leaves the
// pass, and is grouped alone afterwards, where groups can be put aside.

import { typeOf } from '../../expr/expression.js';
import type { Expr } from '../../expr/expression.js';
import type { FacetCount } from '../../plan/physical.js';
import type { Value } from '../../values/types.js';
import { batchValues } from '../kernels.js';
import { bytesOf, entryBytes } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import type { Operator } from '../operator.js';
import type { Batch, Vector } from '../rows/batch.js';
import { BATCH_ROWS, denseBatch } from '../rows/batch.js';
import { rowKey } from '../rows/row-key.js';

/** Of a value: its place, and its count's. */
const PLACES = 16;

/** @param alone groups the input by one expression, and counts */
export function facetCount(plan: FacetCount, input: Operator, alone: (expr: Expr) => Operator): Operator {
  const { facets, columns } = plan;
  const rows = plan.input.expected.rows.est;
  const compiled = facets.map(({ number, expr }) => ({
    number,
    valuesOf: batchValues(expr, plan.input.columns, rows),
    keyOf: rowKey([typeOf(expr)]),
    alone: alone(expr),
  }));
  const batchOf = (number: number, values: Vector, counts: Vector): Batch => {
    const vectors = columns.map((_, c): Value[] =>
      c === number ? Array.from(values) : new Array<Value>(values.length).fill(null),
    );
    vectors[columns.length - 2] = Array.from(counts);
    vectors[columns.length - 1]!.fill(number);
    return denseBatch(vectors, values.length);
  };
  return function* (context) {
    const account = context.memory.account(plan);
    try {
      const open = compiled.map((facet) => ({ ...facet, counts: new Counts(account) as Counts | undefined }));
      for (const batch of input(context)) {
        for (const facet of open) {
          if (facet.counts?.add(facet.valuesOf(batch, context), facet.keyOf, batch.count) !== false) continue;
          facet.counts.close();
          facet.counts = undefined;
        }
      }
      for (const { number, counts } of open) {
        for (let from = 0; counts !== undefined && from < counts.values.length; from += BATCH_ROWS) {
          const to = from + BATCH_ROWS;
          yield batchOf(number, counts.values.slice(from, to), counts.rows.slice(from, to));
        }
        counts?.close();
      }
      for (const facet of open) {
        if (facet.counts !== undefined) continue;
        for (const { columns: found } of facet.alone(context)) yield batchOf(facet.number, found[0]!, found[1]!);
      }
    } finally {
      account.close();
    }
  };
}

/** The values of one facet, in the order of their first rows, and how many rows have each. */
class Counts {
  readonly values: Value[] = [];
  readonly rows: number[] = [];
  private readonly numbers = new Map<unknown, number>();
  private bytes = 0;

  constructor(private readonly account: Account) {}

  /** False when there is no room for another value. */
  add(values: Value[], keyOf: ReturnType<typeof rowKey>, count: number): boolean {
    const { numbers, rows } = this;
    const vectors = [values];
    for (let i = 0; i < count; i++) {
      const key = keyOf(vectors, i);
      const number = numbers.get(key);
      if (number !== undefined) {
        rows[number]!++;
        continue;
      }
      const bytes = entryBytes(key) + PLACES + bytesOf(values[i]!);
      if (!this.account.take(bytes)) return false;
      this.bytes += bytes;
      numbers.set(key, rows.length);
      this.values.push(values[i]!);
      rows.push(1);
    }
    return true;
  }

  close(): void {
    this.account.give(this.bytes);
    this.bytes = 0;
  }
}
