// Which constraints a list of keys can answer, as one probe: sets on leading keys, then a range or prefix on the next one.

import type { IndexDef, IndexKey } from '../catalog/definitions.js';
import type { Probe } from '../catalog/offer.js';
import type { Bound, Constraint, RowPart, ValueSet } from '../expr/constraint.js';
import { equalExprs } from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import { Selectivity } from './estimates.js';

/** Listed members of a product of sets, at most: beyond it the later keys are left to the recheck. */
const MOST_TUPLES = 10_000;

export type KeysProbe = Extract<Probe<Expr>, { kind: 'keys' }>;

export interface KeyMatch {
  readonly probe: KeysProbe;
  /** Positions of the constraints that the probe says in full. */
  readonly serves: readonly number[];
  /** Share of the entries. */
  readonly share: number;
  /** Ranges of keys to visit. */
  readonly tuples: number;
  /** Keys that have a set. */
  readonly sets: number;
  readonly source: string;
}

/**
 * The longest probe; undefined when no leading key is constrained.
 * @param ordered whether ranges and prefixes are possible
 * @param from the first key to be constrained
 */
export function matchKeys(
  index: IndexDef,
  constraints: readonly Constraint[],
  selectivity: Selectivity,
  ordered: boolean,
  from = 0,
): KeyMatch | undefined {
  const sets: ValueSet<Expr>[] = [];
  const serves: number[] = [];
  let share = 1;
  let tuples = 1;
  let at = from;
  for (; at < index.keys.length; at++) {
    const position = smallestSet(index, at, constraints);
    const constraint = constraints[position];
    if (constraint?.kind !== 'set') break;
    const members = Selectivity.members(constraint.set);
    if (tuples * members > MOST_TUPLES && at > from) break;
    sets.push(constraint.set);
    serves.push(position);
    share *= selectivity.set(at, constraint.set);
    tuples *= members;
  }
  let range: KeysProbe['range'];
  let prefix: Expr | undefined;
  const key = index.keys[at];
  if (ordered && key !== undefined) {
    const found = rangeOn(key.expr, key.type === 'text', constraints);
    if (found !== undefined) {
      ({ range, prefix } = found);
      serves.push(...found.serves);
      share *= range === undefined ? selectivity.prefix() : selectivity.range(at, range.low, range.high);
    }
  }
  const beyond = ordered ? beyondOf(index, at, constraints) : undefined;
  if (beyond !== undefined) {
    serves.push(...beyond.serves);
    if (range === undefined && prefix === undefined) share *= selectivity.range(at, beyond.low, beyond.high);
  }
  if (serves.length === 0) return undefined;
  const probe: KeysProbe = { kind: 'keys', sets, range, prefix, beyond: beyond?.probe };
  return { probe, serves, share, tuples, sets: sets.length, source: selectivity.source(from) };
}

/** Where in the order of the keys from `at` on the comparisons of rows begin and end. */
function beyondOf(index: IndexDef, at: number, constraints: readonly Constraint[]) {
  let after: readonly RowPart[] | undefined;
  let before: readonly RowPart[] | undefined;
  const serves: number[] = [];
  constraints.forEach((constraint, position) => {
    if (constraint.kind !== 'beyond') return;
    const [first] = constraint.parts;
    const side = sideOf(first, index.keys[at]);
    if (side === undefined || (side ? after : before) !== undefined) return;
    const end = constraint.parts.findIndex((part, i) => sideOf(part, index.keys[at + i]) !== side);
    const parts = end === -1 ? constraint.parts : constraint.parts.slice(0, end);
    if (side) after = parts;
    else before = parts;
    serves.push(position);
  });
  if (serves.length === 0) return undefined;
  const values = (parts: readonly RowPart[] | undefined) => parts?.map((part) => part.value);
  const bound = (above: boolean): Bound<Expr> | undefined => {
    const part = [after, before].find((parts) => parts?.[0]?.above === above)?.[0];
    return part && { value: part.value, inclusive: true };
  };
  return { probe: { after: values(after), before: values(before) }, low: bound(true), high: bound(false), serves };
}

/** Whether a part of a row lies after its value (true) or before it in the order of a key; undefined when it is of another key. */
function sideOf(part: RowPart | undefined, key: IndexKey | undefined): boolean | undefined {
  if (part === undefined || key === undefined || !equalExprs(part.expr, key.expr)) return undefined;
  return part.above !== key.desc;
}

function smallestSet(index: IndexDef, at: number, constraints: readonly Constraint[]): number {
  const key = index.keys[at];
  let best = -1;
  let fewest = Infinity;
  constraints.forEach((constraint, i) => {
    if (constraint.kind !== 'set' || key === undefined || !equalExprs(constraint.expr, key.expr)) return;
    const members = Selectivity.members(constraint.set);
    if (members >= fewest) return;
    best = i;
    fewest = members;
  });
  return best;
}

/** IS NOT NULL is the range without bounds: ranges never hold NULL. */
function rangeOn(
  expr: Expr,
  text: boolean,
  constraints: readonly Constraint[],
): { range: KeysProbe['range']; prefix: Expr | undefined; serves: number[] } | undefined {
  let low = -1;
  let high = -1;
  let both = -1;
  let present = -1;
  let prefix = -1;
  constraints.forEach((constraint, i) => {
    if (!equalExprs(constraint.expr, expr)) return;
    if (constraint.kind === 'prefix' && text) prefix = i;
    else if (constraint.kind === 'not-set' && constraint.set.kind === 'null') present = i;
    else if (constraint.kind === 'range') {
      if (constraint.low !== undefined && constraint.high !== undefined) both = i;
      else if (constraint.low !== undefined) low = i;
      else if (constraint.high !== undefined) high = i;
    }
  });
  const also = present === -1 ? [] : [present];
  const prefixed = constraints[prefix];
  if (prefixed?.kind === 'prefix') return { range: undefined, prefix: prefixed.prefix, serves: [prefix, ...also] };
  const whole = constraints[both];
  if (whole?.kind === 'range') {
    return { range: { low: whole.low, high: whole.high }, prefix: undefined, serves: [both, ...also] };
  }
  const lower = constraints[low];
  const upper = constraints[high];
  if (low === -1 && high === -1 && present === -1) return undefined;
  return {
    range: {
      low: lower?.kind === 'range' ? lower.low : undefined,
      high: upper?.kind === 'range' ? upper.high : undefined,
    },
    prefix: undefined,
    serves: [low, high, present].filter((i) => i !== -1),
  };
}
