// The definitions as the store keeps them: a head page with names and counters, one page for each table. Space 1.

import { LightningError } from '../errors.js';
import { exprFromJson, exprToJson } from '../expr/serialize.js';
import type { PageCodec, PageReader, PageWriter } from '../pages/page.js';
import type { CheckDef, ColumnDef, IndexDef, StoredExpr, TableDef, ViewDef } from './definitions.js';

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
  readonly views: readonly ViewDef[];
}

const FORMAT = 1;

const none: CatalogHead = { format: FORMAT, version: 0, nextId: 1, nextSpace: FIRST_SPACE, tables: {}, views: [] };

function jsonCodec<T>(name: string, read: (value: unknown) => T, write: (value: T) => unknown): PageCodec<T> {
  return {
    name,
    encode: (page) => Buffer.from(JSON.stringify(write(page)), 'utf8'),
    decode: (body) => read(JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))),
    copy: (page) => page, // definitions are immutable: a change puts another
    bytes: (page) => 200 + JSON.stringify(write(page)).length * 4,
  };
}

const headCodec = jsonCodec<CatalogHead>(
  'catalog head',
  (value) => {
    const head = value as CatalogHead;
    if (head.format === FORMAT) return head;
    throw new LightningError('FORMAT_VERSION', `the file has format ${head.format}, this version reads ${FORMAT}`, {
      hint: 'open it with the version of lightning-db that made it',
    });
  },
  (head) => head,
);

/** Decodes the expressions once, so that every reader of a definition shares them. */
const tableCodec = jsonCodec<TableDef>(
  'table definition',
  (value) => mapExprs(value as TableDef, fromJson),
  (table) => mapExprs(table, toJson),
);

function toJson(stored: StoredExpr): StoredExpr {
  return { text: stored.text, expr: exprToJson(stored.expr) as never };
}

function fromJson(stored: StoredExpr): StoredExpr {
  return { text: stored.text, expr: exprFromJson(stored.expr as never) };
}

function mapExprs(table: TableDef, map: (stored: StoredExpr) => StoredExpr): TableDef {
  // JSON has no undefined: every optional part is restored by name.
  const columns = table.columns.map((c): ColumnDef => ({
    ...c,
    maxLength: c.maxLength ?? undefined,
    default: c.default && map(c.default),
  }));
  const checks = table.checks.map((check): CheckDef => ({ ...check, predicate: map(check.predicate) }));
  const indexes = table.indexes.map((index): IndexDef => ({
    ...index,
    keys: index.keys.map((key) => ({ ...key, expr: map({ text: key.text, expr: key.expr }).expr })),
    where: index.where && map(index.where),
    constraint: index.constraint,
  }));
  return { ...table, columns, checks, indexes };
}

export function readHead(reader: PageReader): CatalogHead {
  return reader.find(CATALOG_SPACE, HEAD, headCodec) ?? none;
}

export function readTable(reader: PageReader, id: number): TableDef {
  return reader.page(CATALOG_SPACE, id, tableCodec);
}

/** Changes definitions inside a transaction; every change moves the version. */
export class CatalogWriter {
  private head: CatalogHead;

  constructor(private readonly writer: PageWriter) {
    this.head = readHead(writer);
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

  putView(view: ViewDef): void {
    const { views } = this.head;
    const known = views.some((other) => other.name === view.name);
    // A view that is replaced keeps its place: those after it may read it.
    this.change({ views: known ? views.map((other) => (other.name === view.name ? view : other)) : [...views, view] });
  }

  dropView(name: string): void {
    this.change({ views: this.head.views.filter((view) => view.name !== name) });
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
