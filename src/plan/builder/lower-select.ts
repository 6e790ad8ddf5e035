// A query's state to operators: the clauses are lowered in the order of `sql/bind-select`.

import * as build from '../../expr/build.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { suggestion } from '../../text/suggestion.js';
import type { Type } from '../../values/types.js';
import type { Correlations } from '../binding/scope.js';
import { columnExpr, qualified } from '../binding/scope.js';
import { SearchScope } from '../binding/search.js';
import type { SelectItem } from '../binding/select.js';
import { assembleSelect, knownFirst, limited, nullsFirst, sorted } from '../binding/select.js';
import type { Draft } from '../binding/set-operation.js';
import { draftList, finishSides, setOperation, whole } from '../binding/set-operation.js';
import type { InnerQuery } from '../binding/subquery.js';
import type { OutputColumn } from '../logical.js';
import type { LowerContext } from './context.js';
import { Grouping } from './grouping.js';
import type { Place } from './lower-expression.js';
import { ExpressionLowering } from './lower-expression.js';
import { lowerFrom } from './lower-from.js';
import type { ColumnNode, Node, OrderState, QueryState, SelectState, SetState, Tail } from './node.js';
import type { ItemPart, OrderPart, QueryParts, SelectParts, SetParts, TailParts } from './parts.js';
import { Scope } from './scope.js';

export interface LoweredPlan extends InnerQuery {
  readonly parts: QueryParts;
}

type Item = SelectItem<void>;

export function lowerQuery(
  context: LowerContext,
  state: QueryState,
  outer: Scope | undefined,
  correlations: Correlations = new Map(),
): LoweredPlan {
  return draftQuery(context, state, outer, correlations).finish();
}

/** A query whose columns of open type take the type of their place. */
function draftQuery(
  context: LowerContext,
  state: QueryState,
  outer: Scope | undefined,
  correlations: Correlations,
): Draft<LoweredPlan> {
  context.addHints(state.hints);
  return state.kind === 'select'
    ? draftSelect(context, state, new Scope(outer, correlations))
    : whole(lowerSet(context, state, outer, correlations));
}

function draftSelect(context: LowerContext, state: SelectState, scope: Scope): Draft<LoweredPlan> {
  const inner = (query: QueryState, outer: Scope | undefined) => lowerQuery(context, query, outer);
  const plain = (clause: string): Place => ({ scope, clause, lowerQuery: inner });
  const within = (clause: string) => new ExpressionLowering(context, plain(clause));

  const tail = lowerLimits(context, state, scope);
  const from = lowerFrom(context, state, scope, inner, within('a join condition'));
  const where = lowerWhere(state, scope, within('where'));
  const search = new SearchScope(context, scope, where);
  const grouping = new Grouping(context, scope, (clause) => ({ ...plain(clause), search: () => search.target() }));

  const lowering = grouping.over('select');
  const items = lowerItems(context, state, scope, lowering);
  const groups = grouping.lowerGroups(state.groups);
  const having = allOf(grouping.over('having'), state.having);
  const read = new Set<Expr>();
  const byName = (name: string) => {
    const { expr } = itemNamed(context, scope, items, name);
    read.add(expr);
    return lowering.settle(expr);
  };
  const order = state.order.map((key) => lowerOrder(key, grouping.over('orderBy', { output: byName })));

  const on = state.distinctOn.map((node) => {
    const expr = grouping.over('distinctOn', { output: byName }).value(node);
    return { expr, output: node.kind === 'output' ? node.name : undefined, desc: false, nullsFirst: false };
  });

  const { types, settled } = draftList(lowering, items, (expr) => state.distinct || read.has(expr));
  const finish = (wanted: readonly (Type | undefined)[] = []): LoweredPlan => {
    const exprs = settled(wanted);
    const list = items.map((item, i) => ({ ...item, expr: exprs[i]! }));
    const { plan, output } = assembleSelect(context, {
      from: from.plan,
      where,
      aggregation: grouping.aggregation,
      having: having && { expr: having, place: undefined },
      items: list,
      distinct: state.distinct,
      distinctOn: on.map(({ expr }) => ({ expr, place: undefined })),
      order: order.map((key) => ({ ...key, place: undefined, at: undefined })),
      bounds: tail,
    });
    const parts: SelectParts = {
      kind: 'select',
      relations: scope.relations,
      from: from.part,
      where,
      groups,
      having,
      items: itemParts(state, list),
      distinct: state.distinct,
      distinctOn: on,
      aggregates: grouping.aggregation.aggregates,
      score: search.scoreColumn?.id,
      order,
      ...tail,
    };
    return { plan: search.withScores(plan), output, parts, correlations: scope.correlations };
  };
  return { types, finish };
}

function lowerWhere(state: SelectState, scope: Scope, lowering: ExpressionLowering): Expr | undefined {
  const where = allOf(lowering, state.where);
  if (where === undefined || state.without === undefined) return where;
  const own = facetColumn(scope, state.without);
  const kept = build.conjuncts(where).filter((conjunct) => {
    const read = build.columnsOf(conjunct);
    return !(own !== undefined && read.size === 1 && read.has(own));
  });
  return kept.length === 0 ? undefined : build.and(kept);
}

