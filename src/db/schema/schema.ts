// The definitions of one catalog version, and the catalog that the planner sees: definitions bound to a reader.

import type { IndexDef, TableDef, ViewDef } from '../../catalog/definitions.js';
import type { Probe } from '../../catalog/offer.js';
import type { IndexStatistics, TableStatistics } from '../../catalog/statistics.js';
import { readHead, readTable, readView } from '../../catalog/stored.js';
import type { CatalogHead } from '../../catalog/stored.js';
import { readStatistics } from '../../catalog/stored-statistics.js';
import type { StoredStatistics } from '../../catalog/stored-statistics.js';
import { LightningError } from '../../errors.js';
import type { UserFunctions } from '../../expr/user-functions.js';
import { nearest } from '../input/arguments.js';
import { kindOf } from '../../index/registry.js';
import type { PageReader } from '../../pages/page.js';
import type { ViewingCatalog } from '../../plan/builder/index.js';
import { bindViewFor } from '../../sql/bind-view.js';
import { TableReader } from '../../tables/table-reader.js';
import type { Value } from '../../values/types.js';

/** Definitions of one version, decoded as they are asked for. */
export class Schema {
  private readonly tables = new Map<string, TableDef>();
  private readonly statistics = new Map<number, StoredStatistics | undefined>();
  private readonly views = new Map<string, ViewDef>();

  constructor(
    readonly head: CatalogHead,
    readonly functions: UserFunctions,
  ) {}

  get version(): number {
    return this.head.version;
  }

  table(name: string, reader: PageReader): TableDef | undefined {
    let table = this.tables.get(name);
    if (table === undefined && Object.hasOwn(this.head.tables, name)) {
      table = readTable(reader, this.head.tables[name]!, this.functions);
      this.tables.set(name, table);
    }
    return table;
  }

  view(name: string, reader: PageReader): ViewDef | undefined {
    let view = this.views.get(name);
    if (view === undefined) {
      view = readView(reader, this.head, name);
      if (view !== undefined) this.views.set(name, view);
    }
    return view;
  }

  /** In the order in which they were made: a view comes after those that it reads. */
  viewNames(): string[] {
    const place = (name: string) => {
      const page = this.head.views[name];
      return typeof page === 'number' ? page : 0;
    };
    return Object.keys(this.head.views).sort((a, b) => place(a) - place(b));
  }

  tableStatistics(table: TableDef, reader: PageReader): StoredStatistics | undefined {
    if (!this.statistics.has(table.id)) this.statistics.set(table.id, readStatistics(reader, table));
    return this.statistics.get(table.id);
  }

  tableNames(): string[] {
    return Object.keys(this.head.tables).sort();
  }

  names(): string[] {
    return [...Object.keys(this.head.tables), ...Object.keys(this.head.views)].sort();
  }
}

/** One reader with its definitions: a snapshot's view, or a transaction's. Opens each table once. */
export class View implements ViewingCatalog {
  readonly bindView = bindViewFor;
  private readonly open = new Map<number, TableReader>();
  private readonly tableStatistics = new Map<number, TableStatistics>();
  private readonly indexStatistics = new Map<number, IndexStatistics>();

  constructor(
    readonly schema: Schema,
    readonly reader: PageReader,
  ) {}

  get version(): number {
    return this.schema.version;
  }

  get functions(): UserFunctions {
    return this.schema.functions;
  }

  table(name: string): TableDef | undefined {
    return this.schema.table(name, this.reader);
  }

  /** @throws LightningError UNKNOWN_TABLE */
  requireTable(name: string): TableDef {
    const table = this.table(name);
    if (table) return table;
    const hint = this.view(name)
      ? 'it is a view: read it with db.from or a statement'
      : nearest(name, this.schema.tableNames(), 'the tables');
    throw new LightningError('UNKNOWN_TABLE', `unknown table "${name}"`, { hint });
  }

  view(name: string): ViewDef | undefined {
    return this.schema.view(name, this.reader);
  }

  names(): readonly string[] {
    return this.schema.names();
  }

  /** The table's rows and indexes over this reader. */
  readonly rowsOf = (table: TableDef): TableReader => {
    let open = this.open.get(table.id);
    if (open === undefined) this.open.set(table.id, (open = new TableReader(table, this.reader)));
    return open;
  };

  rows(table: TableDef): number {
    return this.rowsOf(table).count;
  }

  statistics(table: TableDef): TableStatistics | undefined {
    const known = this.tableStatistics.get(table.id);
    if (known !== undefined) return known;
    const stored = this.schema.tableStatistics(table, this.reader);
    if (stored === undefined) return undefined;
    const indexes = new Map(table.indexes.map((index) => [index.id, this.index(index)]));
    const statistics = { ...stored, indexes };
    this.tableStatistics.set(table.id, statistics);
    return statistics;
  }

  index(index: IndexDef): IndexStatistics {
    let statistics = this.indexStatistics.get(index.id);
    if (statistics === undefined) {
      statistics = kindOf(index.kind).statistics(index, this.reader);
      this.indexStatistics.set(index.id, statistics);
    }
    return statistics;
  }

  probe(index: IndexDef, probe: Probe<Value>): number | undefined {
    const table = this.table(index.table);
    return table && this.rowsOf(table).index(index).quickCount?.(probe);
  }

  estimate(index: IndexDef, probe: Probe<Value>) {
    const table = this.table(index.table);
    return table && this.rowsOf(table).index(index).estimate?.(probe);
  }
}

/** Hands out views. Committed definitions of one version are shared, also between snapshots. */
export class Views {
  private committed: Schema | undefined;
  private readonly views = new WeakMap<PageReader, View>();
  /** The view that was asked for last: most statements read the same snapshot as the one before. */
  private last: View | undefined;

  constructor(private readonly functions: UserFunctions) {}

  /** Of a committed state: one view per snapshot. */
  of(reader: PageReader): View {
    const { last } = this;
    if (last !== undefined && last.reader === reader) return last;
    return (this.last = this.find(reader));
  }

  private find(reader: PageReader): View {
    let view = this.views.get(reader);
    if (view === undefined) {
      const head = readHead(reader);
      if (this.committed?.version !== head.version) this.committed = new Schema(head, this.functions);
      view = new View(this.committed, reader);
      this.views.set(reader, view);
    }
    return view;
  }

  /** Of a transaction as it is now. Its definitions are its own when it has changed them: the version says nothing before the commit. */
  within(reader: PageReader, changed: Schema | undefined): View {
    const head = readHead(reader);
    if (changed === undefined && this.committed?.version === head.version) return new View(this.committed, reader);
    if (changed?.head === head) return new View(changed, reader);
    return new View(new Schema(head, this.functions), reader);
  }
}
