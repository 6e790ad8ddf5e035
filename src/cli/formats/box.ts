// A table drawn with lines. Numbers stand on the right; NULL is written out, and dim where there is colour.

import type { ResultValue } from '../../db/api.js';
import { cellText } from './cell.js';
import type { Answer, FormatOptions } from './format.js';
import { cutText, padText, textWidth, visible } from './width.js';

/** No column is made narrower than this to fit the terminal. */
const NARROWEST = 8;

const DIM = '\u001b[2m';
const BOLD = '\u001b[1m';
const PLAIN = '\u001b[0m';

export function* box({ columns, rows }: Answer, options: FormatOptions): Generator<string> {
  if (columns.length === 0) return;
  const names = columns.map((column) => visible(column.name));
  const widths = fit(measure(names, columns, rows), options.width);
  const sides = columns.map(({ type }) => (type === 'integer' || type === 'real' ? 'left' : 'right'));
  const dim = (text: string): string => (options.colour === true ? DIM + text + PLAIN : text);
  const rule = (left: string, middle: string, right: string): string =>
    `${dim(left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right)}\n`;
  const cell = (text: string, i: number): string =>
    padText(cutText(text, widths[i] ?? 0), widths[i] ?? 0, sides[i] ?? 'right');
  const bar = dim('│');
  const line = (cells: readonly string[]): string => `${bar} ${cells.join(` ${bar} `)} ${bar}\n`;

  yield rule('┌', '┬', '┐');
  yield line(names.map((name, i) => (options.colour === true ? BOLD + cell(name, i) + PLAIN : cell(name, i))));
  yield rule('├', '┼', '┤');
  for (const row of rows) {
    yield line(
      columns.map(({ type }, i) => {
        const value = row[i] ?? null;
        return value === null ? dim(cell('NULL', i)) : cell(shown(value, type), i);
      }),
    );
  }
  yield rule('└', '┴', '┘');
}

function shown(value: Exclude<ResultValue, null>, type: string): string {
  return visible(cellText(value, type));
}

function measure(names: readonly string[], columns: Answer['columns'], rows: Answer['rows']): number[] {
  const widths = names.map(textWidth);
  for (const row of rows) {
    for (const [i, { type }] of columns.entries()) {
      const value = row[i] ?? null;
      const width = value === null ? 4 : textWidth(shown(value, type));
      if (width > (widths[i] ?? 0)) widths[i] = width;
    }
  }
  return widths;
}

/** Takes from the widest columns until the line fits, or none can give more. */
function fit(widths: number[], line: number | undefined): number[] {
  if (line === undefined) return widths;
  const room = line - 1 - 3 * widths.length;
  for (let excess = sum(widths) - room; excess > 0;) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    const which = widths.map((width, i) => (width === widest ? i : -1)).filter((i) => i >= 0);
    const next = Math.max(NARROWEST, ...widths.filter((width) => width < widest));
    const take = Math.max(1, Math.min(widest - next, Math.ceil(excess / which.length)));
    for (const i of which) widths[i] = widest - take;
    excess -= take * which.length;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
