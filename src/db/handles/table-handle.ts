// A table by name: rows by primary key, without statements. Checks and indexes are those of statements.

import type { TableDef } from '../../catalog/definitions.js';
import { foldedValue, folds } from '../../catalog/keys.js';
import { LightningError } from '../../errors.js';
import type { PageTransaction } from '../../pages/index.js';
import type { RowPages } from '../../pages/row-pages.js';
import { codeOf } from '../../tables/table-code.js';
import { StatementWriter } from '../../tables/statement-writer.js';
import { isDirect } from '../../tables/row-ids.js';
import type { Row } from '../../values/types.js';
import { toApp, toEngine } from '../../values/index.js';
import type { IndexHandle, Progress, ResultRow, Table } from '../api.js';
import { checkFunction, checkIterable, checkOptions, checkRow, checkText, nearest } from '../input/arguments.js';
import { HeldRows } from '../session/held-rows.js';
import { LookupHandle } from './index-handle.js';
import { columnsOf, objectMaker } from '../statement/row-objects.js';
import { RowInput } from '../input/row-input.js';
import type { Schema, View } from '../schema/schema.js';
import type { Session } from '../session/session.js';

/** Rows between two reports of progress. */
const REPORT_EVERY = 4096;

/** A definition of the table, compiled. */
interface Known<R> {
  readonly schema: Schema;
  readonly table: TableDef;
  readonly rows: RowPages;
  /** Ordinal of the INTEGER primary key that may be the row id; -1 without one. */
  readonly key: number;
  readonly make: (row: Row) => R;
  readonly input: RowInput;
}

export class TableHandle<R = ResultRow> implements Table<R> {
  private known: Known<R> | undefined;
  private shape: { readonly table: TableDef; readonly make: (row: Row) => R } | undefined;

  constructor(
    private readonly session: Session,
    readonly name: string,
  ) {
    session.read((view) => view.requireTable(name));
  }

  /** What the definition of the table compiles to, once per definition. */
  private code(view: View): Known<R> {
    const { known } = this;
    return known !== undefined && known.schema === view.schema ? known : this.compile(view);
  }

  private compile(view: View): Known<R> {
    const table = view.requireTable(this.name);
    const make = objectMaker(columnsOf(table)) as (row: Row) => R;
    const key = isDirect(table) ? table.primaryKey[0]! : -1;
    const input = new RowInput(table);
    return (this.known = { schema: view.schema, table, rows: codeOf(table).rows, key, make, input });
  }

  /** The row as an object, all columns in order. */
  private object(table: TableDef, row: Row): R {
    if (this.shape?.table !== table) {
      this.shape = { table, make: objectMaker(columnsOf(table)) as (row: Row) => R };
    }
    return this.shape.make(row);
  }

  get(key: unknown): R | undefined {
    const view = this.session.enter();
    try {
      const { table, rows, key: ordinal, make } = this.code(view);
      // A dense integer key is its own row id.
      if (ordinal >= 0 && typeof key === 'number' && (key | 0) === key && key >= 0) {
        const row = rows.read(view.reader, key);
        if (row !== undefined && row[ordinal] === key) return make(row);
      }
      const rowId = this.find(view, table, key);
      const row = rowId === undefined ? undefined : rows.read(view.reader, rowId);
      return row && make(row);
    } finally {
      this.session.leave(view);
    }
  }

  /** The row id of a primary key. */
  private find(view: View, table: TableDef, key: unknown): number | undefined {
    const [index] = table.indexes;
    if (index?.constraint !== 'primary') {
      throw new LightningError('INVALID_ARGUMENT', `"${table.name}" has no primary key`, {
        hint: 'look rows up through an index',
      });
    }
    const parts = table.primaryKey.length === 1 ? [key] : key;
    if (!Array.isArray(parts) || parts.length !== table.primaryKey.length) {
      throw new LightningError(
        'INVALID_ARGUMENT',
        `the primary key of "${table.name}" has ${table.primaryKey.length} columns`,
        {
          hint: 'pass an array of their values, in order',
        },
      );
    }
    const values = table.primaryKey.map((ordinal, i) => {
      const column = table.columns[ordinal]!;
      const value = toEngine(parts[i], column.type, `key column "${column.name}"`);
      return folds(column) ? foldedValue(value) : value;
    });
    const rows = view.rowsOf(table);
    const [first] = values;
    // A dense integer key is its own row id.
    if (isDirect(table) && typeof first === 'number' && rows.row(first)?.[table.primaryKey[0]!] === first) return first;
    const sets = values.map((value) => ({ kind: 'values', values: [value] }) as const);
    const found = rows.index(index).rowSet({ kind: 'keys', sets, range: undefined, prefix: undefined });
    return found.size > 0 ? found.toArray()[0] : undefined;
  }

