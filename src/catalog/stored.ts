// The definitions as the store keeps them: a head page with names and counters, one page for each table and view. Space 1.
// Format 1 kept views in the head, and knew no foreign keys and no columns that came after rows: it is read, and written anew as 2.

import { LightningError } from '../errors.js';
import { constant } from '../expr/build.js';
import { exprFromJson, exprToJson } from '../expr/serialize.js';
import type { UserFunctions } from '../expr/user-functions.js';
import type { PageCodec, PageReader, PageWriter } from '../pages/page.js';
import { FUNCTIONS } from './definitions.js';
import type { CheckDef, ColumnDef, IndexBuild, IndexDef, StoredExpr, TableDef, ViewDef } from './definitions.js';

const CATALOG_SPACE = 1;
const HEAD = 0;
/** Spaces below are the library's own: 0 the page layer's, 1 the catalog's, 2 the statistics'. */
const FIRST_SPACE = 16;

/** What changes with definitions. `version` also moves with statistics, since plans depend on them. */
export interface CatalogHead {
  readonly format: number;
  readonly version: number;
  readonly nextId: number;
  readonly nextSpace: number;
  /** Table name -> page, which is also the table's id. */
  readonly tables: Readonly<Record<string, number>>;
  /** View name -> page, or the definition itself where the file is of format 1. */
  readonly views: Readonly<Record<string, number | ViewDef>>;
}

const FORMAT = 2;

const none: CatalogHead = { format: FORMAT, version: 0, nextId: 1, nextSpace: FIRST_SPACE, tables: {}, views: {} };

/** @param bytes about what a decoded page takes */
function jsonCodec<T>(
  name: string,
  bytes: (page: T) => number,
  read: (value: unknown) => T,
  write: (value: T) => unknown = (page) => page,
): PageCodec<T> {
  return {
    name,
    encode: (page) => Buffer.from(JSON.stringify(write(page)), 'utf8'),
    decode: (body) => read(JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))),
    copy: (page) => page, // definitions are immutable: a change puts another
    bytes,
  };
}

/** A name and its number, or a name's part of a definition. */
const NAME = 120;

const headCodec = jsonCodec<CatalogHead>(
  'catalog head',
  (head) => 400 + NAME * (Object.keys(head.tables).length + Object.keys(head.views).length),
  (value) => {
    const head = value as CatalogHead;
    if (head.format === FORMAT) return head;
    if (head.format === 1) {
      const views = head.views as unknown as readonly ViewDef[];
      return { ...head, views: Object.fromEntries(views.map((view) => [view.name, view])) };
    }
    throw new LightningError(
      'FORMAT_VERSION',
      `the file has format ${head.format}, this version reads 1 and ${FORMAT}`,
      {
        hint: 'open it with the version of lightning-db that made it',
      },
    );
  },
);

const viewCodec = jsonCodec<ViewDef>(
  'view definition',
  (view) => 400 + 2 * view.query.length,
  (value) => value as ViewDef,
);

/** Decodes the expressions once, so that every reader of a definition shares them. */
const tableCodec = jsonCodec<TableDef>(
  'table definition',
  (table) => 2_000 + 8 * NAME * (table.columns.length + 2 * table.indexes.length + 4 * table.checks.length),
  (value) => mapExprs(missingFromJson(value as TableDef), fromJson),
  (table) => missingToJson(mapExprs(table, toJson)),
);

/** A column's `missing` value stands in the page as a constant expression, which says values that JSON cannot. */
function missingToJson(table: TableDef): TableDef {
  const columns = table.columns.map((column) =>
    column.missing === null
      ? column
      : { ...column, missing: exprToJson(constant(column.missing, column.type)) as never },
  );
  return { ...table, columns };
}

function missingFromJson(table: TableDef): TableDef {
  const columns = table.columns.map((column) => {
    if (column.missing === null || column.missing === undefined) return { ...column, missing: null };
    const stored = exprFromJson(column.missing);
    if (stored.kind !== 'constant') throw new LightningError('CORRUPT', `column "${column.name}" lacks its value`);
    return { ...column, missing: stored.value };
  });
  return { ...table, columns };
}

function toJson(stored: StoredExpr): StoredExpr {
  return { text: stored.text, expr: exprToJson(stored.expr) as never };
}

function fromJson(stored: StoredExpr): StoredExpr {
  return { text: stored.text, expr: exprFromJson(stored.expr) };
}

