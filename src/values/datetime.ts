// Dates and timestamps as text: ISO 8601 forms in, PostgreSQL's ISO style out. UTC, proleptic Gregorian calendar.
// The range is that of a JavaScript Date: 100,000,000 days before and after 1970-01-01.

export const DAY_MS = 86_400_000;
export const MAX_DAYS = 100_000_000;
export const MAX_MS = MAX_DAYS * DAY_MS;

const DATE = /^([+-]\d{4,6}|\d{4,6})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?/i;
const ZONE = /^ ?(Z|UTC|([+-])(\d{2})(?::?(\d{2}))?)/i;
const ERA = /^ ?(BC|AD)/i;

/** Why a text was not read as a date or timestamp. */
export type DateProblem = 'syntax' | 'range';

/** Days since 1970-01-01 of a civil date. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** The civil date of days since 1970-01-01: astronomical year (0 is 1 BC), month and day from 1. Source as above. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * Milliseconds since 1970-01-01T00:00:00Z of `YYYY-MM-DD[(T| )HH:MM[:SS[.fraction]][zone]]`; blanks around it are ignored,
 * UTC when no zone is given, fractions are rounded to milliseconds.
 */
export function parseTimestamp(text: string): number | DateProblem {
  const read = parse(text);
  if (typeof read === 'string') return read;
  const ms = read.days * DAY_MS + read.ms;
  return Math.abs(ms) <= MAX_MS ? ms : 'range';
}

/** Days since 1970-01-01 of the date in the text; a time after it is checked and, as in PostgreSQL, left out. */
export function parseDate(text: string): number | DateProblem {
  const read = parse(text);
  if (typeof read === 'string') return read;
  return Math.abs(read.days) <= MAX_DAYS ? read.days : 'range';
}

function parse(input: string): { days: number; ms: number } | DateProblem {
  const text = input.trim();
  const match = DATE.exec(text);
  if (match === null) return 'syntax';
  let rest = text.slice(match[0].length);
  let year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const timed = match[4] !== undefined;
  let zone = 0;
  if (timed) {
    const given = ZONE.exec(rest);
    if (given !== null) {
      rest = rest.slice(given[0].length);
      const hours = Number(given[3] ?? 0);
      const minutes = Number(given[4] ?? 0);
      if (hours > 15 || minutes > 59) return 'range';
      zone = (given[2] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
    }
  }
  const era = ERA.exec(rest);
  if (era !== null) {
    rest = rest.slice(era[0].length);
    if (year < 1) return 'range';
    if (era[1]!.toUpperCase() === 'BC') year = 1 - year;
  } else if (year === 0 && !/^[+-]/.test(match[1]!)) return 'range';
  if (rest !== '') return 'syntax';
  const hour = Number(match[4] ?? 0);
  const minute = Number(match[5] ?? 0);
  const second = Number(match[6] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return 'range';
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && (minute > 0 || second > 0))) return 'range';
  const fraction = match[7] === undefined ? 0 : Math.round(Number(`0.${match[7]}`) * 1000);
  return { days: daysFromCivil(year, month, day), ms: ((hour * 60 + minute) * 60 + second) * 1000 + fraction - zone };
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** `YYYY-MM-DD`, with ` BC` after years before 1. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return `${shown}-${two(month)}-${two(day)}${year > 0 ? '' : ' BC'}`;
}

/** `YYYY-MM-DD HH:MM:SS[.fff]` without trailing zeros, with ` BC` after years before 1. */
export function formatTimestamp(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const rest = ms - days * DAY_MS;
  const seconds = Math.floor(rest / 1000);
  const fraction = rest % 1000;
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const shown = fraction === 0 ? time : `${time}.${String(fraction).padStart(3, '0').replace(/0+$/, '')}`;
  const date = formatDate(days);
  return date.endsWith(' BC') ? `${date.slice(0, -3)} ${shown} BC` : `${date} ${shown}`;
}
