// Reads a bitmap index: row sets chunk by chunk, counts and facets from cardinalities alone.

import type { Probe } from '../../catalog/offer.js';
import type { ValueSet } from '../../expr/constraint.js';
import type { PageReader } from '../../pages/page.js';
import { compareByteRanges, compareBytes } from '../../values/bytes.js';
import type { Value } from '../../values/types.js';
import { wrongProbe } from '../key-ranges.js';
import type { IndexReader, Restriction } from '../kind.js';
import { keysOf, listOf } from '../probe-values.js';
import { rowSets } from '../row-set/index.js';
import type { Chunk, RowSet } from '../row-set/index.js';
import { BITMAP_COUNTERS, pageOf, rangeOfValue, statesLongValue } from './entries.js';
import type { BitmapEntries } from './entries.js';
import { mergeChunks, sizesWithin } from './merge.js';
import type { PartState } from './value-memo.js';
import { ValueMemo } from './value-memo.js';

/** A count for planning asks this many values and chunks, at most. */
const QUICK_VALUES = 32;
const QUICK_CHUNKS = 256;

/** Sets of more rows are intersected with whole values, smaller ones tried id by id. */
const MANY = 4_096;

export class BitmapReader implements IndexReader {
  constructor(
    private readonly entries: BitmapEntries,
    private readonly reader: PageReader,
  ) {}

  rowSet(probe: Probe<Value>): RowSet {
    const chunks: Chunk[] = [];
    if (probe.kind === 'keys') return this.setsOf(this.prefixes(this.setOf(probe))).union();
    const without = probe.kind === 'not-keys' ? this.excluded(probe.set) : [];
    if (probe.kind !== 'all' && probe.kind !== 'not-keys') throw wrongProbe('bitmap', probe);
    if (without === 'everything') return rowSets().empty;
    for (const value of this.values()) {
      if (without.some((prefix) => compareBytes(prefix, value.prefix) === 0)) continue;
      chunks.push(...value.chunks());
    }
    return rowSets().fromChunks(mergeChunks(chunks));
  }

  restrict(probe: Probe<Value>): Restriction | undefined {
    if (probe.kind === 'keys') {
      const { sets, union } = this.setsOf(this.prefixes(this.setOf(probe)));
      const isWhole = (within: RowSet) => sets.length === 1 || within.size > MANY;
      return {
        rowSet: (within) =>
          isWhole(within) ? within.and(union()) : rowSets().union(sets.map((set) => within.and(set))),
        // A row has one value.
        count: (within) =>
          isWhole(within) ? within.andSize(union()) : sets.reduce((sum, set) => sum + within.andSize(set), 0),
      };
    }
    // A partial index does not know all rows that have other values.
    if (probe.kind !== 'not-keys' || this.entries.index.where !== undefined) return undefined;
    const without = this.excluded(probe.set);
    if (without === 'everything') return { rowSet: () => rowSets().empty, count: () => 0 };
    const { sets } = this.setsOf(without);
    return {
      rowSet: (within) => sets.reduce((left, set) => left.andNot(set), within),
      count: (within) => sets.reduce((left, set) => left - within.andSize(set), within.size),
    };
  }

  count(probe: Probe<Value>): number {
    if (probe.kind === 'keys') return this.sum(this.prefixes(this.setOf(probe)), Infinity) ?? 0;
    const rows = this.entries.counter(this.reader, BITMAP_COUNTERS.ROWS);
    if (probe.kind === 'all') return rows;
    if (probe.kind !== 'not-keys') throw wrongProbe('bitmap', probe);
    const without = this.excluded(probe.set);
    return without === 'everything' ? 0 : rows - (this.sum(without, Infinity) ?? 0);
  }

  quickCount(probe: Probe<Value>): number | undefined {
    const rows = this.entries.counter(this.reader, BITMAP_COUNTERS.ROWS);
    if (probe.kind === 'all') return rows;
    if (probe.kind !== 'keys' && probe.kind !== 'not-keys') return undefined;
    const prefixes = probe.kind === 'keys' ? this.prefixes(this.setOf(probe)) : this.excluded(probe.set);
    if (prefixes === 'everything') return 0;
    if (prefixes.length > QUICK_VALUES) return undefined;
    const sum = this.sum(prefixes, QUICK_CHUNKS);
    return sum === undefined || probe.kind === 'keys' ? sum : rows - sum;
  }

