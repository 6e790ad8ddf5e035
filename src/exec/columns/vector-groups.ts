// The groups of an aggregation over column vectors, numbered in the order of their first rows. Where the grouping columns of a chunk have few
// codes, or integers of a narrow range, a row finds its group in a table by code; otherwise by the key of its values.

import type { VectorGroups } from '../../expr/vector-aggregation.js';
import type { ColumnChunk } from '../../index/columnstore/chunk.js';
import type { ColumnVector } from '../../values/column-vector.js';
import { valueAt } from '../../values/column-vector.js';
import type { Type, Value } from '../../values/types.js';
import { rowKey } from '../rows/row-key.js';

/** Entries of a table, at most. */
const MOST_CODES = 65_536;
const WHOLE: ReadonlySet<Type> = new Set<Type>(['integer', 'date']);

interface Codes {
  readonly size: number;
  readonly low: number;
}

export class ChunkGroups implements VectorGroups {
  readonly values: Value[][];
  table = new Int32Array(0);
  lows: number[] = [];
  strides: number[] = [];
  private sizes: number[] = [];
  private vectors: readonly ColumnVector[] = [];
  private readonly numbers = new Map<unknown, number>();
  private readonly keyOf;
  private readonly row: Value[][];

  constructor(private readonly types: readonly Type[]) {
    this.values = types.map(() => []);
    this.row = types.map(() => [null]);
    this.keyOf = rowKey(types);
    if (types.length === 0) this.numbers.set(undefined, 0);
  }

  get size(): number {
    return this.numbers.size;
  }

  /** Groups that a chunk can add at most. */
  room(rows: number): number {
    return this.size + (this.table.length === 0 ? rows : Math.min(rows, this.table.length));
  }

  /**
   * Turns to the rows of a chunk.
   * @param positions of the grouping columns in the columnstore
   * @returns whether groups are found by code
   */
  turnTo(chunk: ColumnChunk, positions: readonly number[], vectors: readonly ColumnVector[]): boolean {
    this.vectors = vectors;
    const codes = vectors.map((vector, i) => codesOf(vector, chunk, positions[i]!, this.types[i]!));
    let entries = 1;
    this.lows = [];
    this.strides = [];
    this.sizes = [];
    for (const code of codes) {
      this.lows.push(code?.low ?? 0);
      this.strides.push(entries);
      this.sizes.push(code?.size ?? 1);
      entries *= code?.size ?? Infinity;
    }
    const coded = entries <= MOST_CODES;
    this.table = new Int32Array(coded ? entries : 0).fill(-1);
    return coded;
  }

  assign(code: number): number {
    this.vectors.forEach((vector, i) => {
      const own = Math.floor(code / this.strides[i]!) % this.sizes[i]!;
      this.row[i]![0] = vector.kind === 'codes' ? vector.dictionary[own]! : own === 0 ? null : own - 1 + this.lows[i]!;
    });
    return (this.table[code] = this.numberOf());
  }

  find(slot: number): number {
    this.vectors.forEach((vector, i) => {
      this.row[i]![0] = valueAt(vector, slot);
    });
    return this.numberOf();
  }

  private numberOf(): number {
    const key = this.keyOf(this.row, 0);
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(key, number);
      this.row.forEach((cell, i) => this.values[i]!.push(cell[0]!));
    }
    return number;
  }
}

function codesOf(vector: ColumnVector, chunk: ColumnChunk, position: number, type: Type): Codes | undefined {
  switch (vector.kind) {
    case 'codes':
      return { size: vector.dictionary.length, low: 0 };
    case 'numbers': {
      if (!WHOLE.has(type)) return undefined;
      const { low, high } = chunk.zone(position);
      if (low === null) return { size: 2, low: 0 };
      if (typeof low !== 'number' || typeof high !== 'number') return undefined;
      return { size: high - low + 2, low };
    }
    case 'values':
      return undefined;
  }
}
