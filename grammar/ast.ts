// The syntax tree: what the text says, before names and types mean anything. Every node is readonly, carries the span
// of its text, and belongs to a union whose `kind` tells the variants apart. Optional parts are present as `undefined`
// or as an empty array, so that nodes of one kind share one shape.

import type { Span } from './ast-expression.js';
import type { Statement } from './ast-statement.js';

export type * from './ast-expression.js';
export type * from './ast-query.js';
export type * from './ast-statement.js';

/**
 * Why a text is no statement of the language.
 * - `SYNTAX`: it is not well formed. `UNSUPPORTED`: a known construct that this dialect refuses, named in the message.
 * - `TOO_COMPLEX`: nested or chained beyond the stated bounds.
 *
 * `line` and `column` count from 1, columns in UTF-16 units.
 */
export interface Problem extends Span {
  readonly code: 'SYNTAX' | 'UNSUPPORTED' | 'TOO_COMPLEX';
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** What could have stood here, in human words, the likeliest first; few. */
  readonly expected?: readonly string[];
  /** What to do, in one sentence. */
  readonly hint?: string;
}

export type ParseResult =
  | { readonly ok: true; readonly statements: readonly Statement[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };
