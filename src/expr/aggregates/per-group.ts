// What accumulators are made of: a step for one group with the loops around it, and flat arrays of numbers, grown by doubling.

import { invariant } from '../../errors.js';
import type { Value } from '../../values/types.js';
import type { Accumulator, InPlace } from './accumulator.js';

type Step = (group: number, value: Value, second: Value) => void;

/** The loops around a step for one group. */
export function eachValue(parts: {
  readonly step: Step;
  readonly finish: (group: number) => Value;
  readonly reset: () => void;
  readonly inPlace?: Omit<InPlace, 'step'>;
}): Accumulator {
  const { step, inPlace } = parts;
  return {
    ...(inPlace && { inPlace: { ...inPlace, step: (group, value) => step(group, value, null) } }),
    addBatch(groups, args, count) {
      const values = args[0];
      invariant(values !== undefined, 'an aggregate over values has an argument');
      const second = args[1];
      if (second === undefined) for (let i = 0; i < count; i++) step(groups[i]!, values[i]!, null);
      else for (let i = 0; i < count; i++) step(groups[i]!, values[i]!, second[i]!);
    },
    add(group, args) {
      step(group, args[0] ?? null, args[1] ?? null);
    },
    finish: parts.finish,
    reset: parts.reset,
  };
}

/** Doubles per group, zero at first. */
export class Doubles {
  array = new Float64Array(16);

  grow(group: number): Float64Array {
    let size = this.array.length;
    while (size <= group) size *= 2;
    const grown = new Float64Array(size);
    grown.set(this.array);
    this.array = grown;
    return grown;
  }

  /** The array, long enough for `group`. */
  upTo(group: number): Float64Array {
    return group < this.array.length ? this.array : this.grow(group);
  }

  at(group: number): number {
    return group < this.array.length ? this.array[group]! : 0;
  }

  clear(): void {
    this.array = new Float64Array(16);
  }
}
