// Gathers distinct row ids in any order and makes a row set of them: by sorting when they are few, through bits when they are many.

import { BIT_WORDS, chunkOfBits, rowSets } from './row-set/index.js';
import type { Chunk, RowSet } from './row-set/index.js';

/** From here on, bits are quicker than sorting. */
const MANY = 8_192;

export class RowCollector {
  private ids = new Uint32Array(16);
  private held = 0;
  private ascending = true;
  private last = -1;

  get size(): number {
    return this.held;
  }

  add(rowId: number): void {
    if (this.held === this.ids.length) {
      const grown = new Uint32Array(this.held * 2);
      grown.set(this.ids);
      this.ids = grown;
    }
    if (rowId <= this.last) this.ascending = false;
    this.last = rowId;
    this.ids[this.held++] = rowId;
  }

  finish(): RowSet {
    const ids = this.ids.slice(0, this.held);
    const sets = rowSets();
    if (this.ascending) return sets.fromSorted(ids);
    if (ids.length < MANY) return sets.fromUnsorted(ids);
    const chunks = throughBits(ids);
    return chunks === undefined ? sets.fromUnsorted(ids) : sets.fromChunks(chunks);
  }
}

/** Undefined when the ids are too scattered for it to pay. */
function throughBits(ids: Uint32Array): Chunk[] | undefined {
  const most = ids.length / 512 + 8;
  const bits: (Uint32Array<ArrayBuffer> | undefined)[] = [];
  let chunks = 0;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    const chunk = id >>> 16;
    let words = bits[chunk];
    if (words === undefined) {
      if (++chunks > most) return undefined;
      words = new Uint32Array(BIT_WORDS);
      bits[chunk] = words;
    }
    words[(id & 0xffff) >>> 5]! |= 1 << (id & 31);
  }
  const found: Chunk[] = [];
  bits.forEach((words, chunk) => {
    if (words !== undefined) found.push(chunkOfBits(chunk, words));
  });
  return found;
}
