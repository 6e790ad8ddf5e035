// An entry of an ordered index: the key is (key values, row id), the value holds the included columns.
// Value: each included column in key form, then one byte for each position (keys..., include...) that holds -0, which key forms
// do not tell from 0. Usually it is empty.

import type { IndexDef, IndexKey, TableDef } from '../../catalog/definitions.js';
import { LightningError } from '../../errors.js';
import { MAX_TREE_KEY, MAX_TREE_VALUE } from '../../pages/ordered-tree.js';
import type { TreeBatch } from '../../pages/ordered-tree.js';
import { KeyReader, KeyWriter } from '../../values/key.js';
import type { Row, ScalarType, Value } from '../../values/types.js';

const writer = new KeyWriter();
const values = new KeyWriter();
const reader = new KeyReader();
const negativeZero = new Uint8Array(1);

/** How one index's entries are written and read. */
export class EntryFormat {
  readonly keys: readonly IndexKey[];
  readonly include: readonly ScalarType[];
  private readonly reals: boolean;

  constructor(
    private readonly index: IndexDef,
    table: TableDef,
  ) {
    this.keys = index.keys;
    this.include = index.include.map((ordinal) => table.columns[ordinal]!.type);
    this.reals = index.keys.some((key) => key.type === 'real') || this.include.includes('real');
  }

  /** The key values' bytes; valid until the next call. */
  prefix(row: Row): Uint8Array {
    this.write(row);
    return writer.view();
  }

  /**
   * The whole key; valid until the next call.
   * @throws LightningError KEY_TOO_LONG
   */
  key(row: Row, rowId: number): Uint8Array {
    this.write(row);
    writer.addRowId(rowId);
    if (writer.length > MAX_TREE_KEY) {
      throw new LightningError(
        'KEY_TOO_LONG',
        `a key of ${writer.length} bytes in index ${this.index.name}; an ordered key has at most ${MAX_TREE_KEY}`,
        { hint: 'index long values with USING hash' },
      );
    }
    return writer.view();
  }

  /**
   * The entry's value; valid until the next call.
   * @throws LightningError VALUE_TOO_LONG
   */
  value(row: Row): Uint8Array {
    values.reset();
    const { include, keys } = this;
    for (let i = 0; i < include.length; i++) values.add(row[keys.length + i]!, include[i]!);
    if (this.reals) {
      for (let i = 0; i < keys.length + include.length; i++) {
        if (!Object.is(row[i], -0)) continue;
        if ((i < keys.length ? keys[i]!.type : include[i - keys.length]!) !== 'real') continue;
        negativeZero[0] = i;
        values.addBytes(negativeZero);
      }
    }
    if (values.length > MAX_TREE_VALUE) {
      throw new LightningError(
        'VALUE_TOO_LONG',
        `included columns of ${values.length} bytes in index ${this.index.name}; an entry holds at most ${MAX_TREE_VALUE}`,
        { hint: 'leave the long column out of INCLUDE' },
      );
    }
    return values.view();
  }

  /** Appends the values of entries `from`..`to` of a batch to one vector per (keys..., include...). */
  read(batch: TreeBatch, from: number, to: number): Value[][] {
    const { keys, include } = this;
    const vectors: Value[][] = Array.from({ length: keys.length + include.length }, () => new Array<Value>(to - from));
    for (let i = from; i < to; i++) {
      const keyEnd = batch.keyEnd(i);
      reader.reset(batch.bytes, batch.keyStart(i), keyEnd);
      for (let k = 0; k < keys.length; k++) vectors[k]![i - from] = reader.value(keys[k]!.type, keys[k]!.desc);
      const end = batch.valueEnd(i);
      if (end === keyEnd) continue;
      reader.reset(batch.bytes, keyEnd, end);
      for (let k = 0; k < include.length; k++) vectors[keys.length + k]![i - from] = reader.value(include[k]!);
      for (let at = end - reader.remaining; at < end; at++) vectors[batch.bytes[at]!]![i - from] = -0;
    }
    return vectors;
  }

  /** The bytes of the first key of entry `i`. */
  firstKey(batch: TreeBatch, i: number): Uint8Array {
    const [start, end] = [batch.keyStart(i), batch.keyEnd(i)];
    const { type, desc } = this.keys[0]!;
    reader.reset(batch.bytes, start, end);
    reader.value(type, desc);
    return batch.bytes.slice(start, end - reader.remaining);
  }

  private write(row: Row): void {
    writer.reset();
    const { keys } = this;
    for (let i = 0; i < keys.length; i++) {
      const { type, desc, nullsFirst } = keys[i]!;
      writer.add(row[i]!, type, desc, nullsFirst);
    }
  }
}

/** The row id at the end of entry `i`'s key. */
export function rowIdOf(batch: TreeBatch, i: number): number {
  const { bytes } = batch;
  const end = batch.keyEnd(i);
  return ((bytes[end - 4]! << 24) | (bytes[end - 3]! << 16) | (bytes[end - 2]! << 8) | bytes[end - 1]!) >>> 0;
}
