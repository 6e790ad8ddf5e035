// The functions with which expressions begin: constants, parameters, aggregates over all rows, calls by name, sub-queries.

import { LightningError } from '../../errors.js';
import { TO_THE_END } from '../../expr/functions/array.js';
import type { ScalarType } from '../../values/types.js';
import { aggregate, columnNode, Expression, geoNode, nodeOf, typed } from './expression.js';
import type { Node } from './node.js';
import type { QueryOf } from './query.js';
import type {
  AggregateExpr,
  Condition,
  GeoOperand,
  NullIn,
  Operand,
  ResultValue,
  Typed,
  TypedExpr,
  TypeScriptOf,
  ValueOf,
} from './typed.js';

/**
 * A value given when the query runs: `where((t) => t.population.gt(param('least')))`, then `all({ least: 1000 })`.
 * An array parameter stands in `in`: `t.id.in(param<number[]>('ids'))`.
 */
export function param<T = ResultValue>(name: string): TypedExpr<T> {
  if (/^[a-z_][a-z0-9_]*$/i.test(name)) return typed(new Expression({ kind: 'parameter', name }));
  throw new LightningError('PARAMETER', `"${name}" cannot name a parameter`, {
    hint: 'use letters, digits and underscores, and no digit first',
  });
}

/** A constant as an expression: `value('town')`, or of a stated type: `value('2024-05-17', 'date')`. */
export function value<const T extends ResultValue>(
  constant: T,
): TypedExpr<T extends boolean ? boolean : T extends string ? string : T>;
export function value<S extends ScalarType>(constant: ResultValue, type: S): TypedExpr<TypeScriptOf<S>>;
export function value(constant: unknown, type?: ScalarType): Typed<unknown> {
  const expression = new Expression(nodeOf(constant));
  return typed(type === undefined ? expression : expression.cast(type));
}

/** A column by name, `'population'` or `'p.population'`: for names that are known at run time only. */
export function column<T = ResultValue>(name: string): TypedExpr<T> {
  const dot = name.indexOf('.');
  return typed(new Expression(dot < 0 ? columnNode(name) : columnNode(name.slice(dot + 1), name.slice(0, dot))));
}

/** A function of the language by its name: `fn<string>('initcap', t.name)`. Operators too: `fn<string>('->>', t.data, 'key')`. */
export function fn<T = ResultValue>(name: string, ...args: unknown[]): TypedExpr<T> {
  return typed(new Expression({ kind: 'call', name: name.toLowerCase(), args: args.map(nodeOf) }));
}

/** All conditions hold; none given is true. */
export function and(...conditions: Condition[]): TypedExpr<boolean | null> {
  return typed(new Expression({ kind: 'and', args: conditions.map(nodeOf) }));
}

/** Some condition holds; none given is false. */
export function or(...conditions: Condition[]): TypedExpr<boolean | null> {
  return typed(new Expression({ kind: 'or', args: conditions.map(nodeOf) }));
}

export function not(condition: Condition): TypedExpr<boolean | null> {
  return typed(new Expression({ kind: 'not', arg: nodeOf(condition) }));
}

type CaseValue = ResultValue | Typed<unknown>;

/** What a branch gives. */
type Given<V> =
  V extends Typed<unknown>
    ? ValueOf<V>
    : V extends boolean
      ? boolean
      : V extends string
        ? string
        : V extends number
          ? number
          : V;

/** `CASE` under construction. */
export interface CaseExpr<T> {
  when<V extends CaseValue>(condition: Condition, then: V): CaseExpr<T | Given<V>>;
  otherwise<V extends CaseValue>(result: V): TypedExpr<T | Given<V>>;
  /** NULL when no branch holds. */
  end(): TypedExpr<T | null>;
}

/** The result of the first condition that is true: `caseWhen(t.population.gt(1e6), 'city').otherwise('town')`. */
export function caseWhen<V extends CaseValue>(condition: Condition, then: V): CaseExpr<Given<V>> {
  return new CaseBuilder([{ when: nodeOf(condition), then: nodeOf(then) }]) as unknown as CaseExpr<Given<V>>;
}

class CaseBuilder {
  constructor(private readonly branches: readonly { readonly when: Node; readonly then: Node }[]) {}

  when(condition: unknown, then: unknown): CaseBuilder {
    return new CaseBuilder([...this.branches, { when: nodeOf(condition), then: nodeOf(then) }]);
  }

  otherwise(result: unknown): Expression {
    return new Expression({ kind: 'case', branches: this.branches, otherwise: nodeOf(result) });
  }

  end(): Expression {
    return new Expression({ kind: 'case', branches: this.branches, otherwise: undefined });
  }
}

// ---- aggregates ----

/** How many rows. */
export function count(): AggregateExpr<number> {
  return typed(aggregate('count', []));
}

