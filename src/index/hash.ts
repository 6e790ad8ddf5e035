// Hash indexes: equality on all keys at once, for keys that are long or many. A hash of 64 bits stands for the key, so that what it finds
// is rechecked on the row, and a unique key is compared by the table (`candidates`).
// One space: an ordered tree of (hash, row id) -> nothing, 12 bytes an entry.

import type { Catalog } from '../catalog/catalog.js';
import type { IndexDef, OptionValue, TableDef } from '../catalog/definitions.js';
import type { Offer, Probe } from '../catalog/offer.js';
import type { Constraint } from '../expr/constraint.js';
import { OrderedTree } from '../pages/ordered-tree.js';
import type { TreeRange } from '../pages/ordered-tree.js';
import type { PageReader, PageWriter } from '../pages/page.js';
import { compareBytes, EMPTY } from '../values/bytes.js';
import { hashValues, KeyWriter, successor } from '../values/key.js';
import type { Row, ScalarType, Value } from '../values/types.js';
import { rowIdOf } from './btree/entry.js';
import { ENTRY, PROBE, SEEK } from './costs.js';
import { Selectivity } from './estimates.js';
import { wrongProbe } from './key-ranges.js';
import { matchKeys } from './key-probes.js';
import type { Entry, EntryChange, IndexKind, IndexReader, IndexWriter, VerifyProblem } from './kind.js';
import { needsKeys, onlyOptions, refuseInclude } from './options.js';
import type { Definition } from './options.js';
import { keysOf } from './probe-values.js';
import { repeatedKeys } from './repeated.js';
import { RowCollector } from './row-collector.js';
import type { RowSet } from './row-set/index.js';
import { SortedLoad } from './sorted-load.js';
import { treeStatistics } from './tree-statistics.js';
import { verifyEntries } from './verify-entries.js';
import { wholeOffer } from './whole-offer.js';

/** A count for planning visits this many keys and leaves, at most. */
const QUICK = 16;

const keyWriter = new KeyWriter();
const hashBytes = new Uint8Array(8);
const hashView = new DataView(hashBytes.buffer);

function typesOf(index: IndexDef): ScalarType[] {
  return index.keys.map((key) => key.type);
}

/** The 8 bytes under which a key's rows lie; valid until the next call. */
function hashKey(values: Row, types: readonly ScalarType[]): Uint8Array {
  const { hi, lo } = hashValues(values, types);
  hashView.setUint32(0, hi);
  hashView.setUint32(4, lo);
  return hashBytes;
}

function entryKey(values: Row, types: readonly ScalarType[], rowId: number): Uint8Array {
  return keyWriter.reset().addBytes(hashKey(values, types)).addRowId(rowId).view();
}

function rangeOf(hash: Uint8Array): TreeRange {
  return { gte: hash, lt: successor(hash) };
}

class HashReader implements IndexReader {
  constructor(
    private readonly tree: OrderedTree,
    private readonly types: readonly ScalarType[],
    private readonly reader: PageReader,
  ) {}

  rowSet(probe: Probe<Value>): RowSet {
    const rows = new RowCollector();
    for (const range of this.ranges(probe)) {
      for (const batch of this.tree.scan(this.reader, range)) {
        for (let i = 0; i < batch.count; i++) rows.add(rowIdOf(batch, i));
      }
    }
    return rows.finish();
  }

  count(probe: Probe<Value>): number {
    return this.ranges(probe).reduce((n, range) => n + this.tree.countRange(this.reader, range, Infinity).rows, 0);
  }

  quickCount(probe: Probe<Value>): number | undefined {
    const ranges = this.ranges(probe);
    if (ranges.length > QUICK) return undefined;
    let count = 0;
    for (const range of ranges) {
      const found = this.tree.countRange(this.reader, range, QUICK);
      if (!found.exact) return undefined;
      count += found.rows;
    }
    return count;
  }