  insert(row: object): unknown {
    checkRow(row, 'the row');
    return this.session.change((view, tx) => {
      const { table, input } = this.code(view);
      const now = this.session.now();
      const statement = new StatementWriter(tx, now);
      const writer = statement.of(table);
      const values = writer.complete(input.complete(row, now));
      writer.insert(values);
      statement.finish();
      return this.keyOf(table, values);
    });
  }

  put(row: object): void {
    checkRow(row, 'the row');
    this.session.change((view, tx) => {
      const { table, input } = this.code(view);
      const [index] = table.indexes;
      if (index?.constraint !== 'primary') {
        throw new LightningError('INVALID_ARGUMENT', `"${table.name}" has no primary key, which put needs`, {
          hint: 'use insert',
        });
      }
      const now = this.session.now();
      const statement = new StatementWriter(tx, now);
      const writer = statement.of(table);
      const values = writer.complete(input.complete(row, now));
      const conflict = writer.conflict(values, -1, index);
      if (conflict === undefined) writer.insert(values);
      else writer.update(conflict.rowId, writer.read(conflict.rowId), values);
      statement.finish();
    });
  }

  insertMany(rows: Iterable<object>, options: { readonly onProgress?: (progress: Progress) => void } = {}): number {
    checkIterable(rows, 'the rows of insertMany()');
    checkOptions(options, 'insertMany()', ['onProgress']);
    if (options.onProgress !== undefined) checkFunction(options.onProgress, 'onProgress of insertMany()');
    const total = Array.isArray(rows) ? rows.length : undefined;
    return this.session.change((view, tx) => {
      const { table, input } = this.code(view);
      const now = this.session.now();
      const statement = new StatementWriter(tx, now, true);
      const writer = statement.of(table);
      let done = 0;
      for (const row of rows) {
        checkRow(row, `row ${done + 1} of insertMany()`);
        writer.insert(writer.complete(input.complete(row, now)));
        if (++done % REPORT_EVERY === 0) options.onProgress?.({ done, total });
      }
      statement.finish();
      options.onProgress?.({ done, total: total ?? done });
      return done;
    });
  }

  update(key: unknown, changes: object): boolean {
    checkRow(changes, 'the changes');
    return this.session.change((view, tx) => {
      const { table, input } = this.code(view);
      const rowId = this.find(view, table, key);
      if (rowId === undefined) return false;
      const statement = new StatementWriter(tx, this.session.now());
      const writer = statement.of(table);
      const before = writer.read(rowId);
      const after = [...before];
      for (const [name, value] of Object.entries(changes)) {
        const ordinal = input.ordinal(name);
        after[ordinal] = input.value(ordinal, value);
      }
      writer.update(rowId, before, after);
      statement.finish();
      return true;
    });
  }

  delete(key: unknown): boolean {
    return this.session.change((view, tx: PageTransaction) => {
      const table = view.requireTable(this.name);
      const rowId = this.find(view, table, key);
      if (rowId === undefined) return false;
      const statement = new StatementWriter(tx, this.session.now());
      const writer = statement.of(table);
      writer.remove(rowId, writer.read(rowId));
      statement.finish();
      return true;
    });
  }

  count(): number {
    return this.session.read((view) => view.rows(view.requireTable(this.name)));
  }

  scan(): IterableIterator<R> {
    const held = this.session.hold();
    try {
      return new HeldRows(this.rowsOf(held.view, held.view.requireTable(this.name)), held);
    } catch (error) {
      held.close();
      throw error;
    }
  }

  private *rowsOf(view: View, table: TableDef): IterableIterator<R> {
    const ordinals = table.columns.map((_, ordinal) => ordinal);
    for (const { columns, count } of view.rowsOf(table).rows.scanPages(view.reader, ordinals)) {
      yield* Array.from({ length: count }, (_, r) =>
        this.object(
          table,
          columns.map((column) => column[r]!),
        ),
      );
    }
  }

  index(name: string): IndexHandle<R> {
    checkText(name, 'the name of an index');
    return this.session.read((view) => {
      const table = view.requireTable(this.name);
      const index = table.indexes.find((candidate) => candidate.name === name);
      if (index) return new LookupHandle<R>(this.session, this.name, index, (of, row) => this.object(of, row));
      const names = table.indexes.map((candidate) => candidate.name);
      throw new LightningError('UNKNOWN_INDEX', `"${this.name}" has no index "${name}"`, {
        hint: nearest(name, names, 'its indexes'),
      });
    });
  }

  private keyOf(table: TableDef, row: Row): unknown {
    const key = table.primaryKey.map((ordinal) => toApp(row[ordinal]!, table.columns[ordinal]!.type));
    return key.length > 1 ? key : key[0];
  }
}
