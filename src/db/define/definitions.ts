// The definitions that a statement changes, as they are after its changes so far: what is there, which names are taken, what depends on what.

import type { Catalog } from '../../catalog/catalog.js';
import type { IndexBuild, IndexDef, TableDef, ViewDef } from '../../catalog/definitions.js';
import { CatalogWriter, readHead } from '../../catalog/stored.js';
import { LightningError } from '../../errors.js';
import { quoteName } from '../../expr/printer.js';
import type { UserFunctions } from '../../expr/user-functions.js';
import type { Definition } from '../../index/options.js';
import { kindOf } from '../../index/registry.js';
import type { PageTransaction } from '../../pages/index.js';
import { namedRelations, traceView } from '../../sql/follow.js';
import type { TracedView } from '../../sql/follow.js';
import type { WatchBuild } from '../../tables/index-build.js';
import { nearest } from '../input/arguments.js';
import { Schema, View } from '../schema/schema.js';

export type What = 'table' | 'index' | 'view';

export class Definitions {
  readonly catalog: CatalogWriter;

  constructor(
    readonly tx: PageTransaction,
    /** Milliseconds since the epoch: one instant for the statement. */
    readonly now: number,
    private readonly functions: UserFunctions,
    /** Hears of the builds of indexes. */
    readonly watch?: WatchBuild,
  ) {
    this.catalog = new CatalogWriter(tx, functions);
  }

  /** What statements would see now. */
  view(): View {
    return new View(new Schema(readHead(this.tx), this.functions), this.tx);
  }

  /** @throws LightningError UNKNOWN_TABLE */
  requireTable(name: string): TableDef {
    return this.catalog.table(name) ?? this.view().requireTable(name);
  }

  findIndex(name: string): { readonly table: TableDef; readonly index: IndexDef } | undefined {
    for (const table of this.catalog.tables()) {
      const index = table.indexes.find((candidate) => candidate.name === name);
      if (index) return { table, index };
    }
    return undefined;
  }

  /** An index that is being made, also in the place of one that is there. */
  findBuild(name: string): { readonly table: TableDef; readonly build: IndexBuild } | undefined {
    for (const table of this.catalog.tables()) {
      const build = table.builds.find(({ index }) => index.name === name);
      if (build) return { table, build };
    }
    return undefined;
  }

  /** Tables and views share their names; so do indexes with them. */
  private taken(name: string): What | undefined {
    if (this.catalog.table(name)) return 'table';
    if (this.catalog.view(name)) return 'view';
    return (this.findIndex(name) ?? this.findBuild(name)) ? 'index' : undefined;
  }

  /** Whether to go on: false when the name is taken and that is allowed. */
  free(name: string, what: What, allowed = false): boolean {
    const taken = this.taken(name);
    if (taken === undefined) return true;
    if (allowed && taken === what) return false;
    if (taken === 'index' && this.findIndex(name) === undefined) {
      throw new LightningError('ALREADY_EXISTS', `an index "${name}" is being made, or its build was cut short`, {
        hint: `REINDEX INDEX ${quoteName(name)} goes on with it, DROP INDEX gives it up`,
      });
    }
    throw new LightningError('ALREADY_EXISTS', `there is a${taken === 'index' ? 'n' : ''} ${taken} "${name}" already`, {
      hint:
        taken === what ? `drop it first, or write CREATE ${what.toUpperCase()} IF NOT EXISTS` : 'choose another name',
    });
  }

  absent(what: What, name: string): LightningError {
    const taken = this.taken(name);
    const kind = taken && `it is a${taken === 'index' ? 'n' : ''} ${taken}: use ${taken.toUpperCase()}`;
    return new LightningError(what === 'index' ? 'UNKNOWN_INDEX' : 'UNKNOWN_TABLE', `there is no ${what} "${name}"`, {
      hint: kind ?? nearest(name, this.namesOf(what), what === 'index' ? 'indexes' : `${what}s`),
    });
  }

  private namesOf(what: What): readonly string[] {
    if (what === 'view') return this.catalog.views().map((view) => view.name);
    const tables = this.catalog.tables();
    return what === 'table'
      ? tables.map((table) => table.name)
      : tables.flatMap((table) => table.indexes.map((index) => index.name));
  }

  /** Checks a definition of an index, and gives it its id and spaces. */
  complete(table: TableDef, definition: Definition): IndexDef {
    return this.elsewhere({ ...this.check(table, definition), id: this.catalog.newId(), spaces: [] });
  }

  /** A definition with its options completed. */
  check(table: TableDef, definition: Definition): Definition {
    return { ...definition, options: kindOf(definition.kind).check(definition, table) };
  }

  /** The same index in spaces of its own. */
  elsewhere(index: IndexDef): IndexDef {
    return { ...index, spaces: this.catalog.newSpaces(kindOf(index.kind).spaces) };
  }

  /** The views that read one of these tables and views. */
  *readers(names: readonly string[]): Generator<Reader> {
    const catalog = this.view();
    for (const view of this.catalog.views()) {
      const text = view.query.toLowerCase();
      // Cheap, and never wrong: a view whose text lacks the name does not read it.
      if (!names.some((name) => text.includes(name.toLowerCase().replaceAll('"', '""')))) continue;
      const traced = tryTrace(view, catalog);
      const named = traced ? [...traced.trace.relations].map((node) => node.name.text) : [...namedRelations(view)];
      const read = named.find((name) => names.includes(name));
      if (read !== undefined) yield { view, read, traced };
    }
  }
}

export interface Reader {
  readonly view: ViewDef;
  /** The one of the names that it reads. */
  readonly read: string;
  /** Undefined when the view cannot be bound: a function of the application is not registered, for example. */
  readonly traced: TracedView | undefined;
}

function tryTrace(view: ViewDef, catalog: Catalog): TracedView | undefined {
  try {
    return traceView(view, catalog);
  } catch (error) {
    if (error instanceof LightningError && error.kind !== 'bug') return undefined;
    throw error;
  }
}

export function dependent(what: string, hint: string): LightningError {
  return new LightningError('DEPENDENT_OBJECT', what, { hint });
}

export function readBy(view: ViewDef, what: string): LightningError {
  return dependent(
    `the view "${view.name}" reads ${what}`,
    `DROP VIEW ${quoteName(view.name)} first, or write CASCADE`,
  );
}