  /** One for each distinct hash of the product of the sets. */
  private ranges(probe: Probe<Value>): TreeRange[] {
    if (probe.kind === 'all') return [{}];
    if (probe.kind !== 'keys' || probe.sets.length !== this.types.length || probe.range || probe.prefix !== undefined) {
      throw wrongProbe('hash', probe);
    }
    let rows: Value[][] = [[]];
    probe.sets.forEach((set, i) => {
      const keys = keysOf(set, this.types[i]!);
      rows = rows.flatMap((row) => keys.map((key) => [...row, key]));
    });
    const hashes = rows.map((row) => hashKey(row, this.types).slice()).sort(compareBytes);
    return hashes.filter((h, i) => i === 0 || compareBytes(h, hashes[i - 1]!) !== 0).map(rangeOf);
  }
}

class HashWriter implements IndexWriter {
  constructor(
    private readonly tree: OrderedTree,
    private readonly types: readonly ScalarType[],
    private readonly writer: PageWriter,
  ) {}

  apply({ rowId, before, after }: EntryChange): void {
    if (before !== undefined) this.tree.delete(this.writer, entryKey(before, this.types, rowId));
    if (after !== undefined) this.tree.put(this.writer, entryKey(after, this.types, rowId), EMPTY);
  }

  candidates(values: Row): number[] {
    const found: number[] = [];
    for (const batch of this.tree.scan(this.writer, rangeOf(hashKey(values, this.types).slice()))) {
      for (let i = 0; i < batch.count; i++) found.push(rowIdOf(batch, i));
    }
    return found;
  }

  repeated(): Iterable<readonly number[]> {
    return repeatedKeys(this.tree, this.writer);
  }

  build(entries: Iterable<Entry>, progress?: (done: number) => void): void {
    const load = new SortedLoad(this.tree, this.writer, progress);
    for (const { rowId, values } of entries) load.add(entryKey(values, this.types, rowId), EMPTY, rowId);
    load.finish();
  }
}

function check(definition: Definition): Record<string, OptionValue> {
  needsKeys(definition);
  onlyOptions(definition, []);
  refuseInclude(definition);
  return {};
}

function offers(index: IndexDef, table: TableDef, constraints: readonly Constraint[], catalog: Catalog): Offer[] {
  const selectivity = new Selectivity(index, table, catalog);
  const { entries } = selectivity;
  const found: Offer[] = [];
  const match = matchKeys(index, constraints, selectivity, false);
  if (match?.sets === index.keys.length) {
    const rows = selectivity.rows(match.share, Infinity, match.source);
    found.push({
      index,
      probe: match.probe,
      serves: match.serves,
      precision: 'superset',
      rows,
      cost: PROBE + match.tuples * SEEK + rows.est * ENTRY,
      order: undefined,
      walkCost: undefined,
    });
  }
  if (index.where !== undefined) found.push(wholeOffer(index, entries, ENTRY));
  return found;
}

function treeOf(index: IndexDef): OrderedTree {
  return new OrderedTree(index.spaces[0]!);
}

function verify(index: IndexDef, _table: TableDef, reader: PageReader, entries: Iterable<Entry>): VerifyProblem[] {
  const types = typesOf(index);
  return verifyEntries(treeOf(index), reader, entries, (entry) => ({
    key: entryKey(entry.values, types, entry.rowId),
    value: EMPTY,
  }));
}

export const hash: IndexKind = {
  name: 'hash',
  spaces: 1,
  check,
  offers,
  statistics: (index, reader) => treeStatistics(treeOf(index), reader),
  create: (index: IndexDef, table: TableDef, writer: PageWriter) => {
    OrderedTree.create(writer, index.spaces[0]!, table.space);
  },
  open: (index, _table, reader) => new HashReader(treeOf(index), typesOf(index), reader),
  maintain: (index, _table, writer) => new HashWriter(treeOf(index), typesOf(index), writer),
  verify,
};
