// Reads a primary key: points, ranges and walks over the live rows and the tree together.

import type { Probe } from '../../catalog/offer.js';
import type { TreeBatch, TreeRange } from '../../pages/ordered-tree.js';
import type { PageReader } from '../../pages/page.js';
import { KeyReader } from '../../values/key.js';
import type { Row, Value } from '../../values/types.js';
import { rangesOf, wrongProbe } from '../key-ranges.js';
import type { IndexReader, WalkBatch } from '../kind.js';
import { RowCollector } from '../row-collector.js';
import { rowSets } from '../row-set/index.js';
import type { RowSet } from '../row-set/index.js';
import { intervalsOf, liveChunks, liveCount, liveIds } from './direct.js';
import type { Interval } from './direct.js';
import { rowIdIn } from './map.js';
import type { PrimaryMap } from './map.js';

const BATCH = 1_024;
/** Row ids up to which an interval is listed id by id. */
const NARROW = 4_096;
/** A count for planning visits this many leaves, chunks and ranges, at most. */
const QUICK = 64;

export class PrimaryReader implements IndexReader {
  constructor(
    private readonly map: PrimaryMap,
    private readonly reader: PageReader,
  ) {}

  /** The row with these key values. */
  lookup(key: Row): number | undefined {
    return this.map.lookup(this.reader, key);
  }

  keysAreRowIds(): boolean {
    return this.map.direct && this.map.tree.count(this.reader) === 0;
  }

  rowSet(probe: Probe<Value>): RowSet {
    const { map, reader } = this;
    const rows = new RowCollector();
    const parts: RowSet[] = [];
    for (const interval of this.intervals(probe)) {
      if (interval.to - interval.from > NARROW) {
        parts.push(rowSets().fromChunks(liveChunks(map.rows, reader, interval)));
      } else {
        for (const ids of liveIds(map.rows, reader, [interval], false)) for (const id of ids) rows.add(id);
      }
    }
    for (const range of this.ranges(probe)) {
      for (const batch of map.tree.scan(reader, range)) {
        for (let i = 0; i < batch.count; i++) rows.add(rowIdIn(batch.bytes, batch.keyEnd(i)));
      }
    }
    if (parts.length === 0) return rows.finish();
    if (rows.size > 0) parts.push(rows.finish());
    return rowSets().union(parts);
  }

  count(probe: Probe<Value>): number {
    let count = 0;
    for (const interval of this.intervals(probe)) {
      count += liveCount(this.map.rows, this.reader, interval, Infinity) ?? 0;
    }
    for (const range of this.ranges(probe)) count += this.map.tree.countRange(this.reader, range, Infinity).rows;
    return count;
  }

  quickCount(probe: Probe<Value>): number | undefined {
    const intervals = this.intervals(probe);
    const ranges = this.ranges(probe);
    if (intervals.length > QUICK || ranges.length > QUICK) return undefined;
    let count = 0;
    for (const interval of intervals) {
      const found = liveCount(this.map.rows, this.reader, interval, QUICK);
      if (found === undefined) return undefined;
      count += found;
    }
    for (const range of ranges) {
      const found = this.map.tree.countRange(this.reader, range, Math.ceil(QUICK / ranges.length));
      if (!found.exact) return undefined;
      count += found.rows;
    }
    return count;
  }

  *walk(probe: Probe<Value>, options: { readonly reverse: boolean; readonly covered: boolean }): Iterable<WalkBatch> {
    const { reverse, covered } = options;
    const ranges = this.ranges(probe);
    const intervals = this.intervals(probe);
    if (ranges.length === 0) {
      for (const rowIds of liveIds(this.map.rows, this.reader, intervals, reverse)) {
        yield { count: rowIds.length, rowIds, values: covered ? [Array.from(rowIds)] : [] };
      }
      return;
    }
    const out = new BatchMaker(this.map.index.keys.length, covered);
    // Two sorted sources: direct ids, and the tree's entries, whose keys are none of those ids.
    const ids = elements(liveIds(this.map.rows, this.reader, intervals, reverse));
    let id = ids.next();
    for (const range of reverse ? ranges.toReversed() : ranges) {
      for (const batch of this.map.tree.scan(this.reader, { ...range, reverse })) {
        for (let i = 0; i < batch.count; i++) {
          const key = this.keyOf(batch, i);
          if (this.map.direct) {
            while (id.done !== true && (reverse ? id.value > (key[0] as number) : id.value < (key[0] as number))) {
              if (out.add(id.value, [id.value])) yield out.take();
              id = ids.next();
            }
          }
          if (out.add(rowIdIn(batch.bytes, batch.keyEnd(i)), key)) yield out.take();
        }
      }
    }
    for (; id.done !== true; id = ids.next()) if (out.add(id.value, [id.value])) yield out.take();
    if (out.count > 0) yield out.take();
  }

  /** Keys that are row ids come in the order of the rows. */
  walkWithin(
    probe: Probe<Value>,
    within: Iterable<Uint32Array>,
    { covered }: { readonly covered: boolean },
  ): Iterable<WalkBatch> | undefined {
    if (!this.map.direct || this.ranges(probe).length > 0) return undefined;
    return batchesWithin(this.intervals(probe), within, covered);
  }

  private keyOf(batch: TreeBatch, i: number): Value[] {
    const { keys } = this.map.index;
    keyReader.reset(batch.bytes, batch.keyStart(i), batch.keyEnd(i));
    const key = keys.map(({ type, desc }) => keyReader.value(type, desc));
    for (let at = batch.keyEnd(i) + 4; at < batch.valueEnd(i); at++) key[batch.bytes[at]!] = -0;
    return key;
  }

  private intervals(probe: Probe<Value>): Interval[] {
    if (probe.kind !== 'keys' && probe.kind !== 'all') throw wrongProbe('primary', probe);
    return this.map.direct ? intervalsOf(probe) : [];
  }

  /** None while the tree is empty. */
  private ranges(probe: Probe<Value>): TreeRange[] {
    return this.map.tree.count(this.reader) === 0 ? [] : rangesOf(probe, this.map.index.keys, 'primary');
  }
}

/** Those of the ids that lie in the intervals. */
function* batchesWithin(
  intervals: readonly Interval[],
  within: Iterable<Uint32Array>,
  covered: boolean,
): Iterable<WalkBatch> {
  for (const ids of within) {
    const rowIds = ids.filter((id) => intervals.some(({ from, to }) => id >= from && id < to));
    if (rowIds.length > 0) yield { count: rowIds.length, rowIds, values: covered ? [Array.from(rowIds)] : [] };
  }
}

const keyReader = new KeyReader();

function* elements(arrays: Iterable<Uint32Array>): Generator<number, undefined> {
  for (const array of arrays) yield* array;
  return undefined;
}

/** Collects a walk's entries into batches. */
class BatchMaker {
  count = 0;
  private rowIds = new Uint32Array(BATCH);
  private values: Value[][];

  constructor(
    private readonly keys: number,
    private readonly covered: boolean,
  ) {
    this.values = this.vectors();
  }

  /** Whether the batch is full. */
  add(rowId: number, key: readonly Value[]): boolean {
    this.rowIds[this.count++] = rowId;
    if (this.covered) for (let k = 0; k < this.keys; k++) this.values[k]!.push(key[k]!);
    return this.count === BATCH;
  }

  take(): WalkBatch {
    const batch = { count: this.count, rowIds: this.rowIds.slice(0, this.count), values: this.values };
    this.count = 0;
    this.values = this.vectors();
    return batch;
  }

  private vectors(): Value[][] {
    return this.covered ? Array.from({ length: this.keys }, () => []) : [];
  }
}
