// One call of an aggregate: its types, its order, and the query that it belongs to. That is the innermost one whose columns it reads
// (PostgreSQL's rule): in a sub-query, an aggregate over nothing but columns from around is computed around, and handed in as a value.

import { aggregateName, dependsOnOrder, resolveAggregate, resolveUserAggregate } from '../../expr/aggregates.js';
import * as build from '../../expr/build.js';
import type { Aggregate, AggregateName, AggregateOrder, ColumnId, Expr } from '../../expr/expression.js';
import type { Coercion } from './coercion.js';
import type { BindingContext } from './context.js';
import type { Clause, Correlations, Scope } from './scope.js';
import { columnExpr } from './scope.js';

/** An argument before its type is decided, and where it stands. */
interface Argument<Place> {
  readonly expr: Expr;
  readonly place: Place;
}

export interface AggregateCall<Place> {
  /** Of the language, or of an aggregate that the application registered. */
  readonly name: string;
  readonly distinct: boolean;
  readonly args: readonly Argument<Place>[];
  readonly orderBy: readonly (AggregateOrder & { readonly place: Place })[];
  readonly filter: Expr | undefined;
}

/** The call with its arguments cast as the aggregate takes them. */
export function typedAggregate<Place>(
  inside: Coercion<Place>,
  { name: written, distinct, args: given, orderBy, filter }: AggregateCall<Place>,
  place: Place,
): Aggregate {
  const { context } = inside;
  const types = given.map(({ expr }) => inside.argumentType(expr));
  const name = aggregateName(written);
  const user = name === undefined ? context.catalog.functions?.aggregate(written) : undefined;
  const resolved = name ? resolveAggregate(name, types) : user && resolveUserAggregate(user, types);
  if (resolved === undefined) {
    const message = `${written} does not take (${types.map((type) => type.toUpperCase()).join(', ')})`;
    return context.fail(place, 'TYPE_MISMATCH', message, context.wording.castArgument);
  }
  const args = given.map((arg, i) => {
    const type = resolved.casts[i];
    return type === undefined ? inside.settle(arg.expr) : inside.coerce(arg.expr, type, arg.place);
  });
  const typed = { ...compared(context, name, distinct, given, args), user: user?.name, type: resolved.type };
  return { ...typed, orderBy: ordered(context, typed, orderBy), filter };
}

/** How the arguments are compared, by an aggregate that does: NOCASE texts by their lower-case forms. */
function compared<Place>(
  { collations }: BindingContext<Place>,
  name: AggregateName | undefined,
  distinct: boolean,
  given: readonly Argument<Place>[],
  args: readonly Expr[],
): Pick<Aggregate, 'name' | 'distinct' | 'args' | 'keys'> {
  const isExtreme = name === 'min' || name === 'max';
  const plain = { name: name ?? 'user', distinct, args } as const;
  const folds = given.map(({ expr }) => collations.isNocase(expr));
  if ((!distinct && !isExtreme) || !folds.includes(true)) return plain;
  const keys = args.map((arg, i) => (folds[i] === true ? collations.fold(arg) : arg));
  // How many there are does not depend on which of them are kept, nor an extreme on how often its value is there.
  return name === 'count' ? { ...plain, args: keys } : { ...plain, keys, distinct: distinct && !isExtreme };
}

/**
 * The order in which the rows are taken. With DISTINCT it may only name arguments; without a word it is theirs, as in PostgreSQL, where
 * the distinct values come sorted.
 */
function ordered<Place>(
  context: BindingContext<Place>,
  typed: Pick<Aggregate, 'name' | 'distinct' | 'args' | 'keys'>,
  written: AggregateCall<Place>['orderBy'],
): readonly AggregateOrder[] | undefined {
  const keys = written.map((key) => ({ ...key, expr: context.collations.key(key.expr) }));
  if (typed.distinct) {
    const own = typed.keys ?? typed.args;
    const foreign = keys.find((key) => !own.some((arg) => isWritten(arg, key.expr)));
    if (foreign) context.fail(foreign.place, 'GROUPING', ...context.wording.notAnArgument);
    if (keys.length === 0 && dependsOnOrder(typed)) {
      return own.map((expr) => ({ expr, desc: false, nullsFirst: false }));
    }
  }
  if (keys.length === 0) return undefined;
  return keys.map(({ expr, desc, nullsFirst }) => ({ expr, desc, nullsFirst }));
}

