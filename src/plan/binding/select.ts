// The clauses of one SELECT as operators, in the order in which they mean something: WHERE, GROUP BY, HAVING, the select list, DISTINCT,
// ORDER BY, LIMIT.

import * as build from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { LogicalPlan, OutputColumn, SortKey } from '../logical.js';
import type { Aggregation } from './aggregation.js';
import type { BindingContext } from './context.js';
import { columnExpr } from './scope.js';

export interface SelectItem<Place> {
  readonly name: string;
  readonly expr: Expr;
  readonly place: Place;
}

export interface OrderKey<Place> extends SortKey {
  /** The whole item of ORDER BY. */
  readonly place: Place;
  /** Its expression. */
  readonly at: Place;
}

export interface Bounds {
  readonly limit: Expr | undefined;
  readonly offset: Expr | undefined;
}

export interface SelectClauses<Place> {
  readonly from: LogicalPlan;
  readonly where: Expr | undefined;
  /** All collected from the other clauses. */
  readonly aggregation: Aggregation<Place>;
  readonly having: { readonly expr: Expr; readonly place: Place } | undefined;
  readonly items: readonly SelectItem<Place>[];
  readonly distinct: boolean;
  /** DISTINCT ON; empty without. */
  readonly distinctOn: readonly { readonly expr: Expr; readonly place: Place }[];
  readonly order: readonly OrderKey<Place>[];
  readonly bounds: Bounds;
}

/** Expressions of HAVING, the items and the order are as they stand below the aggregation. */
export function assembleSelect<Place>(
  context: BindingContext<Place>,
  { from, where, aggregation, having, items, distinct, distinctOn, order, bounds }: SelectClauses<Place>,
): { readonly plan: LogicalPlan; readonly output: readonly OutputColumn[] } {
  let plan = from;
  if (where) plan = { kind: 'filter', input: plan, predicate: where };
  const grouped = having !== undefined || aggregation.used;
  const over = (expr: Expr, place: Place) => (grouped ? aggregation.above(expr, place) : expr);
  if (grouped) plan = aggregation.plan(plan);
  if (having) plan = { kind: 'filter', input: plan, predicate: over(having.expr, having.place) };

  const { collations } = context;
  const list = items.map((item) => ({ ...item, written: item.expr, expr: over(item.expr, item.place) }));
  const projection = project(context, list);
  const output = projection.map((item) => item.column);
  if (!distinct || distinctOn.length > 0) {
    const keys = order.map((key): SortKey => ({ ...sortKey(key), expr: over(collations.key(key.expr), key.place) }));
    const on = distinctOn.map(({ expr, place }) => over(collations.key(expr), place));
    const rows = on.length > 0 ? firstOfEach(context, plan, on, keys, order[0]?.at) : sorted(plan, keys);
    return { plan: { kind: 'project', input: limited(rows, bounds), items: projection }, output };
  }
  const keys = order.map((key): SortKey => {
    const expr = over(key.expr, key.place);
    const column = output[list.findIndex((item) => build.equalExprs(item.expr, expr))];
    if (column === undefined) return context.fail(key.at, 'GROUPING', ...context.wording.notListed);
    const value = columnExpr(column);
    return { ...sortKey(key), expr: collations.isNocase(key.expr) ? collations.fold(value) : value };
  });
  plan = distinctRows(context, { kind: 'project', input: plan, items: projection }, output);
  return { plan: limited(sorted(plan, keys), bounds), output };
}

/** Each row once. Of rows that are equal but for the case of NOCASE texts, the first in order of those texts by code point. */
export function distinctRows<Place>(
  { collations }: BindingContext<Place>,
  input: LogicalPlan,
  output: readonly OutputColumn[],
): LogicalPlan {
  const nocase = output.filter((column) => collations.ofColumn(column.id) === 'nocase');
  if (nocase.length === 0) return { kind: 'distinct', input };
  const on = output.map((column) => collations.key(columnExpr(column)));
  const exprs = [...on, ...nocase.map(columnExpr)];
  const keys = exprs.map((expr): SortKey => ({ expr, desc: false, nullsFirst: false }));
  return { kind: 'distinct-on', input, keys, on: on.length };
}

/** The first keys of the order must be those that are distinct, in any order; those that it does not name follow. */
function firstOfEach<Place>(
  context: BindingContext<Place>,
  input: LogicalPlan,
  on: readonly Expr[],
  order: readonly SortKey[],
  place: Place | undefined,
): LogicalPlan {
  const wanted = new Map(on.map((expr) => [build.exprKey(expr), expr]));
  const left = new Map(wanted);
  const leading = order.findIndex(({ expr }) => !wanted.has(build.exprKey(expr)));
  const first = order.slice(0, leading === -1 ? order.length : leading);
  for (const { expr } of first) left.delete(build.exprKey(expr));
  if (left.size > 0 && leading !== -1 && place !== undefined) {
    return context.fail(place, 'GROUPING', ...context.wording.notFirst);
  }
  const added = [...left.values()].map((expr): SortKey => ({ expr, desc: false, nullsFirst: false }));
  const distinct = first.filter(({ expr }, i) => first.findIndex((key) => build.equalExprs(key.expr, expr)) === i);
  const keys = [...distinct, ...added];
  return { kind: 'distinct-on', input, keys: [...keys, ...order.slice(first.length)], on: keys.length };
}

/** Bare columns that compare as they do by themselves keep their id, the first time they appear. */
function project<Place>(
  context: BindingContext<Place>,
  items: readonly (SelectItem<Place> & { readonly written: Expr })[],
) {
  const { collations } = context;
  const seen = new Set<ColumnId>();
  return items.map(({ expr, name, written }) => {
    const nullable = expr.kind === 'column' ? expr.nullable : true;
    const type = typeOf(expr);
    const own = expr.kind === 'column' && (collations.ofColumn(expr.id) === 'nocase') === collations.isNocase(written);
    if (own && !seen.has(expr.id)) {
      seen.add(expr.id);
      return { expr, column: { id: expr.id, name, type, nullable } };
    }
    const column = context.newColumn(name, type, nullable);
    collations.like(column.id, written);
    return { expr, column };
  });
}

function sortKey({ expr, desc, nullsFirst }: SortKey): SortKey {
  return { expr, desc, nullsFirst };
}

/** NULLs are greatest unless it is said where they go. */
export function nullsFirst(nulls: 'first' | 'last' | undefined, desc: boolean): boolean {
  return nulls === undefined ? desc : nulls === 'first';
}

export function sorted(input: LogicalPlan, keys: readonly SortKey[]): LogicalPlan {
  return keys.length > 0 ? { kind: 'sort', input, keys } : input;
}

export function limited(input: LogicalPlan, { limit, offset }: Bounds): LogicalPlan {
  return limit || offset ? { kind: 'limit', input, limit, offset } : input;
}

/** LIMIT or OFFSET, once it is INTEGER. */
export function knownFirst<Place>(context: BindingContext<Place>, expr: Expr, place: Place): Expr {
  return build.isConstant(expr) ? expr : context.fail(place, 'TYPE_MISMATCH', ...context.wording.notKnownFirst);
}
