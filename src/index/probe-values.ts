// Values of a probe in the type of the key. The two numeric types meet in comparisons: an integer key is asked for reals and the
// other way round, exactly, with no rounding of either side (as `compareMixed` orders them).

import type { Bound, ValueSet } from '../expr/constraint.js';
import type { ScalarType, Value } from '../values/types.js';

const MAX_INTEGER = 2n ** 63n - 1n;
const MIN_INTEGER = -(2n ** 63n);

/** The key value that equals it; undefined when none does. NULL equals nothing. */
export function asKey(value: Value, type: ScalarType): Value | undefined {
  if (value === null) return undefined;
  if (type === 'integer') {
    if (typeof value === 'bigint') return integerKey(value);
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    return Number.isInteger(value) ? integerKey(BigInt(value)) : undefined;
  }
  if (type === 'real' && typeof value === 'bigint') {
    const near = Number(value);
    return BigInt(near) === value ? near : undefined;
  }
  return value;
}

function integerKey(value: bigint): Value | undefined {
  if (value > MAX_INTEGER || value < MIN_INTEGER) return undefined;
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** The values of a set that a key can have; NULL stands for IS NULL only. May hold duplicates. */
export function keysOf(set: ValueSet<Value>, type: ScalarType): Value[] {
  if (set.kind === 'null') return [null];
  const listed = listOf(set);
  const keys: Value[] = [];
  for (const value of listed ?? []) {
    const key = asKey(value, type);
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

/** The members as they were listed; undefined for an array that is NULL. */
export function listOf(set: Exclude<ValueSet<Value>, { kind: 'null' }>): readonly Value[] | undefined {
  if (set.kind === 'values') return set.values;
  return set.array === null ? undefined : (set.array as readonly Value[]);
}

/** A bound that no key satisfies. */
export type KeyBound = Bound<Value> | 'nothing' | undefined;

/** The bound in the key's type: `undefined` when every key satisfies it, 'nothing' when none does (a NULL bound among them). */
export function boundOf(bound: Bound<Value> | undefined, side: 'low' | 'high', type: ScalarType): KeyBound {
  if (bound === undefined) return undefined;
  const { value } = bound;
  if (value === null) return 'nothing';
  if (type === 'integer' && typeof value === 'number' && !Number.isSafeInteger(value)) {
    return integerBound(value, bound.inclusive, side);
  }
  if (type === 'integer' && typeof value === 'bigint') return within(value, bound.inclusive, side);
  if (type === 'real' && typeof value === 'bigint') {
    const near = Number(value);
    const exact = BigInt(near);
    if (exact === value) return { value: near, inclusive: bound.inclusive };
    // `near` is the double next to the bound, above it or below.
    return { value: near, inclusive: exact > value === (side === 'low') };
  }
  return bound;
}

function integerBound(value: number, inclusive: boolean, side: 'low' | 'high'): KeyBound {
  // NaN is above every integer.
  if (Number.isNaN(value) || value === Infinity) return side === 'low' ? 'nothing' : undefined;
  if (value === -Infinity) return side === 'low' ? undefined : 'nothing';
  if (Number.isInteger(value)) return within(BigInt(value), inclusive, side);
  return { value: (side === 'low' ? Math.ceil(value) : Math.floor(value)) + 0, inclusive: true };
}

function within(value: bigint, inclusive: boolean, side: 'low' | 'high'): KeyBound {
  if (value > MAX_INTEGER) return side === 'low' ? 'nothing' : undefined;
  if (value < MIN_INTEGER) return side === 'low' ? undefined : 'nothing';
  const near = Number(value);
  return { value: Number.isSafeInteger(near) ? near : value, inclusive };
}
