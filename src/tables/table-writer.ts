// Changes rows inside a transaction: checks constraints first, then writes the row and hands one change to every index.
// A method that throws a `constraint` or `input` error before it wrote anything leaves the table as it was; an error later on is undone
// by the caller, who rolls back to the mark of its statement.

import type { IndexDef, TableDef } from '../catalog/definitions.js';
import { LightningError, invariant } from '../errors.js';
import type { IndexWriter } from '../index/kind.js';
import { kindOf } from '../index/registry.js';
import type { PageWriter } from '../pages/page.js';
import { ROW_COUNTERS } from '../pages/row-pages.js';
import type { Row, Value } from '../values/types.js';
import { equalValues, formatValue } from '../values/index.js';
import { checkRow } from './constraints.js';
import { passedWriter } from './index-build.js';
import type { Links } from './references.js';
import { codeOf } from './table-code.js';
import type { EntryOf, TableCode } from './table-code.js';
import { DIRECT_LIMIT, MAPPED_IDS, NEXT_KEY, NEXT_MAPPED, isDirect, mayBeDirect } from './row-ids.js';

const none: ReadonlySet<IndexDef> = new Set();

export interface Conflict {
  readonly index: IndexDef;
  /** The row that holds the key. */
  readonly rowId: number;
}

/** A row in place of another. */
export interface RowChange {
  readonly rowId: number;
  readonly before: Row;
  readonly after: Row;
}

interface Maintained {
  readonly index: IndexDef;
  readonly writer: IndexWriter;
  readonly entry: EntryOf;
}

export class TableWriter {
  private readonly code: TableCode;
  private readonly indexes: readonly Maintained[];
  private readonly unique: readonly Maintained[];

  constructor(
    readonly table: TableDef,
    private readonly writer: PageWriter,
    /** Hears of every change, where foreign keys need to: see `StatementWriter`. */
    private readonly links?: Links,
  ) {
    this.code = codeOf(table);
    const maintained = (index: IndexDef, change = kindOf(index.kind).maintain(index, table, writer)): Maintained => ({
      index,
      writer: change,
      entry: this.code.entries.get(index.id)!,
    });
    const indexes = table.indexes.map((index) => maintained(index));
    // An index that is being made promises nothing: whether it is unique is judged at its end.
    this.unique = indexes.filter(({ index }) => index.unique);
    const builds = table.builds.map((build) => maintained(build.index, passedWriter(table, build, writer)));
    this.indexes = [...indexes, ...builds];
  }

  /** Many changes follow: indexes may put off what is cheaper done together until `settle`. */
  postpone(): this {
    for (const { writer } of this.indexes) writer.postpone?.();
    return this;
  }

  /** The last of many changes was made. */
  settle(): void {
    for (const { writer } of this.indexes) writer.settle?.();
  }

  /** Completes a row for insertion: an INTEGER primary key left NULL takes the number after the highest. @throws LightningError OUT_OF_RANGE */
  complete(row: Value[]): Row {
    const [ordinal] = this.table.primaryKey;
    if (ordinal === undefined || !isDirect(this.table) || row[ordinal] !== null) return row;
    const next = this.writer.counters(this.table.space)?.[NEXT_KEY] ?? 0;
    if (next > Number.MAX_SAFE_INTEGER) {
      throw new LightningError(
        'OUT_OF_RANGE',
        `there is no next key in "${this.table.name}": the highest is 2^53 - 1`,
        {
          hint: `give a value for "${this.table.columns[ordinal]!.name}"`,
        },
      );
    }
    row[ordinal] = Math.max(next, 1);
    return row;
  }

  /** What a row must satisfy by itself. @throws LightningError NOT_NULL, VALUE_TOO_LONG, CHECK */
  check(row: Row): void {
    checkRow(this.table, this.code, row);
  }

