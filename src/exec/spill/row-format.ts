// Rows of any column types as bytes: the row codec of stored tables, with arrays packed into blobs of one-column rows.

import { invariant } from '../../errors.js';
import { ByteView, rowCodec } from '../../values/index.js';
import type { RowCodec } from '../../values/index.js';
import type { ScalarType, Type, Value } from '../../values/types.js';
import { elementType } from '../../values/types.js';
import type { Vector } from '../rows/batch.js';

interface Packing {
  pack(value: Value): Value;
  unpack(value: Value): Value;
}

export class RowFormat {
  private readonly codec: RowCodec;
  private readonly packings: readonly (Packing | undefined)[];
  private readonly packed: readonly number[];
  private readonly row: Value[] = [];

  constructor(readonly types: readonly Type[]) {
    this.codec = rowCodec(types.map(storedType));
    this.packings = types.map(packingOf);
    this.packed = types.flatMap((_, i) => (this.packings[i] === undefined ? [] : [i]));
  }

  /** Encodes a row of columns, whose bytes `copyTo` then writes; gives their number. */
  prepare(columns: readonly Vector[], row: number): number {
    const { types, row: values } = this;
    for (let c = 0; c < types.length; c++) values[c] = columns[c]![row]!;
    for (const c of this.packed) if (values[c] !== null) values[c] = this.packings[c]!.pack(values[c]!);
    return this.codec.prepare(values);
  }

  copyTo(target: Uint8Array, offset: number): number {
    return this.codec.copyTo(target, offset);
  }

  decode(source: ByteView, offset: number): Value[] {
    const values = this.codec.decode(source, offset) as Value[];
    for (const c of this.packed) if (values[c] !== null) values[c] = this.packings[c]!.unpack(values[c]!);
    return values;
  }
}

function storedType(type: Type): ScalarType {
  if (type === 'null') return 'integer';
  return elementType(type) === undefined ? (type as ScalarType) : 'blob';
}

function packingOf(type: Type): Packing | undefined {
  if (type === 'null') {
    const refuse = (value: Value): Value => {
      invariant(value === null, 'a column of type null has a value');
      return value;
    };
    return { pack: refuse, unpack: refuse };
  }
  const element = elementType(type);
  return element === undefined ? undefined : arrayPacking(element);
}

/** u32 length and row of one column, for each element. */
function arrayPacking(element: ScalarType): Packing {
  const codec = rowCodec([element]);
  return {
    pack(value) {
      const rows = (value as readonly Value[]).map((item) => codec.encode([item]));
      const bytes = new Uint8Array(rows.reduce((sum, row) => sum + 4 + row.length, 0));
      const view = new DataView(bytes.buffer);
      let at = 0;
      for (const row of rows) {
        view.setUint32(at, row.length, true);
        bytes.set(row, at + 4);
        at += 4 + row.length;
      }
      return bytes;
    },
    unpack(value) {
      const source = new ByteView(value as Uint8Array);
      const items: Value[] = [];
      for (let at = 0; at < source.bytes.length; at += 4 + source.view.getUint32(at, true)) {
        items.push(codec.decode(source, at + 4)[0] as Value);
      }
      return items;
    },
  };
}
