// What one calibration of a cost constant is, and the clock that all of them use.

import type { CostModel } from '../../src/optimize/cost.js';
import { median } from '../measure.js';

export interface Calibration {
  readonly constant: keyof CostModel;
  /** What is done, for the reader of the table. */
  readonly how: string;
  /** Nanoseconds of one unit. */
  measure(): number;
}

/** Processor time of this process, in milliseconds: what others do on the machine does not count, garbage collection does. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds that a measurement takes at least, so that the clock's steps do not matter. */
const LEAST = 20;

/** Median nanoseconds of `fn` after a warm-up, divided by its operations. */
export function clock(operations: number, fn: () => unknown, rounds = 7): number {
  const begin = processorTime();
  for (let i = 0; i < 3; i++) fn();
  const calls = Math.max(1, Math.ceil(LEAST / Math.max(0.01, (processorTime() - begin) / 3)));
  const times = Array.from({ length: rounds }, () => {
    const start = processorTime();
    for (let i = 0; i < calls; i++) fn();
    return processorTime() - start;
  });
  return (median(times) * 1e6) / operations / calls;
}

/** The slope between two sizes: what a unit costs beyond what any call costs. */
export function slope(small: number, large: number, fn: (size: number) => unknown): number {
  return Math.max(0, (clock(1, () => fn(large)) - clock(1, () => fn(small))) / (large - small));
}
