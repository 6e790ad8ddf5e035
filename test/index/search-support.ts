// What the tests of spatial and text indexes share: definitions made by hand, a page store, and a writer that counts changed pages.

import type { IndexDef, OptionValue, TableDef } from '../../src/catalog/definitions.js';
import type { IndexKind } from '../../src/index/kind.js';
import { openMemory } from '../../src/kv/memory.js';
import { PageStore } from '../../src/pages/index.js';
import type { PageTransaction, PageWriter } from '../../src/pages/index.js';
import type { ScalarType } from '../../src/values/types.js';

export interface Fixture {
  readonly kind: IndexKind;
  readonly table: TableDef;
  readonly index: IndexDef;
  readonly pages: PageStore;
}

export interface KeyColumn {
  readonly name: string;
  readonly type: ScalarType;
}

export function define(
  kind: IndexKind,
  columns: readonly KeyColumn[],
  options: Readonly<Record<string, OptionValue>> = {},
): { table: TableDef; index: IndexDef } {
  const bare: TableDef = {
    id: 1,
    name: 't',
    columns: columns.map(({ name, type }) => ({
      name,
      type,
      notNull: false,
      maxLength: undefined,
      default: undefined,
      missing: null,
    })),
    primaryKey: [],
    checks: [],
    foreignKeys: [],
    referencedBy: [],
    builds: [],
    indexes: [],
    space: 1,
    spaces: [],
    rowPageShift: 4,
  };
  const definition: Omit<IndexDef, 'id' | 'spaces'> = {
    name: 't_index',
    table: 't',
    kind: kind.name,
    keys: columns.map(({ name, type }, id) => ({
      expr: { kind: 'column', id, name, type, nullable: true },
      text: name,
      type,
      desc: false,
      nullsFirst: false,
    })),
    include: [],
    unique: false,
    where: undefined,
    options,
    constraint: undefined,
  };
  const completed = kind.check(definition, bare);
  const index: IndexDef = {
    ...definition,
    options: completed,
    id: 7,
    spaces: Array.from({ length: kind.spaces }, (_, i) => 10 + i),
  };
  return { table: { ...bare, indexes: [index] }, index };
}

export function fixture(
  kind: IndexKind,
  columns: readonly KeyColumn[],
  options: Readonly<Record<string, OptionValue>> = {},
  pages = new PageStore(openMemory(), { cacheBytes: 256 << 20 }),
): Fixture {
  const { table, index } = define(kind, columns, options);
  pages.transaction((tx) => kind.create(index, table, tx));
  return { kind, table, index, pages };
}

/** A writer that notes which pages are changed, those of space 0 (shared counters) left aside. */
export function counting(tx: PageTransaction): { writer: PageWriter; changed: Set<string> } {
  const changed = new Set<string>();
  const note = (space: number, page: number): void => {
    if (space !== 0) changed.add(`${space}/${page}`);
  };
  const writer: PageWriter = {
    sequence: tx.sequence,
    page: (space, page, codec) => tx.page(space, page, codec),
    find: (space, page, codec) => tx.find(space, page, codec),
    counters: (space) => tx.counters(space),
    reweigh: (space, page) => tx.reweigh(space, page),
    memoRoom: () => tx.memoRoom(),
    change: (space, page, codec) => (note(space, page), tx.change(space, page, codec)),
    put: (space, page, codec, content) => (note(space, page), tx.put(space, page, codec, content)),
    drop: (space, page) => (note(space, page), tx.drop(space, page)),
    dropSpace: (space) => tx.dropSpace(space),
    changeCounters: (space) => tx.changeCounters(space),
    createCounters: (space, group) => tx.createCounters(space, group),
    relieve: () => tx.relieve(),
    readAt: () => tx.readAt(),
  };
  return { writer, changed };
}
