// Functions over dates (days since 1970) and timestamps (milliseconds since 1970, UTC).

import { LightningError } from '../../errors.js';
import { DAY_MS, addInterval, checkInstant, dayStart, fieldReader, truncator } from './calendar.js';
import type { FunctionEntry, Preparation } from './contract.js';
import { charWriter } from './to-char.js';
import { aliases, entry, stable, strict } from './contract.js';

const raises = { canRaise: true };

/** The field is nearly always a literal: looked up once. Dates are read at their midnight. */
function reading(scale: number): Preparation {
  return {
    argument: 0,
    make: (field) => {
      const read = fieldReader(field as string);
      return (instant) => read((instant as number) * scale);
    },
  };
}

/** So is the template. */
function writing(scale: number): Preparation {
  return {
    argument: 1,
    make: (template) => {
      const write = charWriter(template as string);
      return (instant) => write((instant as number) * scale);
    },
  };
}

const truncating: Preparation = {
  argument: 0,
  make: (field) => {
    const cut = truncator(field as string);
    return (instant) => cut(instant as number);
  },
};

function makeDate(year: number | bigint, month: number | bigint, day: number | bigint): number {
  const [y, m, d] = [Number(year), Number(month) - 1, Number(day)];
  const start = Number.isSafeInteger(y) && y !== 0 ? dayStart(y < 0 ? y + 1 : y, m, d) : NaN;
  const made = new Date(start);
  if (made.getUTCMonth() !== m || made.getUTCDate() !== d) {
    throw new LightningError('OUT_OF_RANGE', `date field value out of range: ${year}-${month}-${day}`);
  }
  return start / DAY_MS;
}

export const datetime: readonly FunctionEntry[] = [
  ...aliases(
    ['now', 'current_timestamp', 'localtimestamp', 'transaction_timestamp', 'statement_timestamp'],
    stable([], 'timestamp', (evaluation) => evaluation.now),
  ),
  entry(
    'current_date',
    stable([], 'date', (evaluation) => Math.floor(evaluation.now / DAY_MS)),
  ),
  ...aliases(
    ['extract', 'date_part'],
    strict(['text', 'timestamp'], 'real', (field, ms) => fieldReader(field)(ms), {
      canRaise: true,
      prepare: [reading(1)],
    }),
    strict(['text', 'date'], 'real', (field, days) => fieldReader(field)(days * DAY_MS), {
      canRaise: true,
      prepare: [reading(DAY_MS)],
    }),
  ),
  entry(
    'date_trunc',
    strict(['text', 'timestamp'], 'timestamp', (field, ms) => truncator(field)(ms), {
      canRaise: true,
      prepare: [truncating],
    }),
  ),
  entry(
    'add_interval',
    strict(
      ['timestamp', 'integer', 'integer', 'integer'],
      'timestamp',
      (ms, months, days, milliseconds) => addInterval(ms, Number(months), Number(days), Number(milliseconds)),
      raises,
    ),
  ),
  entry(
    'to_char',
    strict(['timestamp', 'text'], 'text', (ms, template) => charWriter(template)(ms), {
      canRaise: true,
      prepare: [writing(1)],
    }),
    strict(['date', 'text'], 'text', (days, template) => charWriter(template)(days * DAY_MS), {
      canRaise: true,
      prepare: [writing(DAY_MS)],
    }),
  ),
  entry('make_date', strict(['integer', 'integer', 'integer'], 'date', makeDate, raises)),
  entry(
    'to_timestamp',
    strict(['real'], 'timestamp', (seconds) => checkInstant(Math.round(seconds * 1000)), raises),
  ),
];
