// One accumulator per aggregate and argument type. Each keeps flat arrays, grown by doubling.

import { LightningError, invariant } from '../../errors.js';
import { comparator } from '../../values/order.js';
import type { Value } from '../../values/types.js';
import type { Aggregate } from '../expression.js';
import { typeOf } from '../expression.js';
import { toInteger } from '../functions/integer.js';
import type { UserFunctions } from '../user-functions.js';
import { requireAggregate } from '../user-functions.js';
import type { Accumulator, InPlace } from './accumulator.js';
import { gatherArray, gatherJson, gatherMembers } from './gather.js';
import { moments } from './moments.js';
import { Doubles, eachValue } from './per-group.js';
import { userAccumulator } from './user.js';

/** The accumulator of an aggregate over all its rows; DISTINCT is laid around it. */
export function createState(of: Aggregate, functions: UserFunctions | undefined): Accumulator {
  const type = of.args[0] === undefined ? undefined : typeOf(of.args[0]);
  switch (of.name) {
    case 'count':
      return type === undefined ? countRows() : countValues();
    case 'sum':
      return type === 'integer' ? sumIntegers() : sumReals();
    case 'avg':
      return type === 'integer' ? averageIntegers() : averageReals();
    case 'min':
    case 'max':
      invariant(type !== undefined, `${of.name} has an argument`);
      return of.keys === undefined
        ? extreme(comparator(type), of.name === 'min' ? -1 : 1)
        : extremeByKey(comparator(typeOf(of.keys[0]!)), comparator(type), of.name === 'min' ? -1 : 1);
    case 'string_agg':
      return joinTexts();
    case 'array_agg':
      return gatherArray();
    case 'json_agg':
      invariant(type !== undefined, 'json_agg has an argument');
      return gatherJson(type);
    case 'json_object_agg':
      return gatherMembers(typeOf(of.args[0]!), typeOf(of.args[1]!));
    case 'stddev_pop':
      return moments(false, true);
    case 'stddev_samp':
      return moments(true, true);
    case 'var_pop':
      return moments(false, false);
    case 'var_samp':
      return moments(true, false);
    case 'user':
      return userAccumulator(requireAggregate(of.user ?? '', functions));
    case 'bool_and':
      return truth(false);
    case 'bool_or':
      return truth(true);
  }
}

function countRows(): Accumulator {
  const counts = new Doubles();
  return {
    addBatch(groups, _args, count) {
      for (let i = 0; i < count; i++) {
        const group = groups[i]!;
        counts.upTo(group)[group]!++;
      }
    },
    add(group) {
      counts.upTo(group)[group]!++;
    },
    finish: (group) => counts.at(group),
    reset: () => counts.clear(),
    inPlace: {
      kind: 'counts',
      arrays: (groups) => ({ counts: counts.upTo(groups) }),
      step(group) {
        counts.upTo(group)[group]!++;
      },
    },
  };
}

function countValues(): Accumulator {
  const counts = new Doubles();
  return eachValue({
    step(group, value) {
      if (value !== null) counts.upTo(group)[group]!++;
    },
    finish: (group) => counts.at(group),
    reset: () => counts.clear(),
    inPlace: { kind: 'counts', arrays: (groups) => ({ counts: counts.upTo(groups) }) },
  });
}

/**
 * Exact sums of integers: a double while the running sum is safe (then nothing was rounded), the overflow of it in a bigint.
 */
class ExactSums {
  readonly small = new Doubles();
  readonly counts = new Doubles();
  large = new Map<number, bigint>();

  step(group: number, value: Value): void {
    if (value === null) return;
    const small = this.small.upTo(group);
    this.counts.upTo(group)[group]!++;
    if (typeof value === 'number') {
      const sum = small[group]! + value;
      if (sum <= Number.MAX_SAFE_INTEGER && sum >= Number.MIN_SAFE_INTEGER) {
        small[group] = sum;
        return;
      }
    }
    this.large.set(group, (this.large.get(group) ?? 0n) + BigInt(small[group]!) + BigInt(value as number | bigint));
    small[group] = 0;
  }

  get inPlace(): Omit<InPlace, 'step'> {
    return {
      kind: 'integers',
      arrays: (groups) => ({ counts: this.counts.upTo(groups), sums: this.small.upTo(groups) }),
    };
  }

  total(group: number): bigint {
    return (this.large.get(group) ?? 0n) + BigInt(this.small.at(group));
  }

  clear(): void {
    this.small.clear();
    this.counts.clear();
    this.large = new Map();
  }
}

function sumIntegers(): Accumulator {
  const sums = new ExactSums();
  return eachValue({
    step: (group, value) => sums.step(group, value),
    finish(group) {
      if (sums.counts.at(group) === 0) return null;
      return sums.large.has(group) ? toInteger(sums.total(group)) : sums.small.at(group) + 0;
    },
    reset: () => sums.clear(),
    inPlace: sums.inPlace,
  });
}

