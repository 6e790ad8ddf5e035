// The keys that are row ids, as sets and walks over the table's live rows.

import type { Probe } from '../../catalog/offer.js';
import type { PageReader } from '../../pages/page.js';
import type { RowPages } from '../../pages/row-pages.js';
import type { Value } from '../../values/types.js';
import { boundOf, keysOf } from '../probe-values.js';
import { BIT_WORDS, chunkOfBits } from '../row-set/index.js';
import type { Chunk } from '../row-set/index.js';
import { popCount } from '../row-set/chunk.js';
import { DIRECT_LIMIT } from './map.js';

/** Row ids from `from` up to, not including, `to`. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Ascending and disjoint intervals of the row ids that a probe asks for. */
export function intervalsOf(probe: Extract<Probe<Value>, { kind: 'keys' | 'all' }>): Interval[] {
  if (probe.kind === 'all') return [{ from: 0, to: DIRECT_LIMIT }];
  const [set] = probe.sets;
  if (set !== undefined) {
    const ids: number[] = [];
    for (const key of keysOf(set, 'integer')) {
      if (typeof key === 'number' && key >= 0 && key < DIRECT_LIMIT) ids.push(key);
    }
    ids.sort((a, b) => a - b);
    return ids.filter((id, i) => id !== ids[i - 1]).map((id) => ({ from: id, to: id + 1 }));
  }
  const low = boundOf(probe.range?.low, 'low', 'integer');
  const high = boundOf(probe.range?.high, 'high', 'integer');
  if (low === 'nothing' || high === 'nothing') return [];
  const from = low === undefined ? 0 : Number(low.value) + (low.inclusive ? 0 : 1);
  const to = high === undefined ? DIRECT_LIMIT : Number(high.value) + (high.inclusive ? 1 : 0);
  const interval = { from: Math.max(0, from), to: Math.min(DIRECT_LIMIT, to) };
  return interval.from < interval.to ? [interval] : [];
}

/** The live rows of an interval. */
export function liveChunks(rows: RowPages, reader: PageReader, { from, to }: Interval): Chunk[] {
  const found: Chunk[] = [];
  for (const number of rows.chunks(reader)) {
    const base = number * 65_536;
    if (base >= to || base + 65_536 <= from) continue;
    const live = rows.chunk(reader, number);
    if (live === undefined) continue;
    const bits = live.words.slice();
    if (from > base) clear(bits, 0, from - base);
    if (to < base + 65_536) clear(bits, to - base, 65_536);
    found.push(chunkOfBits(number, bits));
  }
  return found;
}

/** The number of live rows of an interval; undefined when it spans more than `most` chunks. */
export function liveCount(
  rows: RowPages,
  reader: PageReader,
  { from, to }: Interval,
  most: number,
): number | undefined {
  if (to - from === 1) return rows.live(reader, from) ? 1 : 0;
  let count = 0;
  let visited = 0;
  for (const number of rows.chunks(reader)) {
    const base = number * 65_536;
    if (base >= to || base + 65_536 <= from) continue;
    if (++visited > most) return undefined;
    const live = rows.chunk(reader, number);
    if (live === undefined) continue;
    if (from <= base && to >= base + 65_536) {
      count += live.count;
      continue;
    }
    const first = Math.max(0, from - base);
    const last = Math.min(65_536, to - base) - 1;
    for (let w = first >>> 5; w <= last >>> 5; w++) {
      let word = live.words[w]!;
      if (w === first >>> 5) word &= -1 << (first & 31);
      if (w === last >>> 5) word &= -1 >>> (31 - (last & 31));
      count += popCount(word);
    }
  }
  return count;
}

/** Zeros bits `from` up to, not including, `to`. */
function clear(bits: Uint32Array, from: number, to: number): void {
  for (let w = from >>> 5; w < BIT_WORDS && w << 5 < to; w++) {
    let mask = -1;
    if (w === from >>> 5) mask &= -1 << (from & 31);
    if (w === to >>> 5) mask &= (1 << (to & 31)) - 1;
    bits[w]! &= ~mask;
  }
}

/** The live ids of intervals, ascending or descending, one chunk's worth at a time. */
export function* liveIds(
  rows: RowPages,
  reader: PageReader,
  intervals: readonly Interval[],
  reverse: boolean,
): Iterable<Uint32Array> {
  for (const interval of reverse ? intervals.toReversed() : intervals) {
    if (interval.to - interval.from === 1) {
      if (rows.live(reader, interval.from)) yield Uint32Array.of(interval.from);
      continue;
    }
    const numbers = rows.chunks(reader);
    if (reverse) numbers.reverse();
    for (const number of numbers) {
      const base = number * 65_536;
      if (base >= interval.to || base + 65_536 <= interval.from) continue;
      const live = rows.chunk(reader, number);
      if (live === undefined) continue;
      // A walk that stops early should not list a whole chunk first: 1,024 ids at a time.
      const step = 1_024;
      for (let n = 0; n < 65_536; n += step) {
        const low = reverse ? 65_536 - step - n : n;
        if (base + low >= interval.to || base + low + step <= interval.from) continue;
        const ids = idsOfWords(live.words, low, low + step, base, interval);
        if (ids.length > 0) yield reverse ? ids.reverse() : ids;
      }
    }
  }
}

const scratch = new Uint32Array(1_024);

function idsOfWords(words: Uint32Array, low: number, high: number, base: number, { from, to }: Interval): Uint32Array {
  let count = 0;
  for (let w = low >>> 5; w < high >>> 5; w++) {
    for (let word = words[w]!; word !== 0; word &= word - 1) {
      const id = base + w * 32 + (31 - Math.clz32(word & -word));
      if (id >= from && id < to) scratch[count++] = id;
    }
  }
  return scratch.slice(0, count);
}
