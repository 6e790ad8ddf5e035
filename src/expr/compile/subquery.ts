// Sub-queries as values: outer values are put into their slots, then the execution is asked.

import { invariant } from '../../errors.js';
import type { Value } from '../../values/types.js';
import type { Subquery } from '../expression.js';
import type { RowFunction } from './contract.js';

export function subqueryFunction(
  expr: Subquery,
  args: readonly RowFunction[],
  operands: readonly RowFunction[],
): RowFunction {
  const { form, id, slots, column } = expr;
  return (columns, row, evaluation): Value => {
    const subqueries = evaluation.subqueries;
    invariant(subqueries !== undefined, 'a sub-query is evaluated only within a query');
    // All values first: evaluating one may run another sub-query.
    const compared = operands.map((operand) => operand(columns, row, evaluation));
    const values = args.map((arg) => arg(columns, row, evaluation));
    for (let i = 0; i < slots.length; i++) evaluation.parameters[slots[i]!] = values[i]!;
    switch (form) {
      case 'scalar':
        return subqueries.scalar(id, column);
      case 'exists':
        return subqueries.exists(id);
      case 'any':
        return subqueries.any(expr, compared);
      case 'row':
        return subqueries.row(expr, compared);
    }
  };
}