  /**
   * The first unique key of `row` that another row than `self` holds, if any.
   * @param among only this index; all unique ones when undefined
   */
  conflict(row: Row, self = -1, among?: IndexDef): Conflict | undefined {
    for (const { index, writer, entry } of this.unique) {
      if (among !== undefined && index.id !== among.id) continue;
      const values = entry(row);
      if (values === undefined) continue;
      const rowId = this.holder(index, writer, values, self);
      if (rowId !== undefined) return { index, rowId };
    }
    return undefined;
  }

  /** Whether a row holds this key of a unique index. */
  holds(index: IndexDef, values: Row): boolean {
    const found = this.unique.find((each) => each.index.id === index.id);
    invariant(found !== undefined, `"${index.name}" is no unique index of "${this.table.name}"`);
    return this.holder(index, found.writer, values, -1) !== undefined;
  }

  private holder(index: IndexDef, writer: IndexWriter, values: Row, self: number): number | undefined {
    return writer.duplicate ? writer.duplicate(values, self) : this.findEqual(index, writer, values, self);
  }

  /** The row that something names, which must be there. @throws LightningError CORRUPT */
  read(rowId: number): Row {
    const row = this.code.rows.read(this.writer, rowId);
    if (row !== undefined) return row;
    throw new LightningError('CORRUPT', `an index of "${this.table.name}" names row ${rowId}, which is not there`, {
      hint: 'db.verify() tells which index; REINDEX makes it anew',
    });
  }

  /** For kinds that know candidates only: compares the rows themselves. */
  private findEqual(index: IndexDef, writer: IndexWriter, values: Row, self: number): number | undefined {
    const keys = index.keys.length;
    if (values.slice(0, keys).includes(null)) return undefined;
    return writer.candidates?.(values).find((rowId) => {
      if (rowId === self) return false;
      const row = this.code.rows.read(this.writer, rowId);
      const entry = row && this.code.entries.get(index.id)!(row);
      return entry?.slice(0, keys).every((value, i) => equalValues(value, values[i]!, index.keys[i]!.type));
    });
  }

  /**
   * Inserts a complete row and gives its row id.
   * @throws LightningError NOT_NULL, CHECK, UNIQUE, VALUE_TOO_LONG, KEY_TOO_LONG, TABLE_FULL
   */
  insert(row: Row): number {
    this.check(row);
    this.refuseConflict(row, -1);
    const rowId = this.store(row);
    this.links?.inserted(row);
    return rowId;
  }

  private refuseConflict(row: Row, self: number): void {
    const conflict = this.conflict(row, self);
    if (conflict) throw this.duplicate(conflict.index, row);
  }

  private store(row: Row): number {
    const rowId = this.place(row);
    this.code.rows.insert(this.writer, rowId, row);
    for (const { writer, entry } of this.indexes) {
      const after = entry(row);
      if (after) writer.apply({ rowId, before: undefined, after });
    }
    this.writer.relieve();
    return rowId;
  }

  /** Replaces a row; its id changes only when an INTEGER primary key does. */
  update(rowId: number, before: Row, after: Row): number {
    this.check(after);
    this.refuseConflict(after, rowId);
    const place = this.replace({ rowId, before, after }, none);
    this.links?.updated(before, after);
    return place;
  }

  /** Replaces rows at once: a unique key may pass from one to another, and is judged when all have theirs. */
  updateAll(changes: readonly RowChange[]): void {
    const moving = changes.length < 2 ? [] : changes.map((change) => this.movingKeys(change));
    if (!moving.some((keys) => keys.size > 0)) {
      for (const { rowId, before, after } of changes) this.update(rowId, before, after);
      return;
    }
    for (const { after } of changes) this.check(after);
    changes.forEach((change, i) => this.takeKeys(change, moving[i]!));
    changes.forEach((change, i) => {
      // Where the key is the row's place, another row may have its old one by now.
      this.refuseConflict(change.after, this.changesPlace(change.before, change.after) ? -1 : change.rowId);
      this.replace(change, moving[i]!);
      this.links?.updated(change.before, change.after);
    });
  }

