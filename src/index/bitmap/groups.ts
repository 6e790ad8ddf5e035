// Entries by value, for bulk builds and verification: values get numbers in the order in which they come, and a counting sort brings
// the rows of each together.

import { KeyWriter } from '../../values/key.js';
import type { ScalarType, Value } from '../../values/types.js';
import type { Entry } from '../kind.js';
import { chunkOfIds } from '../row-set/index.js';
import type { Chunk } from '../row-set/index.js';
import { KeyArena } from '../sort-keys.js';

const REPORT = 4_096;

export class Groups {
  constructor(
    readonly rows: number,
    /** The key form of each value, by its number. */
    readonly forms: KeyArena,
    /** Row ids by value; those of value n lie from `starts[n]` to `starts[n + 1]`, ascending. */
    private readonly sorted: Uint32Array,
    private readonly starts: Float64Array,
  ) {}

  /** Number of values. */
  get count(): number {
    return this.forms.count;
  }

  /** The rows of a value, ascending by chunk. */
  chunks(n: number): Chunk[] {
    return chunksOfSorted(this.sorted.subarray(this.starts[n], this.starts[n + 1]));
  }

  /** From the latin1 text of a form to the value's number. */
  byForm(): Map<string, number> {
    const found = new Map<string, number>();
    for (let n = 0; n < this.count; n++) found.set(formText(this.forms.key(n)), n);
    return found;
  }
}

export function formText(form: Uint8Array): string {
  return Buffer.from(form.buffer, form.byteOffset, form.length).toString('latin1');
}

/** @param entries in row-id order */
export function groupByValue(entries: Iterable<Entry>, type: ScalarType, progress?: (done: number) => void): Groups {
  const writer = new KeyWriter();
  // Equal values of primitive types are one key of a Map (0 and -0, every NaN); the others are told by their forms.
  const numbers = new Map<Value, number>();
  const forms = new KeyArena();
  let rowIds = new Uint32Array(1024);
  let numberOf = new Uint32Array(1024);
  let rows = 0;
  for (const { rowId, values } of entries) {
    if (rows === rowIds.length) {
      rowIds = grown(rowIds);
      numberOf = grown(numberOf);
    }
    const value = values[0]!;
    const isObject = typeof value === 'object' && value !== null;
    const key = isObject ? formText(writer.reset().add(value, type).view()) : value;
    let number = numbers.get(key);
    if (number === undefined) {
      number = forms.count;
      numbers.set(key, number);
      forms.add(isObject ? writer.view() : writer.reset().add(value, type).view(), number);
    }
    rowIds[rows] = rowId;
    numberOf[rows++] = number;
    if (progress !== undefined && rows % REPORT === 0) progress(rows);
  }
  const starts = new Float64Array(forms.count + 1);
  for (let i = 0; i < rows; i++) starts[numberOf[i]! + 1]!++;
  for (let n = 1; n <= forms.count; n++) starts[n]! += starts[n - 1]!;
  const next = starts.slice();
  const sorted = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) sorted[next[numberOf[i]!]!++] = rowIds[i]!;
  return new Groups(rows, forms, sorted, starts);
}

function chunksOfSorted(ids: Uint32Array): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0; from < ids.length;) {
    const chunk = ids[from]! >>> 16;
    let to = from + 1;
    while (to < ids.length && ids[to]! >>> 16 === chunk) to++;
    // Storing as 16 bits keeps the lower half.
    const low = new Uint16Array(to - from);
    for (let i = from; i < to; i++) low[i - from] = ids[i]!;
    chunks.push(chunkOfIds(chunk, low));
    from = to;
  }
  return chunks;
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
