// IN over values known before the rows: sets of keys in which membership is SQL's equality.

import type { Type, Value } from '../../values/types.js';
import { elementType } from '../../values/types.js';
import { distinctKey } from '../aggregates/distinct.js';

/** Three-valued membership of a value. */
export type Membership = (value: Value) => boolean | null;

type Key = ReturnType<typeof distinctKey>;

/**
 * The key under which a listed value is found by an argument of type `argument`; undefined when no such argument can equal it.
 * Integers beyond the safe range are bigints, reals never are.
 */
function keyFor(item: Value, argument: Type): Key | undefined {
  if (argument === 'real' && typeof item === 'bigint') {
    const near = Number(item);
    return BigInt(near) === item ? near : undefined;
  }
  if (argument === 'integer' && typeof item === 'number' && !Number.isSafeInteger(item)) {
    return Number.isInteger(item) ? BigInt(item) : undefined;
  }
  return distinctKey(item);
}

/**
 * Membership in a list. `items` NULL (an array parameter) gives NULL; an empty list contains nothing, not even NULL.
 * The argument's own key is itself unless it is a blob, a geometry or an array.
 */
export function membership(items: readonly Value[] | null, argument: Type): Membership {
  if (items === null) return () => null;
  if (items.length === 0) return () => false;
  const keys = new Set<Key>();
  let miss: false | null = false;
  for (const item of items) {
    if (item === null) miss = null;
    else {
      const key = keyFor(item, argument);
      if (key !== undefined) keys.add(key);
    }
  }
  if (isKeyed(argument)) return (value) => (value === null ? null : keys.has(distinctKey(value)) ? true : miss);
  return (value) => (value === null ? null : keys.has(value as Key) ? true : miss);
}

function isKeyed(type: Type): boolean {
  return type === 'blob' || type === 'point' || type === 'geometry' || elementType(type) !== undefined;
}

/** Membership remade only when the listed values change: between executions, not between rows. */
export function rememberedMembership(argument: Type): (items: readonly Value[] | null) => Membership {
  let last: readonly Value[] | null | undefined;
  let made: Membership | undefined;
  return (items) => {
    if (made === undefined || !sameItems(items, last)) {
      made = membership(items, argument);
      last = items;
    }
    return made;
  };
}

function sameItems(a: readonly Value[] | null, b: readonly Value[] | null | undefined): boolean {
  if (a === b) return true;
  if (a === null || b == null || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
