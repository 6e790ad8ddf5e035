// Arithmetic on estimates. An estimate always satisfies 0 <= lo <= est <= hi.

import type { Estimate } from '../../catalog/statistics.js';

export function estimate(lo: number, est: number, hi: number, source: string): Estimate {
  const middle = Math.max(0, est);
  return { lo: Math.max(0, Math.min(lo, middle)), est: middle, hi: Math.max(hi, middle), source };
}

export function exactly(rows: number, source = 'exact'): Estimate {
  return { lo: rows, est: rows, hi: rows, source };
}

/** So close, as a factor, are the bounds of an estimate that other guesses cannot better it. */
const CLOSE = 4;

export function isClose({ lo, hi }: { readonly lo: number; readonly hi: number }): boolean {
  return hi <= CLOSE * lo || hi === lo;
}

export const NOTHING: Estimate = exactly(0);

/** The lower of two in each part: what is true of both. The source is that of the lower guess. */
export function atMost(a: Estimate, b: Estimate): Estimate {
  const source = a.est <= b.est ? a.source : b.source;
  return { lo: Math.min(a.lo, b.lo), est: Math.min(a.est, b.est), hi: Math.min(a.hi, b.hi), source };
}

export function plus(a: Estimate, b: Estimate): Estimate {
  return { lo: a.lo + b.lo, est: a.est + b.est, hi: a.hi + b.hi, source: a.source === b.source ? a.source : 'sum' };
}

/** Scaled by a fraction, or a factor, that is itself uncertain. */
export function times(a: Estimate, lo: number, est: number, hi: number, source: string): Estimate {
  return estimate(a.lo * lo, a.est * est, a.hi * hi, source);
}

/** No more than `rows`, known at best as `guess` (LIMIT). */
export function capped(a: Estimate, rows: number): Estimate {
  if (a.hi <= rows) return a;
  return { lo: Math.min(a.lo, rows), est: Math.min(a.est, rows), hi: Math.min(a.hi, rows), source: a.source };
}
