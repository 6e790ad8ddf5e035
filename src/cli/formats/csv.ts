// CSV of RFC 4180 with a header, as PostgreSQL's COPY writes it: NULL is nothing at all, the empty text is "".

import { stringify } from 'csv-stringify/sync';
import { cellText } from './cell.js';
import type { Answer } from './format.js';

const ROWS_AT_ONCE = 1_000;

const OPTIONS = { cast: { string: (value: string) => ({ value, quoted_empty: true }) } };

export function* csv({ columns, rows }: Answer): Generator<string> {
  yield stringify([columns.map((column) => column.name)], OPTIONS);
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const part = rows.slice(from, from + ROWS_AT_ONCE);
    const cells = part.map((row) =>
      columns.map(({ type }, i) => {
        const value = row[i] ?? null;
        return value === null ? null : cellText(value, type);
      }),
    );
    yield stringify(cells, OPTIONS);
  }
}
