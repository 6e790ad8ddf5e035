// Functions that choose among their arguments. `coalesce` is lazy: the compilers evaluate its arguments in turn.

import { compareBytes } from '../../values/bytes.js';
import { compareBoolean, compareGeometry, compareMixed, compareText } from '../../values/order.js';
import type { Geometry, Value } from '../../values/types.js';
import type { FunctionEntry } from './contract.js';
import { entry, lenient, variadic } from './contract.js';
import { lowerCase } from './text.js';

/** The total order over two non-null values of one type, found from the values themselves. */
export function compareAlike(a: Value, b: Value): number {
  switch (typeof a) {
    case 'string':
      return compareText(a, b as string);
    case 'boolean':
      return compareBoolean(a, b as boolean);
    case 'number':
    case 'bigint':
      return compareMixed(a, b as number | bigint);
    default:
      if (a instanceof Uint8Array) return compareBytes(a, b as Uint8Array);
      if (Array.isArray(a)) return compareArrays(a as readonly Value[], b as readonly Value[]);
      return compareGeometry(a as Geometry, b as Geometry);
  }
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a[i]!;
    const y = b[i]!;
    const c = x === null ? (y === null ? 0 : 1) : y === null ? -1 : compareAlike(x, y);
    if (c !== 0) return c;
  }
  return a.length - b.length;
}

/** The first or last in order among the arguments that are not NULL. */
function extreme(sign: 1 | -1, compare = compareAlike): (...args: Value[]) => Value {
  return (...args) => {
    let best: Value = null;
    for (const arg of args) {
      if (arg !== null && (best === null || sign * compare(arg, best) > 0)) best = arg;
    }
    return best;
  };
}

/** Texts by their lower-case forms, and those with equal ones by code point. */
function compareNocase(a: Value, b: Value): number {
  const [x, y] = [a as string, b as string];
  return compareText(lowerCase(x), lowerCase(y)) || compareText(x, y);
}

export const conditional: readonly FunctionEntry[] = [
  entry('coalesce', {
    ...variadic(['same'], 'same', 'same', (...args) => args.find((arg) => arg !== null) ?? null),
    lazy: true,
  }),
  entry(
    'nullif',
    lenient(['same', 'same'], 'same', (a, b) => (a !== null && b !== null && compareAlike(a, b) === 0 ? null : a)),
  ),
  entry('greatest', variadic(['same'], 'same', 'same', extreme(1))),
  entry('least', variadic(['same'], 'same', 'same', extreme(-1))),
  entry('greatest_nocase', variadic(['text'], 'text', 'text', extreme(1, compareNocase))),
  entry('least_nocase', variadic(['text'], 'text', 'text', extreme(-1, compareNocase))),
];
