// INSERT: all source rows are computed before the first is written, so that a statement never reads what it writes.

import { LightningError, invariant } from '../../errors.js';
import { compileClosure } from '../../expr/evaluate.js';
import type { Expr } from '../../expr/expression.js';
import type { OnConflict } from '../../plan/logical.js';
import type { InsertPlan } from '../../plan/physical.js';
import { StatementWriter } from '../../tables/statement-writer.js';
import type { Row, Value } from '../../values/types.js';
import { batchValues } from '../kernels.js';
import type { Context, Operator } from '../operator.js';
import { compileReturning } from './returning.js';

export function insert(plan: InsertPlan, source: Operator): Operator {
  const values = plan.values.map((expr) => batchValues(expr, plan.source.columns, plan.source.expected.rows.est));
  const resolve = plan.onConflict?.action === 'update' ? compileConflict(plan.onConflict) : undefined;
  const returned = compileReturning(plan.returning);

  return function* (context) {
    invariant(context.writer, 'INSERT needs a transaction');
    const rows: Value[][] = [];
    for (const batch of source(context)) {
      const vectors = values.map((of) => of(batch, context));
      for (let i = 0; i < batch.count; i++) rows.push(vectors.map((vector) => vector[i]!));
    }
    const statement = new StatementWriter(context.writer, context.evaluation.now, true);
    const writer = statement.of(plan.table);
    const written: Row[] = [];
    const touched = new Set<number>();
    for (const given of rows) {
      const row = writer.complete(given);
      if (plan.onConflict) writer.check(row);
      const conflict = plan.onConflict && writer.conflict(row, -1, plan.onConflict.target);
      if (conflict === undefined) {
        touched.add(writer.insert(row));
        written.push(row);
      } else if (resolve) {
        if (touched.has(conflict.rowId)) throw twice();
        const before = writer.read(conflict.rowId);
        const after = resolve(before, row, context);
        if (after === undefined) continue;
        touched.add(writer.update(conflict.rowId, before, after));
        written.push(after);
      }
    }
    statement.finish();
    context.changes.rows += written.length;
    const batch = returned(written, context);
    if (batch) yield batch;
  };
}

function twice(): LightningError {
  return new LightningError('CARDINALITY', 'ON CONFLICT DO UPDATE cannot change a row a second time', {
    hint: 'the statement proposes two rows with the same key',
  });
}

/** The row that replaces the existing one; undefined to leave it. */
function compileConflict(conflict: OnConflict): (before: Row, proposed: Row, context: Context) => Row | undefined {
  const columns = [...conflict.existing, ...conflict.excluded];
  const layout = new Map(columns.map((column, slot) => [column.id, slot]));
  const compile = (expr: Expr) => compileClosure(expr, layout);
  const where = conflict.where && compile(conflict.where);
  const assignments = conflict.assignments.map(({ ordinal, expr }) => ({ ordinal, value: compile(expr) }));
  return (before, proposed, context) => {
    const cells = [...before, ...proposed].map((value) => [value]);
    if (where && where(cells, 0, context.evaluation) !== true) return undefined;
    const after = [...before];
    for (const { ordinal, value } of assignments) after[ordinal] = value(cells, 0, context.evaluation);
    return after;
  };
}