/** The exact sum divided once. */
function averageIntegers(): Accumulator {
  const sums = new ExactSums();
  return eachValue({
    step: (group, value) => sums.step(group, value),
    finish(group) {
      const count = sums.counts.at(group);
      if (count === 0) return null;
      return sums.large.has(group) ? divideExactly(sums.total(group), count) : sums.small.at(group) / count;
    },
    reset: () => sums.clear(),
    inPlace: sums.inPlace,
  });
}

/** A big total over a count: whole part and remainder apart, so that digits are lost only in the last rounding. */
function divideExactly(total: bigint, count: number): number {
  const divisor = BigInt(count);
  return Number(total / divisor) + Number(total % divisor) / count;
}

class RealSums {
  readonly sums = new Doubles();
  readonly counts = new Doubles();
  /** Groups that have had an infinity, whose infinite sum is no overflow. */
  infinite = new Set<number>();

  step(group: number, value: Value): void {
    if (value === null) return;
    this.sums.upTo(group)[group]! += value as number;
    this.counts.upTo(group)[group]!++;
    if (value === Infinity || value === -Infinity) this.infinite.add(group);
  }

  get inPlace(): Omit<InPlace, 'step'> {
    return { kind: 'reals', arrays: (groups) => ({ counts: this.counts.upTo(groups), sums: this.sums.upTo(groups) }) };
  }

  total(group: number): number {
    const sum = this.sums.at(group);
    if ((sum === Infinity || sum === -Infinity) && !this.infinite.has(group)) {
      throw new LightningError('OUT_OF_RANGE', 'value out of range: overflow');
    }
    return sum;
  }

  clear(): void {
    this.sums.clear();
    this.counts.clear();
    this.infinite = new Set();
  }
}

function sumReals(): Accumulator {
  const sums = new RealSums();
  return eachValue({
    step: (group, value) => sums.step(group, value),
    finish: (group) => (sums.counts.at(group) === 0 ? null : sums.total(group)),
    reset: () => sums.clear(),
    inPlace: sums.inPlace,
  });
}

function averageReals(): Accumulator {
  const sums = new RealSums();
  return eachValue({
    step: (group, value) => sums.step(group, value),
    finish: (group) => (sums.counts.at(group) === 0 ? null : sums.total(group) / sums.counts.at(group)),
    reset: () => sums.clear(),
    inPlace: sums.inPlace,
  });
}

/** The value that comes first (-1) or last (1) in order. */
function extreme(compare: (a: Value, b: Value) => number, sign: -1 | 1): Accumulator {
  let best: Value[] = [];
  return eachValue({
    step(group, value) {
      if (value === null) return;
      while (best.length <= group) best.push(null);
      const held = best[group]!;
      if (held === null || compare(value, held) * sign > 0) best[group] = value;
    },
    finish: (group) => best[group] ?? null,
    reset: () => {
      best = [];
    },
    inPlace: {
      kind: 'extreme',
      sign,
      arrays(groups) {
        while (best.length <= groups) best.push(null);
        return { held: best };
      },
    },
  });
}

/** The value whose key comes first (-1) or last (1) in order; of those with equal keys, the value that does. */
function extremeByKey(
  compareKeys: (a: Value, b: Value) => number,
  compare: (a: Value, b: Value) => number,
  sign: -1 | 1,
): Accumulator {
  let best: ({ readonly value: Value; readonly key: Value } | undefined)[] = [];
  return eachValue({
    step(group, value, key) {
      if (value === null) return;
      while (best.length <= group) best.push(undefined);
      const held = best[group];
      if (held === undefined || (compareKeys(key, held.key) || compare(value, held.value)) * sign > 0) {
        best[group] = { value, key };
      }
    },
    finish: (group) => best[group]?.value ?? null,
    reset: () => {
      best = [];
    },
  });
}

/** Each text after the first is preceded by its own row's separator. */
function joinTexts(): Accumulator {
  let texts: (string | null)[] = [];
  return eachValue({
    step(group, value, separator) {
      if (value === null) return;
      while (texts.length <= group) texts.push(null);
      const held = texts[group]!;
      texts[group] =
        held === null ? (value as string) : held + ((separator as string | null) ?? '') + (value as string);
    },
    finish: (group) => texts[group] ?? null,
    reset: () => {
      texts = [];
    },
  });
}

/** `decisive` once seen decides: true for bool_or, false for bool_and. */
function truth(decisive: boolean): Accumulator {
  let held: (boolean | null)[] = [];
  return eachValue({
    step(group, value) {
      if (value === null) return;
      while (held.length <= group) held.push(null);
      if (held[group] !== decisive) held[group] = value as boolean;
    },
    finish: (group) => held[group] ?? null,
    reset: () => {
      held = [];
    },
  });
}
