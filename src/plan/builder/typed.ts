// The types of expressions as an application sees them: `TypedExpr<T>` is an expression whose values are T in a result, and has the
// operations that T allows. Only types live here; `expression.ts` is what they describe.

import type { Geometry, ScalarType } from '../../values/types.js';
import type { QueryHolder } from './node.js';

/** What a column may hold when its type is not stated. */
export type ResultValue = null | number | bigint | string | boolean | Date | Uint8Array | object;

export type ResultRow = Record<string, ResultValue>;

declare const valueType: unique symbol;

/** An expression with values of T. The member exists for the type checker alone. */
export interface Typed<out T> {
  readonly [valueType]: T;
}

/** The values of an expression. */
export type ValueOf<E> = E extends Typed<infer T> ? T : never;

/** A predicate: true, false or unknown (NULL). */
export type Condition = Typed<boolean | null>;

/** What may be written where a T is compared: integers are `number` or `bigint`, moments `Date` or ISO text. NULL has tests of its own. */
export type Scalar<T> = T extends null
  ? never
  : T extends number | bigint
    ? number | bigint
    : T extends Date
      ? Date | string
      : T;

type Loose<T> = T extends null ? never : T extends string ? string : Scalar<T>;

/** A value, or an expression or one-column query that has such values. */
export type Operand<T> = Scalar<T> | Typed<Loose<T> | null>;

/** `null` when T may be. */
export type NullIn<T> = Extract<T, null>;

type NullOf<O> = O extends Typed<infer T> ? NullIn<T> : never;

/** GeoJSON, a position `[lon, lat]`, or an expression with geometries. */
export type GeoOperand = readonly [lon: number, lat: number] | Geometry | Typed<Geometry | object | null>;

type Has<T, K> = [Extract<T, K>] extends [never] ? false : true;

type Fitting<T> = (Has<T, string> extends true ? TextOperations<T> : unknown) &
  (Has<T, number | bigint> extends true ? NumberOperations<T> : unknown) &
  (Has<T, boolean> extends true ? BooleanOperations : unknown) &
  (Has<T, Date | string> extends true ? MomentOperations<T> : unknown) &
  ([Exclude<Extract<T, object>, Date | Uint8Array>] extends [never] ? unknown : GeometryOperations<T>);

export type TypedExpr<T> = Operations<T> & Fitting<T>;

/** An aggregate: it can be restricted to some rows, or to distinct values. */
export type AggregateExpr<T> = TypedExpr<T> & {
  /** Only the rows for which the condition holds: `count().filter(p.population.gt(1000))`. */
  filter(condition: Condition): TypedExpr<T>;
  /** Each value once. */
  distinct(): AggregateExpr<T>;
  /** The order in which the rows are taken: `stringAgg(p.name, ', ').orderBy(p.population.desc())`. */
  orderBy(...keys: (OrderKey | Typed<unknown>)[]): AggregateExpr<T>;
};

/** A sort key. */
export interface OrderKey {
  readonly nullsFirst: () => OrderKey;
  readonly nullsLast: () => OrderKey;
}

/** The operations that every expression has. */
export interface Operations<T> extends Typed<T> {
  eq(other: Operand<T>): TypedExpr<boolean | null>;
  ne(other: Operand<T>): TypedExpr<boolean | null>;
  lt(other: Operand<T>): TypedExpr<boolean | null>;
  le(other: Operand<T>): TypedExpr<boolean | null>;
  gt(other: Operand<T>): TypedExpr<boolean | null>;
  ge(other: Operand<T>): TypedExpr<boolean | null>;
  /** Both bounds belong to it. */
  between(low: Operand<T>, high: Operand<T>): TypedExpr<boolean | null>;
  notBetween(low: Operand<T>, high: Operand<T>): TypedExpr<boolean | null>;
  /** One of the values, of an array parameter, or of a one-column query's rows. Nothing is in an empty list. */
  in(values: readonly Operand<T>[] | Typed<readonly unknown[] | null> | QueryHolder): TypedExpr<boolean | null>;
  notIn(values: readonly Operand<T>[] | Typed<readonly unknown[] | null> | QueryHolder): TypedExpr<boolean | null>;
  isNull(): TypedExpr<boolean>;
  isNotNull(): TypedExpr<boolean>;
  /** As `ne`, but NULL is a value like others: never unknown. */
  isDistinctFrom(other: Operand<T> | null): TypedExpr<boolean>;
  isNotDistinctFrom(other: Operand<T> | null): TypedExpr<boolean>;
  /** The first that is not NULL. */
  coalesce<O extends Operand<T>>(...others: [O, ...O[]]): TypedExpr<NonNullable<T> | NullOf<O>>;
  /** NULL where it equals the other. */
  nullIf(other: Operand<T>): TypedExpr<T | null>;
  cast<S extends ScalarType>(type: S): TypedExpr<TypeScriptOf<S> | NullIn<T>>;
  asc(): OrderKey;
  desc(): OrderKey;
  /** How many rows have a value here that is not NULL. */
  count(): AggregateExpr<number>;
  countDistinct(): AggregateExpr<number>;
  min(): AggregateExpr<T | null>;
  max(): AggregateExpr<T | null>;
}

