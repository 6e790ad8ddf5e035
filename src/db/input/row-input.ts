// From objects that an application passes to rows of a table: names become ordinals, values the engine's, and what is left out takes
// its default. Made once per definition of a table.

import type { TableDef } from '../../catalog/definitions.js';
import { FUNCTIONS } from '../../catalog/definitions.js';
import { LightningError } from '../../errors.js';
import { evaluateConstant } from '../../expr/evaluate.js';
import type { Value } from '../../values/types.js';
import { toEngine, typeName } from '../../values/index.js';
import { nearest } from './arguments.js';

export class RowInput {
  private readonly ordinals: ReadonlyMap<string, number>;
  /** What a column is called in an error. */
  private readonly what: readonly string[];

  constructor(readonly table: TableDef) {
    this.ordinals = new Map(table.columns.map(({ name }, ordinal) => [name, ordinal]));
    this.what = table.columns.map(({ name, type }) => `column "${name}" (${typeName(type)})`);
  }

  /** @throws LightningError UNKNOWN_COLUMN */
  ordinal(name: string): number {
    const ordinal = this.ordinals.get(name);
    if (ordinal !== undefined) return ordinal;
    throw new LightningError('UNKNOWN_COLUMN', `"${this.table.name}" has no column "${name}"`, {
      hint: nearest(name, [...this.ordinals.keys()], 'its columns'),
    });
  }

  /** @throws LightningError as `toEngine` */
  value(ordinal: number, value: unknown): Value {
    return toEngine(value, this.table.columns[ordinal]!.type, this.what[ordinal]!);
  }

  /**
   * A whole row.
   * @param now milliseconds since the epoch, for defaults
   * @throws LightningError UNKNOWN_COLUMN, and as `toEngine`
   */
  complete(given: Readonly<Record<string, unknown>>, now: number): Value[] {
    const { columns } = this.table;
    const row = new Array<Value | undefined>(columns.length).fill(undefined);
    let missing = columns.length;
    for (const name of Object.keys(given)) {
      const ordinal = this.ordinal(name);
      row[ordinal] = this.value(ordinal, given[name]);
      missing--;
    }
    if (missing > 0) this.addDefaults(row, now);
    return row as Value[];
  }

  private addDefaults(row: (Value | undefined)[], now: number): void {
    this.table.columns.forEach(({ default: stored }, ordinal) => {
      if (row[ordinal] !== undefined) return;
      const evaluation = { parameters: [], now, functions: this.table[FUNCTIONS] };
      row[ordinal] = stored === undefined ? null : evaluateConstant(stored.expr, evaluation);
    });
  }
}
