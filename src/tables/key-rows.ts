// The rows that hold a key in given columns, by an index where there is one for equality, else by reading the table once. Whatever an
// index names is compared with the rows themselves: a superset is as good as an exact set.

import type { IndexDef, IndexKey, TableDef } from '../catalog/definitions.js';
import { foldedValue, keyedColumn } from '../catalog/keys.js';
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

/** Columns of a table as a foreign key compares them. */
export interface Compared {
  readonly table: TableDef;
  readonly columns: readonly number[];
  /** For each of them, whether texts are compared by their lower-case forms. */
  readonly folds: readonly boolean[];
}

/** All rows whose columns equal the values of one of the keys, which are distinct. */
export function rowsOfKeys<K extends Keyed>(of: Compared, keys: readonly K[], reader: PageReader): KeyedRow<K>[] {
  const found = findEqualityIndex(of);
  return found === undefined ? scanned(of, keys, reader) : probed(of, keys, found, reader);
}

interface Found {
  readonly index: IndexDef;
  /** What is probed, for each of the leading keys. */
  readonly probes: readonly KeyProbe[];
}

interface KeyProbe {
  /** In the columns. */
  readonly position: number;
  /** Whether the key holds lower-case forms. */
  readonly folds: boolean;
}

/** An index that finds equal values of all the columns, and perhaps more: they are its leading keys, in any order. */
function findEqualityIndex(of: Compared): Found | undefined {
  const count = of.columns.length;
  for (const index of of.table.indexes) {
    const { leading, whole } = equality(index);
    if (!leading || index.where !== undefined || index.keys.length < count) continue;
    if (whole && index.keys.length > count) continue;
    const probes = index.keys.slice(0, count).flatMap((key) => probeOf(of, key) ?? []);
    if (new Set(probes.map(({ position }) => position)).size === count) return { index, probes };
  }
  return undefined;
}

/** Values that are equal have equal lower-case forms; where those alone are compared, a key of the texts themselves misses some. */
function probeOf({ columns, folds }: Compared, key: IndexKey): KeyProbe | undefined {
  const keyed = keyedColumn(key);
  const position = keyed === undefined ? -1 : columns.indexOf(keyed.ordinal);
  if (keyed === undefined || position < 0 || (folds[position] === true && !keyed.folds)) return undefined;
  return { position, folds: keyed.folds };
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
  of: Compared,
  keys: readonly K[],
  { index, probes }: Found,
  reader: PageReader,
): KeyedRow<K>[] {
  const { table } = of;
  const open = kindOf(index.kind).open(index, table, reader);
  const { rows } = codeOf(table);
  const found: KeyedRow<K>[] = [];
  for (const key of keys) {
    const sets = probes.map(({ position, folds }) => {
      const value = key.values[position]!;
      return { kind: 'values', values: [folds ? foldedValue(value) : value] } as const;
    });
    const probe: Probe<Value> = { kind: 'keys', sets, range: undefined, prefix: undefined };
    for (const rowId of open.rowSet(probe).toArray()) {
      const row = rows.read(reader, rowId);
      if (row !== undefined && holds(of, row, key.values)) found.push({ rowId, row, key });
    }
  }
  return found;
}

function holds({ table, columns, folds }: Compared, row: Row, values: Row): boolean {
  return columns.every((ordinal, i) => {
    const [a, b] = [row[ordinal]!, values[i]!];
    const { type } = table.columns[ordinal]!;
    return folds[i] === true ? equalValues(foldedValue(a), foldedValue(b), type) : equalValues(a, b, type);
  });
}

function scanned<K extends Keyed>(of: Compared, keys: readonly K[], reader: PageReader): KeyedRow<K>[] {
  const { table, columns } = of;
  const { rows } = codeOf(table);
  const form = keyForm(of);
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
export function keyForm(of: Compared): (values: Row) => string {
  const { table, columns } = of;
  const types = columns.map((ordinal) => ({ type: table.columns[ordinal]!.type, desc: false, nullsFirst: false }));
  return (values) => Buffer.from(encodeKey(foldedKey(of, values), types)).toString('latin1');
}

/** What a unique index over the columns holds of the values. */
export function foldedKey({ folds }: Pick<Compared, 'folds'>, values: Row): Row {
  return values.map((value, i) => (folds[i] === true ? foldedValue(value) : value));
}
