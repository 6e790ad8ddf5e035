// INTERVAL literals. There is no interval type: the binder turns `x + INTERVAL '90' DAY` into `add_interval(x, months, days, ms)`.

import { DAY_MS } from './calendar.js';

export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly milliseconds: number;
}

type Unit = readonly [part: keyof Interval, factor: number];

const units: Readonly<Record<string, Unit>> = {
  millisecond: ['milliseconds', 1],
  second: ['milliseconds', 1000],
  minute: ['milliseconds', 60_000],
  hour: ['milliseconds', 3_600_000],
  day: ['days', 1],
  week: ['days', 7],
  month: ['months', 1],
  year: ['months', 12],
  decade: ['months', 120],
  century: ['months', 1200],
  millennium: ['months', 12_000],
};

const shorts: Readonly<Record<string, string>> = {
  ms: 'millisecond',
  msec: 'millisecond',
  s: 'second',
  sec: 'second',
  m: 'minute',
  min: 'minute',
  h: 'hour',
  hr: 'hour',
  d: 'day',
  w: 'week',
  mon: 'month',
  y: 'year',
  yr: 'year',
  centuries: 'century',
  millennia: 'millennium',
};

function unitOf(word: string): Unit | undefined {
  const name = word.toLowerCase();
  for (const candidate of [name, shorts[name], name.replace(/s$/, ''), shorts[name.replace(/s$/, '')]]) {
    if (candidate !== undefined && Object.hasOwn(units, candidate)) return units[candidate];
  }
  return undefined;
}

/**
 * Reads `'90'` with the unit `day`, or `'1 year 2 months -3 days 04:05:06.7 ago'` without one. Undefined when it is not an interval,
 * or when a part of it is finer than a millisecond.
 *
 * @example parseInterval('90', 'day') // {months: 0, days: 90, milliseconds: 0}
 */
export function parseInterval(value: string, unit: string | undefined): Interval | undefined {
  const total = { months: 0, days: 0, milliseconds: 0 };
  const words = value
    .trim()
    .replace(/^@\s*/, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const ago = words.at(-1)?.toLowerCase() === 'ago';
  if (ago) words.pop();
  if (words.length === 0) return undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const clock = /^([+-]?)(\d+):(\d\d?)(?::(\d\d?(?:\.\d+)?))?$/.exec(word);
    if (clock !== null) {
      const ms = Number(clock[2]) * 3_600_000 + Number(clock[3]) * 60_000 + Math.round(Number(clock[4] ?? 0) * 1000);
      total.milliseconds += clock[1] === '-' ? -ms : ms;
      continue;
    }
    const number = /^([+-]?\d+(?:\.\d+)?|[+-]?\.\d+)([a-z]*)$/i.exec(word);
    if (number === null) return undefined;
    const last = i === words.length - 1;
    const name = number[2] !== '' ? number[2] : last ? (unit ?? 'second') : words[++i];
    const found = unitOf(name as string);
    if (found === undefined) return undefined;
    // A unit behind the quotes is also the finest part that counts.
    const whole = name === unit && found[1] !== units['second']![1];
    const amount = Number(number[1]);
    if (!addPart(total, whole ? Math.trunc(amount) : amount, found)) return undefined;
  }
  const sign = ago ? -1 : 1;
  const signed = {
    months: sign * total.months + 0,
    days: sign * total.days + 0,
    milliseconds: sign * total.milliseconds + 0,
  };
  return Object.values(signed).every(Number.isSafeInteger) ? signed : undefined;
}

/** Fractions spill over into the next smaller part: half a month is 15 days, half a day 12 hours. */
function addPart(total: { -readonly [K in keyof Interval]: number }, amount: number, [part, factor]: Unit): boolean {
  const scaled = amount * factor;
  if (part === 'milliseconds') {
    total.milliseconds += Math.round(scaled);
    return Math.abs(scaled - Math.round(scaled)) < 1e-6;
  }
  const whole = Math.trunc(scaled);
  total[part] += whole;
  const rest = scaled - whole;
  if (rest === 0) return true;
  if (factor >= 12 && part === 'months') {
    // Years round to whole months.
    total.months += Math.round(rest);
    return true;
  }
  return part === 'months'
    ? addPart(total, rest * 30, ['days', 1])
    : addPart(total, rest * DAY_MS, ['milliseconds', 1]);
}
