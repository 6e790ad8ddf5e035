// Counts what each node of a plan does: for EXPLAIN ANALYZE.

import type { PhysicalPlan } from '../plan/physical.js';
import type { Batch } from './batch.js';
import type { Operator } from './operator.js';

/** What a node did: rows yielded over all loops, runs started, nanoseconds with its inputs. */
export interface Actual {
  rows: number;
  loops: number;
  ns: number;
}

export class Meter {
  readonly actual = new Map<PhysicalPlan, Actual>();

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
