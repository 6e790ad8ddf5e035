// One column of a chunk of rows as columnstores keep it and compiled expressions read it. Slots that hold no row have any content.

import type { Value } from './types.js';

export type NumberArray = Int8Array | Int16Array | Int32Array | Float64Array;
export type CodeArray = Uint8Array | Uint16Array;

/** `nulls`: bit i & 31 of word i >>> 5 for a slot that is NULL; undefined when no slot is. */
export interface NumberVector {
  readonly kind: 'numbers';
  readonly values: NumberArray;
  readonly nulls: Uint32Array | undefined;
}

/** `dictionary[0]` is NULL; all other entries are distinct and not NULL, but need not stand in any slot. */
export interface CodeVector {
  readonly kind: 'codes';
  readonly codes: CodeArray;
  readonly dictionary: readonly Value[];
}

export interface ValueVector {
  readonly kind: 'values';
  readonly values: readonly Value[];
}

/** Immutable. */
export type ColumnVector = NumberVector | CodeVector | ValueVector;

export function hasBit(bits: Uint32Array, slot: number): boolean {
  return (bits[slot >>> 5]! & (1 << (slot & 31))) !== 0;
}

export function valueAt(vector: ColumnVector, slot: number): Value {
  switch (vector.kind) {
    case 'numbers':
      return vector.nulls !== undefined && hasBit(vector.nulls, slot) ? null : vector.values[slot]!;
    case 'codes':
      return vector.dictionary[vector.codes[slot]!]!;
    case 'values':
      return vector.values[slot]!;
  }
}

/** The values of some slots, one after another. */
export function gather(vector: ColumnVector, slots: Uint32Array, from: number, to: number): Value[] {
  const out = new Array<Value>(to - from);
  switch (vector.kind) {
    case 'numbers': {
      const { values, nulls } = vector;
      if (nulls === undefined) for (let i = from; i < to; i++) out[i - from] = values[slots[i]!]!;
      else for (let i = from; i < to; i++) out[i - from] = hasBit(nulls, slots[i]!) ? null : values[slots[i]!]!;
      return out;
    }
    case 'codes': {
      const { codes, dictionary } = vector;
      for (let i = from; i < to; i++) out[i - from] = dictionary[codes[slots[i]!]!]!;
      return out;
    }
    case 'values': {
      const { values } = vector;
      for (let i = from; i < to; i++) out[i - from] = values[slots[i]!]!;
      return out;
    }
  }
}
