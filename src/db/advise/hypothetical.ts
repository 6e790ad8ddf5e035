// A catalog with indexes that do not exist: their sizes are estimated from the statistics of their tables, and nothing can be probed.

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexDef, TableDef, ViewDef } from '../../catalog/definitions.js';
import type { Probe } from '../../catalog/offer.js';
import type { IndexStatistics, TableStatistics } from '../../catalog/statistics.js';
import type { Value } from '../../values/types.js';
import { sizeOf } from './size.js';

export class HypotheticalCatalog implements Catalog {
  private readonly tables = new Map<string, TableDef>();
  private readonly sizes = new Map<number, IndexStatistics>();

  constructor(
    private readonly base: Catalog,
    readonly extra: readonly IndexDef[],
  ) {}

  get version(): number {
    return this.base.version;
  }

  table(name: string): TableDef | undefined {
    let table = this.tables.get(name);
    if (table !== undefined) return table;
    table = this.base.table(name);
    if (table === undefined) return undefined;
    const added = this.extra.filter((index) => index.table === name);
    if (added.length > 0) table = { ...table, indexes: [...table.indexes, ...added] };
    this.tables.set(name, table);
    return table;
  }

  view(name: string): ViewDef | undefined {
    return this.base.view(name);
  }

  names(): readonly string[] {
    return this.base.names();
  }

  rows(table: TableDef): number {
    return this.base.rows(this.base.table(table.name) ?? table);
  }

  statistics(table: TableDef): TableStatistics | undefined {
    const known = this.base.statistics(this.base.table(table.name) ?? table);
    if (known === undefined) return undefined;
    const indexes = new Map(known.indexes);
    for (const index of this.extra) if (index.table === table.name) indexes.set(index.id, this.index(index));
    return { ...known, indexes };
  }

  index(index: IndexDef): IndexStatistics {
    if (!this.isExtra(index)) return this.base.index(index);
    let size = this.sizes.get(index.id);
    if (size === undefined) {
      const table = this.base.table(index.table)!;
      size = sizeOf(index, table, this.base.rows(table), this.base.statistics(table));
      this.sizes.set(index.id, size);
    }
    return size;
  }

  probe(index: IndexDef, probe: Probe<Value>): number | undefined {
    return this.isExtra(index) ? undefined : this.base.probe(index, probe);
  }

  estimate(index: IndexDef, probe: Probe<Value>) {
    return this.isExtra(index) ? undefined : this.base.estimate(index, probe);
  }

  private isExtra(index: IndexDef): boolean {
    return this.extra.some((each) => each.id === index.id);
  }
}
