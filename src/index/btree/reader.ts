// Reads an ordered index: row sets and counts of key ranges, walks in key order.

import type { Probe } from '../../catalog/offer.js';
import type { OrderedTree, TreeRange } from '../../pages/ordered-tree.js';
import type { PageReader } from '../../pages/page.js';
import type { Value } from '../../values/types.js';
import { successor } from '../../values/bytes.js';
import { rangesOf } from '../key-ranges.js';
import type { IndexReader, WalkBatch } from '../kind.js';
import { RowCollector } from '../row-collector.js';
import type { RowSet } from '../row-set/index.js';
import { rowIdOf } from './entry.js';
import type { EntryFormat } from './entry.js';

/** Entries of a walk's batch: at first, since it may stop soon, and at most. */
const FIRST = 32;
const BATCH = 1_024;
/** A count for planning visits this many leaves and ranges, at most. */
const QUICK_LEAVES = 64;
const QUICK_RANGES = 16;

export class BtreeReader implements IndexReader {
  constructor(
    private readonly tree: OrderedTree,
    private readonly format: EntryFormat,
    private readonly reader: PageReader,
  ) {}

  rowSet(probe: Probe<Value>): RowSet {
    const rows = new RowCollector();
    for (const range of this.ranges(probe)) {
      for (const batch of this.tree.scan(this.reader, range)) {
        const { count } = batch;
        for (let i = 0; i < count; i++) rows.add(rowIdOf(batch, i));
      }
    }
    return rows.finish();
  }

  count(probe: Probe<Value>): number {
    let count = 0;
    for (const range of this.ranges(probe)) count += this.tree.countRange(this.reader, range, Infinity).rows;
    return count;
  }

  quickCount(probe: Probe<Value>): number | undefined {
    if (probe.kind === 'keys' && probe.skip === true) return undefined;
    const ranges = this.ranges(probe);
    if (ranges.length > QUICK_RANGES) return undefined;
    let count = 0;
    for (const range of ranges) {
      const found = this.tree.countRange(this.reader, range, Math.ceil(QUICK_LEAVES / ranges.length));
      if (!found.exact) return undefined;
      count += found.rows;
    }
    return count;
  }

  *walk(probe: Probe<Value>, options: { readonly reverse: boolean; readonly covered: boolean }): Iterable<WalkBatch> {
    const ranges = this.ranges(probe);
    if (options.reverse) ranges.reverse();
    let size = FIRST;
    for (const range of ranges) {
      for (const batch of this.tree.scan(this.reader, { ...range, reverse: options.reverse })) {
        for (let from = 0, to; from < batch.count; from = to) {
          to = Math.min(batch.count, from + size);
          size = Math.min(2 * size, BATCH);
          const rowIds = new Uint32Array(to - from);
          for (let i = from; i < to; i++) rowIds[i - from] = rowIdOf(batch, i);
          yield { count: to - from, rowIds, values: options.covered ? this.format.read(batch, from, to) : [] };
        }
      }
    }
  }

  private ranges(probe: Probe<Value>): TreeRange[] {
    const { keys } = this.format;
    if (probe.kind !== 'keys' || probe.skip !== true) return rangesOf(probe, keys, 'btree');
    const ranges: TreeRange[] = [];
    for (const beginning of this.firstKeys()) ranges.push(...rangesOf(probe, keys.slice(1), 'btree', beginning));
    return ranges;
  }

  /** The different first keys, in order: a seek for each. */
  private *firstKeys(): Iterable<Uint8Array> {
    for (let gte: Uint8Array | undefined = new Uint8Array(0); gte !== undefined;) {
      let found: Uint8Array | undefined;
      for (const batch of this.tree.scan(this.reader, { gte })) {
        found = this.format.firstKey(batch, 0);
        break;
      }
      if (found === undefined) return;
      yield found;
      gte = successor(found);
    }
  }
}
