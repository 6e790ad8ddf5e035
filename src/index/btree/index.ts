// Ordered indexes: equality on leading keys, then a range or text prefix; walks both ways; covered columns; unique keys.
// One space: an ordered tree of (key values in their order, row id) -> included columns.

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexDef, OptionValue, TableDef } from '../../catalog/definitions.js';
import type { Offer, OrderKey } from '../../catalog/offer.js';
import type { IndexStatistics } from '../../catalog/statistics.js';
import type { Constraint } from '../../expr/constraint.js';
import { OrderedTree } from '../../pages/ordered-tree.js';
import type { PageReader, PageWriter } from '../../pages/page.js';
import { ENTRY, PROBE, SEEK, WALK } from '../costs.js';
import { Selectivity } from '../estimates.js';
import { matchKeys } from '../key-probes.js';
import type { Entry, IndexKind, VerifyProblem } from '../kind.js';
import { invalid, needsKeys, onlyOptions, refuseTypes } from '../options.js';
import type { Definition } from '../options.js';
import { treeStatistics } from '../tree-statistics.js';
import { verifyEntries } from '../verify-entries.js';
import { wholeOffer } from '../whole-offer.js';
import { EntryFormat } from './entry.js';
import { BtreeReader } from './reader.js';
import { BtreeWriter } from './writer.js';

function check(definition: Definition, table: TableDef): Record<string, OptionValue> {
  needsKeys(definition);
  onlyOptions(definition, []);
  refuseTypes(definition.keys, 'btree', { geometry: 'index places with USING rtree' });
  if (definition.keys.length + definition.include.length > 64) {
    throw invalid(`index ${definition.name} has over 64 keys and included columns`);
  }
  for (const ordinal of definition.include) {
    if (table.columns[ordinal] === undefined) throw invalid(`index ${definition.name} includes an unknown column`);
  }
  return {};
}

/** The order of an index's keys, as offers state it. */
export function orderOf(index: IndexDef): OrderKey[] {
  return index.keys.map(({ expr, desc, nullsFirst }) => ({ expr, desc, nullsFirst }));
}

function offers(index: IndexDef, table: TableDef, constraints: readonly Constraint[], catalog: Catalog): Offer[] {
  const selectivity = new Selectivity(index, table, catalog);
  const { entries } = selectivity;
  const order = orderOf(index);
  const all = wholeOffer(index, entries, ENTRY, { order, cost: WALK });
  const match = matchKeys(index, constraints, selectivity, true);
  if (match === undefined) return [all, ...skipOffers(index, constraints, selectivity, order)];
  const whole = index.unique && match.sets === index.keys.length;
  const isNullAsked = match.probe.sets.some((set) => set.kind === 'null');
  const rows = selectivity.rows(match.share, whole && !isNullAsked ? listedTuples(match) : Infinity, match.source);
  // A walk from a row on has the order of the walk of all, and fewer entries.
  const isPart = match.probe.beyond !== undefined && match.tuples === 1;
  return [
    ...(isPart ? [] : [all]),
    {
      index,
      probe: match.probe,
      serves: match.serves,
      precision: 'exact',
      rows,
      cost: PROBE + match.tuples * SEEK + rows.est * ENTRY,
      order,
      walkCost: WALK,
    },
  ];
}

/** Different first keys that a skip scan looks up, at most; and entries for each of them, at least. */
const MOST_SKIPPED = 5_000;
const LEAST_RUN = 16;

/** Conditions on the keys after the first, where that has few different values. */
function skipOffers(
  index: IndexDef,
  constraints: readonly Constraint[],
  selectivity: Selectivity,
  order: readonly OrderKey[],
): Offer[] {
  const distinct = selectivity.distinct(0);
  if (distinct === undefined || distinct > MOST_SKIPPED || distinct * LEAST_RUN > selectivity.entries) return [];
  const match = matchKeys(index, constraints, selectivity, true, 1);
  if (match === undefined) return [];
  const rows = selectivity.rows(match.share, Infinity, match.source);
  return [
    {
      index,
      probe: { ...match.probe, skip: true },
      serves: match.serves,
      precision: 'exact',
      rows,
      cost: PROBE + distinct * (1 + match.tuples) * SEEK + rows.est * ENTRY,
      order,
      walkCost: WALK,
    },
  ];
}

/** The number of tuples when all sets are listed; no bound otherwise. */
function listedTuples(match: {
  readonly tuples: number;
  readonly probe: { readonly sets: readonly { kind: string }[] };
}): number {
  return match.probe.sets.every((set) => set.kind === 'values') ? match.tuples : Infinity;
}

function verify(index: IndexDef, table: TableDef, reader: PageReader, entries: Iterable<Entry>): VerifyProblem[] {
  const format = new EntryFormat(index, table);
  return verifyEntries(treeOf(index), reader, entries, (entry) => ({
    key: format.key(entry.values, entry.rowId),
    value: format.value(entry.values),
  }));
}

function treeOf(index: IndexDef): OrderedTree {
  return new OrderedTree(index.spaces[0]!);
}

export const btree: IndexKind = {
  name: 'btree',
  spaces: 1,
  check,
  offers,
  statistics: (index: IndexDef, reader: PageReader): IndexStatistics => {
    const statistics = treeStatistics(treeOf(index), reader);
    return index.unique ? { ...statistics, distinct: statistics.entries } : statistics;
  },
  create: (index: IndexDef, table: TableDef, writer: PageWriter) => {
    OrderedTree.create(writer, index.spaces[0]!, table.space);
  },
  open: (index, table, reader) => new BtreeReader(treeOf(index), new EntryFormat(index, table), reader),
  maintain: (index, table, writer) => new BtreeWriter(treeOf(index), new EntryFormat(index, table), writer),
  verify,
};
