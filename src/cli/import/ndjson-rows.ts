// One JSON object to a line -> rows. Members that are missing take the column's default; text for a column of another
// type is cast, so that dates and big integers can be written as strings.

import { LightningError } from '../../errors.js';
import { castValue, toApp } from '../../values/index.js';
import type { ScalarType } from '../../values/index.js';
import type { ImportedRow, Portions, TargetColumn } from './source.js';

/** Errors: INVALID_TEXT and others of the casts, with row and line in the message. */
export function* ndjsonRows(file: Portions, columns: readonly TargetColumn[]): Generator<ImportedRow> {
  const types = new Map(columns.map(({ name, type }) => [name, type as ScalarType]));
  let row = 0;
  for (const { text, line } of lines(file)) {
    if (text.trim() === '') continue;
    row++;
    const where = `${file.path}, row ${row} (line ${line})`;
    const values = objectOf(text, where);
    for (const [name, value] of Object.entries(values)) {
      const type = types.get(name);
      // A JSON column takes text as a JSON string, and null is NULL.
      if (typeof value !== 'string' || type === undefined || type === 'text' || type === 'json') continue;
      try {
        values[name] = toApp(castValue(value, 'text', type), type);
      } catch (error) {
        if (!(error instanceof LightningError)) throw error;
        throw new LightningError(error.code, `${where}, member "${name}": ${error.message}; nothing was imported`, {
          hint: error.hint,
          cause: error,
        });
      }
    }
    yield { values, line };
  }
}

function objectOf(text: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LightningError(
      'INVALID_TEXT',
      `${where} is not JSON: ${(cause as Error).message}; nothing was imported`,
      {
        hint: 'NDJSON has one whole object on each line',
        cause,
      },
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new LightningError('INVALID_TEXT', `${where} is not a JSON object; nothing was imported`);
}

function* lines(file: Portions): Generator<{ text: string; line: number }> {
  let rest = '';
  let line = 1;
  for (const portion of file) {
    rest += portion;
    let from = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', from)) {
      yield { text: rest.slice(from, end), line };
      line++;
      from = end + 1;
    }
    rest = rest.slice(from);
  }
  if (rest !== '') yield { text: rest, line };
}
