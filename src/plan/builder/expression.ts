// Expressions built in code: each operation gives a new expression around the old ones. Names and types are checked when the query is
// lowered; what an operation can see by itself (undefined, NULL in a comparison) is refused at once, where the mistake is made.

import type { Collation } from '../../catalog/definitions.js';
import { LightningError } from '../../errors.js';
import type { CompareOperator } from '../../expr/expression.js';
import { describe } from '../../values/describe.js';
import type { ScalarType } from '../../values/types.js';
import type { AggregateNode, ColumnNode, Node, OrderState } from './node.js';
import { QueryHolder } from './node.js';
import type {
  BooleanOperations,
  GeometryOperations,
  MomentOperations,
  NumberOperations,
  Operations,
  OrderKey,
  TextOperations,
  Typed,
} from './typed.js';

/** A sort key; NULLs are the greatest values unless said otherwise. */
export class Ordering implements OrderKey {
  constructor(readonly state: OrderState) {}

  readonly nullsFirst = (): Ordering => new Ordering({ ...this.state, nulls: 'first' });
  readonly nullsLast = (): Ordering => new Ordering({ ...this.state, nulls: 'last' });
}

type Described = Operations<unknown> &
  TextOperations<unknown> &
  NumberOperations<unknown> &
  BooleanOperations &
  MomentOperations<unknown> &
  GeometryOperations<unknown>;

/** Every operation that the types promise. */
type Promised = Record<keyof Described & string, (...operands: never[]) => unknown>;

/** The one implementation behind `TypedExpr<T>`, whatever T is. */
export class Expression implements Promised {
  constructor(readonly node: Node) {}

  eq(other: unknown): Expression {
    return this.#compare('=', other);
  }

  ne(other: unknown): Expression {
    return this.#compare('<>', other);
  }

  lt(other: unknown): Expression {
    return this.#compare('<', other);
  }

  le(other: unknown): Expression {
    return this.#compare('<=', other);
  }

  gt(other: unknown): Expression {
    return this.#compare('>', other);
  }

  ge(other: unknown): Expression {
    return this.#compare('>=', other);
  }

