// What a query built in code consists of before names are resolved: plain data, made by the expression and query objects, read by `lower`.
// Columns are identified by the source they were taken from, so that a query inside a query cannot capture its columns by name.

import type { Collation } from '../../catalog/definitions.js';
import type { CompareOperator } from '../../expr/expression.js';
import type { ScalarType } from '../../values/types.js';
import type { Hints } from '../logical.js';

/** An expression whose names and types are open. */
export type Node =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'parameter'; readonly name: string }
  | ColumnNode
  /** A column of the select list, by its name. */
  | { readonly kind: 'output'; readonly name: string }
  | { readonly kind: 'compare'; readonly operator: CompareOperator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'distinct'; readonly left: Node; readonly right: Node; readonly negated: boolean }
  | { readonly kind: 'and' | 'or'; readonly args: readonly Node[] }
  | { readonly kind: 'not'; readonly arg: Node }
  | { readonly kind: 'is-null'; readonly arg: Node; readonly negated: boolean }
  | { readonly kind: 'is-truth'; readonly arg: Node; readonly truth: boolean; readonly negated: boolean }
  | { readonly kind: 'in-list'; readonly arg: Node; readonly items: readonly Node[]; readonly negated: boolean }
  | { readonly kind: 'in-array'; readonly arg: Node; readonly array: Node; readonly negated: boolean }
  | { readonly kind: 'in-query'; readonly arg: Node; readonly query: QueryState; readonly negated: boolean }
  | {
      readonly kind: 'like';
      readonly arg: Node;
      readonly pattern: Node;
      /** Undefined: a backslash. */
      readonly escape: Node | undefined;
      readonly insensitive: boolean;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly when: Node; readonly then: Node }[];
      readonly otherwise: Node | undefined;
    }
  | { readonly kind: 'cast'; readonly arg: Node; readonly type: ScalarType }
  | { readonly kind: 'collate'; readonly arg: Node; readonly collation: Collation }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'interval'; readonly arg: Node; readonly interval: string; readonly negative: boolean }
  | AggregateNode
  | { readonly kind: 'match'; readonly target: ColumnNode; readonly query: Node }
  | { readonly kind: 'score' }
  | {
      readonly kind: 'excerpt';
      readonly name: 'highlight' | 'snippet';
      readonly text: Node;
      readonly args: readonly Node[];
    }
  | { readonly kind: 'exists' | 'scalar'; readonly query: QueryState }
  /** Values that are compared as one. */
  | { readonly kind: 'row'; readonly items: readonly Node[] }
  /** The right side of a comparison: some or all rows, or elements of an array. */
  | { readonly kind: 'quantifier'; readonly quantifier: 'any' | 'all'; readonly of: QueryState | Node }
  /** What one callback gave: `clause` marks the columns that were handed to it. */
  | { readonly kind: 'clause'; readonly clause: object; readonly node: Node };

export interface ColumnNode {
  readonly kind: 'column';
  /** Undefined: found by name, as in text. */
  readonly source: Source | undefined;
  /** The callback it was handed to. */
  readonly clause: object | undefined;
  /** Alias, for a column found by name. */
  readonly table: string | undefined;
  readonly name: string;
}

export interface AggregateNode {
  readonly kind: 'aggregate';
  /** Of the language, or of an aggregate that the application registered. */
  readonly name: string;
  readonly args: readonly Node[];
  readonly distinct: boolean;
  readonly filter: Node | undefined;
  readonly orderBy: readonly OrderState[];
}

/** A relation of FROM. Its identity is the object's. */
export type Source =
  | { readonly kind: 'table'; readonly name: string; readonly alias: string }
  | { readonly kind: 'query'; readonly query: QueryState; readonly alias: string }
  /** Rows written out, their values in the order of the names. */
  | {
      readonly kind: 'rows';
      readonly names: readonly string[];
      readonly rows: readonly (readonly Node[])[];
      readonly alias: string;
    };

export type JoinType = 'inner' | 'left' | 'right' | 'full';

export interface JoinState {
  readonly type: JoinType;
  readonly source: Source;
  /** Undefined: every row with every row. */
  readonly on: Node | undefined;
}

export type ItemState =
  { readonly kind: 'star' } | { readonly kind: 'item'; readonly name: string; readonly node: Node };

export interface OrderState {
  readonly node: Node;
  readonly desc: boolean;
  /** Undefined: as PostgreSQL, NULLs are greatest. */
  readonly nulls: 'first' | 'last' | undefined;
}

/** What stands behind a whole query. */
export interface Tail {
  readonly order: readonly OrderState[];
  readonly limit: Node | undefined;
  readonly offset: Node | undefined;
  readonly hints: Hints;
}

export interface SelectState extends Tail {
  readonly kind: 'select';
  /** Undefined: one row without columns. */
  readonly from: Source | undefined;
  readonly joins: readonly JoinState[];
  /** All must hold. */
  readonly where: readonly Node[];
  /** Conjuncts of `where` that read this column alone are left out: a facet's own restriction. */
  readonly without: ColumnNode | undefined;
  readonly groups: readonly Node[];
  readonly having: readonly Node[];
  readonly items: readonly ItemState[];
  readonly distinct: boolean;
  /** Empty: each row once. */
  readonly distinctOn: readonly Node[];
}

export interface SetState extends Tail {
  readonly kind: 'set';
  readonly operation: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: QueryState;
  readonly right: QueryState;
}

export type QueryState = SelectState | SetState;

export const EMPTY_TAIL: Tail = { order: [], limit: undefined, offset: undefined, hints: {} };

export function selectFrom(source: Source | undefined): SelectState {
  return {
    ...EMPTY_TAIL,
    kind: 'select',
    from: source,
    joins: [],
    where: [],
    without: undefined,
    groups: [],
    having: [],
    items: [{ kind: 'star' }],
    distinct: false,
    distinctOn: [],
  };
}

/** A query object, as seen by expressions that hold it as a sub-query. */
export abstract class QueryHolder {
  /** @internal */
  abstract readonly state: QueryState;
}

/** The names of the parameters, in order of first appearance. */
export function parameterNames(state: QueryState): string[] {
  const names = new Set<string>();
  const seen = new Set<object>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node === null || typeof node !== 'object') return;
    const { kind, name } = node as { readonly kind?: unknown; readonly name?: string };
    if (kind === 'value' || seen.has(node)) return;
    if (kind === 'column') return;
    seen.add(node);
    if (kind === 'parameter' && name !== undefined) names.add(name);
    else Object.values(node).forEach(visit);
  };
  visit(state);
  return [...names];
}
