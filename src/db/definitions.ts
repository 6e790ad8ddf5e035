// Carries out changes of definitions, each inside the caller's transaction: catalog entry, storage and first contents together.

import type * as ast from '../../grammar/ast.js';
import { parse } from '../../grammar/index.js';
import type { IndexDef, TableDef, ViewDef } from '../catalog/definitions.js';
import { CatalogWriter } from '../catalog/stored.js';
import { dropStatistics, writeStatistics } from '../catalog/stored-statistics.js';
import { LightningError, never } from '../errors.js';
import { definitionColumn } from '../expr/expression.js';
import { quoteName } from '../expr/printer.js';
import { kindOf } from '../index/registry.js';
import type { PageTransaction } from '../pages/index.js';
import { chooseShift } from '../pages/index.js';
import type { BoundStatement, CreateIndex, CreateTable, CreateView } from '../sql/bound.js';
import { analyzeTable } from '../tables/analyze.js';
import { buildIndex, createTable, dropIndex, dropTable, rebuildIndex } from '../tables/define.js';
import { TABLE_SPACES } from '../tables/table-code.js';
import { nearest } from './arguments.js';
import { rowWidth } from './row-width.js';
import type { View } from './schema.js';

/** @param redefined tells the session that definitions have changed */
export function runDefinition(bound: BoundStatement, view: View, tx: PageTransaction, redefined: () => void): void {
  new Definer(view, tx).run(bound);
  redefined();
}

class Definer {
  private readonly catalog: CatalogWriter;

  constructor(
    private readonly view: View,
    private readonly tx: PageTransaction,
  ) {
    this.catalog = new CatalogWriter(tx);
  }

  run(bound: BoundStatement): void {
    switch (bound.kind) {
      case 'create-table':
        return this.createTable(bound);
      case 'create-index':
        return this.createIndex(bound);
      case 'create-view':
        return this.createView(bound);
      case 'drop':
        if (bound.what !== 'index') this.refuseRead(bound.names);
        return bound.names.forEach((name) => this.drop(bound.what, name, bound.ifExists));
      case 'analyze':
        return this.analyze(bound.tables);
      case 'reindex':
        return bound.indexes.forEach(({ table, index }) => this.reindex(table, index));
      case 'query':
      case 'explain':
      case 'begin':
      case 'commit':
      case 'rollback':
      case 'savepoint':
      case 'release':
      case 'rollback-to':
        throw new LightningError('BUG', `a ${bound.kind} is no definition`);
      default:
        return never(bound, 'definition');
    }
  }

  /** Tables and views share their names; so do indexes with them. */
  private taken(name: string): 'table' | 'view' | 'index' | undefined {
    if (this.view.table(name)) return 'table';
    if (this.view.view(name)) return 'view';
    return this.findIndex(name) ? 'index' : undefined;
  }

  private findIndex(name: string): { readonly table: TableDef; readonly index: IndexDef } | undefined {
    for (const tableName of this.view.schema.tableNames()) {
      const table = this.view.table(tableName)!;
      const index = table.indexes.find((candidate) => candidate.name === name);
      if (index) return { table, index };
    }
    return undefined;
  }

  /** Whether to go on: false when the name is taken and that is allowed. */
  private free(name: string, what: string, allowed: boolean): boolean {
    const taken = this.taken(name);
    if (taken === undefined) return true;
    if (allowed && taken === what) return false;
    throw new LightningError('ALREADY_EXISTS', `there is a${taken === 'index' ? 'n' : ''} ${taken} "${name}" already`, {
      hint:
        taken === what ? `drop it first, or write CREATE ${what.toUpperCase()} IF NOT EXISTS` : 'choose another name',
    });
  }

  private createTable(bound: CreateTable): void {
    if (!this.free(bound.name, 'table', bound.ifNotExists)) return;
    const { name, columns, primaryKey, checks } = bound;
    const id = this.catalog.newId();
    const [space, ...spaces] = this.catalog.newSpaces(1 + TABLE_SPACES);
    const bare: TableDef = {
      ...{ id, name, columns, primaryKey, checks, indexes: [], spaces },
      space: space!,
      rowPageShift: chooseShift(rowWidth(columns)),
    };
    const keys: IndexDef[] = [];
    if (primaryKey.length > 0) this.free(`${name}_pkey`, 'index', false);
    if (primaryKey.length > 0) keys.push(this.keyIndex(bare, `${name}_pkey`, primaryKey, 'primary'));
    for (const unique of bound.uniques) {
      if (keys.some((key) => key.name === unique.name)) throw duplicateName(unique.name);
      this.free(unique.name, 'index', false);
      keys.push(this.keyIndex(bare, unique.name, unique.columns, 'unique'));
    }
    const table: TableDef = { ...bare, indexes: keys };
    createTable(table, this.tx);
    this.catalog.putTable(table);
  }

  private keyIndex(
    table: TableDef,
    name: string,
    columns: readonly number[],
    constraint: 'primary' | 'unique',
  ): IndexDef {
    const keys = columns.map((ordinal) => {
      const { name: text, type, notNull } = table.columns[ordinal]!;
      return { expr: definitionColumn(ordinal, text, type, !notNull), text, type, desc: false, nullsFirst: false };
    });
    const kind = constraint === 'primary' ? 'primary' : 'btree';
    return this.complete(table, {
      ...{ name, table: table.name, kind, keys, include: [], unique: true, where: undefined, options: {}, constraint },
    });
  }

  /** Checks a definition, and gives it its id and spaces. */
  private complete(table: TableDef, definition: Omit<IndexDef, 'id' | 'spaces'>): IndexDef {
    const kind = kindOf(definition.kind);
    const options = kind.check(definition, table);
    return { ...definition, options, id: this.catalog.newId(), spaces: this.catalog.newSpaces(kind.spaces) };
  }

  private createIndex(bound: CreateIndex): void {
    const { definition } = bound;
    if (!this.free(definition.name, 'index', bound.ifNotExists)) return;
    const table = this.view.requireTable(definition.table);
    const index = this.complete(table, definition);
    const extended: TableDef = { ...table, indexes: [...table.indexes, index] };
    buildIndex(extended, index, this.tx);
    this.catalog.putTable(extended);
  }

  private createView(bound: CreateView): void {
    const { name, columns, query, orReplace } = bound;
    if (!(orReplace && this.view.view(name))) this.free(name, 'view', false);
    this.catalog.putView({ name, columns, query });
  }

  private drop(what: 'table' | 'index' | 'view', name: string, ifExists: boolean): void {
    if (what === 'table') {
      const table = this.view.table(name);
      if (table) {
        dropTable(table, this.tx);
        dropStatistics(this.tx, table);
        return this.catalog.dropTable(table);
      }
    } else if (what === 'view') {
      if (this.view.view(name)) return this.catalog.dropView(name);
    } else {
      const found = this.findIndex(name);
      if (found) return this.dropIndex(found.table, found.index);
    }
    if (ifExists) return;
    const code = what === 'index' ? 'UNKNOWN_INDEX' : 'UNKNOWN_TABLE';
    const taken = this.taken(name);
    const hint = taken
      ? `it is ${taken === 'index' ? 'an index' : `a ${taken}`}: use DROP ${taken.toUpperCase()}`
      : undefined;
    throw new LightningError(code, `there is no ${what} "${name}"`, {
      hint: hint ?? nearest(name, this.namesOf(what), what === 'index' ? 'indexes' : `${what}s`),
    });
  }

  /** A table or view that another view reads stays, unless that view goes too. */
  private refuseRead(names: readonly string[]): void {
    for (const view of this.view.schema.views.values()) {
      if (names.includes(view.name)) continue;
      const read = names.find((name) => readsRelation(view, name));
      if (read === undefined) continue;
      throw new LightningError('DEPENDENT_OBJECT', `the view "${view.name}" reads "${read}"`, {
        hint: `DROP VIEW ${quoteName(view.name)} first`,
      });
    }
  }

  private namesOf(what: 'table' | 'index' | 'view'): readonly string[] {
    if (what === 'view') return [...this.view.schema.views.keys()];
    const tables = this.view.schema.tableNames();
    return what === 'table'
      ? tables
      : tables.flatMap((name) => this.view.table(name)!.indexes.map((index) => index.name));
  }

  private dropIndex(table: TableDef, index: IndexDef): void {
    if (index.constraint) {
      throw new LightningError('DEPENDENT_OBJECT', `"${index.name}" belongs to a constraint of "${table.name}"`, {
        hint: 'make the table anew without the constraint',
      });
    }
    dropIndex(index, this.tx);
    this.catalog.putTable({ ...table, indexes: table.indexes.filter((other) => other.id !== index.id) });
  }

  private analyze(tables: readonly string[]): void {
    for (const name of tables.length > 0 ? tables : this.view.schema.tableNames()) {
      const table = this.view.requireTable(name);
      writeStatistics(this.tx, table, analyzeTable(table, this.tx));
    }
    this.catalog.touch();
  }

  private reindex(tableName: string, indexName: string): void {
    const table = this.view.requireTable(tableName);
    const index = table.indexes.find((candidate) => candidate.name === indexName);
    if (index) rebuildIndex(table, index, this.tx);
    this.catalog.touch();
  }
}

function duplicateName(name: string): LightningError {
  return new LightningError('DUPLICATE_NAME', `there are two constraints "${name}"`, {
    hint: 'name one with CONSTRAINT name',
  });
}

/** Whether a view's query names a table or view (a common table of that name counts too). */
function readsRelation(view: ViewDef, name: string): boolean {
  const parsed = parse(view.query);
  const visit = (node: unknown): boolean => {
    if (Array.isArray(node)) return node.some(visit);
    if (node === null || typeof node !== 'object') return false;
    const { kind, name: own } = node as Partial<ast.TableName>;
    return (kind === 'table' && own?.text === name) || Object.values(node).some(visit);
  };
  return parsed.ok && visit(parsed.statements);
}
