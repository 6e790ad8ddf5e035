// Sub-queries in expressions: run for each set of outer values, their answers remembered by those values.

import { LightningError } from '../../errors.js';
import type { Subqueries } from '../../expr/evaluation.js';
import type { PhysicalPlan } from '../../plan/physical.js';
import type { Type, Value } from '../../values/types.js';
import type { Batch } from '../rows/batch.js';
import { BATCH_ROWS } from '../rows/batch.js';
import { typesOf } from '../build.js';
import { ENTRY, measureRows } from '../memory/measure.js';
import type { Account } from '../memory/memory.js';
import type { Context, Operator } from '../operator.js';
import { anyTest, rowComparison } from './quantified.js';
import { rowKey } from '../rows/row-key.js';

/** Answers remembered per sub-query. The newer half is never forgotten: more than a batch, of which several columns may ask the same. */
const MOST_ANSWERS = 4 * BATCH_ROWS;

export interface SubqueryOperator {
  readonly plan: PhysicalPlan;
  readonly operator: Operator;
  /** Parameter slots that it reads: its answer depends on nothing else. */
  readonly slots: readonly number[];
}

/** @param context is made after this object, which it holds: hence a function */
export function runSubqueries(subqueries: readonly SubqueryOperator[], context: () => Context): Subqueries {
  const answers = subqueries.map(() => new Map<string, unknown>());
  /** What the rows of remembered answers hold; it ends with the execution. */
  const accounts = new Map<number, Account>();

  /** Forgets the answers of a sub-query, and gives back what their rows held: all but these bytes. */
  const forget = (id: number, except: number): void => {
    answers[id]!.clear();
    const account = accounts.get(id);
    account?.give(account.bytes - except);
  };

  const remembered = <T>(id: number, run: (operator: Operator) => T): T => {
    const { operator, slots } = subqueries[id]!;
    const { parameters } = context().evaluation;
    const key = keyOfSlots(slots.map((slot) => parameters[slot]!));
    const known = answers[id]!;
    if (known.has(key)) return known.get(key) as T;
    // The sub-query may set slots of its own; those it was given stay as they are.
    if (known.size >= MOST_ANSWERS) {
      if (accounts.has(id)) forget(id, 0);
      else forgetOlder(known);
    }
    const answer = run(operator);
    known.set(key, answer);
    return answer;
  };

  return {
    scalar: (id, column) => remembered(id, (operator) => onlyRow(operator, context()))?.[column] ?? null,
    exists: (id) =>
      remembered(id, (operator) => {
        for (const batch of operator(context())) if (batch.count > 0) return true;
        return false;
      }),
    any: (subquery, operands) => {
      const { id } = subquery;
      const test = remembered(id, (operator) => {
        const { plan } = subqueries[id]!;
        let account = accounts.get(id);
        if (account === undefined) accounts.set(id, (account = context().memory.account(plan)));
        const types = typesOf(plan);
        return anyTest(
          subquery,
          types,
          charged(operator(context()), types, account, (own) => forget(id, own)),
        );
      });
      return test(operands);
    },
    row: (subquery, operands) => {
      const { id } = subquery;
      const found = remembered(id, (operator) => onlyRow(operator, context()));
      return found === undefined ? null : rowComparison(subquery, typesOf(subqueries[id]!.plan))(operands, found);
    },
  };
}

/** Forgets the half of the answers that was found first. */
function forgetOlder(answers: Map<string, unknown>): void {
  let left = answers.size >> 1;
  for (const key of answers.keys()) {
    if (left-- === 0) return;
    answers.delete(key);
  }
}

/**
 * Hands rows on that are going to be kept.
 * @param forget what is remembered beside these rows, of so many bytes: it is less than a refusal
 */
function* charged(
  batches: Iterable<Batch>,
  types: readonly Type[],
  account: Account,
  forget: (own: number) => void,
): Iterable<Batch> {
  const measure = measureRows(types);
  let own = 0;
  for (const batch of batches) {
    const bytes = measure(batch) + batch.count * ENTRY;
    if (!account.take(bytes)) {
      forget(own);
      account.keep(bytes, 'the rows that a sub-query is asked for');
    }
    own += bytes;
    yield batch;
  }
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
