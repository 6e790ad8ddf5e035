// The rows of a common table that is evaluated once.

import type { CommonTablePlan } from '../../plan/physical.js';
import type { Operator } from '../operator.js';

export function materializedScan({ id, positions }: CommonTablePlan): Operator {
  return function* (context) {
    for (const batch of context.commonTable(id)) {
      yield { ...batch, columns: positions.map((position) => batch.columns[position]!) };
    }
  };
}
