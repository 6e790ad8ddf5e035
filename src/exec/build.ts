// From plan to operators: one case per node of the physical algebra.

import { never } from '../errors.js';
import { typeOf } from '../expr/expression.js';
import type { ColumnId } from '../expr/expression.js';
import type { HashAggregate, PhysicalPlan } from '../plan/physical.js';
import type { Type } from '../values/types.js';
import { columnAggregate } from './columns/column-aggregate.js';
import { columnScan } from './columns/column-scan.js';
import { distinct } from './distinct/distinct.js';
import { filter } from './filter.js';
import { facetCount } from './aggregate/facet-count.js';
import { hashAggregate } from './aggregate/hash-aggregate.js';
import { hashJoin } from './join/hash-join.js';
import { lookupJoin } from './join/lookup-join.js';
import { mergeJoin } from './join/merge-join.js';
import { nestedLoopJoin } from './join/nested-loop-join.js';
import { limit } from './limit.js';
import { insert } from './modify/insert.js';
import { remove, update } from './modify/update.js';
import type { Operator } from './operator.js';
import { partialSort } from './sort/partial-sort.js';
import { project } from './project.js';
import { materializedScan } from './scan/materialized-scan.js';
import { facetScan } from './scan/facet-scan.js';
import { nearestScan } from './scan/nearest-scan.js';
import { orderedScan } from './scan/ordered-scan.js';
import { rankedScan } from './scan/ranked-scan.js';
import { rowSetCount } from './scan/row-set-count.js';
import { rowSetScan } from './scan/row-set-scan.js';
import { tableScan } from './scan/table-scan.js';
import { setOperation } from './distinct/set-operation.js';
import { sort, topN } from './sort/sort.js';
import { sortedAggregate } from './aggregate/sorted-aggregate.js';
import { sortedDistinct } from './distinct/sorted-distinct.js';
import { values } from './values.js';

/** Stands between a node and its operator: cancellation, and the counters of EXPLAIN ANALYZE. */
export type Wrap = (plan: PhysicalPlan, operator: Operator) => Operator;

export function buildOperator(plan: PhysicalPlan, wrap: Wrap): Operator {
  const build = (input: PhysicalPlan) => buildOperator(input, wrap);
  return wrap(plan, operatorOf(plan, build));
}

function operatorOf(plan: PhysicalPlan, build: (input: PhysicalPlan) => Operator): Operator {
  switch (plan.kind) {
    case 'table-scan':
      return tableScan(plan);
    case 'column-scan':
      return columnScan(plan);
    case 'column-aggregate':
      return columnAggregate(plan);
    case 'row-set-scan':
      return rowSetScan(plan);
    case 'ordered-scan':
      return orderedScan(plan);
    case 'nearest-scan':
      return nearestScan(plan);
    case 'ranked-scan':
      return rankedScan(plan);
    case 'row-set-count':
      return rowSetCount(plan);
    case 'facet-scan':
      return facetScan(plan);
    case 'values':
      return values(plan);
    case 'common-table':
      return materializedScan(plan);
    case 'filter':
      return filter(plan, build(plan.input));
    case 'project':
      return project(plan, build(plan.input));
    case 'hash-join':
      return hashJoin(plan, typesOf(plan.left), typesOf(plan.right), build(plan.left), build(plan.right));
    case 'merge-join':
      return mergeJoin(plan, typesOf(plan.left), typesOf(plan.right), build(plan.left), build(plan.right));
    case 'lookup-join':
      return lookupJoin(plan, build(plan.left), build(plan.right));
    case 'nested-loop-join':
      return nestedLoopJoin(plan, typesOf(plan.left), typesOf(plan.right), build(plan.left), build(plan.right));
    case 'hash-aggregate':
      return hashAggregate(plan, typesOf(plan.input), build(plan.input));
    case 'facet-count': {
      const types = typesOf(plan.input);
      return facetCount(plan, build(plan.input), (expr) =>
        hashAggregate(
          { ...plan, kind: 'hash-aggregate', groups: [expr], aggregates: [plan.count] },
          types,
          build(plan.input),
        ),
      );
    }
    case 'sorted-aggregate':
      return sortedAggregate(plan, build(plan.input));
    case 'sorted-distinct':
      return sortedDistinct(plan, typesOf(plan.input), build(plan.input));
    case 'distinct':
      return distinct(plan, typesOf(plan.input), build(plan.input));
    case 'sort':
      return sort(plan, typesOf(plan.input), build(plan.input));
    case 'partial-sort':
      return partialSort(plan, build(plan.input));
    case 'top-n':
      return topN(plan, typesOf(plan.input), build(plan.input));
    case 'limit':
      return limit(plan, build(plan.input));
    case 'set-operation':
      return setOperation(plan, typesOf(plan.left), build(plan.left), build(plan.right));
    case 'insert':
      return insert(plan, build(plan.source));
    case 'update':
      return update(plan, build(plan.input));
    case 'delete':
      return remove(plan, build(plan.input));
    default:
      return never(plan, 'plan');
  }
}

