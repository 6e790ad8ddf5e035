// The first of each group of equal rows.

import type { Type } from '../../values/types.js';
import { DistinctRows } from './distinct-rows.js';
import type { Operator } from '../operator.js';

/** @param plan what the memory is charged to */
export function distinct(plan: object, types: readonly Type[], input: Operator): Operator {
  return function* (context) {
    const account = context.memory.account(plan);
    try {
      yield* new DistinctRows(types, account).of(input(context));
    } finally {
      account.close();
    }
  };
}