export function stringAgg(text: Operand<string>, separator: Operand<string>): AggregateExpr<string | null> {
  return typed(aggregate('string_agg', [nodeOf(text), nodeOf(separator)]));
}

export function arrayAgg<T>(expression: Typed<T>): AggregateExpr<T[] | null> {
  return typed(aggregate('array_agg', [nodeOf(expression)]));
}

/** The element of an array at a position, from 1; NULL outside: `element(arrayAgg(p.name).orderBy(p.name), 1)`. */
export function element<T>(array: Typed<readonly T[] | null>, position: Operand<number>): TypedExpr<T | null> {
  return typed(new Expression({ kind: 'call', name: 'array_element', args: [nodeOf(array), nodeOf(position)] }));
}

/** The elements from a position to another, both included, or to the end. */
export function slice<T>(
  array: Typed<readonly T[] | null>,
  from: Operand<number>,
  to: Operand<number> = TO_THE_END,
): TypedExpr<T[] | null> {
  const args = [nodeOf(array), nodeOf(from), nodeOf(to)];
  return typed(new Expression({ kind: 'call', name: 'array_slice', args }));
}

/** All values as one JSON array. */
export function jsonAgg(expression: Typed<unknown>): AggregateExpr<ResultValue> {
  return typed(aggregate('json_agg', [nodeOf(expression)]));
}

/** A JSON object of names and values. */
export function jsonObjectAgg(name: Operand<string>, value: Typed<unknown>): AggregateExpr<ResultValue> {
  return typed(aggregate('json_object_agg', [nodeOf(name), nodeOf(value)]));
}

/** An aggregate by its name: `agg<number>('var_pop', t.height)`, or one that was registered with `db.aggregate`. */
export function agg<T = ResultValue>(name: string, ...args: unknown[]): AggregateExpr<T | null> {
  return typed(aggregate(name.toLowerCase(), args.map(nodeOf)));
}

/** Whether it holds for all rows. */
export function boolAnd(condition: Condition): AggregateExpr<boolean | null> {
  return typed(aggregate('bool_and', [nodeOf(condition)]));
}

/** Whether it holds for some row. */
export function boolOr(condition: Condition): AggregateExpr<boolean | null> {
  return typed(aggregate('bool_or', [nodeOf(condition)]));
}

// ---- search ----

/** A search over a column, or a full-text index, by name; `column.matches(query)` is the same for a callback's column. */
export function match(target: string, query: Operand<string>): TypedExpr<boolean | null> {
  const { node } = column(target) as unknown as Expression;
  if (node.kind !== 'column') throw new LightningError('BUG', 'a name is no column');
  return typed(new Expression({ kind: 'match', target: node, query: nodeOf(query) }));
}

/** How well the row matches the query's one search: BM25, greater is better. */
export function score(): TypedExpr<number> {
  return typed(new Expression({ kind: 'score' }));
}

/** The text with what the query's search matched between `open` and `close`. */
export function highlight<T extends string | null>(
  text: Typed<T>,
  open: string,
  close: string,
): TypedExpr<string | NullIn<T>> {
  const args = [nodeOf(open), nodeOf(close)];
  return typed(new Expression({ kind: 'excerpt', name: 'highlight', text: nodeOf(text), args }));
}

/** About so many words of the text around what the query's search matched. */
export function snippet<T extends string | null>(text: Typed<T>, words: number): TypedExpr<string | NullIn<T>> {
  return typed(new Expression({ kind: 'excerpt', name: 'snippet', text: nodeOf(text), args: [nodeOf(words)] }));
}

// ---- maps ----

/** A point of WGS 84. */
export function point(lon: Operand<number>, lat: Operand<number>): TypedExpr<object> {
  return typed(new Expression({ kind: 'call', name: 'st_point', args: [nodeOf(lon), nodeOf(lat)] }));
}

/** A box; `west` greater than `east` crosses the antimeridian. */
export function envelope(west: number, south: number, east: number, north: number): TypedExpr<object> {
  const args = [west, south, east, north].map(nodeOf);
  return typed(new Expression({ kind: 'call', name: 'st_makeenvelope', args }));
}

/** Metres between two places. */
export function distance(from: GeoOperand, to: GeoOperand): TypedExpr<number | null> {
  return typed(new Expression({ kind: 'call', name: 'st_distance', args: [geoNode(from), geoNode(to)] }));
}

// ---- sub-queries ----

/** Whether the query has a row. It may use the columns of the callbacks around it. */
export function exists(query: QueryOf<unknown>): TypedExpr<boolean> {
  return typed(new Expression({ kind: 'exists', query: query.state }));
}

/** The one value of a query with one column and at most one row; NULL without rows. */
export function scalar<Row>(query: QueryOf<Row>): TypedExpr<Row[keyof Row] | null> {
  return typed(new Expression({ kind: 'scalar', query: query.state }));
}
