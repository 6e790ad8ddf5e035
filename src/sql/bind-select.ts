// One SELECT: FROM, WHERE, GROUP BY, HAVING, the select list, DISTINCT and ORDER BY.

import type * as ast from '../../grammar/ast.js';
import * as build from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import { qualified } from '../plan/binding/scope.js';
import { SearchScope } from '../plan/binding/search.js';
import type { OrderKey, SelectItem } from '../plan/binding/select.js';
import { assembleSelect } from '../plan/binding/select.js';
import { draftList } from '../plan/binding/set-operation.js';
import { suggestion } from '../text/suggestion.js';
import type { Type } from '../values/types.js';
import type { BoundQuery, DraftQuery } from './bind-expression.js';
import { ExpressionBinder } from './bind-expression.js';
import { bindFrom } from './bind-from.js';
import { Grouping } from './bind-grouping.js';
import type { Ordering, QueryBinder } from './bind-query.js';
import { outputOrdinal, sortKey } from './bind-query.js';
import type { Scope } from './scope.js';

type Item = SelectItem<ast.Span>;

/** One SELECT, its columns of open type left for `finish` to decide. */
export function bindSelect(queries: QueryBinder, select: ast.Select, ordering: Ordering, base: Scope): DraftQuery {
  const { context } = queries;
  const from = bindFrom(queries, select.from, base);
  const scope = base.over(from.relations, from.star);
  const where = select.where && new ExpressionBinder(context, queries.place(scope, 'WHERE')).condition(select.where);
  const search = new SearchScope(context, scope, where);
  const grouping = new Grouping(queries, scope, search);

  const binder = grouping.binder('SELECT');
  const items = bindItems(queries, select, scope, binder);
  const groups = grouping.bindGroups(select.groupBy, items);
  const having = select.having && { expr: grouping.binder('HAVING').condition(select.having), place: select.having };
  const order = ordering.orderBy.map((item) => bindOrder(queries, item, items, grouping));
  const on = select.distinctOn.map((node) => ({
    expr: binder.settle(bindOutput(queries, node, items, grouping, 'DISTINCT ON')),
    place: node,
  }));

  // A column that other clauses read, or whose values are compared, has its own type.
  const read = new Set([...groups, ...order.map((key) => key.expr)]);
  const { types, settled } = draftList(binder, items, (expr) => select.distinct || read.has(expr));
  const finish = (wanted: readonly (Type | undefined)[] = []): BoundQuery => {
    const exprs = settled(wanted);
    const list = items.map((item, i) => ({ ...item, expr: exprs[i]! }));
    const { plan, output } = assembleSelect(context, {
      from: from.plan,
      where,
      aggregation: grouping.aggregation,
      having,
      items: list,
      distinct: select.distinct,
      distinctOn: on,
      order: order.map((key) => ({ ...key, expr: binder.settle(key.expr) })),
      bounds: ordering,
    });
    return { plan: search.withScores(plan), output, scope };
  };
  return { types, finish };
}

function bindItems(queries: QueryBinder, select: ast.Select, scope: Scope, binder: ExpressionBinder): Item[] {
  return select.items.flatMap((item): Item[] => {
    if (item.kind === 'star') return expandStar(queries, item, scope);
    return [{ place: item.expression, name: nameOf(item), expr: binder.bind(item.expression) }];
  });
}

/** `*`: every column of FROM in order, those merged by USING once; `t.*`: all of one relation. */
export function expandStar(queries: QueryBinder, item: ast.StarItem, scope: Scope): Item[] {
  const { table } = item;
  const relations = table ? scope.relations.filter((relation) => relation.name === table.text) : scope.relations;
  if (relations.length === 0) {
    throw table
      ? queries.context.error(
          table,
          'UNKNOWN_TABLE',
          `no table or alias "${table.text}" in FROM`,
          suggestion(table.text, scope.relationNames(), 'in FROM'),
        )
      : queries.context.error(item, 'SYNTAX', 'SELECT * needs a FROM');
  }
  const all = relations.flatMap((relation) =>
    relation.columns.map((column) => ({
      id: column.id,
      place: item,
      name: column.name,
      expr: qualified(relation, column),
    })),
  );
  const meant = table ? all : scope.star.map((id) => all.find((entry) => entry.id === id)!);
  const columns = relations.flatMap((relation) => relation.columns);
  const traced = meant.map(({ id }) => columns.find((column) => column.id === id)!);
  queries.context.trace?.star(item, relations, traced);
  return meant;
}

/** As PostgreSQL names it: the alias, else the column's or function's own name. */
export function nameOf(item: ast.ExprItem): string {
  if (item.alias) return item.alias.text;
  let node = item.expression;
  while (node.kind === 'cast' || node.kind === 'collate' || node.kind === 'subscript' || node.kind === 'slice')
    node = node.operand;
  switch (node.kind) {
    case 'column':
      return node.name.text;
    case 'call':
      return node.name.text;
    case 'case':
    case 'exists':
      return node.kind;
    case 'scalar-query': {
      const { body } = node.query;
      const first = body.kind === 'select' ? body.items[0] : undefined;
      return first?.kind === 'item' ? nameOf(first) : '?column?';
    }
    default:
      return '?column?';
  }
}

function bindOrder(
  queries: QueryBinder,
  item: ast.OrderItem,
  items: readonly Item[],
  grouping: Grouping,
): OrderKey<ast.Span> {
  const { expression } = item;
  const expr = bindOutput(queries, expression, items, grouping, 'ORDER BY');
  return { ...sortKey(item, expr), place: item, at: expression };
}

/** An alias or ordinal of the select list first, else an expression over FROM. */
function bindOutput(
  queries: QueryBinder,
  node: ast.Expr,
  items: readonly Item[],
  grouping: Grouping,
  clause: 'ORDER BY' | 'DISTINCT ON',
): Expr {
  const ordinal = outputOrdinal(queries.context, node, items);
  if (ordinal) return ordinal.expr;
  if (node.kind === 'column' && !node.table) {
    const matches = items.filter((entry) => entry.name === node.name.text);
    const [first] = matches;
    if (first) {
      if (matches.every((entry) => build.equalExprs(entry.expr, first.expr))) return first.expr;
      const message = `${clause} "${node.name.text}" could mean more than one output column`;
      throw queries.context.error(node, 'AMBIGUOUS_COLUMN', message, 'use its position or another alias');
    }
  }
  return grouping.binder(clause).value(node);
}
