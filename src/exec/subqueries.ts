// Sub-queries in expressions: run for each set of outer values, their answers remembered by those values.

import { LightningError } from '../errors.js';
import type { Subqueries } from '../expr/evaluation.js';
import type { PhysicalPlan } from '../plan/physical.js';
import type { Value } from '../values/types.js';
import { typesOf } from './build.js';
import type { Context, Operator } from './operator.js';
import { anyTest, rowComparison } from './quantified.js';
import { rowKey } from './row-key.js';

/** Answers remembered per sub-query. */
const MOST_ANSWERS = 4096;

export interface SubqueryOperator {
  readonly plan: PhysicalPlan;
  readonly operator: Operator;
  /** Parameter slots that it reads: its answer depends on nothing else. */
  readonly slots: readonly number[];
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
    scalar: (id) => remembered(id, (operator) => onlyRow(operator, context())?.[0] ?? null),
    exists: (id) =>
      remembered(id, (operator) => {
        for (const batch of operator(context())) if (batch.count > 0) return true;
        return false;
      }),
    any: (subquery, operands) => {
      const { id } = subquery;
      const test = remembered(id, (operator) => anyTest(subquery, typesOf(subqueries[id]!.plan), operator(context())));
      return test(operands);
    },
    row: (subquery, operands) => {
      const { id } = subquery;
      const found = remembered(id, (operator) => onlyRow(operator, context()));
      return found === undefined ? null : rowComparison(subquery, typesOf(subqueries[id]!.plan))(operands, found);
    },
  };
}

function onlyRow(operator: Operator, context: Context): readonly Value[] | undefined {
  let found: readonly Value[] | undefined;
  let rows = 0;
  for (const batch of operator(context)) {
    rows += batch.count;
    if (rows > 1)
      throw new LightningError('CARDINALITY', 'a sub-query used as a value gave more than one row', {
        hint: 'add LIMIT 1, or an aggregate',
      });
    const at = batch.selection?.[0] ?? 0;
    if (batch.count === 1) found = batch.columns.map((column) => column[at]!);
  }
  return found;
}

/** Two types: never the short form of a single column, so that values of different types stay apart. */
const keyOfRow = rowKey(['text', 'text']);

function keyOfSlots(values: readonly Value[]): string {
  return keyOfRow(
    values.map((value) => [value]),
    0,
  ) as string;
}
