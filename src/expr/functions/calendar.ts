// Fields of instants and cutting them down, in the proleptic Gregorian calendar in UTC. Instants are milliseconds since 1970.
// Years before 1 follow PostgreSQL: there is no year 0, 1 BC is -1.

import { LightningError } from '../../errors.js';

export const DAY_MS = 86_400_000;

/** Instants further from 1970 have no JavaScript Date. */
const MAX_INSTANT = 8.64e15;

export function checkInstant(ms: number): number {
  if (!(Math.abs(ms) <= MAX_INSTANT)) throw new LightningError('OUT_OF_RANGE', 'timestamp out of range');
  return ms;
}

/** Milliseconds at the start of a day; months and days may lie outside their ranges and carry over. Month from 0. */
export function dayStart(year: number, month: number, day: number): number {
  // Date.UTC reads the years 0..99 as 1900..1999.
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return checkInstant(date.getTime());
}

function mod(a: number, b: number): number {
  return a - Math.floor(a / b) * b;
}

/** Monday 1 to Sunday 7. */
function isoWeekday(date: Date): number {
  return date.getUTCDay() || 7;
}

/** The Thursday that decides to which ISO year a day belongs. */
function thursday(date: Date): Date {
  return new Date(date.getTime() + (4 - isoWeekday(date)) * DAY_MS);
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - dayStart(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
}

/** The astronomical year as PostgreSQL shows it. */
function shownYear(year: number): number {
  return year > 0 ? year : year - 1;
}

function spanOf(year: number, years: number): number {
  return year > 0 ? Math.floor((year + years - 1) / years) : -Math.floor((years - year) / years);
}

const fields: Readonly<Record<string, (date: Date) => number>> = {
  microseconds: (date) => mod(date.getTime(), 60_000) * 1000,
  milliseconds: (date) => mod(date.getTime(), 60_000),
  second: (date) => mod(date.getTime(), 60_000) / 1000,
  minute: (date) => date.getUTCMinutes(),
  hour: (date) => date.getUTCHours(),
  day: (date) => date.getUTCDate(),
  dow: (date) => date.getUTCDay(),
  isodow: isoWeekday,
  doy: dayOfYear,
  week: (date) => Math.floor((dayOfYear(thursday(date)) - 1) / 7) + 1,
  isoyear: (date) => shownYear(thursday(date).getUTCFullYear()),
  month: (date) => date.getUTCMonth() + 1,
  quarter: (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  year: (date) => shownYear(date.getUTCFullYear()),
  decade: (date) => Math.floor(date.getUTCFullYear() / 10),
  century: (date) => spanOf(date.getUTCFullYear(), 100),
  millennium: (date) => spanOf(date.getUTCFullYear(), 1000),
  epoch: (date) => date.getTime() / 1000,
  julian: (date) => date.getTime() / DAY_MS + 2440588,
};

/** The reader of a field; INVALID_VALUE for a field there is not. */
export function fieldReader(field: string): (ms: number) => number {
  const read = lookUp(fields, field);
  return (ms) => read(new Date(ms));
}

function startOfSpan(date: Date, years: number): number {
  // Centuries begin with the year 1: 2001 begins the 21st.
  const first = Math.floor((date.getUTCFullYear() - 1) / years) * years + 1;
  return dayStart(first, 0, 1);
}

const truncations: Readonly<Record<string, (date: Date) => number>> = {
  microseconds: (date) => date.getTime(),
  milliseconds: (date) => date.getTime(),
  second: (date) => date.getTime() - mod(date.getTime(), 1000),
  minute: (date) => date.getTime() - mod(date.getTime(), 60_000),
  hour: (date) => date.getTime() - mod(date.getTime(), 3_600_000),
  day: (date) => date.getTime() - mod(date.getTime(), DAY_MS),
  week: (date) => date.getTime() - mod(date.getTime(), DAY_MS) - (isoWeekday(date) - 1) * DAY_MS,
  month: (date) => dayStart(date.getUTCFullYear(), date.getUTCMonth(), 1),
  quarter: (date) => dayStart(date.getUTCFullYear(), date.getUTCMonth() - (date.getUTCMonth() % 3), 1),
  year: (date) => dayStart(date.getUTCFullYear(), 0, 1),
  decade: (date) => dayStart(Math.floor(date.getUTCFullYear() / 10) * 10, 0, 1),
  century: (date) => startOfSpan(date, 100),
  millennium: (date) => startOfSpan(date, 1000),
};

/** Cuts instants down to the start of their `field`; INVALID_VALUE for a field there is not. */
export function truncator(field: string): (ms: number) => number {
  const truncate = lookUp(truncations, field);
  return (ms) => checkInstant(truncate(new Date(ms)));
}

const plurals: Readonly<Record<string, string>> = { centuries: 'century', millennia: 'millennium' };

function lookUp<T>(table: Readonly<Record<string, T>>, field: string): T {
  const name = field.toLowerCase();
  for (const candidate of [name, plurals[name] ?? name, name.replace(/s$/, ''), `${name}s`]) {
    if (Object.hasOwn(table, candidate)) return table[candidate] as T;
  }
  throw new LightningError('INVALID_VALUE', `${JSON.stringify(field)} is not a field of a timestamp`, {
    hint: `use one of ${Object.keys(table).join(', ')}`,
  });
}

/** Adds months (clamped to the month's last day), then days, then milliseconds, as PostgreSQL adds an interval. */
export function addInterval(ms: number, months: number, days: number, milliseconds: number): number {
  let moved = ms;
  if (months !== 0) {
    const date = new Date(ms);
    const month = date.getUTCMonth() + months;
    const lastDay = new Date(dayStart(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
    const day = Math.min(date.getUTCDate(), lastDay);
    moved = dayStart(date.getUTCFullYear(), month, day) + mod(ms, DAY_MS);
  }
  return checkInstant(moved + days * DAY_MS + milliseconds);
}