function mapExprs(table: TableDef, map: (stored: StoredExpr) => StoredExpr): TableDef {
  // JSON has no undefined: every optional part is restored by name.
  const columns = table.columns.map((c): ColumnDef => ({
    ...c,
    maxLength: c.maxLength ?? undefined,
    default: c.default && map(c.default),
  }));
  const checks = table.checks.map((check): CheckDef => ({ ...check, predicate: map(check.predicate) }));
  const mapIndex = (index: IndexDef): IndexDef => ({
    ...index,
    keys: index.keys.map((key) => ({ ...key, expr: map({ text: key.text, expr: key.expr }).expr })),
    where: index.where && map(index.where),
    constraint: index.constraint,
  });
  const indexes = table.indexes.map(mapIndex);
  const { foreignKeys = [], referencedBy = [] } = table as Partial<TableDef>;
  const builds = (table.builds ?? []).map((build): IndexBuild => ({ ...build, index: mapIndex(build.index) }));
  return { ...table, columns, checks, indexes, foreignKeys, referencedBy, builds };
}

export function readHead(reader: PageReader): CatalogHead {
  return reader.find(CATALOG_SPACE, HEAD, headCodec) ?? none;
}

/** @param functions what the application registered with the handle that the reader belongs to */
export function readTable(reader: PageReader, id: number, functions: UserFunctions | undefined): TableDef {
  const table = reader.page(CATALOG_SPACE, id, tableCodec);
  // On the page's own value: what is compiled of a definition is kept by its identity.
  return table[FUNCTIONS] === functions ? table : Object.assign(table, { [FUNCTIONS]: functions });
}

export function readView(reader: PageReader, head: CatalogHead, name: string): ViewDef | undefined {
  const page = Object.hasOwn(head.views, name) ? head.views[name] : undefined;
  return typeof page === 'number' ? reader.page(CATALOG_SPACE, page, viewCodec) : page;
}

/** Changes definitions inside a transaction; every change moves the version. Reads them as they are after the changes so far. */
export class CatalogWriter {
  private head: CatalogHead;

  constructor(
    private readonly writer: PageWriter,
    private readonly functions?: UserFunctions,
  ) {
    this.head = readHead(writer);
    if (this.head.format === FORMAT) return;
    const old = Object.values(this.head.views);
    this.head = { ...this.head, format: FORMAT, views: {} };
    for (const view of old) if (typeof view !== 'number') this.putView(view);
  }

  table(name: string): TableDef | undefined {
    return Object.hasOwn(this.head.tables, name) ? this.tableOf(this.head.tables[name]!) : undefined;
  }

  tableOf(id: number): TableDef {
    return readTable(this.writer, id, this.functions);
  }

  tables(): TableDef[] {
    return Object.values(this.head.tables).map((id) => this.tableOf(id));
  }

  view(name: string): ViewDef | undefined {
    return readView(this.writer, this.head, name);
  }

  views(): ViewDef[] {
    return Object.keys(this.head.views).map((name) => this.view(name)!);
  }

  newId(): number {
    const id = this.head.nextId;
    this.change({ nextId: id + 1 });
    return id;
  }

  newSpaces(count: number): number[] {
    const first = this.head.nextSpace;
    this.change({ nextSpace: first + count });
    return Array.from({ length: count }, (_, i) => first + i);
  }

  /** Adds the table, or replaces the definition of that id. */
  putTable(table: TableDef): void {
    this.writer.put(CATALOG_SPACE, table.id, tableCodec, table);
    this.change({ tables: { ...this.head.tables, [table.name]: table.id } });
  }

  dropTable(table: TableDef): void {
    this.writer.drop(CATALOG_SPACE, table.id);
    const { [table.name]: _, ...tables } = this.head.tables;
    this.change({ tables });
  }

  /** The table under another name than before. */
  renameTable(table: TableDef, from: string): void {
    const { [from]: _, ...tables } = this.head.tables;
    this.change({ tables });
    this.putTable(table);
  }

  /** Adds the view, or replaces the definition of that name. */
  putView(view: ViewDef): void {
    const known = this.head.views[view.name];
    const page = typeof known === 'number' ? known : this.newId();
    this.writer.put(CATALOG_SPACE, page, viewCodec, view);
    this.change({ views: { ...this.head.views, [view.name]: page } });
  }

  /** The view under another name than before. */
  renameView(view: ViewDef, from: string): void {
    const { [from]: page, ...views } = this.head.views;
    this.change({ views: { ...views, ...(page === undefined ? {} : { [view.name]: page }) } });
    this.putView(view);
  }

  dropView(name: string): void {
    const { [name]: page, ...views } = this.head.views;
    if (typeof page === 'number') this.writer.drop(CATALOG_SPACE, page);
    this.change({ views });
  }

  /** Moves the version, so that plans made with older statistics are made anew. */
  touch(): void {
    this.change({});
  }

  private change(part: Partial<CatalogHead>): void {
    this.head = { ...this.head, ...part, version: this.head.version + 1 };
    this.writer.put(CATALOG_SPACE, HEAD, headCodec, this.head);
  }
}
