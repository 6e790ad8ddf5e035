// Hash join: a table over the right side, probed with batches of the left. Keeps the left side's order.

import type { HashJoin } from '../../plan/physical.js';
import type { Type } from '../../values/types.js';
import type { Batch } from '../rows/batch.js';
import { measureRows } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import type { Context, Operator } from '../operator.js';
import { Peekable } from '../rows/peekable.js';
import { dense } from '../rows/row-buffer.js';
import { emit } from './emit.js';
import { compileEquiJoin } from './equi-join.js';
import type { EquiJoin } from './equi-join.js';
import { chainBytes } from './join-table.js';
import type { JoinTable } from './join-table.js';
import { PartitionedJoin } from './partitioned-join.js';
import { Unmatched } from './unmatched.js';

export function hashJoin(
  plan: HashJoin,
  leftTypes: readonly Type[],
  rightTypes: readonly Type[],
  left: Operator,
  right: Operator,
): Operator {
  const join = compileEquiJoin(plan, leftTypes, rightTypes);
  return function* (context) {
    const account = context.memory.account(plan);
    const rows = new Peekable(left(context));
    try {
      // Built only when there is something to probe with, or when its own rows are in the answer too.
      if (join.type !== 'full' && !rows.any()) return;
      const rest = new Peekable(right(context));
      try {
        const built = build(join, rest, account, context);
        if (built.complete) yield* probe(join, rows, built.table, context);
        else yield* new PartitionedJoin(join, account, context).of(rows, both(built, rest, account));
      } finally {
        rest.close();
      }
    } finally {
      rows.close();
      account.close();
    }
  };
}

interface Built {
  readonly table: JoinTable;
  readonly bytes: number;
  /** Whether all right rows are in the table. */
  readonly complete: boolean;
}

/** A table of the right rows, as far as they fit. */
function build(join: EquiJoin, right: Peekable, account: Account, context: Context): Built {
  const table = join.table();
  const measure = measureRows(join.rightTypes);
  let bytes = 0;
  for (let batch = right.peek(); batch !== undefined; batch = right.peek()) {
    const keys = join.rightKeys(batch, context);
    const size = measure(batch) + chainBytes(keys, batch.count, join.keyOf);
    if (!account.take(size)) return { table, bytes, complete: false };
    bytes += size;
    table.add(batch, keys);
    right.drop();
  }
  return { table, bytes, complete: true };
}

/** The rows of a table, whose memory is then given back, and those that come after them. */
function* both({ table, bytes }: Built, rest: Iterable<Batch>, account: Account): Iterable<Batch> {
  yield* table.rows.batches();
  account.give(bytes);
  yield* rest;
}

function* probe(join: EquiJoin, left: Iterable<Batch>, table: JoinTable, context: Context): Iterable<Batch> {
  const { columns } = table.rows;
  const unmatched = join.type === 'full' ? new Unmatched(table.rows) : undefined;
  for (const batch of left) {
    const rows = dense(batch);
    const pairs = join.pairs(rows, table, context);
    unmatched?.remove(pairs);
    yield* emit(join.type, rows, columns, pairs);
  }
  if (unmatched) yield* unmatched.batches(join.leftTypes.length);
}
