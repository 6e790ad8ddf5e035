// Variances and standard deviations, by the method of Youngs and Cramer: sums of squares are updated without the cancellation of
// sum(x^2) - sum(x)^2/n (E. Youngs, E. Cramer, "Some results relevant to choice of sum and sum-of-product algorithms", 1971).

import type { Value } from '../../values/types.js';
import type { Accumulator } from './accumulator.js';
import { Doubles, eachValue } from './per-group.js';

/** What is made of n values and their sum of squared deviations; `sample` divides by n - 1 and has no value for one. */
export function moments(sample: boolean, root: boolean): Accumulator {
  const counts = new Doubles();
  const sums = new Doubles();
  const squares = new Doubles();
  return eachValue({
    step(group, value) {
      if (value === null) return;
      const x = Number(value as number | bigint);
      const n = ++counts.upTo(group)[group]!;
      const sum = (sums.upTo(group)[group]! += x);
      const all = squares.upTo(group);
      if (n > 1) {
        const deviation = x * n - sum;
        all[group]! += (deviation * deviation) / (n * (n - 1));
      } else if (!Number.isFinite(x)) {
        all[group] = NaN;
      }
    },
    finish(group): Value {
      const n = counts.at(group);
      if (n === 0 || (sample && n === 1)) return null;
      const variance = squares.at(group) / (sample ? n - 1 : n);
      return root ? Math.sqrt(variance) : variance;
    },
    reset() {
      for (const part of [counts, sums, squares]) part.clear();
    },
  });
}