function facetColumn(scope: Scope, node: ColumnNode): ColumnId | undefined {
  const found = scope.findColumn(node);
  return found.kind === 'column' ? found.column.id : undefined;
}

/** Conditions that must all hold; those that are TRUE by themselves leave no trace. */
function allOf(lowering: ExpressionLowering, nodes: readonly Node[]): Expr | undefined {
  return nodes.length === 0 ? undefined : build.and(nodes.map((node) => lowering.condition(node)));
}

function lowerItems(
  context: LowerContext,
  state: SelectState,
  scope: Scope,
  lowering: ExpressionLowering,
): readonly Item[] {
  const items = state.items.flatMap((item): Item[] => {
    if (item.kind === 'item') return [{ name: item.name, expr: lowering.lower(item.node), place: undefined }];
    return scope.relations.flatMap((relation) =>
      relation.columns.map((column) => ({ name: column.name, expr: qualified(relation, column), place: undefined })),
    );
  });
  if (items.length === 0) throw context.error('INVALID_ARGUMENT', 'select needs a column', 'name one');
  return items;
}

/** The select list as it is printed: a star as such. */
function itemParts(state: SelectState, list: readonly Item[]): readonly ItemPart[] {
  // There is one star at most.
  const width = list.length - state.items.length + 1;
  let at = 0;
  return state.items.map((item): ItemPart => {
    const { expr } = list[at] ?? {};
    at += item.kind === 'star' ? width : 1;
    return item.kind === 'star' || expr === undefined ? { kind: 'star' } : { kind: 'item', name: item.name, expr };
  });
}

/** A column of the select list, else one of FROM. */
function itemNamed(context: LowerContext, scope: Scope, items: readonly Item[], name: string): Item {
  const named = items.filter((item) => item.name === name);
  const [first] = named;
  if (first && named.every((item) => build.equalExprs(item.expr, first.expr))) return first;
  if (first) {
    const message = `orderBy("${name}") could mean more than one column of the result`;
    throw context.error('AMBIGUOUS_COLUMN', message, 'take the column from the table: orderBy(t => [t.column])');
  }
  throw context.error(
    'UNKNOWN_COLUMN',
    `the result has no column "${name}"`,
    suggestion(
      name,
      items.map((item) => item.name),
    ) ?? (scope.columnNames().includes(name) ? `write orderBy(t => [t.${name}])` : undefined),
  );
}

function lowerOrder(key: OrderState, lowering: ExpressionLowering): OrderPart {
  const expr = lowering.value(key.node);
  const output = key.node.kind === 'output' ? key.node.name : undefined;
  return { expr, output, desc: key.desc, nullsFirst: nullsFirst(key.nulls, key.desc) };
}

function lowerLimits(context: LowerContext, tail: Tail, scope: Scope): Pick<TailParts, 'limit' | 'offset'> {
  const lowering = new ExpressionLowering(context, {
    scope,
    clause: 'limit',
    lowerQuery: (query, outer) => lowerQuery(context, query, outer),
  });
  const known = (node: Node | undefined) => node && knownFirst(context, lowering.typedAs(node, 'integer'), undefined);
  return { limit: known(tail.limit), offset: known(tail.offset) };
}

function lowerSet(
  context: LowerContext,
  state: SetState,
  outer: Scope | undefined,
  correlations: Correlations,
): LoweredPlan {
  const tail = lowerLimits(context, state, new Scope(outer, correlations));
  const left = context.nested(() => draftQuery(context, state.left, outer, correlations));
  const right = context.nested(() => draftQuery(context, state.right, outer, correlations));
  const [first, second] = finishSides(left, right);
  const lowering = new ExpressionLowering(context, {
    scope: new Scope(outer, correlations),
    clause: state.operation,
    lowerQuery: (query, around) => lowerQuery(context, query, around),
  });
  const { operation, all } = state;
  const { plan, output } = setOperation(lowering, { operation, all }, first, second, operation, undefined);
  const order = state.order.map((key) => setOrder(context, key, output));
  const keys = order.map(({ expr, desc, nullsFirst }) => ({ expr: context.collations.key(expr), desc, nullsFirst }));
  const parts: SetParts = {
    kind: 'set',
    operation: state.operation,
    all: state.all,
    left: first.parts,
    right: second.parts,
    order,
    ...tail,
  };
  return { plan: limited(sorted(plan, keys), tail), output, parts, correlations };
}

function setOrder(context: LowerContext, key: OrderState, columns: readonly OutputColumn[]): OrderPart {
  const name = key.node.kind === 'output' ? key.node.name : undefined;
  const column = columns.find((each) => each.name === name);
  if (column === undefined || name === undefined) {
    throw context.error(
      'UNKNOWN_COLUMN',
      'orderBy of a set operation takes names of its columns',
      name === undefined
        ? "write orderBy('name', 'desc')"
        : suggestion(
            name,
            columns.map((each) => each.name),
          ),
    );
  }
  return { expr: columnExpr(column), output: name, desc: key.desc, nullsFirst: nullsFirst(key.nulls, key.desc) };
}
