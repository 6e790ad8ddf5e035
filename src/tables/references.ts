// Foreign keys while a statement runs: rows that name a parent, and parents that go. What a row names is looked up at once, and what is
// not there yet is remembered; what becomes of referencing rows is decided at the statement's end, so that a statement of several rows may
// pass through states that its end mends (SQL:2016, 4.19.2: constraints are immediate to the statement).

import type { ForeignKeyDef, IndexDef, ReferentialAction, TableDef } from '../catalog/definitions.js';
import { FUNCTIONS } from '../catalog/definitions.js';
import { folds, keyColumns } from '../catalog/keys.js';
import { readTable } from '../catalog/stored.js';
import { LightningError, invariant, never } from '../errors.js';
import { compileClosure } from '../expr/evaluate.js';
import type { PageReader, PageWriter } from '../pages/page.js';
import { equalValues, formatValue } from '../values/index.js';
import type { Row, Value } from '../values/types.js';
import { foldedKey, keyForm, rowsOfKeys } from './key-rows.js';
import type { Compared, KeyedRow } from './key-rows.js';
import type { RowChange, TableWriter } from './table-writer.js';

/** A foreign key with both of its tables. */
export interface Reference {
  readonly foreignKey: ForeignKeyDef;
  readonly child: TableDef;
  readonly parent: TableDef;
  readonly key: IndexDef;
  /** Ordinals of the parent, side by side with the foreign key's columns. */
  readonly keyColumns: readonly number[];
  /** For each of them, whether the parent compares lower-case forms: then so does the foreign key. */
  readonly folds: readonly boolean[];
}

/** What a table's writer tells of the rows that it changes. */
export interface Links {
  inserted(row: Row): void;
  updated(before: Row, after: Row): void;
  removed(row: Row): void;
}

/** A key of the parent that no longer is where it was; `now` is what it became, undefined when its row went. */
interface Gone {
  readonly values: Row;
  readonly now: Row | undefined;
}

/** A reference as its parent sees it, with what has happened to its keys. */
interface ParentSide {
  readonly reference: Reference;
  gone: Gone[];
  /** NO ACTION: judged when all else is done. */
  readonly undecided: Gone[];
}

export function referenceOf(child: TableDef, foreignKey: ForeignKeyDef, reader: PageReader): Reference {
  const parent = foreignKey.parent === child.id ? child : readTable(reader, foreignKey.parent, child[FUNCTIONS]);
  const key = parent.indexes.find((index) => index.id === foreignKey.key);
  const columns = key && keyColumns(parent.columns, key);
  invariant(key !== undefined && columns !== undefined, `foreign key "${foreignKey.name}" names no key`);
  const compared = columns.map((ordinal) => folds(parent.columns[ordinal]!));
  return { foreignKey, child, parent, key, keyColumns: columns, folds: compared };
}

export class References {
  private readonly sides: ParentSide[] = [];
  private readonly unmet: { readonly reference: Reference; readonly values: Row }[] = [];

  constructor(
    private readonly writer: PageWriter,
    private readonly writerOf: (table: TableDef) => TableWriter,
    /** Milliseconds since the epoch, for defaults. */
    private readonly now: number,
  ) {}

  /** Undefined when no foreign key has to do with the table. */
  linksOf(table: TableDef): Links | undefined {
    if (table.foreignKeys.length === 0 && table.referencedBy.length === 0) return undefined;
    const own = table.foreignKeys.map((foreignKey) => referenceOf(table, foreignKey, this.writer));
    const sides = table.referencedBy.flatMap((id) => this.sidesOf(table, id));
    return {
      inserted: (row) => own.forEach((reference) => this.look(reference, row)),
      updated: (before, after) => {
        for (const reference of own) {
          const { columns } = reference.foreignKey;
          if (!equalIn(table, columns, before, after)) this.look(reference, after);
        }
        for (const side of sides) this.left(side, before, after);
      },
      removed: (row) => sides.forEach((side) => this.left(side, row, undefined)),
    };
  }

  private sidesOf(parent: TableDef, childId: number): ParentSide[] {
    const child = childId === parent.id ? parent : readTable(this.writer, childId, parent[FUNCTIONS]);
    const sides = child.foreignKeys
      .filter((foreignKey) => foreignKey.parent === parent.id)
      .map((foreignKey): ParentSide => {
        return { reference: referenceOf(child, foreignKey, this.writer), gone: [], undecided: [] };
      });
    this.sides.push(...sides);
    return sides;
  }

  /** A row names a parent: it is there, or is waited for. */
  private look(reference: Reference, row: Row): void {
    const values = reference.foreignKey.columns.map((ordinal): Value => row[ordinal]!);
    if (!values.includes(null) && !this.met(reference, values)) this.unmet.push({ reference, values });
  }

  private met(reference: Reference, values: Row): boolean {
    return this.writerOf(reference.parent).holds(reference.key, foldedKey(reference, values));
  }

  private left(side: ParentSide, before: Row, after: Row | undefined): void {
    const { reference } = side;
    const { parent, keyColumns: columns, foreignKey } = reference;
    if (after !== undefined && equalIn(parent, columns, before, after)) return;
    const values = columns.map((ordinal): Value => before[ordinal]!);
    if (values.includes(null)) return;
    const now = after && columns.map((ordinal) => after[ordinal]!);
    // Another spelling of the same key: referencing rows name it still, and take it over where they follow their parent.
    const form = keyForm(parentSide(reference));
    if (now !== undefined && foreignKey.onUpdate !== 'cascade' && form(values) === form(now)) return;
    side.gone.push({ values, now });
  }

