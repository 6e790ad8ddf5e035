// Sub-queries in expressions: run for each set of outer values, their answers remembered by those values.

import { LightningError } from '../errors.js';
import type { Subqueries } from '../expr/evaluation.js';
import type { PhysicalPlan } from '../plan/physical.js';
import type { Type, Value } from '../values/types.js';
import { typesOf } from './build.js';
import type { Context, Operator } from './operator.js';
import { rowKey } from './row-key.js';

/** Answers remembered per sub-query. */
const MOST_ANSWERS = 4096;

export interface SubqueryOperator {
  readonly plan: PhysicalPlan;
  readonly operator: Operator;
  /** Parameter slots that it reads: its answer depends on nothing else. */
  readonly slots: readonly number[];
}

interface InAnswer {
  readonly keys: ReadonlySet<unknown>;
  readonly hasNull: boolean;
  readonly empty: boolean;
}

/** @param context is made after this object, which it holds: hence a function */
export function runSubqueries(subqueries: readonly SubqueryOperator[], context: () => Context): Subqueries {
  const answers = subqueries.map(() => new Map<string, unknown>());

  const remembered = <T>(id: number, run: (operator: Operator) => T): T => {
    const { operator, slots } = subqueries[id]!;
    const { parameters } = context().evaluation;
    const key = keyOfSlots(slots.map((slot) => parameters[slot]!));
    const known = answers[id]!;
    if (known.has(key)) return known.get(key) as T;
    // The sub-query may set slots of its own; those it was given stay as they are.
    const answer = run(operator);
    if (known.size >= MOST_ANSWERS) known.clear();
    known.set(key, answer);
    return answer;
  };

  return {
    scalar: (id) =>
      remembered(id, (operator) => {
        let value: Value = null;
        let rows = 0;
        for (const batch of operator(context())) {
          rows += batch.count;
          if (rows > 1)
            throw new LightningError('CARDINALITY', 'a sub-query used as a value gave more than one row', {
              hint: 'add LIMIT 1, or an aggregate',
            });
          if (batch.count === 1) value = batch.columns[0]![batch.selection?.[0] ?? 0]!;
        }
        return value;
      }),
    exists: (id) =>
      remembered(id, (operator) => {
        for (const batch of operator(context())) if (batch.count > 0) return true;
        return false;
      }),
    contains: (id, operand) => {
      const { plan } = subqueries[id]!;
      const [type] = typesOf(plan);
      const answer = remembered(id, (operator) => collectSet(operator, type ?? 'null', context()));
      if (answer.empty) return false;
      if (operand === null) return null;
      if (answer.keys.has(rowKey([type ?? 'null'])([[operand]], 0))) return true;
      return answer.hasNull ? null : false;
    },
  };
}

function collectSet(operator: Operator, type: Type, context: Context): InAnswer {
  const keyOf = rowKey([type]);
  const keys = new Set<unknown>();
  let hasNull = false;
  for (const batch of operator(context)) {
    for (let i = 0; i < batch.count; i++) {
      const row = batch.selection === undefined ? i : batch.selection[i]!;
      if (batch.columns[0]![row] === null) hasNull = true;
      else keys.add(keyOf(batch.columns, row));
    }
  }
  return { keys, hasNull, empty: keys.size === 0 && !hasNull };
}

/** Two types: never the short form of a single column, so that values of different types stay apart. */
const keyOfRow = rowKey(['text', 'text']);

function keyOfSlots(values: readonly Value[]): string {
  return keyOfRow(
    values.map((value) => [value]),
    0,
  ) as string;
}
