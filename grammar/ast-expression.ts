// Expressions of the syntax tree, and what all nodes share: see `ast.ts`.

import type { OrderItem, Query } from './ast-query.js';

/** A stretch of the text: `offset` from 0 and `length`, in UTF-16 units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** An identifier. Unquoted text is folded to lower case, quoted text is kept. */
export interface Name extends Span {
  readonly text: string;
  readonly quoted: boolean;
}

/**
 * A type as written: lower-case words joined by one space (`integer`, `double precision`, `timestamp with time zone`),
 * arguments (`varchar(20)`, `decimal(10, 2)`) and whether `[]` follows. The binder decides what the name means.
 */
export interface TypeName extends Span {
  readonly name: string;
  readonly args: readonly number[];
  readonly array: boolean;
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | BlobLiteral
  | BooleanLiteral
  | NullLiteral
  | TypedLiteral
  | IntervalLiteral
  | Parameter
  | ColumnRef
  | Unary
  | Not
  | And
  | Or
  | Binary
  | Compare
  | Quantified
  | IsTest
  | DistinctFrom
  | Between
  | InList
  | InQuery
  | InArray
  | Like
  | Case
  | Cast
  | Collate
  | Call
  | Exists
  | ScalarQuery
  | RowValue
  | ArrayValue
  | Subscript
  | Slice;

/** `text` is exact, as written. `value` of an integer is a bigint beyond the safe range; `1.0` and `1e3` are no integers. */
export interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly text: string;
  readonly value: number | bigint;
  readonly integer: boolean;
}

export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}

/** `x'AB12'`. */
export interface BlobLiteral extends Span {
  readonly kind: 'blob';
  readonly value: Uint8Array;
}

export interface BooleanLiteral extends Span {
  readonly kind: 'boolean';
  readonly value: boolean;
}

export interface NullLiteral extends Span {
  readonly kind: 'null';
}

/** `DATE '2020-01-01'`, `TIMESTAMP '...'`: a type and the text to be read as that type. */
export interface TypedLiteral extends Span {
  readonly kind: 'typed-literal';
  readonly type: TypeName;
  readonly value: string;
}

/** `INTERVAL '90' DAY` or `INTERVAL '90 days'`; `unit` in lower case (`day`, `year to month`). */
export interface IntervalLiteral extends Span {
  readonly kind: 'interval';
  readonly value: string;
  readonly unit: string | undefined;
}

/**
 * `?` (style `question`; `index` counts them from 1 within the statement), `$1` (`number`; its index from 1) or `$name`
 * (`name`; index 0). `name` is case-sensitive and '' for the other styles.
 */
export interface Parameter extends Span {
  readonly kind: 'parameter';
  readonly style: 'question' | 'number' | 'name';
  readonly index: number;
  readonly name: string;
}

/** `name` or `table.name`. */
export interface ColumnRef extends Span {
  readonly kind: 'column';
  readonly table: Name | undefined;
  readonly name: Name;
}

/** Sign. `-5` is a sign before the literal 5, but for the literal 9223372036854775808, which only fits when negated. */
export interface Unary extends Span {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly operand: Expr;
}

export interface Not extends Span {
  readonly kind: 'not';
  readonly operand: Expr;
}

/** Two or more operands; a chain `a AND b AND c` is one node. */
export interface And extends Span {
  readonly kind: 'and';
  readonly operands: readonly Expr[];
}

/** Two or more operands; a chain `a OR b OR c` is one node. */
export interface Or extends Span {
  readonly kind: 'or';
  readonly operands: readonly Expr[];
}

export type BinaryOperator =
  '+' | '-' | '*' | '/' | '%' | '^' | '||' | '->' | '->>' | '#>' | '#>>' | '#-' | '@>' | '<@';

/** Left-associative. `operatorOffset` points at the operator's own text. */
export interface Binary extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorOffset: number;
  readonly left: Expr;
  readonly right: Expr;
}

/** `!=` is read as `<>`. */
export type CompareOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface Compare extends Span {
  readonly kind: 'compare';
  readonly operator: CompareOperator;
  readonly operatorOffset: number;
  readonly left: Expr;
  readonly right: Expr;
}

/** `left op ANY (right)`, `left op ALL (right)`; SOME is ANY. `right` is a query or an expression that gives an array. */
export interface Quantified extends Span {
  readonly kind: 'quantified';
  readonly operator: CompareOperator;
  readonly operatorOffset: number;
  readonly quantifier: 'any' | 'all';
  readonly left: Expr;
  readonly right: Expr | Query;
}

