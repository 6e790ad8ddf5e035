// Arrays: made, read by position, searched, joined into a text, as PostgreSQL has it. They have one dimension, counted from 1; what
// lies outside is NULL.

import { formatValue } from '../../values/cast.js';
import { LightningError } from '../../errors.js';
import { compareMixed, equalValues } from '../../values/order.js';
import type { Type, Value } from '../../values/types.js';
import { elementType } from '../../values/types.js';
import type { EvaluateCall, FunctionEntry } from './contract.js';
import { byTypes, entry, strict, variadic } from './contract.js';
import type { Integer } from './integer.js';

/** The upper bound of a slice that has none. */
export const TO_THE_END = Number.MAX_SAFE_INTEGER;

function slice(items: readonly Value[], from: Integer, to: Integer): readonly Value[] {
  const first = Math.max(Number(from), 1);
  return items.slice(first - 1, Math.max(Number(to), first - 1));
}

/** An array has one dimension, an empty one none. */
function lengthOf(items: readonly Value[], dimension: Integer): number | null {
  return Number(dimension) === 1 && items.length > 0 ? items.length : null;
}

/** NULL is found, too. */
function positionOf([array, ...others]: readonly Type[]): EvaluateCall {
  const element = elementType(array!) ?? 'null';
  const numbers = element === 'integer' || element === 'real';
  const equal = (a: Value, b: Value) =>
    numbers ? compareMixed(a as Integer, b as Integer) === 0 : equalValues(a, b, element);
  return (items, wanted, start) => {
    if (items === null) return null;
    if (others.length > 1 && start === null) {
      throw new LightningError('INVALID_VALUE', 'the position where array_position begins must not be NULL');
    }
    const from = Math.max(Number(start ?? 1), 1);
    const at = (items as readonly Value[]).findIndex(
      (item, i) => i + 1 >= from && (item === null || wanted === null ? item === wanted : equal(item, wanted!)),
    );
    return at < 0 ? null : at + 1;
  };
}

function joined([array]: readonly Type[]): EvaluateCall {
  const element = elementType(array!) ?? 'null';
  // A truth value is printed by its letter here, as PostgreSQL prints it anywhere but in a cast.
  const textOf = (item: Value) => (element === 'boolean' ? (item === true ? 't' : 'f') : formatValue(item, element));
  return (items, separator, forNull = null) => {
    if (items === null || separator === null) return null;
    const shown = (items as readonly Value[]).filter((item) => item !== null || forNull !== null);
    return shown.map((item) => (item === null ? (forNull as string) : textOf(item))).join(separator as string);
  };
}

export const arrays: readonly FunctionEntry[] = [
  entry(
    'array',
    variadic(['same'], 'same', 'same[]', (...items) => items),
  ),
  entry(
    'array_element',
    strict(['array', 'integer'], 'element', (items, position) => items[Number(position) - 1] ?? null),
  ),
  entry('array_slice', strict(['array', 'integer', 'integer'], 'array', slice)),
  entry('array_length', strict(['array', 'integer'], 'integer', lengthOf)),
  entry(
    'cardinality',
    strict(['array'], 'integer', (items) => items.length),
  ),
  entry(
    'array_position',
    byTypes(['array', 'element'], undefined, 'integer', positionOf),
    byTypes(['array', 'element', 'integer'], undefined, 'integer', positionOf, { canRaise: true }),
  ),
  entry(
    'array_to_string',
    byTypes(['array', 'text'], undefined, 'text', joined),
    byTypes(['array', 'text', 'text'], undefined, 'text', joined),
  ),
];