/** Types of a plan's columns, in order. */
export function typesOf(plan: PhysicalPlan): Type[] {
  const known = new Map<ColumnId, Type>();
  collect(plan, known);
  return plan.columns.map((id) => known.get(id) ?? 'null');
}

function collect(plan: PhysicalPlan, types: Map<ColumnId, Type>): void {
  switch (plan.kind) {
    case 'table-scan':
    case 'column-scan':
    case 'row-set-scan':
    case 'ordered-scan':
    case 'nearest-scan':
    case 'ranked-scan':
      for (const { ordinal, id } of plan.scan.fetch) types.set(id, plan.scan.table.columns[ordinal]!.type);
      if (plan.scan.rowId !== undefined) types.set(plan.scan.rowId, 'integer');
      if (plan.scan.score) types.set(plan.scan.score.id, 'real');
      if (plan.kind === 'nearest-scan' && plan.distance !== undefined) types.set(plan.distance, 'real');
      return;
    case 'row-set-count':
      return void types.set(plan.columns[0]!, 'integer');
    case 'facet-scan':
      types.set(plan.columns[0]!, plan.index.keys[0]!.type);
      types.set(plan.columns[1]!, 'integer');
      return;
    case 'values':
      plan.columns.forEach((id, i) => plan.rows[0] && types.set(id, typeOf(plan.rows[0][i]!)));
      return;
    case 'common-table':
      plan.types.forEach((type, i) => types.set(plan.columns[i]!, type));
      return;
    case 'project':
      collect(plan.input, types);
      plan.exprs.forEach((expr, i) => types.set(plan.columns[i]!, typeOf(expr)));
      return;
    case 'hash-aggregate':
    case 'sorted-aggregate':
      collect(plan.input, types);
      return collectGroups(plan, types);
    case 'facet-count':
      collect(plan.input, types);
      for (const { number, expr } of plan.facets) types.set(plan.columns[number]!, typeOf(expr));
      for (const id of plan.columns.slice(-2)) types.set(id, 'integer');
      return;
    case 'column-aggregate':
      return collectGroups(plan, types);
    case 'hash-join':
    case 'merge-join':
    case 'lookup-join':
    case 'nested-loop-join':
      collect(plan.left, types);
      collect(plan.right, types);
      return;
    case 'set-operation':
      typesOf(plan.left).forEach((type, i) => types.set(plan.columns[i]!, type));
      return;
    case 'insert':
    case 'update':
    case 'delete':
      plan.returning?.items.forEach((item, i) => types.set(plan.columns[i]!, item.column.type));
      return;
    default:
      collect(plan.input, types);
  }
}

function collectGroups(
  { groups, aggregates, columns }: Pick<HashAggregate, 'groups' | 'aggregates' | 'columns'>,
  types: Map<ColumnId, Type>,
): void {
  groups.forEach((expr, i) => types.set(columns[i]!, typeOf(expr)));
  aggregates.forEach(({ type }, i) => types.set(columns[groups.length + i]!, type));
}
