// Columnstores: some columns of a table in chunks of 8,192 rows, a typed vector for each, for queries that read few columns of many rows. They answer no probe of values; the planner reads them in place of rows (`optimize/access/column-paths`).
// Single changes wait in pending pages. `layout.ts` draws the spaces.

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexDef, OptionValue, TableDef } from '../../catalog/definitions.js';
import type { Offer } from '../../catalog/offer.js';
import type { IndexStatistics } from '../../catalog/statistics.js';
import type { Constraint } from '../../expr/constraint.js';
import type { PageReader } from '../../pages/page.js';
import { INLINE_ID } from '../costs.js';
import type { IndexKind } from '../kind.js';
import { invalid, needsKeys, onlyOptions, refuseInclude, refuseTypes, refuseUnique } from '../options.js';
import type { Definition } from '../options.js';
import { wholeOffer } from '../whole-offer.js';
import { COLUMN_COUNTERS, layoutOf } from './layout.js';
import { ColumnstoreReader } from './reader.js';
import { verifyColumnstore } from './verify.js';
import { ColumnstoreWriter } from './writer.js';

const MOST_COLUMNS = 1_000;

function check(definition: Definition): Record<string, OptionValue> {
  needsKeys(definition);
  onlyOptions(definition, []);
  refuseInclude(definition);
  refuseUnique(definition);
  const hint = 'a columnstore holds integers, reals, texts, booleans, dates and timestamps';
  refuseTypes(definition.keys, 'columnstore', { blob: hint, json: hint, point: hint, geometry: hint });
  if (definition.keys.length > MOST_COLUMNS) throw invalid(`index ${definition.name} has over ${MOST_COLUMNS} columns`);
  const computed = definition.keys.find((key) => key.expr.kind !== 'column');
  if (computed !== undefined) {
    throw invalid(`a columnstore holds columns, not expressions such as ${computed.text}`, 'name the columns it reads');
  }
  const ordered = definition.keys.find((key) => key.desc || key.nullsFirst);
  if (ordered !== undefined) {
    throw invalid(`a columnstore has no order: ${ordered.text} cannot be DESC or NULLS FIRST`, 'leave the order out');
  }
  return {};
}

function offers(index: IndexDef, _table: TableDef, _constraints: readonly Constraint[], catalog: Catalog): Offer[] {
  return [wholeOffer(index, catalog.index(index).entries, INLINE_ID)];
}

function statistics(index: IndexDef, reader: PageReader): IndexStatistics {
  const counters = layoutOf(index).counters(reader);
  return {
    entries: counters[COLUMN_COUNTERS.ENTRIES]!,
    distinct: undefined,
    pages: counters[COLUMN_COUNTERS.PAGES]! + counters[COLUMN_COUNTERS.PENDING_PAGES]!,
    bytes: counters[COLUMN_COUNTERS.BYTES]! + counters[COLUMN_COUNTERS.PENDING_BYTES]!,
  };
}

export const columnstore: IndexKind = {
  name: 'columnstore',
  spaces: 4,
  check,
  offers,
  statistics,
  create: (index, table, writer) => layoutOf(index).create(writer, table.space),
  open: (index, _table, reader) => new ColumnstoreReader(layoutOf(index), reader),
  maintain: (index, _table, writer) => new ColumnstoreWriter(layoutOf(index), writer),
  verify: (index, _table, reader, entries) => verifyColumnstore(layoutOf(index), reader, entries),
};
