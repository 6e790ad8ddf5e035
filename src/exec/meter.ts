// Counts what each node of a plan does: for EXPLAIN ANALYZE.

import type { PhysicalPlan } from '../plan/physical.js';
import type { Batch } from './rows/batch.js';
import type { Spent } from './memory/memory.js';
import type { Operator } from './operator.js';

/** What a node did: rows yielded over all loops, runs started, nanoseconds with its inputs. */
export interface Actual {
  rows: number;
  loops: number;
  ns: number;
  /** Chunks read, and chunks that their zones or a filter ruled out; read for nothing, where that is known. */
  chunks?: { read: number; pruned: number; empty?: number };
  /** Bytes that a run of it held at most, and that all runs wrote to temporary files; absent where it holds none. */
  memory?: number;
  spilled?: number;
}

export class Meter {
  readonly actual = new Map<PhysicalPlan, Actual>();

  /** What one run of a node's operator has spent. */
  spent(plan: object, { memory, spilled }: Spent): void {
    const actual = this.actual.get(plan as PhysicalPlan);
    if (actual === undefined) return;
    actual.memory = Math.max(actual.memory ?? 0, memory);
    actual.spilled = (actual.spilled ?? 0) + spilled;
  }

  countChunks(plan: PhysicalPlan, read: number, pruned: number, empty?: number): void {
    const actual = this.actual.get(plan);
    if (actual === undefined) return;
    actual.chunks ??= { read: 0, pruned: 0 };
    actual.chunks.read += read;
    actual.chunks.pruned += pruned;
    if (empty !== undefined) actual.chunks.empty = (actual.chunks.empty ?? 0) + empty;
  }

  wrap(plan: PhysicalPlan, operator: Operator): Operator {
    const actual: Actual = { rows: 0, loops: 0, ns: 0 };
    this.actual.set(plan, actual);
    return function* (context) {
      actual.loops++;
      let started = process.hrtime.bigint();
      const iterator = operator(context)[Symbol.iterator]();
      try {
        for (;;) {
          const next: IteratorResult<Batch> = iterator.next();
          actual.ns += Number(process.hrtime.bigint() - started);
          if (next.done) return;
          actual.rows += next.value.count;
          yield next.value;
          started = process.hrtime.bigint();
        }
      } finally {
        iterator.return?.();
      }
    };
  }
}
