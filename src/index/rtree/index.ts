// The R-tree: places in Hilbert-ordered buckets under directories of boxes. Answers ST_Within, ST_Contains, ST_Intersects and
// ST_DWithin against one shape, and walks nearest first. NULL is not indexed.

import type { IndexDef } from '../../catalog/definitions.js';
import type { Probe } from '../../catalog/offer.js';
import { invariant, LightningError } from '../../errors.js';
import type { PageReader, PageWriter } from '../../pages/index.js';
import type { Geometry, ScalarType, Value } from '../../values/types.js';
import type { EntryChange, IndexKind, IndexReader, IndexWriter } from '../kind.js';
import { invalid, onlyOptions, refuseInclude, refuseUnique } from '../options.js';
import { RowCollector } from '../row-collector.js';
import { buildTree } from './build.js';
import { estimateSearch } from './estimate.js';
import type { Expected } from './estimate.js';
import { nearestEntries } from './nearest.js';
import { spatialOffers } from './offers.js';
import { placeOf, selectionOf } from './selection.js';
import type { Bucket, Width } from './spatial-page.js';
import { RTREE_COUNTERS, createTree, deleteEntry, insertEntry } from './tree-change.js';
import { eachBucket, searchTree } from './tree-search.js';
import { verifySpatial } from './verify.js';

const PAGE_BYTES = 4_096;

export const rtree: IndexKind = {
  name: 'rtree',
  spaces: 1,
  check(definition) {
    onlyOptions(definition, []);
    refuseUnique(definition);
    refuseInclude(definition);
    const [key, ...others] = definition.keys;
    if (key === undefined || others.length > 0) {
      throw invalid(
        `an rtree index has one key; ${definition.name} has ${definition.keys.length}`,
        'make one index for each place',
      );
    }
    if (key.type !== 'point' && key.type !== 'geometry') {
      const hint = 'declare the column as POINT or GEOMETRY, or index ST_Point(lon, lat)';
      throw invalid(`an rtree index cannot have the key ${key.text} of type ${key.type}`, hint);
    }
    if (key.desc) throw invalid('an rtree index has no order', 'leave out DESC');
    return {};
  },
  offers: (index, _table, constraints, catalog) => spatialOffers(index, constraints, catalog),
  statistics(index, reader) {
    const counters = reader.counters(spaceOf(index));
    const pages = counters?.[RTREE_COUNTERS.PAGES] ?? 0;
    return {
      entries: counters?.[RTREE_COUNTERS.ENTRIES] ?? 0,
      distinct: undefined,
      pages,
      bytes: pages * PAGE_BYTES,
    };
  },
  create(index, table, writer) {
    createTree(writer, spaceOf(index), table.space, widthOf(index));
  },
  open: (index, _table, reader) => new SpatialReader(index, reader),
  maintain: (index, _table, writer) => new SpatialWriter(index, writer),
  verify: (index, _table, reader, entries) =>
    verifySpatial(reader, spaceOf(index), typeOf(index), widthOf(index), entries),
};

function spaceOf(index: IndexDef): number {
  return index.spaces[0]!;
}

function typeOf(index: IndexDef): ScalarType {
  return index.keys[0]!.type;
}

function widthOf(index: IndexDef): Width {
  return typeOf(index) === 'point' ? 2 : 4;
}

class SpatialReader implements IndexReader {
  private readonly space: number;

  constructor(
    private readonly index: IndexDef,
    private readonly reader: PageReader,
  ) {
    this.space = spaceOf(index);
  }

  rowSet(probe: Probe<Value>) {
    const found = new RowCollector();
    this.each(probe, (rowId) => found.add(rowId));
    return found.finish();
  }

  count(probe: Probe<Value>): number {
    if (probe.kind === 'all') return this.reader.counters(this.space)?.[RTREE_COUNTERS.ENTRIES] ?? 0;
    let count = 0;
    this.each(
      probe,
      () => count++,
      (bucket) => (count += bucket.count),
    );
    return count;
  }

  quickCount(probe: Probe<Value>): number | undefined {
    return probe.kind === 'all' ? this.count(probe) : undefined;
  }

  estimate(probe: Probe<Value>): Expected | undefined {
    if (probe.kind !== 'spatial') return undefined;
    return estimateSearch(this.reader, this.space, this.count({ kind: 'all' }), selectionOf(probe, typeOf(this.index)));
  }

  nearest(point: Value, within: Parameters<NonNullable<IndexReader['nearest']>>[1]) {
    if (point === null) throw new LightningError('INVALID_VALUE', 'the point to order by must not be NULL');
    return nearestEntries(this.reader, this.space, point as Geometry, within);
  }

  private each(probe: Probe<Value>, visit: (rowId: number) => void, visitAll?: (bucket: Bucket) => void): void {
    if (probe.kind === 'all') {
      eachBucket(this.reader, this.space, ({ rowIds, count }) => {
        for (let i = 0; i < count; i++) visit(rowIds[i]!);
      });
      return;
    }
    invariant(probe.kind === 'spatial', `an R-tree cannot answer a probe of kind ${probe.kind}`);
    searchTree(this.reader, this.space, selectionOf(probe, typeOf(this.index)), visit, visitAll);
  }
}

class SpatialWriter implements IndexWriter {
  private readonly space: number;
  private readonly type: ScalarType;
  private readonly width: Width;

  constructor(
    index: IndexDef,
    private readonly writer: PageWriter,
  ) {
    this.space = spaceOf(index);
    this.type = typeOf(index);
    this.width = widthOf(index);
  }

  apply({ rowId, before, after }: EntryChange): void {
    const from = before?.[0] == null ? undefined : placeOf(before[0], this.type);
    const to = after?.[0] == null ? undefined : placeOf(after[0], this.type);
    if (from && to && from.every((number, k) => number === to[k])) return;
    if (from) deleteEntry(this.writer, this.space, rowId, from, this.width);
    if (to) insertEntry(this.writer, this.space, rowId, to, this.width);
  }

  build(entries: Parameters<IndexWriter['build']>[0], progress?: (done: number) => void): void {
    buildTree(this.writer, this.space, this.type, this.width, entries, progress);
  }
}