  /** The statement's own changes are made: carries out the actions, and theirs, until none is left. @throws LightningError FOREIGN_KEY */
  settle(): void {
    for (;;) {
      const due = this.sides.filter((side) => side.gone.length > 0);
      if (due.length === 0) break;
      for (const side of due) {
        const { gone } = side;
        side.gone = [];
        const { onDelete, onUpdate } = side.reference.foreignKey;
        const [removed, moved] = [gone.filter(({ now }) => !now), gone.filter(({ now }) => now)];
        if (removed.length > 0) this.act(side, onDelete, removed);
        if (moved.length > 0) this.act(side, onUpdate, moved);
      }
    }
    for (const { reference, undecided } of this.sides) {
      const lost = undecided.filter(({ values }) => !this.met(reference, values));
      if (lost.length > 0) this.refuse(reference, this.referencing(reference, lost));
    }
    for (const { reference, values } of this.unmet) {
      if (this.met(reference, values)) continue;
      // The row that named it may be gone, or name another by now.
      const [row] = this.referencing(reference, [{ values, now: undefined }]);
      if (row !== undefined) throw danglingError(reference, values);
    }
  }

  private referencing(reference: Reference, gone: readonly Gone[]): KeyedRow<Gone>[] {
    const form = keyForm(childSide(reference));
    const distinct = [...new Map(gone.map((each) => [form(each.values), each])).values()];
    return rowsOfKeys(childSide(reference), distinct, this.writer);
  }

  private act(side: ParentSide, action: ReferentialAction, gone: readonly Gone[]): void {
    const { reference } = side;
    if (action === 'no action') {
      side.undecided.push(...gone);
      return;
    }
    const rows = this.referencing(reference, gone);
    if (rows.length === 0) return;
    const { child, foreignKey } = reference;
    const writer = this.writerOf(child);
    switch (action) {
      case 'restrict':
        return this.refuse(reference, rows);
      case 'cascade': {
        const [removed, moved] = [rows.filter(({ key }) => !key.now), rows.filter(({ key }) => key.now)];
        for (const { rowId, row } of removed) writer.remove(rowId, row);
        return writer.updateAll(moved.map((found) => replaced(found, foreignKey.columns, found.key.now!)));
      }
      case 'set null': {
        const nulls = foreignKey.columns.map(() => null);
        return writer.updateAll(rows.map((found) => replaced(found, foreignKey.columns, nulls)));
      }
      case 'set default': {
        const defaults = foreignKey.columns.map((ordinal) => this.defaultOf(child, ordinal));
        // The default may be the very key that is gone.
        side.undecided.push(...gone);
        return writer.updateAll(rows.map((found) => replaced(found, foreignKey.columns, defaults)));
      }
      default:
        return never(action, 'referential action');
    }
  }

  private defaultOf(table: TableDef, ordinal: number): Value {
    const { default: stored } = table.columns[ordinal]!;
    if (stored === undefined) return null;
    return compileClosure(stored.expr, new Map())([], 0, { parameters: [], now: this.now });
  }

  private refuse({ foreignKey, child, parent, keyColumns: columns }: Reference, rows: readonly KeyedRow<Gone>[]): void {
    const [first] = rows;
    if (first === undefined) return;
    const key = shown(parent, columns, first.key.values);
    throw new LightningError(
      'FOREIGN_KEY',
      `the row of "${parent.name}" with ${key} is named by rows of "${child.name}": foreign key "${foreignKey.name}"`,
      { hint: `change those rows first, or define the key with ON DELETE or ON UPDATE CASCADE` },
    );
  }
}

function childSide({ child, foreignKey, folds }: Reference): Compared {
  return { table: child, columns: foreignKey.columns, folds };
}

function parentSide({ parent, keyColumns: columns, folds }: Reference): Compared {
  return { table: parent, columns, folds };
}

function equalIn(table: TableDef, columns: readonly number[], a: Row, b: Row): boolean {
  return columns.every((ordinal) => equalValues(a[ordinal]!, b[ordinal]!, table.columns[ordinal]!.type));
}

function replaced({ rowId, row }: KeyedRow<Gone>, columns: readonly number[], values: Row): RowChange {
  const after = [...row];
  columns.forEach((ordinal, i) => (after[ordinal] = values[i]!));
  return { rowId, before: row, after };
}

function shown(table: TableDef, columns: readonly number[], values: Row): string {
  const names = columns.map((ordinal) => table.columns[ordinal]!.name).join(', ');
  const texts = columns.map((ordinal, i) => formatValue(values[i]!, table.columns[ordinal]!.type)).join(', ');
  return `(${names}) = (${texts})`;
}

export function danglingError({ foreignKey, child, parent, keyColumns: columns }: Reference, values: Row) {
  const mine = shown(child, foreignKey.columns, values);
  const theirs = columns.map((ordinal) => parent.columns[ordinal]!.name).join(', ');
  return new LightningError(
    'FOREIGN_KEY',
    `${mine} of "${child.name}" is no (${theirs}) of "${parent.name}": foreign key "${foreignKey.name}"`,
    { hint: `insert the row of "${parent.name}" first` },
  );
}

/** The keys that rows of the child name and the parent lacks, each once. */
export function* danglingKeys(reference: Reference, reader: PageReader, rows: Iterable<Row>): Generator<Row> {
  const form = keyForm(childSide(reference));
  const seen = new Set<string>();
  for (const values of rows) {
    if (values.includes(null)) continue;
    const key = form(values);
    if (seen.has(key)) continue;
    seen.add(key);
    if (rowsOfKeys(parentSide(reference), [{ values }], reader).length === 0) yield values;
  }
}
