// Times contestants side by side: answers are compared first, then rounds are interleaved, and medians are set against each other.
// On a shared machine only the ratios mean something.

import { isDeepStrictEqual } from 'node:util';

export interface Contestant {
  readonly name: string;
  /** One measured call; its result, or what it is a promise of, is the answer that is compared. */
  run(): unknown;
  /** Not timed, before every call: what must not count. */
  before?(): void;
  /** Milliseconds of the last call where the clock of this process does not tell them. */
  elapsed?(): number;
}

/** The same work for all contestants; the first one is what the others are compared with. */
export interface Contest {
  readonly name: string;
  /** What one operation is: 'read', 'row', 'query'. */
  readonly unit: string;
  /** Operations in one call. */
  readonly operations: number;
  readonly contestants: readonly Contestant[];
  /** The ratios to the first that are aimed at, second over first, third over first, ...; below 1: so much slower it may be. */
  readonly bar?: number | readonly (number | undefined)[];
  /** The ratio that must not be passed, for contestants that are no rivals. */
  readonly most?: number;
  /** Default: deep equality. */
  readonly same?: (a: unknown, b: unknown) => boolean;
  /** Default: 7, fewer when they take long. */
  readonly rounds?: number;
}

export interface Measured {
  readonly contest: Contest;
  /** Median nanoseconds of an operation, by contestant. */
  readonly nanoseconds: readonly number[];
  /** Why there are no figures. */
  readonly refused?: string;
}

/** Milliseconds after which no further round begins. */
const ENOUGH = 4_000;
const LEAST_ROUNDS = 3;
const ROUNDS = 7;

export async function measure(contest: Contest): Promise<Measured> {
  const { contestants, operations, rounds, same = isDeepStrictEqual } = contest;
  const answers: unknown[] = [];
  for (const contestant of contestants) {
    contestant.before?.();
    answers.push(await contestant.run());
  }
  answers.forEach((answer, i) => {
    if (i > 0 && !same(answers[0], answer)) {
      const shown = [answers[0], answer].map((each) => JSON.stringify(each)?.slice(0, 200));
      throw new Error(
        `${contest.name}: ${contestants[0]!.name} answers ${shown[0]}, ${contestants[i]!.name} ${shown[1]}`,
      );
    }
  });
  const calls: number[] = [];
  for (const contestant of contestants) calls.push(await callsOf(contestant));
  const times = contestants.map((): number[] => []);
  const begin = performance.now();
  for (let round = 0; round < (rounds ?? ROUNDS); round++) {
    if (rounds === undefined && round >= LEAST_ROUNDS && performance.now() - begin > ENOUGH) break;
    for (const [i, contestant] of contestants.entries()) {
      contestant.before?.();
      const start = performance.now();
      for (let n = calls[i]!; n > 0; n--) {
        const answer = contestant.run();
        if (answer instanceof Promise) await answer;
      }
      const passed = (performance.now() - start) / calls[i]!;
      times[i]!.push(contestant.elapsed?.() ?? passed);
    }
  }
  return { contest, nanoseconds: times.map((each) => (median(each) * 1e6) / operations) };
}

/** Milliseconds for which a contestant runs before it is timed: compilers and caches of both sides are to be warm. */
const WARM = 150;
/** Milliseconds that a round takes at least: short calls are repeated, so that the clock is fine enough. */
const ROUND = 15;

async function callsOf(contestant: Contestant): Promise<number> {
  if (contestant.before !== undefined || contestant.elapsed !== undefined) return 1;
  const start = performance.now();
  let passed: number;
  do {
    const begin = performance.now();
    await contestant.run();
    passed = performance.now() - begin;
  } while (performance.now() - start < WARM);
  return Math.max(1, Math.min(2_000, Math.ceil(ROUND / Math.max(0.001, passed))));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `1.23 us`, `45 ms`. */
export function time(nanoseconds: number): string {
  if (!Number.isFinite(nanoseconds)) return '-';
  const [value, unit] =
    nanoseconds < 1e3
      ? [nanoseconds, 'ns']
      : nanoseconds < 1e6
        ? [nanoseconds / 1e3, 'us']
        : nanoseconds < 1e9
          ? [nanoseconds / 1e6, 'ms']
          : [nanoseconds / 1e9, 's'];
  return `${value.toPrecision(3).replace(/\.?0+e/, 'e')} ${unit}`;
}

/** `12.3K`, `4.56M` a second. */
export function rate(nanoseconds: number): string {
  const perSecond = 1e9 / nanoseconds;
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toPrecision(3)}M/s`;
  if (perSecond >= 1e3) return `${(perSecond / 1e3).toPrecision(3)}K/s`;
  return `${perSecond.toPrecision(3)}/s`;
}
