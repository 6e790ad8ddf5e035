// The index of a table's primary key: points, ranges and order, mostly without any page of its own. `map.ts` says how.
// One space: the tree of the keys that are not row ids.

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexDef, OptionValue, TableDef } from '../../catalog/definitions.js';
import type { Offer } from '../../catalog/offer.js';
import type { IndexStatistics } from '../../catalog/statistics.js';
import type { Constraint } from '../../expr/constraint.js';
import { OrderedTree, TREE_COUNTERS } from '../../pages/ordered-tree.js';
import type { PageReader, PageWriter } from '../../pages/page.js';
import type { Row } from '../../values/types.js';
import { orderOf } from '../btree/index.js';
import { ENTRY, PROBE, SEEK, WALK } from '../costs.js';
import { Selectivity } from '../estimates.js';
import { matchKeys } from '../key-probes.js';
import type { Entry, EntryChange, IndexKind, IndexWriter, VerifyProblem } from '../kind.js';
import { repeatedKey } from '../repeated-key.js';
import { invalid, needsKeys, onlyOptions, refuseInclude, refuseTypes } from '../options.js';
import type { Definition } from '../options.js';
import { SortedLoad } from '../sorted-load.js';
import { treeStatistics } from '../tree-statistics.js';
import { Problems, verifyEntries } from '../verify-entries.js';
import { wholeOffer } from '../whole-offer.js';
import { DIRECT_LIMIT, PrimaryMap } from './map.js';
import { PrimaryReader } from './reader.js';

export { PrimaryMap } from './map.js';
export { PrimaryReader } from './reader.js';

/** Position in the counters of the tree's space: all keys, also those that are row ids. */
const KEYS = TREE_COUNTERS.OWN;
/** Nanoseconds per row of a set or walk over live rows. */
const LIVE_ROW = 1;

class PrimaryWriter implements IndexWriter {
  constructor(
    private readonly map: PrimaryMap,
    private readonly writer: PageWriter,
  ) {}

  apply({ rowId, before, after }: EntryChange): void {
    const { map, writer } = this;
    // The new key is judged before the old one goes.
    const key = after !== undefined && map.isMapped(after, rowId) ? map.key(after).slice() : undefined;
    if (before !== undefined && map.isMapped(before, rowId)) map.tree.delete(writer, map.key(before));
    if (after !== undefined && key !== undefined) map.tree.put(writer, key, map.value(after, rowId));
    if ((before === undefined) !== (after === undefined)) this.count(after === undefined ? -1 : 1);
  }

  duplicate(values: Row, rowId: number): number | undefined {
    const found = values.includes(null) ? undefined : this.map.lookup(this.writer, values);
    return found === rowId ? undefined : found;
  }

  build(entries: Iterable<Entry>, progress?: (done: number) => void): void {
    const { map } = this;
    const load = new SortedLoad(map.tree, this.writer, progress, undefined, (key) =>
      repeatedKey(map.index, map.valuesOf(key)),
    );
    let done = 0;
    for (const { rowId, values } of entries) {
      done++;
      if (map.isMapped(values, rowId)) load.add(map.key(values), map.value(values, rowId), rowId);
    }
    load.finish();
    progress?.(done);
    this.count(done);
  }

  private count(change: number): void {
    this.writer.changeCounters(this.map.tree.space)[KEYS]! += change;
  }
}

function check(definition: Definition): Record<string, OptionValue> {
  needsKeys(definition);
  onlyOptions(definition, ['direct']);
  refuseInclude(definition);
  refuseTypes(definition.keys, 'primary', { geometry: 'a primary key is a number or a short text' });
  if (definition.where !== undefined) throw invalid('a primary key has no predicate');
  const [key] = definition.keys;
  const possible = definition.keys.length === 1 && key?.type === 'integer' && !key.desc && key.expr.kind === 'column';
  return { direct: possible && definition.options['direct'] !== false };
}

function offers(index: IndexDef, table: TableDef, constraints: readonly Constraint[], catalog: Catalog): Offer[] {
  const selectivity = new Selectivity(index, table, catalog);
  const { entries } = selectivity;
  const order = orderOf(index);
  const perRow = index.options['direct'] === true ? LIVE_ROW : ENTRY;
  const walkCost = index.options['direct'] === true ? 2 : WALK;
  const all = wholeOffer(index, entries, perRow, { order, cost: walkCost });
  const match = matchKeys(index, constraints, selectivity, true);
  if (match === undefined) return [all];
  // Keys are unique and never NULL: each tuple of listed values is one row, or none.
  const listed = match.probe.sets.every((set) => set.kind === 'values');
  const whole = match.sets === index.keys.length;
  const share = whole && listed ? match.tuples / Math.max(1, entries) : match.share;
  const rows = selectivity.rows(share, whole && listed ? match.tuples : Infinity, match.source);
  const offer: Offer = {
    index,
    probe: match.probe,
    serves: match.serves,
    precision: 'exact',
    rows,
    cost: PROBE + match.tuples * (index.options['direct'] === true ? SEEK / 8 : SEEK) + rows.est * perRow,
    order,
    walkCost,
  };
  return [all, offer];
}

function statistics(index: IndexDef, reader: PageReader): IndexStatistics {
  const entries = reader.counters(index.spaces[0]!)?.[KEYS] ?? 0;
  return { ...treeStatistics(new OrderedTree(index.spaces[0]!), reader), entries, distinct: entries };
}

function verify(index: IndexDef, table: TableDef, reader: PageReader, entries: Iterable<Entry>): VerifyProblem[] {
  const map = new PrimaryMap(index, table);
  const problems = new Problems();
  let keys = 0;
  function* mapped(): Iterable<Entry> {
    for (const entry of entries) {
      keys++;
      if (!map.direct || entry.rowId >= DIRECT_LIMIT) yield entry;
      else if (entry.values[0] !== entry.rowId) problems.add(`row ${entry.rowId} is not its own key`);
      else if (!map.rows.live(reader, entry.rowId)) problems.add(`row ${entry.rowId} is not live`);
    }
  }
  const found = verifyEntries(map.tree, reader, mapped(), (entry) => ({
    key: map.key(entry.values),
    value: map.value(entry.values, entry.rowId),
  }));
  const counted = statistics(index, reader).entries;
  if (counted !== keys) problems.add(`counts ${counted} keys where there are ${keys}`);
  return [...problems.finish(), ...found];
}

export const primary: IndexKind = {
  name: 'primary',
  spaces: 1,
  check,
  offers,
  statistics,
  create: (index: IndexDef, table: TableDef, writer: PageWriter) => {
    OrderedTree.create(writer, index.spaces[0]!, table.space);
  },
  open: (index, table, reader) => new PrimaryReader(new PrimaryMap(index, table), reader),
  maintain: (index, table, writer) => new PrimaryWriter(new PrimaryMap(index, table), writer),
  verify,
};
