// A sub-query that aggregates the rows with an outer row's values, `(SELECT max(x) FROM b WHERE b.k = a.k)`, becomes a left join with one
// grouping of all rows by those values: read once, instead of once for each of them. Left to run where an index finds an outer row's rows.
// An outer row without a group gets what the aggregate says of no rows: NULL, or zero from a count.
// Wrong for links other than equalities of one type; where anything can raise an error, for it might for a group that no outer row asks for
// (hence no sums: they overflow, and no common table: it is evaluated whole); for aggregates that depend on the order of rows; for what gives another value each time; and over
// rows in an order, which a join need not keep: it goes below their sort.

import {
  and,
  call,
  canRaise,
  constant,
  hasSubquery,
  isDeterministic,
  rewrite as rewriteExpr,
  walk,
} from '../../expr/build.js';
import type { Aggregate, Expr, Subquery } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { AggregatePlan, LogicalPlan } from '../../plan/logical.js';
import { outputOf } from '../../plan/logical.js';
import type { Rule, RuleContext } from '../engine.js';
import { columnOf, exprReadsSlots, exprsOf, mapExprs, walkPlan } from '../plan-tree.js';
import { decorrelate, groupedByLinks, overOuter } from './decorrelate.js';

export const joinScalarSubqueries: Rule = {
  name: 'join-scalar-subqueries',
  on: ['filter', 'project', 'sort'],
  rewrite(plan, context) {
    if (plan.kind !== 'filter' && plan.kind !== 'project' && plan.kind !== 'sort') return undefined;
    for (const subquery of exprsOf(plan).flatMap(scalarsIn)) {
      // Joined once: its columns must not come twice.
      const name = `joined sub-query ${subquery.id}`;
      const sort = plan.kind !== 'sort' && plan.input.kind === 'sort' ? plan.input : undefined;
      const input = sort?.input ?? plan.input;
      if (context.stated.has(name) || (plan.kind !== 'sort' && isOrdered(input))) continue;
      const found = join(input, subquery, context);
      if (found === undefined) continue;
      context.stated.add(name);
      const replace = (expr: Expr) =>
        rewriteExpr(expr, (node) => (node.kind === 'subquery' && node.id === subquery.id ? found.value : node));
      const over = sort === undefined ? found.plan : ({ ...mapExprs(sort, replace), input: found.plan } as LogicalPlan);
      const above = { ...mapExprs(plan, replace), input: over } as LogicalPlan;
      if (plan.kind === 'project') return above;
      return {
        kind: 'project',
        input: above,
        items: outputOf(plan).map((column) => ({ column, expr: columnOf(column) })),
      };
    }
    return undefined;
  },
};

/** Whether the rows may have been put in an order. */
function isOrdered(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'sort':
    case 'distinct-on':
      return true;
    case 'limit':
    case 'project':
    case 'filter':
    case 'distinct':
      return isOrdered(plan.input);
    default:
      return false;
  }
}

function scalarsIn(expr: Expr): Subquery[] {
  const found: Subquery[] = [];
  walk(expr, (node) => {
    if (node.kind === 'subquery' && node.form === 'scalar' && node.slots.length > 0) found.push(node);
    return true;
  });
  return found;
}

/** The outer rows with the grouping beside them, and the sub-query's value over both. */
function join(
  left: LogicalPlan,
  subquery: Subquery,
  context: RuleContext,
): { readonly plan: LogicalPlan; readonly value: Expr } | undefined {
  const inner = context.subqueries[subquery.id];
  const slots = new Set(subquery.slots);
  if (inner === undefined || subquery.args.some((arg) => !isHarmless(arg))) return undefined;
  const [aggregate, item] = partsOf(inner);
  if (aggregate === undefined || item === undefined || !isHarmless(item)) return undefined;
  if (!aggregate.aggregates.every((one) => isTotal(one.aggregate))) return undefined;
  const own = [item, ...exprsOf(aggregate)];
  if (own.some((expr) => exprReadsSlots(expr, slots, context.subqueries))) return undefined;

  const below = decorrelate(aggregate.input, slots, context, false);
  if (below === undefined || below.links.length === 0 || !isHarmlessPlan(below.plan)) return undefined;
  const grouped = groupedByLinks(aggregate, below, slots, context);
  if (grouped === undefined || grouped.plan.kind !== 'aggregate') return undefined;
  if (grouped.plan.groups.some(({ expr }) => isFoundByIndex(expr, below.plan))) return undefined;

  const empty = new Map(
    aggregate.aggregates.map(({ column, aggregate: { name } }) => {
      const value = columnOf({ ...column, nullable: true });
      return [column.id, name === 'count' ? call('coalesce', [value, constant(0, 'integer')]) : value];
    }),
  );
  const value = rewriteExpr(item, (node) => (node.kind === 'column' ? (empty.get(node.id) ?? node) : node));
  const condition = and(overOuter(grouped.links, subquery));
  return { plan: { kind: 'join', type: 'left', left, right: grouped.plan, condition }, value };
}

/** The one grouping of all rows that a sub-query is, and its value over that; nothing when it is anything else. */
function partsOf(inner: LogicalPlan): [] | [AggregatePlan, Expr] {
  const aggregate = inner.kind === 'project' ? inner.input : inner;
  if (aggregate.kind !== 'aggregate' || aggregate.groups.length > 0) return [];
  const [item, ...more] =
    inner.kind === 'project' ? inner.items.map(({ expr }) => expr) : outputOf(inner).map(columnOf);
  return item === undefined || more.length > 0 ? [] : [aggregate, item];
}

/** Whether an aggregate gives a value for any rows, whatever their order. */
function isTotal({ name, args }: Aggregate): boolean {
  switch (name) {
    case 'count':
    case 'min':
    case 'max':
    case 'bool_and':
    case 'bool_or':
      return true;
    case 'avg':
      return args.every((arg) => typeOf(arg) === 'integer');
    default:
      return false;
  }
}

function isHarmless(expr: Expr): boolean {
  return !canRaise(expr) && !hasSubquery(expr) && isDeterministic(expr);
}

function isHarmlessPlan(plan: LogicalPlan): boolean {
  let harmless = true;
  walkPlan(plan, (node) => {
    harmless &&= node.kind !== 'common-table' && exprsOf(node).every(isHarmless);
  });
  return harmless;
}

/** Whether an index begins with a key: then an outer row's rows are found without reading all. */
function isFoundByIndex(key: Expr, plan: LogicalPlan): boolean {
  // Of other expressions it is not known.
  let found = key.kind !== 'column';
  walkPlan(plan, (node) => {
    if (node.kind !== 'scan' || key.kind !== 'column') return;
    const ordinal = node.columns.findIndex((column) => column.id === key.id);
    found ||= node.table.indexes.some(({ keys: [first], where }) => {
      const isFirst = first?.expr.kind === 'column' && first.expr.id === ordinal;
      return isFirst && where === undefined;
    });
  });
  return found;
}
