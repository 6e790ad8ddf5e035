// Rows of one statement -> text. Every format is a function of the whole answer, and gives text that ends with a newline.

import { never } from '../../errors.js';
import type { ColumnInfo, ResultValue } from '../../db/api.js';
import { box } from './box.js';
import { csv } from './csv.js';
import { json, ndjson } from './json.js';
import type { Mode } from './modes.js';

export interface Answer {
  readonly columns: readonly Pick<ColumnInfo, 'name' | 'type'>[];
  readonly rows: readonly (readonly ResultValue[])[];
}

export interface FormatOptions {
  /** Characters to a line; undefined when nothing needs to be cut. */
  readonly width?: number | undefined;
  readonly colour?: boolean;
}

/** Prints the answer in pieces, so that a long one never is one string. */
export function format(mode: Mode, answer: Answer, options: FormatOptions = {}): Iterable<string> {
  switch (mode) {
    case 'box':
      return box(answer, options);
    case 'json':
      return json(answer);
    case 'ndjson':
      return ndjson(answer);
    case 'csv':
      return csv(answer);
    default:
      return never(mode, 'mode');
  }
}
