// Comparisons with more than one value at once: rows of values, and the rows of a query or elements of an array (`any`, `all`).

import { LightningError } from '../../errors.js';
import type { CompareOperator } from '../../expr/expression.js';
import { Expression, nodeOf, typed } from './expression.js';
import type { Node } from './node.js';
import { QueryHolder } from './node.js';
import type { QueryOf } from './query.js';
import type { Typed, TypedExpr } from './typed.js';

/** What a row is compared with: another row, its values, or a query with as many columns and at most one row. */
export type RowOperand = RowExpr | readonly unknown[] | QueryHolder;

/** Several values compared as one, from the left: `row(t.year, t.month).lt([2024, 5])`. */
export interface RowExpr {
  eq(other: RowOperand): TypedExpr<boolean | null>;
  ne(other: RowOperand): TypedExpr<boolean | null>;
  lt(other: RowOperand): TypedExpr<boolean | null>;
  le(other: RowOperand): TypedExpr<boolean | null>;
  gt(other: RowOperand): TypedExpr<boolean | null>;
  ge(other: RowOperand): TypedExpr<boolean | null>;
  /** One of the rows, listed or of a query with as many columns. */
  in(rows: readonly RowOperand[] | QueryHolder): TypedExpr<boolean | null>;
  notIn(rows: readonly RowOperand[] | QueryHolder): TypedExpr<boolean | null>;
  /** Whether all its values are NULL; `isNotNull`: whether none is. */
  isNull(): TypedExpr<boolean>;
  isNotNull(): TypedExpr<boolean>;
  isDistinctFrom(other: RowOperand): TypedExpr<boolean>;
  isNotDistinctFrom(other: RowOperand): TypedExpr<boolean>;
}

class Row implements RowExpr {
  constructor(readonly node: Node) {}

  readonly eq = (other: unknown) => this.#compare('=', other);
  readonly ne = (other: unknown) => this.#compare('<>', other);
  readonly lt = (other: unknown) => this.#compare('<', other);
  readonly le = (other: unknown) => this.#compare('<=', other);
  readonly gt = (other: unknown) => this.#compare('>', other);
  readonly ge = (other: unknown) => this.#compare('>=', other);
  readonly in = (rows: unknown) => this.#in(rows, false);
  readonly notIn = (rows: unknown) => this.#in(rows, true);
  readonly isNull = () => made<boolean>({ kind: 'is-null', arg: this.node, negated: false });
  readonly isNotNull = () => made<boolean>({ kind: 'is-null', arg: this.node, negated: true });
  readonly isDistinctFrom = (other: unknown) => this.#distinct(other, false);
  readonly isNotDistinctFrom = (other: unknown) => this.#distinct(other, true);

  #compare(operator: CompareOperator, other: unknown): TypedExpr<boolean | null> {
    return made({ kind: 'compare', operator, left: this.node, right: rowNode(other) });
  }

  #distinct(other: unknown, negated: boolean): TypedExpr<boolean> {
    return made({ kind: 'distinct', left: this.node, right: rowNode(other), negated });
  }

  #in(rows: unknown, negated: boolean): TypedExpr<boolean | null> {
    const arg = this.node;
    if (rows instanceof QueryHolder) return made({ kind: 'in-query', arg, query: rows.state, negated });
    if (Array.isArray(rows)) return made({ kind: 'in-list', arg, items: rows.map(rowNode), negated });
    throw new LightningError('INVALID_ARGUMENT', 'in() of a row takes an array of rows or a query', {
      hint: 'write row(t.a, t.b).in([[1, 2], [3, 4]])',
    });
  }
}

function made<T>(node: Node): TypedExpr<T> {
  return typed(new Expression(node));
}

function rowNode(value: unknown): Node {
  if (value instanceof Row) return value.node;
  return Array.isArray(value) ? { kind: 'row', items: value.map(nodeOf) } : nodeOf(value);
}

/** Values compared as one: `row(t.kind, t.country).in([['town', 'FR'], ['city', 'DE']])`. */
export function row(first: unknown, second: unknown, ...more: unknown[]): RowExpr {
  return new Row({ kind: 'row', items: [first, second, ...more].map(nodeOf) });
}

/**
 * Some row of a one-column query, or element of an array parameter, as the right side of a comparison: `t.price.lt(any(query))`. False
 * when there is none.
 */
export function any<Row>(rows: QueryOf<Row>): Typed<Row[keyof Row] | null>;
export function any<T>(array: Typed<readonly T[] | null>): Typed<T | null>;
export function any(of: QueryHolder | Typed<unknown>): Typed<unknown> {
  return quantified('any', of);
}

/** Every row, or element: `t.price.le(all(query))`. True when there is none. */
export function all<Row>(rows: QueryOf<Row>): Typed<Row[keyof Row] | null>;
export function all<T>(array: Typed<readonly T[] | null>): Typed<T | null>;
export function all(of: QueryHolder | Typed<unknown>): Typed<unknown> {
  return quantified('all', of);
}

function quantified(quantifier: 'any' | 'all', of: unknown): Typed<unknown> {
  return typed(
    new Expression({ kind: 'quantifier', quantifier, of: of instanceof QueryHolder ? of.state : nodeOf(of) }),
  );
}
