// Whole-row decoders for one list of types: generated code, and the same as a loop where code generation is forbidden
// (`--disallow-code-generation-from-strings`). Generated text holds offsets only; types and readers are arguments.

import { EXTERNAL_ROW, slotReader, slotsOffset } from './row-fields.js';
import type { ReadSlot, StoredValue } from './row-fields.js';
import type { ByteView } from './text-buffer.js';
import type { ScalarType } from './types.js';

/** Decodes the row at `offset`: as many values as the row was written with. */
export type DecodeRow = (source: ByteView, offset: number) => StoredValue[];

/** Decodes rows of any width up to the codec's. */
export function loopDecoder(types: readonly ScalarType[]): DecodeRow {
  const readers = types.map(slotReader);
  return (source, offset) => {
    const stored = source.view.getUint16(offset, true) & (EXTERNAL_ROW - 1);
    const count = stored < readers.length ? stored : readers.length;
    const slots = offset + slotsOffset(stored);
    const row: StoredValue[] = [];
    for (let i = 0; i < count; i++) {
      const isNull = (source.bytes[offset + 2 + (i >>> 3)]! & (1 << (i & 7))) !== 0;
      row.push(isNull ? null : readers[i]!(source, slots + 8 * i, offset));
    }
    return row;
  };
}

/** Code for rows of exactly this width, which hands others to the loop. Undefined when code generation is forbidden. */
export function generatedDecoder(types: readonly ScalarType[]): DecodeRow | undefined {
  const n = types.length;
  const first = slotsOffset(n);
  const distinct = [...new Set(types.map(slotReader))];
  const nulls = Array.from({ length: (n + 7) >>> 3 }, (_, i) => `const n${i} = source.bytes[offset + ${2 + i}];`);
  const fields = types.map((type, i) => {
    const read = `r${distinct.indexOf(slotReader(type))}(source, offset + ${first + 8 * i}, offset)`;
    return `(n${i >>> 3} & ${1 << (i & 7)}) !== 0 ? null : ${read}`;
  });
  const body = `return function decodeRow(source, offset) {
    if (source.view.getUint16(offset, true) !== ${n}) return other(source, offset);
    ${nulls.join('\n    ')}
    return [${fields.join(',\n      ')}];
  };`;
  try {
    const make = new Function('other', ...distinct.map((_, i) => `r${i}`), body) as (
      other: DecodeRow,
      ...readers: ReadSlot[]
    ) => DecodeRow;
    return make(loopDecoder(types), ...distinct);
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}
