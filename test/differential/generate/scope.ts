// What an expression may read, and where it may ask further queries.

import type { Kind, Scalar } from '../dialect.js';
import type { Node } from '../node.js';
import type { Query } from '../query.js';
import type { Column } from '../schema.js';

/** A column that can be read, as `alias.name`. */
export interface Visible {
  readonly alias: string;
  readonly name: string;
  readonly kind: Kind;
  readonly pool: readonly Scalar[];
  readonly arithmetic: boolean;
  readonly ascii: boolean;
}

export type Use = 'in' | 'exists' | 'scalar';

export interface Scope {
  readonly columns: readonly Visible[];
  /** Aliases of tables with search columns, and what their indexes allow. */
  readonly search: readonly { readonly alias: string; readonly match: boolean }[];
  /** Predicates and expressions that indexes are made of, over one alias. */
  readonly favourites: readonly { readonly alias: string; readonly node: (alias: string) => Node }[];
  /** Makes a sub-query with this output, correlated or not; undefined where there may be none. */
  readonly subquery: ((kind: Kind, scope: Scope, use: Use) => Query) | undefined;
}

export const KINDS: readonly Kind[] = ['integer', 'real', 'text', 'boolean', 'date', 'timestamp'];

export function plainScope(columns: readonly Visible[]): Scope {
  return { columns, search: [], favourites: [], subquery: undefined };
}

export function visible(alias: string, column: Column): Visible {
  return { alias, ...column };
}

export function read(column: Visible): Node {
  const { alias, name, kind, pool } = column;
  return { kind, kids: [], column: true, pool, write: () => `${alias}.${name}` };
}
