// Row sets that do not depend on slots are made once in an execution, however often the part of the plan that asks for them is run.

import type { RowSetPlan } from '../../catalog/offer.js';
import type { RowSet } from '../../index/row-set/index.js';
import { slotsOf } from '../slots.js';

/** Plans belong to one statement, so that what is found out of them holds for every execution. */
const fixed = new WeakMap<RowSetPlan, boolean>();

export class FixedSets {
  private readonly sets = new Map<RowSetPlan, RowSet>();

  /** @param own number of the statement's own parameters, which stay as they are */
  constructor(private readonly own: number) {}

  /** The set of the plan: the one made before, when it cannot have changed. */
  of(plan: RowSetPlan, make: () => RowSet): RowSet {
    const known = this.sets.get(plan);
    if (known !== undefined) return known;
    let isFixed = fixed.get(plan);
    if (isFixed === undefined) fixed.set(plan, (isFixed = slotsOf(plan, this.own).length === 0));
    const set = make();
    if (isFixed) this.sets.set(plan, set);
    return set;
  }
}
