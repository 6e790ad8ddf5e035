// Work that depends on values which seldom change (patterns, shapes, search queries): done again only when the value does.

import { LightningError } from '../../errors.js';
import type { Value } from '../../values/types.js';
import type { Preparation } from '../functions/contract.js';
import type { EvaluateCall, Overload } from '../functions/contract.js';
import type { Expr } from '../expression.js';
import { isConstant } from '../facts.js';
import { likeTest } from './like.js';
import type { TextTest } from './like.js';

/** A function of one value that keeps its last answer. */
export function remember<T>(make: (value: Value) => T): (value: Value) => T {
  let last: Value | undefined;
  let made: T | undefined;
  return (value) => {
    if (made === undefined || value !== last) {
      made = make(value);
      last = value;
    }
    return made;
  };
}

/** The matcher of a LIKE pattern, kept until pattern or escape change. */
export function rememberedLike(insensitive: boolean): (pattern: string, escape: string) => TextTest {
  let lastPattern: string | undefined;
  let lastEscape: string | undefined;
  let test: TextTest | undefined;
  return (pattern, escape) => {
    if (test === undefined || pattern !== lastPattern || escape !== lastEscape) {
      test = likeTest(pattern, escape, insensitive);
      lastPattern = pattern;
      lastEscape = escape;
    }
    return test;
  };
}

/** The preparation to use: the first whose argument is known before the rows. */
export function preparationFor(overload: Overload, args: readonly Expr[]): Preparation | undefined {
  if (!overload.strict) return undefined;
  return overload.prepare?.find((p) => isConstant(args[p.argument]!));
}

export function rememberedPreparation(preparation: Preparation): (value: Value) => EvaluateCall {
  return remember(preparation.make);
}

/** For a layout that lacks a column, or a sub-query where there can be none: a bug of the planner. */
export function missing(what: string): never {
  throw new LightningError('BUG', `expression cannot be evaluated here: ${what}`);
}