/** What an application gets of each type of the language. */
export interface TypeScriptTypes {
  integer: number | bigint;
  real: number;
  text: string;
  boolean: boolean;
  timestamp: Date;
  date: string;
  blob: Uint8Array;
  json: ResultValue;
  point: Geometry;
  geometry: Geometry;
}

export type TypeScriptOf<S extends ScalarType> = TypeScriptTypes[S];

export interface TextOperations<T> {
  /** `%` for any text, `_` for one character, `\` (or `escape`) before either for itself. */
  like(pattern: Operand<string>, escape?: Operand<string>): TypedExpr<boolean | null>;
  notLike(pattern: Operand<string>, escape?: Operand<string>): TypedExpr<boolean | null>;
  /** Without regard to case. */
  ilike(pattern: Operand<string>, escape?: Operand<string>): TypedExpr<boolean | null>;
  notIlike(pattern: Operand<string>, escape?: Operand<string>): TypedExpr<boolean | null>;
  /** The same text, compared, sorted and grouped by its lower-case form, or by code point whatever its column says. */
  collate(collation: 'nocase' | 'binary'): TypedExpr<T>;
  lower(): TypedExpr<string | NullIn<T>>;
  upper(): TypedExpr<string | NullIn<T>>;
  trim(): TypedExpr<string | NullIn<T>>;
  /** In characters (code points). */
  length(): TypedExpr<number | NullIn<T>>;
  /** `count` characters from the one at `from`, counted from 1. */
  substring(from: Operand<number>, count?: Operand<number>): TypedExpr<string | NullIn<T>>;
  /** As `||`: NULL when any part is. */
  concat<const O extends readonly Operand<string>[]>(...others: O): TypedExpr<string | NullIn<T> | NullOf<O[number]>>;
  /** A full-text query over this column, which needs a full-text index. */
  matches(query: Operand<string>): TypedExpr<boolean | null>;
}

export interface NumberOperations<T> {
  plus<O extends Operand<number>>(other: O): TypedExpr<number | NullIn<T> | NullOf<O>>;
  minus<O extends Operand<number>>(other: O): TypedExpr<number | NullIn<T> | NullOf<O>>;
  times<O extends Operand<number>>(other: O): TypedExpr<number | NullIn<T> | NullOf<O>>;
  /** Of two integers the integer quotient, as in PostgreSQL. */
  dividedBy<O extends Operand<number>>(other: O): TypedExpr<number | NullIn<T> | NullOf<O>>;
  modulo<O extends Operand<number>>(other: O): TypedExpr<number | NullIn<T> | NullOf<O>>;
  negated(): TypedExpr<number | NullIn<T>>;
  abs(): TypedExpr<number | NullIn<T>>;
  /** NULL without rows. */
  sum(): AggregateExpr<Extract<T, number | bigint> | null>;
  avg(): AggregateExpr<number | null>;
  /** Of a sample (divided by n - 1): NULL for fewer than two values. */
  stddev(): AggregateExpr<number | null>;
  variance(): AggregateExpr<number | null>;
}

export interface BooleanOperations {
  and(...others: Condition[]): TypedExpr<boolean | null>;
  or(...others: Condition[]): TypedExpr<boolean | null>;
  not(): TypedExpr<boolean | null>;
  isTrue(): TypedExpr<boolean>;
  isFalse(): TypedExpr<boolean>;
}

export interface MomentOperations<T> {
  /** `'90 days'`, `'1 month'`. Gives a TIMESTAMP. */
  plusInterval(interval: string): TypedExpr<Date | NullIn<T>>;
  minusInterval(interval: string): TypedExpr<Date | NullIn<T>>;
  /** A field such as `'year'`. */
  extract(field: string): TypedExpr<number | NullIn<T>>;
}

export interface GeometryOperations<T> {
  /** Metres on the sphere. */
  distanceTo(other: GeoOperand): TypedExpr<number | NullIn<T>>;
  /** Whether it is at most so many metres away. */
  near(other: GeoOperand, within: { readonly metres: Operand<number> }): TypedExpr<boolean | null>;
  within(area: GeoOperand): TypedExpr<boolean | null>;
  contains(other: GeoOperand): TypedExpr<boolean | null>;
  intersects(other: GeoOperand): TypedExpr<boolean | null>;
}

/** The columns of a table as a callback gets them. */
export type Columns<Row> = { readonly [K in keyof Row]-?: TypedExpr<Row[K]> };

/** The row that a select list makes. */
export type RowOf<Items> = { -readonly [K in keyof Items]: ValueOf<Items[K]> };

/** Rows of a table that an outer join may leave without a partner. */
export type Nullable<Row> = { [K in keyof Row]: Row[K] | null };

/** Members of B replace those of A. */
export type Merge<A, B> = { [K in keyof A | keyof B]: K extends keyof B ? B[K] : K extends keyof A ? A[K] : never };