  *facets(within: RowSet | undefined): Iterable<{ readonly value: Value; readonly count: number }> {
    if (within === undefined) {
      yield* this.sizes();
      return;
    }
    const sizeOf = sizesWithin(within);
    const many = within.size > MANY;
    for (const value of this.values()) {
      let count = 0;
      if (many && value.isLarge) count = value.set().andSize(within);
      else for (const chunk of value.chunks()) count += sizeOf(chunk);
      if (count > 0) yield { value: this.entries.value(this.reader, value.prefix), count };
    }
  }

  private setOf(probe: Extract<Probe<Value>, { kind: 'keys' }>): ValueSet<Value> {
    const [set] = probe.sets;
    if (set === undefined || probe.sets.length > 1 || probe.range || probe.prefix !== undefined) {
      throw wrongProbe('bitmap', probe);
    }
    return set;
  }

  /** Where the rows of the values lie, distinct. */
  private prefixes(set: ValueSet<Value>): Uint8Array[] {
    const found: Uint8Array[] = [];
    for (const value of keysOf(set, this.entries.type)) {
      const prefix = this.entries.find(this.reader, value);
      if (prefix !== undefined) found.push(prefix);
    }
    if (found.length < 2) return found;
    found.sort(compareBytes);
    return found.filter((prefix, i) => i === 0 || compareBytes(prefix, found[i - 1]!) !== 0);
  }

  /**
   * What `NOT IN` leaves out: the values and NULL. A NULL among the values makes it true of nothing; an empty array makes it true even
   * of NULL.
   */
  private excluded(set: ValueSet<Value>): Uint8Array[] | 'everything' {
    const isNull: ValueSet<Value> = { kind: 'null' };
    if (set.kind === 'null') return this.prefixes(isNull);
    const listed = listOf(set);
    if (listed === undefined || listed.includes(null)) return 'everything';
    if (listed.length === 0) return [];
    return [...this.prefixes(set), ...this.prefixes(isNull)];
  }

  /**
   * Disjoint sets that hold the rows of the values, and their union, made when it is asked for. Values with large containers come as sets,
   * which may be remembered, as may be their union; the chunks of the others are merged.
   */
  private setsOf(prefixes: readonly Uint8Array[]): { readonly sets: readonly RowSet[]; readonly union: () => RowSet } {
    const sets: RowSet[] = [];
    const large: ValueRows[] = [];
    const chunks: Chunk[] = [];
    for (const prefix of prefixes) {
      const value = this.valueOf(prefix);
      if (value.isLarge) large.push(value);
      else chunks.push(...value.chunks());
    }
    for (const value of large) sets.push(value.set());
    if (chunks.length > 0) sets.push(rowSets().fromChunks(mergeChunks(chunks)));
    let whole: RowSet | undefined;
    const made = () => (sets.length === 1 ? sets[0]! : rowSets().union(sets));
    return { sets, union: () => (whole ??= large.length > 1 && chunks.length === 0 ? unionOf(large, made) : made()) };
  }

  private valueOf(prefix: Uint8Array): ValueRows {
    const value = new ValueRows(this.entries, this.reader, prefix);
    for (const batch of this.entries.tree.scan(this.reader, rangeOfValue(prefix))) {
      for (let i = 0; i < batch.count; i++) value.add(batch.keyEnd(i), batch.valueEnd(i), batch.bytes);
    }
    return value;
  }

  /** Rows of the values; undefined when that takes more than `most` chunks. */
  private sum(prefixes: readonly Uint8Array[], most: number): number | undefined {
    let sum = 0;
    let visited = 0;
    for (const prefix of prefixes) {
      for (const batch of this.entries.tree.scan(this.reader, rangeOfValue(prefix))) {
        if ((visited += batch.count) > most) return undefined;
        for (let i = 0; i < batch.count; i++) sum += this.entries.size(this.reader, batch, i);
      }
    }
    return sum;
  }

