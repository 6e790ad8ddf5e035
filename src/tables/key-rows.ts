// The rows that hold a key in given columns, by an index where there is one for equality, else by reading the table once. Whatever an
// index names is compared with the rows themselves: a superset is as good as an exact set.

import type { IndexDef, TableDef } from '../catalog/definitions.js';
import { keyColumns } from '../catalog/keys.js';
import type { Probe } from '../catalog/offer.js';
import { kindOf } from '../index/registry.js';
import type { PageReader } from '../pages/page.js';
import { encodeKey, equalValues } from '../values/index.js';
import type { Row, Value } from '../values/types.js';
import { codeOf } from './table-code.js';

export interface KeyedRow<K> {
  readonly rowId: number;
  readonly row: Row;
  readonly key: K;
}

/** Values by column, none of them NULL. */
export interface Keyed {
  readonly values: Row;
}

/** All rows whose `columns` equal the values of one of the keys, which are distinct. */
export function rowsOfKeys<K extends Keyed>(
  table: TableDef,
  columns: readonly number[],
  keys: readonly K[],
  reader: PageReader,
): KeyedRow<K>[] {
  const found = findEqualityIndex(table, columns);
  return found === undefined ? scanned(table, columns, keys, reader) : probed(table, columns, keys, found, reader);
}

interface Found {
  readonly index: IndexDef;
  /** For each key that is probed, the position in the columns. */
  readonly positions: readonly number[];
}

/** An index that finds equal values of all the columns: they are its leading keys, in any order. */
export function findEqualityIndex(table: TableDef, columns: readonly number[]): Found | undefined {
  for (const index of table.indexes) {
    const { leading, whole } = equality(index);
    if (!leading || index.where !== undefined) continue;
    const keys = index.keys.map(({ expr }) => (expr.kind === 'column' ? columns.indexOf(expr.id) : -1));
    const positions = keys.slice(0, columns.length);
    if (positions.length < columns.length || positions.includes(-1) || (whole && keys.length > columns.length))
      continue;
    if (new Set(positions).size === columns.length) return { index, positions };
  }
  return undefined;
}

/** Whether a kind answers equality on leading keys, or on all of its keys only. */
function equality({ kind }: IndexDef): { readonly leading: boolean; readonly whole: boolean } {
  switch (kind) {
    case 'primary':
    case 'btree':
      return { leading: true, whole: false };
    case 'hash':
    case 'bitmap':
      return { leading: true, whole: true };
    case 'rtree':
    case 'fulltext':
    case 'bloom':
    case 'columnstore':
      return { leading: false, whole: true };
  }
}

function probed<K extends Keyed>(
  table: TableDef,
  columns: readonly number[],
  keys: readonly K[],
  { index, positions }: Found,
  reader: PageReader,
): KeyedRow<K>[] {
  const open = kindOf(index.kind).open(index, table, reader);
  const { rows } = codeOf(table);
  const found: KeyedRow<K>[] = [];
  for (const key of keys) {
    const sets = positions.map((position) => ({ kind: 'values', values: [key.values[position]!] }) as const);
    const probe: Probe<Value> = { kind: 'keys', sets, range: undefined, prefix: undefined };
    for (const rowId of open.rowSet(probe).toArray()) {
      const row = rows.read(reader, rowId);
      if (row !== undefined && holds(table, columns, row, key.values)) found.push({ rowId, row, key });
    }
  }
  return found;
}

function holds(table: TableDef, columns: readonly number[], row: Row, values: Row): boolean {
  return columns.every((ordinal, i) => equalValues(row[ordinal]!, values[i]!, table.columns[ordinal]!.type));
}

function scanned<K extends Keyed>(
  table: TableDef,
  columns: readonly number[],
  keys: readonly K[],
  reader: PageReader,
): KeyedRow<K>[] {
  const { rows } = codeOf(table);
  const form = keyForm(table, columns);
  const wanted = new Map(keys.map((key) => [form(key.values), key]));
  const found: [number, K][] = [];
  for (const batch of rows.scanPages(reader, columns)) {
    for (let r = 0; r < batch.count; r++) {
      const values = batch.columns.map((column): Value => column[r]!);
      const key = values.includes(null) ? undefined : wanted.get(form(values));
      if (key !== undefined) found.push([batch.rowIds[r]!, key]);
    }
  }
  return found.map(([rowId, key]) => ({ rowId, row: rows.read(reader, rowId)!, key }));
}

/** A text that is equal for equal keys of these columns. */
export function keyForm(table: TableDef, columns: readonly number[]): (values: Row) => string {
  const types = columns.map((ordinal) => ({ type: table.columns[ordinal]!.type, desc: false, nullsFirst: false }));
  return (values) => Buffer.from(encodeKey(values, types)).toString('latin1');
}

/** The values of a unique index's key in the order of its keys. */
export function keyOf(index: IndexDef, row: Row): Row {
  return keyColumns(index)!.map((ordinal) => row[ordinal]!);
}
