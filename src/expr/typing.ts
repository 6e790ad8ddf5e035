// Which types stand together: implicit casts, common types, comparable types. PostgreSQL's rules over the dialect's types.
// `unknown` is what the binder calls a string literal or an untyped parameter whose type its place decides.

import { canCast } from '../values/cast.js';
import type { ScalarType, Type } from '../values/types.js';
import { elementType } from '../values/types.js';

export type ArgumentType = Type | 'unknown';

/** Whether a value of `from` may stand where `to` is asked, without a word of the user: never loses meaning. */
export function implicitlyCasts(from: ArgumentType, to: Type): boolean {
  return from === 'unknown' || canCast(from, to) === 'implicit';
}

/**
 * The one type that all can take implicitly (CASE, COALESCE, IN, UNION, VALUES), or undefined. NULLs and unknowns yield to the rest;
 * alone, unknowns are text.
 *
 * @example commonType(['integer', 'null', 'real']) // 'real'
 */
export function commonType(types: readonly ArgumentType[]): Type | undefined {
  let common: Type | undefined;
  let unknown = false;
  for (const type of types) {
    if (type === 'unknown') unknown = true;
    else if (type === 'null') continue;
    else if (common === undefined || implicitlyCasts(common, type)) common = type;
    else if (!implicitlyCasts(type, common)) return undefined;
  }
  return common ?? (unknown ? 'text' : 'null');
}

/**
 * The casts which make two sides comparable, undefined for a side that stays as it is; integer and real compare as they are.
 * Undefined as a whole when they cannot be compared.
 */
export function comparisonCasts(
  left: ArgumentType,
  right: ArgumentType,
): { readonly left: Type | undefined; readonly right: Type | undefined } | undefined {
  if (isNumeric(left) && isNumeric(right)) return { left: undefined, right: undefined };
  const common = commonType([left, right]);
  if (common === undefined) return undefined;
  return { left: left === common ? undefined : common, right: right === common ? undefined : common };
}

export function isNumeric(type: ArgumentType): type is 'integer' | 'real' {
  return type === 'integer' || type === 'real';
}

export function isArray(type: ArgumentType): type is `${ScalarType}[]` {
  return type !== 'unknown' && elementType(type) !== undefined;
}
