// CSV with a header -> rows. An empty cell is NULL, a quoted empty one the empty text. The library parses whole records;
// portions are therefore cut at the last line break outside of quotes, which is where the number of quotes so far is even.

import { parse } from 'csv-parse/sync';
import { LightningError } from '../../errors.js';
import { closest } from '../../text/edit-distance.js';
import { castValue, toApp } from '../../values/index.js';
import type { ScalarType } from '../../values/index.js';
import { newlines } from './source.js';
import type { ImportedRow, Portions, TargetColumn } from './source.js';

type Cell = string | null;

/** Errors: UNKNOWN_COLUMN, DUPLICATE_NAME (header), INVALID_TEXT and others of the casts, with row and line in the message. */
export function* csvRows(file: Portions, columns: readonly TargetColumn[], delimiter: string): Generator<ImportedRow> {
  let header: readonly TargetColumn[] | undefined;
  let row = 0;
  for (const { text, line } of wholeRecords(file)) {
    for (const { cells, at } of records(file.path, text, line, delimiter)) {
      if (header === undefined) {
        header = targets(file.path, cells, columns);
        continue;
      }
      if (cells.length === 1 && cells[0] === null && header.length > 1) continue;
      row++;
      yield { values: rowOf(file.path, header, cells, row, at), line: at };
    }
  }
  if (header === undefined)
    throw new LightningError('INVALID_TEXT', `${file.path} is empty: its first line must name the columns`);
}

/** Portions that end behind a record, with the line at which each begins. */
function* wholeRecords(file: Portions): Generator<{ text: string; line: number }> {
  let rest = '';
  let line = 1;
  for (const portion of file) {
    rest += portion;
    const end = lastRecordEnd(rest);
    if (end === 0) continue;
    const text = rest.slice(0, end);
    rest = rest.slice(end);
    yield { text, line };
    line += newlines(text);
  }
  if (rest !== '') yield { text: rest, line };
}

/** Behind the last line break with an even number of quotes before it; 0 when there is none. */
function lastRecordEnd(text: string): number {
  let end = 0;
  let open = false;
  let at = 0;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (!open) {
      const newline = quote < 0 ? text.lastIndexOf('\n') : text.lastIndexOf('\n', quote);
      if (newline >= at) end = newline + 1;
    }
    if (quote < 0) return end;
    open = !open;
    at = quote + 1;
  }
}

interface Parsed {
  readonly record: Cell[];
  /** `lines`: the line of the text at which the record ends, from 1. */
  readonly info: { readonly lines: number };
}

function records(path: string, text: string, line: number, delimiter: string): { cells: Cell[]; at: number }[] {
  try {
    const parsed = parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      max_record_size: 0,
      info: true,
      cast: (value, context) => (value === '' && !context.quoting ? null : value),
    }) as unknown as Parsed[];
    return parsed.map(({ record }, i) => ({ cells: record, at: line + (parsed[i - 1]?.info.lines ?? 0) }));
  } catch (cause) {
    const { message, lines } = cause as { message: string; lines?: number };
    const where = lines === undefined ? '' : `, near line ${line + lines - 1},`;
    const what = message.replace(/ (at|on) line \d+/, '');
    throw new LightningError('INVALID_TEXT', `${path}${where} is not CSV: ${what}; nothing was imported`, { cause });
  }
}

function targets(path: string, names: readonly Cell[], columns: readonly TargetColumn[]): TargetColumn[] {
  const seen = new Set<string>();
  return names.map((cell) => {
    const name = (cell ?? '').trim();
    const column = columns.find((one) => one.name === name) ?? columns.find((one) => one.name === name.toLowerCase());
    if (column === undefined) {
      const near = closest(
        name,
        columns.map((one) => one.name),
      );
      throw new LightningError('UNKNOWN_COLUMN', `${path}, line 1: the table has no column "${name}"`, {
        hint:
          near === undefined
            ? `its columns are ${columns.map((one) => one.name).join(', ')}`
            : `did you mean "${near}"?`,
      });
    }
    if (seen.has(column.name))
      throw new LightningError('DUPLICATE_NAME', `${path}, line 1 names the column "${name}" twice`);
    seen.add(column.name);
    return column;
  });
}

function rowOf(
  path: string,
  header: readonly TargetColumn[],
  cells: readonly Cell[],
  row: number,
  line: number,
): Record<string, unknown> {
  const where = `${path}, row ${row} (line ${line})`;
  if (cells.length !== header.length) {
    throw new LightningError(
      'INVALID_TEXT',
      `${where} has ${cells.length} cells, but the header names ${header.length} columns; nothing was imported`,
    );
  }
  const values: Record<string, unknown> = {};
  for (const [i, { name, type }] of header.entries()) {
    const cell = cells[i] ?? null;
    try {
      values[name] = cell === null ? null : valueOf(cell, type as ScalarType);
    } catch (error) {
      if (!(error instanceof LightningError)) throw error;
      throw new LightningError(error.code, `${where}, column "${name}": ${error.message}; nothing was imported`, {
        hint: error.hint,
        cause: error,
      });
    }
  }
  return values;
}

/** As `CAST(cell AS type)` would, in the application's form. */
function valueOf(cell: string, type: ScalarType): unknown {
  return type === 'text' ? cell : toApp(castValue(cell, 'text', type), type);
}
