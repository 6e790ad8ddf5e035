// Common tables that are evaluated once (`WITH ... AS MATERIALIZED`): their rows, kept until the execution ends; in a temporary file what the
// memory budget has no room for.

import type { Batch } from '../rows/batch.js';
import { RowBuffer } from '../rows/row-buffer.js';
import { typesOf } from '../build.js';
import { measureRows } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import type { Context } from '../operator.js';
import { RowFormat } from '../spill/row-format.js';
import { Run } from '../spill/run.js';
import type { Type } from '../../values/types.js';
import type { SubqueryOperator } from './subqueries.js';

type Rows = Pick<RowBuffer, 'batches'>;

export class MaterializedTables {
  private readonly known = new Map<number, Rows>();
  private readonly accounts: Account[] = [];

  constructor(private readonly subqueries: readonly SubqueryOperator[]) {}

  /** The rows of a common table, by the id of its plan; evaluated when they are first asked for. */
  batches(id: number, context: Context): Iterable<Batch> {
    let rows = this.known.get(id);
    if (rows === undefined) this.known.set(id, (rows = this.evaluate(id, context)));
    return rows.batches();
  }

  private evaluate(id: number, context: Context): Rows {
    const { plan, operator } = this.subqueries[id]!;
    const types = typesOf(plan);
    const measure = measureRows(types);
    const account = context.memory.account(plan);
    this.accounts.push(account);
    const buffer = new RowBuffer(types.length);
    let run: Run | undefined;
    for (const batch of operator(context)) {
      if (run === undefined && account.take(measure(batch))) buffer.add(batch);
      else (run ??= spilled(buffer, types, account)).addBatch(batch);
    }
    return run?.finish() ?? buffer;
  }

  close(): void {
    for (const account of this.accounts) account.close();
  }
}

/** The rows held so far in a temporary file, the memory they took given back. */
function spilled(buffer: RowBuffer, types: readonly Type[], account: Account): Run {
  const held = account.bytes;
  const run = new Run(new RowFormat(types), account);
  for (const batch of buffer.batches()) run.addBatch(batch);
  buffer.truncate(0);
  account.give(held);
  return run;
}