/** Whether the argument is this expression, cast or not. */
function isWritten(arg: Expr, expr: Expr): boolean {
  return build.equalExprs(arg, expr) || (arg.kind === 'cast' && isWritten(arg.arg, expr));
}

/**
 * Hands the call to the query it belongs to, and gives what stands for it here: a column, or the slot of a value from around.
 *
 * @param here the clause of the query of `scope` in which the call is written
 * @param bind binds the call over `scope`
 */
export function placeAggregate<Place>(
  context: BindingContext<Place>,
  scope: Scope,
  here: Clause,
  name: string,
  bind: () => Aggregate,
  place: Place,
): { readonly expr: Expr; readonly aggregate: Aggregate } {
  const before = around(scope).map((each) => new Set(each.correlations.keys()));
  const aggregate = bind();
  const owner = ownerOf(scope, build.aggregateExprs(aggregate), context.firstSlot);
  const clause = owner === scope ? here : owner.inClause;
  const refuse = (where: string) => context.fail(place, 'GROUPING', ...context.wording.noAggregates(name, where));
  if (clause?.aggregates === undefined) return refuse(clause?.name ?? 'this clause');
  const named = (expr: Expr) => ({ expr: context.collations.aggregated(expr, aggregate.args), aggregate });
  if (owner === scope) return named(clause.aggregates.column(name, aggregate));

  const lifted = build.mapAggregate(aggregate, (expr) => seenFrom(owner, scope, expr));
  if (build.aggregateExprs(lifted).some((expr) => clause.aggregates?.readsAggregate(expr))) {
    refuse('an argument of an aggregate');
  }
  // What only the aggregate reads from around is not handed in: its value is.
  const between = around(scope).slice(0, around(scope).indexOf(owner));
  between.forEach((each, i) => keepOnly(each.correlations, before[i]!));
  const column = clause.aggregates.column(name, lifted);
  return named(scope.readFrom(owner, column, () => context.newSlot()));
}

/** The scope and those around it. */
function around(scope: Scope): Scope[] {
  const scopes = [scope];
  for (let outer = scope.outer; outer; outer = outer.outer) scopes.push(outer);
  return scopes;
}

/** The innermost query whose columns the expressions read; the query itself when they read none. */
function ownerOf(scope: Scope, exprs: readonly Expr[], firstSlot: number): Scope {
  if (exprs.some((expr) => build.columnsOf(expr).size > 0)) return scope;
  const read = new Set(exprs.flatMap((expr) => [...build.parametersOf(expr)]).filter((index) => index >= firstSlot));
  const ids = [...scope.correlations.values()].filter(({ slot }) => read.has(slot)).map(({ column }) => column.id);
  if (ids.length === 0) return scope;
  // A column stands among the correlations of every query between the one that reads it and the one that owns it.
  return around(scope).find((each) => ids.some((id) => !each.correlations.has(id))) ?? scope;
}

/** An expression over `scope` that reads only what is around it, as an expression over the query `owner` further out. */
function seenFrom(owner: Scope, scope: Scope, expr: Expr): Expr {
  if (expr.kind !== 'parameter') return build.mapChildren(expr, (child) => seenFrom(owner, scope, child));
  const read = [...scope.correlations.values()].find(({ slot }) => slot === expr.index);
  if (read === undefined) return expr;
  const further = owner.correlations.get(read.column.id);
  return further ? build.parameter(further.slot, read.column.type) : columnExpr(read.column);
}

function keepOnly(correlations: Correlations, ids: ReadonlySet<ColumnId>): void {
  for (const id of correlations.keys()) if (!ids.has(id)) correlations.delete(id);
}
