// Bitmap indexes: for each value the set of its rows, chunk by chunk. Equality, IN, NOT and NULL by set operations; counts and facets
// without any row. For columns of few to middling many values. Design: O'Neil and Quass (1997) over Roaring containers.
// Two spaces: an ordered tree (`entries.ts` draws it) and the pages of large containers and long values (`page.ts`).

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexDef, OptionValue, TableDef } from '../../catalog/definitions.js';
import type { Offer, Probe } from '../../catalog/offer.js';
import type { IndexStatistics } from '../../catalog/statistics.js';
import { equalExprs } from '../../expr/build.js';
import type { Constraint } from '../../expr/constraint.js';
import type { Expr } from '../../expr/expression.js';
import { OrderedTree } from '../../pages/ordered-tree.js';
import type { PageReader, PageWriter } from '../../pages/page.js';
import { PAGE_BODY } from '../../pages/page.js';
import { CONTAINER, INLINE_ID, PROBE, SEEK } from '../costs.js';
import { Selectivity } from '../estimates.js';
import type { IndexKind } from '../kind.js';
import { invalid, needsKeys, onlyOptions, refuseInclude, refuseTypes, refuseUnique } from '../options.js';
import type { Definition } from '../options.js';
import { treeStatistics } from '../tree-statistics.js';
import { BITMAP_COUNTERS, BitmapEntries, INLINE_MAX } from './entries.js';
import { BitmapReader } from './reader.js';
import { verifyBitmap } from './verify.js';
import { BitmapWriter } from './writer.js';

function check(definition: Definition): Record<string, OptionValue> {
  needsKeys(definition);
  onlyOptions(definition, []);
  refuseInclude(definition);
  refuseUnique(definition);
  if (definition.keys.length > 1) {
    throw invalid(
      `bitmap index ${definition.name} has ${definition.keys.length} keys`,
      'make one bitmap index for each column: the planner intersects them',
    );
  }
  refuseTypes(definition.keys, 'bitmap', { geometry: 'index places with USING rtree' });
  return {};
}

/** Nanoseconds to make the set of `values` values with `rows` rows of a table of `entries`. */
function setCost(values: number, rows: number, entries: number): number {
  const chunks = Math.min(rows, values * Math.max(1, Math.ceil(entries / 65_536)));
  const perChunk = rows / Math.max(1, chunks);
  return PROBE + values * SEEK + chunks * Math.min(CONTAINER, INLINE_ID * Math.min(perChunk, INLINE_MAX) + 150);
}

function offers(index: IndexDef, table: TableDef, constraints: readonly Constraint[], catalog: Catalog): Offer[] {
  const selectivity = new Selectivity(index, table, catalog);
  const { entries } = selectivity;
  const distinct = Math.max(1, catalog.index(index).distinct ?? 1);
  const key = index.keys[0]!;
  const source = selectivity.source(0);
  const made: Offer[] = [];
  const add = (probe: Probe<Expr>, serves: readonly number[], share: number, values: number) => {
    const rows = selectivity.rows(share, Infinity, source);
    const cost = setCost(values, rows.est, entries);
    made.push({ index, probe, serves, precision: 'exact', rows, cost, order: undefined, walkCost: undefined });
  };
  constraints.forEach((constraint, i) => {
    if (!equalExprs(constraint.expr, key.expr)) return;
    if (constraint.kind === 'set') {
      const probe: Probe<Expr> = { kind: 'keys', sets: [constraint.set], range: undefined, prefix: undefined };
      add(probe, [i], selectivity.set(0, constraint.set), Selectivity.members(constraint.set));
    } else if (constraint.kind === 'not-set') {
      const without = constraint.set.kind === 'null' ? 0 : selectivity.set(0, constraint.set);
      const share = Math.max(0, selectivity.range(0, undefined, undefined) - without);
      add({ kind: 'not-keys', set: constraint.set }, [i], share, distinct);
    }
  });
  if (index.where !== undefined) add({ kind: 'all' }, [], 1, distinct);
  return made;
}

function statistics(index: IndexDef, reader: PageReader): IndexStatistics {
  const entries = new BitmapEntries(index);
  const tree = treeStatistics(entries.tree, reader);
  const pages =
    entries.counter(reader, BITMAP_COUNTERS.NEXT_PAGE) - entries.counter(reader, BITMAP_COUNTERS.FREE_PAGES);
  return {
    entries: entries.counter(reader, BITMAP_COUNTERS.ROWS),
    distinct: entries.counter(reader, BITMAP_COUNTERS.DISTINCT),
    pages: tree.pages + pages,
    bytes: tree.bytes + pages * 2 * PAGE_BODY,
  };
}

export const bitmap: IndexKind = {
  name: 'bitmap',
  spaces: 2,
  check,
  offers,
  statistics,
  create: (index: IndexDef, table: TableDef, writer: PageWriter) => {
    OrderedTree.create(writer, index.spaces[0]!, table.space);
  },
  open: (index, _table, reader) => new BitmapReader(new BitmapEntries(index), reader),
  maintain: (index, _table, writer) => new BitmapWriter(new BitmapEntries(index), writer),
  verify: (index, _table, reader, entries) => verifyBitmap(new BitmapEntries(index), reader, entries),
};
