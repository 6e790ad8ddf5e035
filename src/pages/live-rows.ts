// Which row ids are live, one bitmap per chunk of 65,536 ids. It is what says that a row page must exist, answers NOT and counts, and
// shows the free ids. The chunks that exist are listed in a bitmap of the same form, at page 65,536.
// Body: form u8, then 0: ids u16 each; 1: runs {first u16, last u16}; 2: the bitmap. The shortest is taken.

import { invariant } from '../errors.js';
import type { PageCodec } from './page.js';

export const CHUNK_BITS = 16;
export const CHUNK_ROWS = 1 << CHUNK_BITS;
export const CHUNK_WORDS = CHUNK_ROWS / 32;
/** The page that lists the chunks. */
export const CHUNK_LIST = CHUNK_ROWS;

export class LiveRows {
  constructor(
    /** 2,048 words, bit i & 31 of word i >>> 5. */
    readonly words: Uint32Array,
    public count: number,
  ) {}

  static make(): LiveRows {
    return new LiveRows(new Uint32Array(CHUNK_WORDS), 0);
  }

  has(id: number): boolean {
    return (this.words[id >>> 5]! & (1 << (id & 31))) !== 0;
  }

  add(id: number): void {
    this.words[id >>> 5]! |= 1 << (id & 31);
    this.count++;
  }

  delete(id: number): void {
    this.words[id >>> 5]! &= ~(1 << (id & 31));
    this.count--;
  }

  /** The bits of a row page: `low` for its first 32 slots, `high` for the others. */
  low(id: number, shift: number): number {
    const word = this.words[id >>> 5]!;
    return shift >= 5 ? word : (word >>> (id & 31)) & ((1 << (1 << shift)) - 1);
  }

  high(id: number, shift: number): number {
    return shift === 6 ? this.words[(id >>> 5) + 1]! : 0;
  }

  /** The ids, ascending. */
  ids(): Uint16Array {
    const ids = new Uint16Array(this.count);
    let n = 0;
    for (let w = 0; w < CHUNK_WORDS; w++) {
      for (let word = this.words[w]!; word !== 0; word &= word - 1) {
        ids[n++] = (w << 5) | (31 - Math.clz32(word & -word));
      }
    }
    invariant(n === this.count, 'live rows of another number than counted');
    return ids;
  }

  /** The first id from `from` on that is neither here nor in `also`, below `end`; -1 when there is none. */
  firstFree(from: number, end: number, also: Uint32Array | undefined): number {
    for (let w = from >>> 5; w << 5 < end; w++) {
      let free = ~(this.words[w]! | (also === undefined ? 0 : also[w]!));
      if (w === from >>> 5) free &= -1 << (from & 31);
      if (free === 0) continue;
      const id = (w << 5) | (31 - Math.clz32(free & -free));
      return id < end ? id : -1;
    }
    return -1;
  }

  /** Runs of consecutive ids: first and last of each. */
  runs(): number[] {
    const runs: number[] = [];
    let carry = 0;
    for (let w = 0; w < CHUNK_WORDS; w++) {
      const word = this.words[w]!;
      // A bit where the word differs from the one before it: a run begins there, or has ended just before.
      for (let edges = word ^ ((word << 1) | carry); edges !== 0; edges &= edges - 1) {
        const at = (w << 5) | (31 - Math.clz32(edges & -edges));
        runs.push((runs.length & 1) === 0 ? at : at - 1);
      }
      carry = word >>> 31;
    }
    if ((runs.length & 1) === 1) runs.push(CHUNK_ROWS - 1);
    return runs;
  }

  /** Adds ids that are not there yet. */
  addRun(first: number, last: number): void {
    for (let w = first >>> 5; w <= last >>> 5; w++) {
      const from = w === first >>> 5 ? -1 << (first & 31) : -1;
      const to = w === last >>> 5 ? -1 >>> (31 - (last & 31)) : -1;
      this.words[w]! |= from & to;
    }
    this.count += last - first + 1;
  }
}

function bitCount(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export const LIVE_ROWS: PageCodec<LiveRows> = {
  name: 'live rows',
  encode(live) {
    const runs = live.runs();
    const form = Math.min(live.count * 2, runs.length * 2) >= CHUNK_WORDS * 4 ? 2 : live.count <= runs.length ? 0 : 1;
    if (form === 2) {
      const out = new Uint8Array(1 + CHUNK_WORDS * 4);
      out[0] = form;
      out.set(new Uint8Array(live.words.buffer), 1);
      return out;
    }
    const numbers = form === 0 ? live.ids() : runs;
    const out = new Uint8Array(1 + numbers.length * 2);
    out[0] = form;
    for (let i = 0, at = 1; i < numbers.length; i++) {
      out[at++] = numbers[i]!;
      out[at++] = numbers[i]! >>> 8;
    }
    return out;
  },
  decode(body) {
    const form = body[0]!;
    if (form === 2) {
      invariant(body.length === 1 + CHUNK_WORDS * 4, 'a bitmap of another size');
      const words = new Uint32Array(new Uint8Array(body.subarray(1)).buffer);
      let count = 0;
      for (const word of words) count += bitCount(word);
      return new LiveRows(words, count);
    }
    const live = LiveRows.make();
    const step = form === 0 ? 2 : 4;
    for (let at = 1; at < body.length; at += step) {
      const first = body[at]! | (body[at + 1]! << 8);
      const last = form === 0 ? first : body[at + 2]! | (body[at + 3]! << 8);
      live.addRun(first, last);
    }
    return live;
  },
  copy: (live) => new LiveRows(live.words.slice(), live.count),
  bytes: () => 200 + CHUNK_WORDS * 4,
};
