// Making the vectors of a columnstore: numbers in the narrowest typed array that holds them, texts and booleans as codes of a dictionary
// while distinct values are few, anything else as plain values. Slots without a row hold 0, code 0 or NULL.

import type { CodeVector, ColumnVector, NumberArray, NumberVector, ValueVector } from '../../values/column-vector.js';
import { valueAt } from '../../values/column-vector.js';
import type { ScalarType, Value } from '../../values/types.js';

export const BOOLEANS: readonly Value[] = [null, false, true];
/** Up to this many distinct texts make a dictionary in any chunk; in larger ones up to half of the slots. */
const FEW = 16;

/** @param values one per slot; undefined where there is no row */
export function packVector(type: ScalarType, values: readonly (Value | undefined)[]): ColumnVector {
  switch (type) {
    case 'boolean':
      return {
        kind: 'codes',
        codes: Uint8Array.from(values, (v) => (v === true ? 2 : v === false ? 1 : 0)),
        dictionary: BOOLEANS,
      };
    case 'text':
      return packTexts(values);
    default:
      return packNumbers(values);
  }
}

function packNumbers(values: readonly (Value | undefined)[]): ColumnVector {
  let low = 0;
  let high = 0;
  let whole = true;
  let nulls: Uint32Array | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'number') {
      if (!isSmall(value)) whole = false;
      else if (value < low) low = value;
      else if (value > high) high = value;
    } else if (value === null) {
      nulls ??= new Uint32Array((values.length + 31) >>> 5);
      nulls[i >>> 5]! |= 1 << (i & 31);
    } else if (value !== undefined) {
      return plain(values);
    }
  }
  const packed = makeNumbers(whole ? widthOf(low, high) : 8, values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'number') packed[i] = value;
  }
  return { kind: 'numbers', values: packed, nulls };
}

/** A whole number of 32 bits; -0 is none, since only a double can tell it from 0. */
function isSmall(value: number): boolean {
  return (value | 0) === value && (value !== 0 || 1 / value > 0);
}

function widthOf(low: number, high: number): 1 | 2 | 4 {
  return low >= -128 && high <= 127 ? 1 : low >= -32_768 && high <= 32_767 ? 2 : 4;
}

export function makeNumbers(width: number, length: number): NumberArray {
  switch (width) {
    case 1:
      return new Int8Array(length);
    case 2:
      return new Int16Array(length);
    case 4:
      return new Int32Array(length);
    default:
      return new Float64Array(length);
  }
}

function packTexts(values: readonly (Value | undefined)[]): ColumnVector {
  const codeOf = new Map<Value, number>();
  const dictionary: Value[] = [null];
  const most = Math.max(FEW, values.length >>> 1);
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === undefined || value === null) continue;
    let code = codeOf.get(value);
    if (code === undefined) {
      code = dictionary.length;
      if (code > most) return plain(values);
      codeOf.set(value, code);
      dictionary.push(value);
    }
    codes[i] = code;
  }
  return { kind: 'codes', codes: dictionary.length <= 256 ? Uint8Array.from(codes) : codes, dictionary };
}

function plain(values: readonly (Value | undefined)[]): ValueVector {
  return { kind: 'values', values: Array.from(values, (value) => value ?? null) };
}

/**
 * The vector with some slots changed, `length` slots long: what pending changes make of a stored one.
 * @param values one per slot of `slots`; undefined where the row has gone
 */
export function patchVector(
  vector: ColumnVector,
  length: number,
  slots: readonly number[],
  values: readonly (Value | undefined)[],
): ColumnVector {
  switch (vector.kind) {
    case 'numbers':
      return patchNumbers(vector, length, slots, values);
    case 'codes':
      return patchCodes(vector, length, slots, values);
    case 'values':
      return patchValues(vector.values, length, slots, values);
  }
}

function patchValues(
  from: ArrayLike<Value>,
  length: number,
  slots: readonly number[],
  values: readonly (Value | undefined)[],
): ValueVector {
  const patched = Array.from({ length }, (_, i): Value => (i < from.length ? from[i]! : null));
  slots.forEach((slot, i) => (patched[slot] = values[i] ?? null));
  return { kind: 'values', values: patched };
}

function patchNumbers(
  vector: NumberVector,
  length: number,
  slots: readonly number[],
  values: readonly (Value | undefined)[],
): ColumnVector {
  let low = 0;
  let high = 0;
  let whole = true;
  for (const value of values) {
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number') {
      const all = Array.from(vector.values, (_, i) => valueAt(vector, i));
      return patchValues(all, length, slots, values);
    }
    if (!isSmall(value)) whole = false;
    else if (value < low) low = value;
    else if (value > high) high = value;
  }
  const width = Math.max(vector.values.BYTES_PER_ELEMENT, whole ? widthOf(low, high) : 8);
  const patched = makeNumbers(width, length);
  patched.set(vector.values);
  let nulls: Uint32Array | undefined;
  if (vector.nulls !== undefined || values.includes(null)) {
    nulls = new Uint32Array((length + 31) >>> 5);
    if (vector.nulls !== undefined) nulls.set(vector.nulls);
  }
  slots.forEach((slot, i) => {
    const value = values[i];
    patched[slot] = typeof value === 'number' ? value : 0;
    if (nulls === undefined) return;
    if (value === null) nulls[slot >>> 5]! |= 1 << (slot & 31);
    else nulls[slot >>> 5]! &= ~(1 << (slot & 31));
  });
  return { kind: 'numbers', values: patched, nulls };
}

function patchCodes(
  vector: CodeVector,
  length: number,
  slots: readonly number[],
  values: readonly (Value | undefined)[],
): CodeVector {
  const known = new Map(vector.dictionary.map((value, code) => [value, code]));
  let { dictionary } = vector;
  const codes = new Uint16Array(length);
  codes.set(vector.codes);
  slots.forEach((slot, i) => {
    const value = values[i] ?? null;
    let code = known.get(value);
    if (code === undefined) {
      code = dictionary.length;
      known.set(value, code);
      dictionary = [...dictionary, value];
    }
    codes[slot] = code;
  });
  return { kind: 'codes', codes: dictionary.length <= 256 ? Uint8Array.from(codes) : codes, dictionary };
}

/** Memory of a vector, in bytes, about; of the stored form, too. */
export function vectorBytes(vector: ColumnVector): number {
  switch (vector.kind) {
    case 'numbers':
      return 150 + vector.values.byteLength + (vector.nulls?.byteLength ?? 0);
    case 'codes':
      return 150 + vector.codes.byteLength + (vector.dictionary === BOOLEANS ? 0 : valuesBytes(vector.dictionary));
    case 'values':
      return 150 + valuesBytes(vector.values);
  }
}

function valuesBytes(values: readonly Value[]): number {
  let bytes = 0;
  for (const value of values) bytes += typeof value === 'string' ? 40 + value.length : 16;
  return bytes;
}
