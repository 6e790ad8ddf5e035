// `to_char` of an instant: PostgreSQL's templates. A pattern is read in capitals or in small letters (names of months and days also with
// one capital); what is no pattern, and all in double quotes, stands for itself.

import { LightningError } from '../../errors.js';
import { fieldReader } from './calendar.js';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** Names are filled up to so many characters. */
const NAME_WIDTH = 9;

type Pattern = (instant: number) => number | string;

const field = (name: string): ((instant: number) => number) => fieldReader(name);
const year = (instant: number): number => Math.abs(field('year')(instant));
const isoYear = (instant: number): number => Math.abs(field('isoyear')(instant));
const month = (instant: number): string => MONTHS[new Date(instant).getUTCMonth()]!;
const day = (instant: number): string => DAYS[new Date(instant).getUTCDay()]!;
const hour12 = (instant: number): number => field('hour')(instant) % 12 || 12;
const half = (instant: number): string => (field('hour')(instant) < 12 ? 'AM' : 'PM');
const dotted = (instant: number): string => `${half(instant)[0]}.M.`;
const tail = (of: Pattern, digits: number) => (instant: number) => Number(of(instant)) % 10 ** digits;

/** A number with its width, or a text; of two patterns that fit the longer one is meant. */
const PATTERNS: Readonly<Record<string, readonly [width: number, value: Pattern]>> = {
  HH24: [2, field('hour')],
  HH12: [2, hour12],
  HH: [2, hour12],
  MI: [2, field('minute')],
  SSSSS: [
    0,
    (instant) =>
      (((instant % 86_400_000) + 86_400_000) % 86_400_000) / 1000 - (field('milliseconds')(instant) % 1000) / 1000,
  ],
  SSSS: [0, (instant) => PATTERNS['SSSSS']![1](instant)],
  SS: [2, (instant) => Math.floor(field('second')(instant))],
  MS: [3, (instant) => field('milliseconds')(instant) % 1000],
  US: [6, (instant) => field('microseconds')(instant) % 1_000_000],
  'A.M.': [0, dotted],
  'P.M.': [0, dotted],
  AM: [0, half],
  PM: [0, half],
  'Y,YYY': [0, (instant) => `${Math.floor(year(instant) / 1000)},${String(year(instant) % 1000).padStart(3, '0')}`],
  YYYY: [4, year],
  YYY: [3, tail(year, 3)],
  YY: [2, tail(year, 2)],
  Y: [1, tail(year, 1)],
  IYYY: [4, isoYear],
  IYY: [3, tail(isoYear, 3)],
  IY: [2, tail(isoYear, 2)],
  I: [1, tail(isoYear, 1)],
  MONTH: [0, month],
  MON: [0, (instant) => month(instant).slice(0, 3)],
  MM: [2, field('month')],
  DAY: [0, day],
  DY: [0, (instant) => day(instant).slice(0, 3)],
  DDD: [3, field('doy')],
  DD: [2, field('day')],
  D: [1, (instant) => field('dow')(instant) + 1],
  ID: [1, field('isodow')],
  IW: [2, field('week')],
  WW: [2, (instant) => Math.floor((field('doy')(instant) - 1) / 7) + 1],
  W: [1, (instant) => Math.floor((field('day')(instant) - 1) / 7) + 1],
  CC: [2, field('century')],
  J: [0, (instant) => Math.floor(field('julian')(instant))],
  Q: [1, field('quarter')],
};

/** Patterns of PostgreSQL that are not read as text, since they would mean something there. */
const REFUSED = [
  'IDDD',
  'RM',
  'TZH',
  'TZM',
  'TZ',
  'OF',
  'B.C.',
  'A.D.',
  'BC',
  'AD',
  'FF1',
  'FF2',
  'FF3',
  'FF4',
  'FF5',
  'FF6',
  'TM',
  'FX',
  'SP',
];

const escape = (text: string): string => text.replaceAll('.', '\\.');
const longestFirst = [...Object.keys(PATTERNS), ...REFUSED].sort((a, b) => b.length - a.length);
const spelled = longestFirst.flatMap((name) => [escape(name), escape(name.toLowerCase())]);
const TOKEN = new RegExp(
  `"((?:[^"\\\\]|\\\\.)*)"?|(FM|fm)?(Month|Mon|Day|Dy|${spelled.join('|')})(TH|th)?|\\\\"|[^]`,
  'g',
);

/** @param template read once, for many instants (milliseconds since 1970); an empty one gives NULL */
export function charWriter(template: string): (instant: number) => string | null {
  if (template === '') return () => null;
  const parts = [...template.matchAll(TOKEN)].map(([all, quoted, bare, name, ordinal]) => {
    if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
    if (name === undefined) return all === '\\"' ? '"' : all;
    return part(name, bare !== undefined, ordinal);
  });
  return (instant) => parts.map((each) => (typeof each === 'string' ? each : each(instant))).join('');
}

function part(name: string, bare: boolean, ordinal: string | undefined): (instant: number) => string {
  const known = PATTERNS[name.toUpperCase()];
  if (known === undefined) {
    throw new LightningError('UNSUPPORTED', `the pattern ${name} of to_char is not supported`, {
      hint: 'text that is no pattern stands in "double quotes"',
    });
  }
  const [width, value] = known;
  return (instant) => {
    const made = value(instant);
    if (typeof made === 'string') {
      const cased =
        name === name.toUpperCase() ? made.toUpperCase() : name === name.toLowerCase() ? made.toLowerCase() : made;
      return /^(month|day)$/i.test(name) && !bare ? cased.padEnd(NAME_WIDTH) : cased + suffix(cased, name, ordinal);
    }
    const digits = String(made).padStart(bare ? 0 : width, '0');
    return digits + suffix(digits, name, ordinal);
  };
}

/** `1st`, `12th`, `22nd`. */
function suffix(digits: string, name: string, ordinal: string | undefined): string {
  if (ordinal === undefined) return '';
  if (!/\d$/.test(digits)) return name.length > 0 ? ordinal : '';
  const [last, before] = [Number(digits.at(-1)), digits.at(-2)];
  const ending = before === '1' ? 'th' : (['th', 'st', 'nd', 'rd'][last] ?? 'th');
  return ordinal === 'TH' ? ending.toUpperCase() : ending;
}