  /** The unique indexes in which the row's key changes. */
  private movingKeys({ before, after }: RowChange): ReadonlySet<IndexDef> {
    const moving = this.unique.filter(({ index, entry }) => {
      const [old, now] = [entry(before), entry(after)];
      return old === undefined || now === undefined ? old !== now : !sameEntry(index, this.table, old, now);
    });
    return new Set(moving.map(({ index }) => index));
  }

  /** Takes a row out of the unique indexes in which its key changes; out of the table, where the key is its place. */
  private takeKeys({ rowId, before, after }: RowChange, moving: ReadonlySet<IndexDef>): void {
    if (this.changesPlace(before, after)) return this.erase(rowId, before);
    for (const { index, writer, entry } of this.unique) {
      const old = moving.has(index) ? entry(before) : undefined;
      if (old) writer.apply({ rowId, before: old, after: undefined });
    }
  }

  private changesPlace(before: Row, after: Row): boolean {
    const [key] = this.table.primaryKey;
    return isDirect(this.table) && before[key!] !== after[key!];
  }

  /** @param taken the indexes that the old row is no longer in; when it changes its place, it is gone already if there are any */
  private replace({ rowId, before, after }: RowChange, taken: ReadonlySet<IndexDef>): number {
    if (this.changesPlace(before, after)) {
      if (taken.size === 0) this.erase(rowId, before);
      return this.store(after);
    }
    this.code.rows.update(this.writer, rowId, after);
    for (const { index, writer, entry } of this.indexes) {
      const [old, now] = [taken.has(index) ? undefined : entry(before), entry(after)];
      if (old === undefined && now === undefined) continue;
      if (old && now && sameEntry(index, this.table, old, now)) continue;
      writer.apply({ rowId, before: old, after: now });
    }
    this.writer.relieve();
    return rowId;
  }

  remove(rowId: number, before: Row): void {
    this.erase(rowId, before);
    this.links?.removed(before);
  }

  private erase(rowId: number, before: Row): void {
    for (const { writer, entry } of this.indexes) {
      const old = entry(before);
      if (old) writer.apply({ rowId, before: old, after: undefined });
    }
    this.code.rows.remove(this.writer, rowId);
    this.writer.relieve();
  }

  /** The row id for a new row: an INTEGER primary key itself while keys are dense, else the next free one. */
  private place(row: Row): number {
    if (!isDirect(this.table)) return this.code.rows.allocate(this.writer);
    const key = row[this.table.primaryKey[0]!]!;
    const counters = this.writer.changeCounters(this.table.space);
    if (typeof key === 'number') counters[NEXT_KEY] = Math.max(counters[NEXT_KEY]!, key + 1);
    if (mayBeDirect(key, counters[ROW_COUNTERS.ROWS]!)) return Number(key);
    if (counters[NEXT_MAPPED]! >= MAPPED_IDS) {
      throw new LightningError(
        'TABLE_FULL',
        `all row ids for keys that are far apart are taken in "${this.table.name}"`,
        {
          hint: 'use keys that are close together, or a TEXT primary key',
        },
      );
    }
    return DIRECT_LIMIT + counters[NEXT_MAPPED]!++;
  }

  private duplicate(index: IndexDef, row: Row): LightningError {
    const values = this.code.entries.get(index.id)!(row) ?? [];
    const names = index.keys.map((key) => key.text).join(', ');
    const shown = index.keys.map((_, i) => formatValue(values[i]!, index.keys[i]!.type)).join(', ');
    const what = index.constraint === 'primary' ? 'the primary key' : `"${index.name}"`;
    return new LightningError(
      'UNIQUE',
      `a row of "${this.table.name}" with (${names}) = (${shown}) exists already: ${what} is unique`,
      {
        hint: 'use ON CONFLICT to update or skip it',
      },
    );
  }
}

function sameEntry(index: IndexDef, table: TableDef, a: Row, b: Row): boolean {
  return a.every((value, i) => {
    const type =
      i < index.keys.length ? index.keys[i]!.type : table.columns[index.include[i - index.keys.length]!]!.type;
    const other = b[i]!;
    return value === null || other === null ? value === other : equalValues(value, other, type);
  });
}
