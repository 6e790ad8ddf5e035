// The row sample of a table, column by column, in the shape that compiled predicates read. Turned once per set of statistics.

import type { Layout } from '../../expr/evaluate.js';
import type { Row, Value } from '../../values/types.js';

/** Rows taken of a larger sample. */
const MOST_ROWS = 1_024;

export interface Sample {
  readonly size: number;
  readonly columns: readonly (readonly Value[])[];
  /** Ordinal -> position in `columns`. */
  readonly layout: Layout;
  readonly ids: ReadonlySet<number>;
}

const EMPTY: Sample = { size: 0, columns: [], layout: new Map(), ids: new Set() };

const turned = new WeakMap<readonly Row[], Sample>();

export function sampleOf(rows: readonly Row[], width: number): Sample {
  if (rows.length === 0) return EMPTY;
  let sample = turned.get(rows);
  if (sample === undefined || sample.columns.length !== width) {
    const taken = rows.slice(0, MOST_ROWS);
    const ordinals = Array.from({ length: width }, (_, i) => i);
    sample = {
      size: taken.length,
      columns: ordinals.map((ordinal) => taken.map((row) => row[ordinal] ?? null)),
      layout: new Map(ordinals.map((ordinal) => [ordinal, ordinal])),
      ids: new Set(ordinals),
    };
    turned.set(rows, sample);
  }
  return sample;
}
