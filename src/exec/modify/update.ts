// UPDATE and DELETE: all rows are chosen, and all new values computed, before the first row is written.

import { invariant } from '../../errors.js';
import type { ColumnId } from '../../expr/expression.js';
import type { DeletePlan, UpdatePlan } from '../../plan/physical.js';
import { StatementWriter } from '../../tables/statement-writer.js';
import type { RowChange } from '../../tables/table-writer.js';
import type { Row, Value } from '../../values/types.js';
import { batchValues } from '../kernels.js';
import type { Context, Operator } from '../operator.js';
import { besideOf, compileReturning } from './returning.js';

interface Chosen {
  readonly rowId: number;
  readonly values: readonly Value[];
}

/** A row that the input names more than once (UPDATE ... FROM) counts the first time. */
function choose(
  input: Operator,
  columns: readonly ColumnId[],
  rowId: ColumnId,
  parts: readonly ReturnType<typeof batchValues>[],
  context: Context,
): Chosen[] {
  const slot = columns.indexOf(rowId);
  const seen = new Set<number>();
  const chosen: Chosen[] = [];
  for (const batch of input(context)) {
    const vectors = parts.map((of) => of(batch, context));
    for (let i = 0; i < batch.count; i++) {
      const id = batch.columns[slot]![batch.selection === undefined ? i : batch.selection[i]!] as number;
      if (seen.has(id)) continue;
      seen.add(id);
      chosen.push({ rowId: id, values: vectors.map((vector) => vector[i]!) });
    }
  }
  return chosen;
}

export function update(plan: UpdatePlan, input: Operator): Operator {
  const { columns, expected } = plan.input;
  const exprs = [...plan.assignments.map(({ expr }) => expr), ...besideOf(plan.returning)];
  const parts = exprs.map((expr) => batchValues(expr, columns, expected.rows.est));
  const returned = compileReturning(plan.returning);
  return function* (context) {
    invariant(context.writer, 'UPDATE needs a transaction');
    const statement = new StatementWriter(context.writer, context.evaluation.now, true);
    const writer = statement.of(plan.table);
    const chosen = choose(input, columns, plan.rowId, parts, context);
    const changes = chosen.map(({ rowId, values }): RowChange => {
      const before = writer.read(rowId);
      const after = [...before];
      plan.assignments.forEach(({ ordinal }, i) => (after[ordinal] = values[i]!));
      return { rowId, before, after };
    });
    writer.updateAll(changes);
    statement.finish();
    context.changes.rows += changes.length;
    const written = changes.map(({ after }, i) => [...after, ...chosen[i]!.values.slice(plan.assignments.length)]);
    const batch = returned(written, context);
    if (batch) yield batch;
  };
}

export function remove(plan: DeletePlan, input: Operator): Operator {
  const { columns, expected } = plan.input;
  const beside = besideOf(plan.returning).map((expr) => batchValues(expr, columns, expected.rows.est));
  const returned = compileReturning(plan.returning);
  return function* (context) {
    invariant(context.writer, 'DELETE needs a transaction');
    const statement = new StatementWriter(context.writer, context.evaluation.now, true);
    const writer = statement.of(plan.table);
    const removed: Row[] = [];
    for (const { rowId, values } of choose(input, columns, plan.rowId, beside, context)) {
      const before = writer.read(rowId);
      writer.remove(rowId, before);
      removed.push(values.length > 0 ? [...before, ...values] : before);
    }
    statement.finish();
    context.changes.rows += removed.length;
    const batch = returned(removed, context);
    if (batch) yield batch;
  };
}
