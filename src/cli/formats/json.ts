// JSON (one array, one row a line) and NDJSON. Columns of the same name get a number, so that none is lost.

import { jsonText } from './cell.js';
import type { Answer } from './format.js';

export function* json(answer: Answer): Generator<string> {
  let lead = '[';
  for (const row of objects(answer)) {
    yield lead + row;
    lead = ',\n ';
  }
  yield lead === '[' ? '[]\n' : ']\n';
}

export function* ndjson(answer: Answer): Generator<string> {
  for (const row of objects(answer)) yield `${row}\n`;
}

function* objects({ columns, rows }: Answer): Generator<string> {
  const names = distinctNames(columns.map((column) => column.name)).map((name) => JSON.stringify(name));
  for (const row of rows) yield `{${names.map((name, i) => `${name}:${jsonText(row[i] ?? null)}`).join(',')}}`;
}

/** @example distinctNames(['id', 'id', 'id_2']) // ['id', 'id_3', 'id_2'] */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let n = 2; seen.has(own); n++) {
      if (!taken.has(`${name}_${n}`)) own = `${name}_${n}`;
    }
    seen.add(own);
    taken.add(own);
    return own;
  });
}
