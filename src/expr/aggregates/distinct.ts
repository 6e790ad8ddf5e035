// DISTINCT around any accumulator: a row is passed on when its group has not had these arguments before.
// Assumes that equal values have equal keys (`distinctKey`), which for all but reals and blobs is JavaScript's own equality.

import { geometryText } from '../../values/geojson.js';
import type { Geometry, Type, Value } from '../../values/types.js';
import type { Accumulator } from './accumulator.js';

/** @param types of what is compared: the last so many of a row's values, of which the first `taken` are passed on */
export function distinctAccumulator(inner: Accumulator, types: readonly Type[], taken: number): Accumulator {
  let seen: Set<unknown>[] = [];
  const single = types.length === 1;
  const isNewTo = (group: number, row: readonly Value[]): boolean => {
    while (seen.length <= group) seen.push(new Set());
    const held = seen[group]!;
    const key = single ? distinctKey(row.at(-1)!) : compositeKey(row.slice(-types.length));
    if (held.has(key)) return false;
    held.add(key);
    return true;
  };
  const pass = (group: number, row: readonly Value[]): void => {
    if (isNewTo(group, row)) inner.add(group, row.length === taken ? row : row.slice(0, taken));
  };
  return {
    addBatch(groups, args, count) {
      const row: Value[] = [];
      for (let i = 0; i < count; i++) {
        for (let a = 0; a < args.length; a++) row[a] = args[a]![i]!;
        pass(groups[i]!, row);
      }
    },
    add: pass,
    finish: (group) => inner.finish(group),
    reset() {
      seen = [];
      inner.reset();
    },
  };
}

/** A primitive that a Set tells apart as SQL tells values of one type apart: -0 is 0, NaN is itself. */
export function distinctKey(value: Value): string | number | bigint | boolean | null {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1');
  if (Array.isArray(value)) return compositeKey(value as readonly Value[]);
  return geometryText(value as Geometry);
}

/** One text for several values; NULL and 'null' stay apart. */
function compositeKey(values: readonly Value[]): string {
  return JSON.stringify(values.map((value) => `${typeof value} ${String(distinctKey(value))}`));
}