/** `operand IS [NOT] NULL | TRUE | FALSE | UNKNOWN`. */
export interface IsTest extends Span {
  readonly kind: 'is';
  readonly test: 'null' | 'true' | 'false' | 'unknown';
  readonly operand: Expr;
  readonly negated: boolean;
}

/** `left IS [NOT] DISTINCT FROM right`; `negated` is the NOT. */
export interface DistinctFrom extends Span {
  readonly kind: 'distinct-from';
  readonly left: Expr;
  readonly right: Expr;
  readonly negated: boolean;
}

export interface Between extends Span {
  readonly kind: 'between';
  readonly operand: Expr;
  readonly low: Expr;
  readonly high: Expr;
  readonly symmetric: boolean;
  readonly negated: boolean;
}

/** `operand [NOT] IN (a, b, ...)`; one item at least. */
export interface InList extends Span {
  readonly kind: 'in-list';
  readonly operand: Expr;
  readonly items: readonly Expr[];
  readonly negated: boolean;
}

/** `operand [NOT] IN (SELECT ...)`. */
export interface InQuery extends Span {
  readonly kind: 'in-query';
  readonly operand: Expr;
  readonly query: Query;
  readonly negated: boolean;
}

/** `operand [NOT] IN $list`: one parameter, without parentheses, that binds an array. */
export interface InArray extends Span {
  readonly kind: 'in-array';
  readonly operand: Expr;
  readonly array: Parameter;
  readonly negated: boolean;
}

/** `operand [NOT] LIKE | ILIKE pattern [ESCAPE escape]`; `insensitive` is ILIKE. */
export interface Like extends Span {
  readonly kind: 'like';
  readonly operand: Expr;
  readonly pattern: Expr;
  readonly escape: Expr | undefined;
  readonly insensitive: boolean;
  readonly negated: boolean;
}

/** `CASE [subject] WHEN .. THEN .. [ELSE ..] END`. */
export interface Case extends Span {
  readonly kind: 'case';
  readonly subject: Expr | undefined;
  readonly branches: readonly CaseBranch[];
  readonly otherwise: Expr | undefined;
}

export interface CaseBranch extends Span {
  readonly when: Expr;
  readonly then: Expr;
}

/** `CAST(operand AS type)` and `operand::type`. */
export interface Cast extends Span {
  readonly kind: 'cast';
  readonly operand: Expr;
  readonly type: TypeName;
}

/** `operand COLLATE collation`. */
export interface Collate extends Span {
  readonly kind: 'collate';
  readonly operand: Expr;
  readonly collation: Name;
}

/**
 * A function or aggregate. Special forms become plain calls: `extract(field FROM x)` is `extract('field', x)`,
 * `substring(x FROM a FOR b)` is `substring(x, a, b)` (FOR alone: `substring(x, 1, b)`), `position(a IN b)` is
 * `position(a, b)`, `trim(BOTH | LEADING | TRAILING c FROM x)` is `btrim | ltrim | rtrim(x [, c])`.
 * `CURRENT_DATE`, `CURRENT_TIMESTAMP` and `LOCALTIMESTAMP` are calls without arguments.
 */
export interface Call extends Span {
  readonly kind: 'call';
  readonly name: Name;
  readonly args: readonly Expr[];
  /** `count(*)`: no arguments. */
  readonly star: boolean;
  /** `DISTINCT` before the arguments; `ALL` is the default and leaves no trace. */
  readonly distinct: boolean;
  /** `string_agg(x, ',' ORDER BY y)`. */
  readonly orderBy: readonly OrderItem[];
  /** `FILTER (WHERE ...)`. */
  readonly filter: Expr | undefined;
}

export interface Exists extends Span {
  readonly kind: 'exists';
  readonly query: Query;
}

/** A parenthesised query used as a value. */
export interface ScalarQuery extends Span {
  readonly kind: 'scalar-query';
  readonly query: Query;
}

/** `ARRAY[a, b]`; one item at least. */
export interface ArrayValue extends Span {
  readonly kind: 'array';
  readonly items: readonly Expr[];
}

/** `a[2]`, `document['name']`. */
export interface Subscript extends Span {
  readonly kind: 'subscript';
  readonly operand: Expr;
  readonly index: Expr;
}

/** `a[1:2]`; either bound may be left out. */
export interface Slice extends Span {
  readonly kind: 'slice';
  readonly operand: Expr;
  readonly from: Expr | undefined;
  readonly to: Expr | undefined;
}

/** `(a, b)` or `ROW(a, b)`; two items at least without the word ROW. */
export interface RowValue extends Span {
  readonly kind: 'row';
  readonly items: readonly Expr[];
}
