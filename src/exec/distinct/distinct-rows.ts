// The first of each group of equal rows, in the order of the input: a set of keys while it fits the memory budget. Rows whose keys it no
// longer takes are put aside in partitions, each of which is gone through in the same way, and what they yield is put in order again.

import type { Type } from '../../values/types.js';
import type { Batch } from '../rows/batch.js';
import { entryBytes } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import { rowKey } from '../rows/row-key.js';
import { mergeRuns } from '../spill/merge.js';
import { Partitions, byNumber, narrow, numbered } from '../spill/partitions.js';
import { RowFormat } from '../spill/row-format.js';
import { Run } from '../spill/run.js';

/** Rows that are still to be gone through, divided `depth` times. */
interface Aside {
  readonly run: Run;
  readonly depth: number;
}

export class DistinctRows {
  private readonly keyOf;
  private readonly width: number;
  private aside: Aside[] = [];
  private formatOnce: RowFormat | undefined;

  constructor(
    private readonly types: readonly Type[],
    private readonly account: Account,
  ) {
    this.keyOf = rowKey(types);
    this.width = types.length;
  }

  private get format(): RowFormat {
    return (this.formatOnce ??= new RowFormat([...this.types, 'real']));
  }

  /** The first rows of all. */
  *of(input: Iterable<Batch>): Iterable<Batch> {
    for (const batch of this.pass(numbered(input), 0)) yield narrow(batch, this.width);
    yield* this.rest();
  }

  /** The first rows of runs (with the rows' number as last column), in order of that number. */
  *among(runs: readonly Run[]): Iterable<Batch> {
    for (const run of runs) if (run.rows > 0) this.aside.push({ run, depth: 1 });
    yield* this.rest();
  }

  /** What lies aside. */
  private *rest(): Iterable<Batch> {
    const found: Run[] = [];
    for (let next = this.aside.pop(); next !== undefined; next = this.aside.pop()) {
      const out = new Run(this.format, this.account);
      for (const batch of this.pass(next.run.batches(), next.depth)) out.addBatch(batch);
      found.push(out.finish());
    }
    if (found.length === 0) return;
    const merged = mergeRuns(found, undefined, this.format, byNumber(this.width), this.account);
    for (const batch of merged) yield narrow(batch, this.width);
  }

  private *pass(input: Iterable<Batch>, depth: number): Iterable<Batch> {
    const { account, keyOf, width } = this;
    const seen = new Set<unknown>();
    let bytes = 0;
    let partitions: Partitions | undefined;
    for (const batch of input) {
      const columns = batch.columns.slice(0, width);
      const selection = new Uint32Array(batch.count);
      let count = 0;
      for (let i = 0; i < batch.count; i++) {
        const row = batch.selection === undefined ? i : batch.selection[i]!;
        const key = keyOf(columns, row);
        if (seen.has(key)) continue;
        if (partitions === undefined) {
          const size = entryBytes(key);
          const fits = account.take(size);
          // One key at the least, so that every pass comes further.
          if (!fits && seen.size === 0) account.need(size, 'one row of DISTINCT');
          if (fits || seen.size === 0) {
            bytes += size;
            seen.add(key);
            selection[count++] = row;
            continue;
          }
          partitions = new Partitions(this.format, account, depth);
        }
        partitions.add(batch.columns, row, key);
      }
      if (count > 0) yield { ...batch, selection: selection.subarray(0, count), count };
    }
    account.give(bytes);
    for (const run of partitions?.finish() ?? []) if (run.rows > 0) this.aside.push({ run, depth: depth + 1 });
  }
}
