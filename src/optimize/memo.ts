// What a planning run weighed, kept for EXPLAIN (MEMO): one group for each part of the query under each wish from above.
// Source of the name: Graefe, McKenna, "The Volcano optimizer generator" (ICDE 1993).

import type { MemoGroup, PhysicalPlan } from '../plan/physical.js';
import type { Want } from './candidate.js';

/** An option whose plan is made only when it is asked for, as those of joins are. */
interface Option {
  readonly ordered: boolean;
  build(): PhysicalPlan;
}

export class Memo {
  readonly groups: MemoGroup[] = [];

  /** @param kept those of the options that go on to the operator above */
  record<O extends Option>(
    part: MemoGroup['part'],
    { order, rows }: Pick<Want, 'order' | 'rows'>,
    options: readonly O[],
    kept: readonly O[],
  ): void {
    const priced = options.map((option) => ({
      plan: option.build(),
      ordered: order !== undefined && option.ordered,
      kept: kept.includes(option),
    }));
    this.groups.push({ part, order, rows, options: priced });
  }
}