  /** Each value with its number of rows, from cardinalities alone. */
  private *sizes(): Iterable<{ readonly value: Value; readonly count: number }> {
    const { entries, reader } = this;
    let prefix: Uint8Array | undefined;
    let count = 0;
    for (const batch of entries.tree.scan(reader)) {
      const { bytes } = batch;
      for (let i = 0; i < batch.count; i++) {
        if (statesLongValue(batch, i)) continue;
        const start = batch.keyStart(i);
        const end = batch.keyEnd(i) - 2;
        if (prefix === undefined || compareByteRanges(prefix, 0, prefix.length, bytes, start, end) !== 0) {
          if (prefix !== undefined) yield { value: entries.value(reader, prefix), count };
          prefix = bytes.subarray(start, end);
          count = 0;
        }
        count += entries.size(reader, batch, i);
      }
    }
    if (prefix !== undefined) yield { value: entries.value(reader, prefix), count };
  }

  /** Each value in the order of the tree; its chunks are to be asked for before the next value. */
  private *values(): Iterable<ValueRows> {
    let current: ValueRows | undefined;
    for (const batch of this.entries.tree.scan(this.reader)) {
      for (let i = 0; i < batch.count; i++) {
        if (statesLongValue(batch, i)) continue;
        const prefix = batch.bytes.subarray(batch.keyStart(i), batch.keyEnd(i) - 2);
        if (current === undefined || compareBytes(current.prefix, prefix) !== 0) {
          if (current !== undefined) yield current;
          current = new ValueRows(this.entries, this.reader, prefix);
        }
        current.add(batch.keyEnd(i), batch.valueEnd(i), batch.bytes);
      }
    }
    if (current !== undefined) yield current;
  }
}

/** One value's entries, remembered by where they lie in the leaves. */
class ValueRows {
  private readonly parts: { readonly chunk: number; readonly page: number; readonly ids: Uint8Array }[] = [];

  constructor(
    private readonly entries: BitmapEntries,
    private readonly reader: PageReader,
    readonly prefix: Uint8Array,
  ) {}

  add(keyEnd: number, valueEnd: number, bytes: Uint8Array): void {
    const chunk = (bytes[keyEnd - 2]! << 8) | bytes[keyEnd - 1]!;
    this.parts.push({ chunk, page: pageOf(bytes, keyEnd, valueEnd), ids: bytes.subarray(keyEnd, valueEnd) });
  }

  chunks(): Chunk[] {
    return this.parts.map(({ chunk, page, ids }) => this.entries.rows(this.reader, chunk, page, ids));
  }

  /** Whether some of the rows lie in a container. */
  get isLarge(): boolean {
    return this.parts.some(({ page }) => page >= 0);
  }

  /** What the rows are made of now: another one for every content. */
  state(): PartState[] {
    const { entries, reader, parts } = this;
    return parts.map(({ chunk, page, ids }) => (page >= 0 ? entries.container(reader, page, chunk).stamp : ids));
  }

  /** All rows as one set; a large one is remembered where the cache has room. */
  set(): RowSet {
    const make = () => rowSets().fromChunks(this.chunks());
    return this.isLarge ? this.remembered('memo', this.state(), make) : make();
  }

  /** A set of this state, remembered in the page of the first container. */
  remembered(as: 'memo' | 'listMemo', state: readonly PartState[], make: () => RowSet): RowSet {
    const { entries, reader, parts } = this;
    const first = parts.find(({ page }) => page >= 0)!;
    const holder = entries.container(reader, first.page, first.chunk);
    const known = holder[as];
    if (known?.isOf(state)) return known.set;
    const set = make();
    if (reader.memoRoom()) {
      holder[as] = ValueMemo.of(set, state);
      reader.reweigh(entries.pages, first.page);
    }
    return set;
  }
}

/** The union of several large values, remembered with the first of them. */
function unionOf(values: readonly ValueRows[], make: () => RowSet): RowSet {
  // Ids that entries hold themselves tell nothing of their value: it stands before them.
  const state = values.flatMap((value): PartState[] => [value.prefix, ...value.state()]);
  return values[0]!.remembered('listMemo', state, make);
}
