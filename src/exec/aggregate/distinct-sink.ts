// DISTINCT before an aggregate: arguments that their group has had are dropped. Those that the memory budget does not take are put aside, and
// come, in order, when all rows are there.

import type { Type, Value } from '../../values/types.js';
import type { Vector } from '../rows/batch.js';
import { DistinctRows } from '../distinct/distinct-rows.js';
import { entryBytes } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import { dense } from '../rows/row-buffer.js';
import { rowKey } from '../rows/row-key.js';
import { Partitions } from '../spill/partitions.js';
import { RowFormat } from '../spill/row-format.js';
import type { Sink } from './sink.js';

export class DistinctSink implements Sink {
  private readonly keyOf;
  private seen: Set<unknown>[] = [];
  private bytes = 0;
  private aside: Partitions | undefined;
  private asideRows = 0;

  constructor(
    private readonly inner: Sink,
    private readonly types: readonly Type[],
    private readonly account: Account,
  ) {
    this.keyOf = rowKey(types);
  }

  add(groups: ArrayLike<number>, args: readonly Vector[], count: number): void {
    const kept: number[] = [];
    for (let i = 0; i < count; i++) {
      const group = groups[i]!;
      while (this.seen.length <= group) this.seen.push(new Set());
      const seen = this.seen[group]!;
      const key = this.keyOf(args, i);
      if (seen.has(key)) continue;
      const size = entryBytes(key);
      if (this.aside === undefined && this.account.take(size)) {
        this.bytes += size;
        seen.add(key);
        kept.push(i);
      } else this.putAside(group, args, i, key);
    }
    if (kept.length === count) this.inner.add(groups, args, count);
    else if (kept.length > 0) {
      const of = (vector: ArrayLike<Value>) => kept.map((i) => vector[i]!);
      this.inner.add(of(groups) as number[], args.map(of), kept.length);
    }
  }

  private putAside(group: number, args: readonly Vector[], row: number, key: unknown): void {
    this.aside ??= new Partitions(new RowFormat(['integer', ...this.types, 'real']), this.account, 0);
    const columns = [[group], ...args.map((arg) => [arg[row]!]), [this.asideRows++]];
    this.aside.add(columns, 0, `${group} ${String(key)}`);
  }

  relieve(): void {
    this.inner.relieve();
  }

  end(): void {
    this.forget();
    if (this.aside !== undefined) {
      const rows = new DistinctRows(['integer', ...this.types], this.account);
      for (const batch of rows.among(this.aside.finish())) {
        const { columns, count } = dense(batch);
        this.inner.add(columns[0] as ArrayLike<number>, columns.slice(1), count);
      }
      this.aside = undefined;
    }
    this.inner.end();
  }

  private forget(): void {
    this.seen = [];
    this.account.give(this.bytes);
    this.bytes = 0;
  }

  finish(group: number): Value {
    return this.inner.finish(group);
  }

  close(): void {
    this.forget();
    this.inner.close();
  }
}
