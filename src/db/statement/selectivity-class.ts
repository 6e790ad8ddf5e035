// Which plans of one statement may serve which parameter values: values whose predicates select about the same share of rows share a plan.

import type { Catalog } from '../../catalog/catalog.js';
import type { TableDef } from '../../catalog/definitions.js';
import type { ColumnStatistics } from '../../catalog/statistics.js';
import type { ColumnId, CompareOperator, Expr } from '../../expr/expression.js';
import { walk } from '../../expr/build.js';
import type { LogicalPlan, LogicalQuery } from '../../plan/logical.js';
import type { Type, Value } from '../../values/types.js';
import { compareValues, equalValues } from '../../values/index.js';

/** `column operator parameter`, somewhere in the statement. */
interface Comparison {
  readonly table: TableDef;
  readonly ordinal: number;
  readonly operator: CompareOperator | 'in';
  readonly slot: number;
}

const flipped: Readonly<Record<CompareOperator, CompareOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** Finds the comparisons whose share of rows depends on a parameter. */
export function comparisonsOf(query: LogicalQuery): readonly Comparison[] {
  const columns = new Map<ColumnId, { readonly table: TableDef; readonly ordinal: number }>();
  const found: Comparison[] = [];
  const own = query.parameters.length;
  const compare = (operator: Comparison['operator'], left: Expr, right: Expr) => {
    if (left.kind !== 'column' || right.kind !== 'parameter' || right.index >= own) return;
    const origin = columns.get(left.id);
    // One value of a unique column is one row, whichever it is.
    if (origin && !(operator === '=' && isUnique(origin.table, origin.ordinal))) {
      found.push({ ...origin, operator, slot: right.index });
    }
  };
  const visitExpr = (expr: Expr) =>
    walk(expr, (node) => {
      if (node.kind === 'compare') {
        compare(node.operator, node.left, node.right);
        compare(flipped[node.operator], node.right, node.left);
      } else if (node.kind === 'in-array') compare('in', node.arg, node.array);
    });
  const visit = (plan: LogicalPlan): void => {
    switch (plan.kind) {
      case 'scan':
        plan.columns.forEach((column, ordinal) => columns.set(column.id, { table: plan.table, ordinal }));
        return;
      case 'values':
      case 'common-table':
        return;
      case 'join':
        visit(plan.left);
        visit(plan.right);
        visitExpr(plan.condition);
        return;
      case 'set-operation':
        visit(plan.left);
        visit(plan.right);
        return;
      case 'insert':
        visit(plan.source);
        return;
      case 'filter':
        visit(plan.input);
        visitExpr(plan.predicate);
        return;
      default:
        visit(plan.input);
    }
  };
  for (const plan of [...query.subqueries, query.plan]) visit(plan);
  return found;
}

/** Whether the column alone is a key of the table. */
function isUnique(table: TableDef, ordinal: number): boolean {
  return table.indexes.some(({ unique, keys, where }) => {
    const [key] = keys;
    return unique && where === undefined && keys.length === 1 && key?.expr.kind === 'column' && key.expr.id === ordinal;
  });
}

/** A key that is equal for values of about the same selectivity: within a factor of four, predicate by predicate. */
export function selectivityClass(
  comparisons: readonly Comparison[],
  values: readonly Value[],
  catalog: Catalog,
): string {
  let key = '';
  for (const { table, ordinal, operator, slot } of comparisons) {
    const statistics = catalog.statistics(table)?.columns[ordinal];
    const share = statistics
      ? shareOf(statistics, table.columns[ordinal]!.type, operator, values[slot] ?? null)
      : undefined;
    // Below a ten-thousandth all is rare.
    key += share === undefined ? '-' : String(Math.round(Math.log(Math.max(share, 1e-4)) / Math.log(4)));
    key += ',';
  }
  return key;
}

function shareOf(
  statistics: ColumnStatistics,
  type: Type,
  operator: Comparison['operator'],
  value: Value,
): number | undefined {
  if (value === null) return 0;
  if (operator === 'in') {
    if (!Array.isArray(value)) return undefined;
    return (value as readonly Value[]).reduce<number>(
      (sum, item) => sum + (item === null ? 0 : equalShare(statistics, type, item)),
      0,
    );
  }
  if (operator === '=') return equalShare(statistics, type, value);
  if (operator === '<>') return 1 - equalShare(statistics, type, value);
  const below = belowShare(statistics, type, value);
  return operator === '<' || operator === '<=' ? below : 1 - statistics.nullFraction - below;
}

function equalShare(statistics: ColumnStatistics, type: Type, value: Value): number {
  const common = statistics.common.find((entry) => equalValues(entry.value, value, type));
  if (common) return common.fraction;
  const rest = statistics.common.reduce((sum, entry) => sum - entry.fraction, 1 - statistics.nullFraction);
  return Math.max(rest, 0) / Math.max(statistics.distinct - statistics.common.length, 1);
}

function belowShare(statistics: ColumnStatistics, type: Type, value: Value): number {
  let share = 0;
  let rest = 1 - statistics.nullFraction;
  for (const { value: common, fraction } of statistics.common) {
    rest -= fraction;
    if (compareValues(common, value, type) < 0) share += fraction;
  }
  const { histogram } = statistics;
  let from = 0;
  let to = histogram.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compareValues(histogram[middle]!, value, type) < 0) from = middle + 1;
    else to = middle;
  }
  return histogram.length > 1
    ? share + (Math.max(rest, 0) * Math.min(from, histogram.length - 1)) / (histogram.length - 1)
    : share;
}
