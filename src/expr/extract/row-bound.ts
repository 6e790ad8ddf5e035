// Comparisons of rows, `(a, b) > (x, y)`, which stand in a predicate as `a > x OR (a = x AND b > y)`: where an ordered index begins or ends
// to have rows that satisfy it. Written by hand, in any order, and with a direction for each column, they are understood as well.

import type { Condition, Constraint, RowPart } from '../constraint.js';
import type { Expr } from '../expression.js';
import { equalExprs } from '../key.js';

type Terms = readonly Constraint[];

const known = new WeakMap<Condition, Constraint | { readonly none: true }>();

/** What an OR implies of the row of its columns; one object for each condition. */
export function rowBoundOf(condition: Condition): Constraint | undefined {
  if (condition.kind !== 'or') return undefined;
  let found = known.get(condition);
  if (found === undefined) {
    const parts = partsOf(condition.args.map(termsOf));
    const first = parts[0];
    found = first === undefined ? { none: true } : { kind: 'beyond', parts, expr: first.expr, exact: false };
    known.set(condition, found);
  }
  return 'none' in found ? undefined : found;
}

/** The constraints that an arm implies. */
function termsOf(arm: Condition): Terms {
  if (arm.kind === 'constraint') return [arm.constraint];
  return arm.kind === 'and' ? arm.args.flatMap((arg) => (arg.kind === 'constraint' ? [arg.constraint] : [])) : [];
}

/** Parts of which each arm has the first above (or below) its value, or equal to it and the rest so of the others. */
function partsOf(arms: readonly Terms[]): readonly RowPart[] {
  const [first] = arms;
  for (const term of first ?? []) {
    for (const above of [true, false]) {
      const value = boundIn(term, above) ?? onlyValue(term);
      if (value === undefined) continue;
      const part: RowPart = { expr: term.expr, value, above };
      const equal = arms.filter((arm) => !arm.some((other) => lies(other, part)));
      if (equal.length === arms.length || !equal.every((arm) => arm.some((other) => equals(other, part)))) continue;
      return equal.length === 0 ? [part] : [part, ...partsOf(equal)];
    }
  }
  return [];
}

function lies(term: Constraint, { expr, value, above }: RowPart): boolean {
  const bound = boundIn(term, above);
  return bound !== undefined && equalExprs(bound, value) && equalExprs(term.expr, expr);
}

function equals(term: Constraint, { expr, value }: RowPart): boolean {
  const only = onlyValue(term);
  return only !== undefined && equalExprs(only, value) && equalExprs(term.expr, expr);
}

function boundIn(term: Constraint, above: boolean): Expr | undefined {
  if (term.kind !== 'range') return undefined;
  return above ? term.low?.value : term.high?.value;
}

function onlyValue(term: Constraint): Expr | undefined {
  return term.kind === 'set' && term.set.kind === 'values' && term.set.values.length === 1
    ? term.set.values[0]
    : undefined;
}