  #compare(operator: CompareOperator, other: unknown): Expression {
    return new Expression({ kind: 'compare', operator, left: this.node, right: notNull(other) });
  }

  between(low: unknown, high: unknown): Expression {
    return this.ge(low).and(this.le(high));
  }

  notBetween(low: unknown, high: unknown): Expression {
    return this.between(low, high).not();
  }

  in(values: unknown): Expression {
    return this.#in(values, false);
  }

  notIn(values: unknown): Expression {
    return this.#in(values, true);
  }

  #in(values: unknown, negated: boolean): Expression {
    const arg = this.node;
    if (Array.isArray(values)) return new Expression({ kind: 'in-list', arg, items: values.map(notNull), negated });
    if (values instanceof QueryHolder) return new Expression({ kind: 'in-query', arg, query: values.state, negated });
    if (values instanceof Expression) return new Expression({ kind: 'in-array', arg, array: values.node, negated });
    throw new LightningError('INVALID_ARGUMENT', 'in() takes an array, an array parameter or a query', {
      hint: "write column.in([1, 2]) or column.in(param('ids'))",
    });
  }

  isNull(): Expression {
    return new Expression({ kind: 'is-null', arg: this.node, negated: false });
  }

  isNotNull(): Expression {
    return new Expression({ kind: 'is-null', arg: this.node, negated: true });
  }

  isDistinctFrom(other: unknown): Expression {
    return new Expression({ kind: 'distinct', left: this.node, right: nodeOf(other), negated: false });
  }

  isNotDistinctFrom(other: unknown): Expression {
    return new Expression({ kind: 'distinct', left: this.node, right: nodeOf(other), negated: true });
  }

  coalesce(...others: unknown[]): Expression {
    return this.#call('coalesce', ...others);
  }

  nullIf(other: unknown): Expression {
    return this.#call('nullif', other);
  }

  cast(type: ScalarType): Expression {
    return new Expression({ kind: 'cast', arg: this.node, type });
  }

  /**
   * A text that compares, sorts and groups by its lower-case form (`nocase`), or by code point whatever its column says (`binary`).
   *
   * @example db.from('people').where((p) => p.name.collate('nocase').eq('ada'))
   */
  collate(collation: Collation): Expression {
    if (collation === 'nocase' || collation === 'binary') {
      return new Expression({ kind: 'collate', arg: this.node, collation });
    }
    throw new LightningError('INVALID_ARGUMENT', `unknown collation ${describe(collation)}`, {
      hint: "write collate('nocase') or collate('binary')",
    });
  }

  asc(): Ordering {
    return new Ordering({ node: this.node, desc: false, nulls: undefined });
  }

  desc(): Ordering {
    return new Ordering({ node: this.node, desc: true, nulls: undefined });
  }

  // ---- aggregates ----

  count(): AggregateExpression {
    return aggregate('count', [this.node]);
  }

  countDistinct(): AggregateExpression {
    return aggregate('count', [this.node]).distinct();
  }

  min(): AggregateExpression {
    return aggregate('min', [this.node]);
  }

  max(): AggregateExpression {
    return aggregate('max', [this.node]);
  }

  sum(): AggregateExpression {
    return aggregate('sum', [this.node]);
  }

  avg(): AggregateExpression {
    return aggregate('avg', [this.node]);
  }

  stddev(): AggregateExpression {
    return aggregate('stddev_samp', [this.node]);
  }

  variance(): AggregateExpression {
    return aggregate('var_samp', [this.node]);
  }

  // ---- text ----

  like(pattern: unknown, escape?: unknown): Expression {
    return this.#like(pattern, escape, false, false);
  }

  notLike(pattern: unknown, escape?: unknown): Expression {
    return this.#like(pattern, escape, false, true);
  }

  ilike(pattern: unknown, escape?: unknown): Expression {
    return this.#like(pattern, escape, true, false);
  }

  notIlike(pattern: unknown, escape?: unknown): Expression {
    return this.#like(pattern, escape, true, true);
  }

  #like(pattern: unknown, given: unknown, insensitive: boolean, negated: boolean): Expression {
    const escape = given === undefined ? undefined : nodeOf(given);
    return new Expression({ kind: 'like', arg: this.node, pattern: notNull(pattern), escape, insensitive, negated });
  }

  lower(): Expression {
    return this.#call('lower');
  }

  upper(): Expression {
    return this.#call('upper');
  }

  trim(): Expression {
    return this.#call('btrim');
  }

  length(): Expression {
    return this.#call('length');
  }

  substring(from: unknown, count?: unknown): Expression {
    return count === undefined ? this.#call('substr', from) : this.#call('substr', from, count);
  }

  concat(...others: unknown[]): Expression {
    return others.reduce<Expression>((whole, part) => whole.#call('||', part), this);
  }

  matches(query: unknown): Expression {
    if (this.node.kind === 'column') {
      return new Expression({ kind: 'match', target: this.node, query: notNull(query) });
    }
    throw new LightningError('NO_INDEX', 'only a column can be searched', {
      hint: 'call matches on a column that a full-text index holds',
    });
  }

  // ---- numbers ----

  plus(other: unknown): Expression {
    return this.#call('+', other);
  }

  minus(other: unknown): Expression {
    return this.#call('-', other);
  }

  times(other: unknown): Expression {
    return this.#call('*', other);
  }

  dividedBy(other: unknown): Expression {
    return this.#call('/', other);
  }

  modulo(other: unknown): Expression {
    return this.#call('%', other);
  }

  negated(): Expression {
    return this.#call('negate');
  }

  abs(): Expression {
    return this.#call('abs');
  }

  // ---- truth ----

  and(...others: unknown[]): Expression {
    return new Expression({ kind: 'and', args: [this.node, ...others.map(nodeOf)] });
  }

  or(...others: unknown[]): Expression {
    return new Expression({ kind: 'or', args: [this.node, ...others.map(nodeOf)] });
  }

  not(): Expression {
    return new Expression({ kind: 'not', arg: this.node });
  }

  isTrue(): Expression {
    return new Expression({ kind: 'is-truth', arg: this.node, truth: true, negated: false });
  }

  isFalse(): Expression {
    return new Expression({ kind: 'is-truth', arg: this.node, truth: false, negated: false });
  }

  // ---- moments ----

  plusInterval(interval: string): Expression {
    return new Expression({ kind: 'interval', arg: this.node, interval, negative: false });
  }

  minusInterval(interval: string): Expression {
    return new Expression({ kind: 'interval', arg: this.node, interval, negative: true });
  }

  extract(field: string): Expression {
    return new Expression({ kind: 'call', name: 'extract', args: [nodeOf(field), this.node] });
  }

  // ---- maps ----

  distanceTo(other: unknown): Expression {
    return this.#geo('st_distance', other);
  }

  near(other: unknown, within: { readonly metres: unknown }): Expression {
    return this.#geo('st_dwithin', other, nodeOf(within.metres));
  }

  within(area: unknown): Expression {
    return this.#geo('st_within', area);
  }

  contains(other: unknown): Expression {
    return this.#geo('st_contains', other);
  }

  intersects(other: unknown): Expression {
    return this.#geo('st_intersects', other);
  }

  #geo(name: string, other: unknown, ...rest: Node[]): Expression {
    return new Expression({ kind: 'call', name, args: [this.node, geoNode(other), ...rest] });
  }

  #call(name: string, ...others: unknown[]): Expression {
    return new Expression({ kind: 'call', name, args: [this.node, ...others.map(nodeOf)] });
  }
}

