// Rows divided by a hash of their keys into runs, such that equal keys are in one run. A run that is still too large is divided again, by
// other bits of the hash.

import type { Batch, Vector } from '../rows/batch.js';
import type { Account } from '../memory/memory.js';
import type { RowFormat } from './row-format.js';
import { Run } from './run.js';

const BITS = 4;
/** Divisions before the bits of a hash are used up. */
export const MOST_DIVISIONS = 32 / BITS;

export class Partitions {
  private readonly runs: Run[];

  /** @param depth how often the rows have been divided already */
  constructor(
    format: RowFormat,
    account: Account,
    private readonly depth: number,
  ) {
    this.runs = Array.from({ length: 1 << BITS }, () => new Run(format, account));
  }

  /** @param key of the row (see `rowKey`) */
  add(columns: readonly Vector[], row: number, key: unknown): void {
    const part = (hashKey(key) >>> (BITS * (this.depth % MOST_DIVISIONS))) & ((1 << BITS) - 1);
    this.runs[part]!.add(columns, row);
  }

  /** The runs, by part: an empty one where no key fell into it. */
  finish(): readonly Run[] {
    return this.runs.map((run) => run.finish());
  }
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** 32 bits of a key: keys that a `Map` holds to be equal have the same. */
export function hashKey(key: unknown): number {
  if (typeof key === 'number') {
    // -0 is 0, and NaN has one form.
    double[0] = key === 0 ? 0 : key;
    return mix(Number.isNaN(key) ? 1 : mix(words[0]!) ^ words[1]!);
  }
  const text = String(key);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain): every bit of the input changes half of the output. */
function mix(value: number): number {
  let h = value;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Rows with their number in order as one more column, by which what has been divided is put in order again. */
export function* numbered(input: Iterable<Batch>): Iterable<Batch> {
  let next = 0;
  for (const batch of input) {
    const { selection, count, length } = batch;
    const numbers = new Float64Array(length);
    for (let i = 0; i < count; i++) numbers[selection === undefined ? i : selection[i]!] = next++;
    yield { ...batch, columns: [...batch.columns, numbers] };
  }
}

/** Compares rows by the number in this column. */
export function byNumber(column: number) {
  return (a: readonly Vector[], rowA: number, b: readonly Vector[], rowB: number): number =>
    (a[column]![rowA] as number) - (b[column]![rowB] as number);
}

/** The batch without its columns from `width` on. */
export function narrow(batch: Batch, width: number): Batch {
  return { ...batch, columns: batch.columns.slice(0, width) };
}
