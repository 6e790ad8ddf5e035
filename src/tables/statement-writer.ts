// The changes of one statement, over all tables that it touches: its own, and those that foreign keys reach from there.

import type { TableDef } from '../catalog/definitions.js';
import type { PageWriter } from '../pages/page.js';
import { References } from './references.js';
import { TableWriter } from './table-writer.js';

/**
 * @example
 * const statement = new StatementWriter(tx, Date.now());
 * statement.of(table).insert(row);
 * statement.finish();
 */
export class StatementWriter {
  private readonly writers = new Map<number, TableWriter>();
  private readonly references: References;

  /**
   * @param now milliseconds since the epoch, for the defaults of ON DELETE SET DEFAULT
   * @param many whether many changes are likely: indexes may put off what is cheaper done together
   */
  constructor(
    private readonly writer: PageWriter,
    now: number,
    private readonly many = false,
  ) {
    this.references = new References(writer, (table) => this.of(table), now);
  }

  of(table: TableDef): TableWriter {
    let made = this.writers.get(table.id);
    if (made === undefined) {
      made = new TableWriter(table, this.writer, this.references.linksOf(table));
      if (this.many) made.postpone();
      this.writers.set(table.id, made);
    }
    return made;
  }

  /** After the last change: what is checked at the end of a statement. @throws LightningError FOREIGN_KEY, and those of the rows that actions change */
  finish(): void {
    this.references.settle();
    for (const writer of this.writers.values()) writer.settle();
  }
}