export class AggregateExpression extends Expression {
  constructor(override readonly node: AggregateNode) {
    super(node);
  }

  filter(condition: unknown): AggregateExpression {
    const also = nodeOf(condition);
    const { filter } = this.node;
    return new AggregateExpression({ ...this.node, filter: filter ? { kind: 'and', args: [filter, also] } : also });
  }

  distinct(): AggregateExpression {
    return new AggregateExpression({ ...this.node, distinct: true });
  }

  orderBy(...keys: unknown[]): AggregateExpression {
    return new AggregateExpression({ ...this.node, orderBy: [...this.node.orderBy, ...keys.map(orderState)] });
  }
}

export function aggregate(name: string, args: readonly Node[]): AggregateExpression {
  return new AggregateExpression({ kind: 'aggregate', name, args, distinct: false, filter: undefined, orderBy: [] });
}

/** A sort key: an expression ascends. */
export function orderState(key: unknown): OrderState {
  return key instanceof Ordering ? key.state : { node: nodeOf(key), desc: false, nulls: undefined };
}

/** What an operand means: an expression, a query's one value, or a constant. */
export function nodeOf(value: unknown): Node {
  if (value instanceof Expression) return value.node;
  if (value instanceof QueryHolder) return { kind: 'scalar', query: value.state };
  if (value === undefined) {
    throw new LightningError('INVALID_VALUE', 'an operand is undefined', { hint: 'use null for SQL NULL' });
  }
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new LightningError('INVALID_VALUE', `an operand cannot be a ${typeof value}`, {
      hint: 'pass a value, an expression or a query',
    });
  }
  return { kind: 'value', value };
}

/** An operand that a comparison can be true of. */
function notNull(value: unknown): Node {
  if (value !== null) return nodeOf(value);
  throw new LightningError('INVALID_ARGUMENT', 'nothing equals NULL, nor is less or greater', {
    hint: 'use isNull(), isNotNull() or isNotDistinctFrom(null)',
  });
}

/** `[lon, lat]` is a point. */
export function geoNode(value: unknown): Node {
  if (!Array.isArray(value)) return nodeOf(value);
  const [lon, lat] = value as unknown[];
  if (value.length !== 2) {
    throw new LightningError('INVALID_GEOMETRY', 'a position is [longitude, latitude]', { hint: 'or pass GeoJSON' });
  }
  return { kind: 'call', name: 'st_point', args: [nodeOf(lon), nodeOf(lat)] };
}

/** The expression with the type that its maker answers for. */
export function typed<E extends Typed<unknown>>(expression: Expression): E {
  return expression as unknown as E;
}

export function columnNode(name: string, table?: string): ColumnNode {
  return { kind: 'column', source: undefined, clause: undefined, table, name };
}
