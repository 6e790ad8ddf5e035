// The constraints of a table, from its columns' definitions and its own, with the names that PostgreSQL would give them.

import type * as ast from '../../grammar/ast.js';
import type { CheckDef, ColumnDef, TableDef } from '../catalog/definitions.js';
import { constraintNames, uniqueKeys } from '../catalog/keys.js';
import * as build from '../expr/build.js';
import { ordinalsOf } from './bind-dml.js';
import { requireTable } from './bind-from.js';
import { definitionBinder, stored } from './bind-stored.js';
import type { BoundConstraints, BoundForeignKey, NamedKey } from './bound.js';
import type { BindContext } from './context.js';

type Node = ast.Span & { readonly name: ast.Name | undefined };

/** The table as far as it is known: all of it when it is altered, name and columns when it is made. */
type Target = Pick<TableDef, 'name' | 'columns'> & Partial<TableDef>;

export class Constraints {
  private primaryKey: NamedKey | undefined;
  private readonly uniques: NamedKey[] = [];
  private readonly checks: CheckDef[] = [];
  private readonly foreignKeys: BoundForeignKey[] = [];
  /** Foreign keys wait for the keys that they may name. */
  private readonly later: (() => void)[] = [];
  private readonly names: Set<string>;

  constructor(
    private readonly context: BindContext,
    private readonly table: Target,
  ) {
    this.names = new Set(constraintNames(table));
  }

  ofColumn(column: ast.ColumnDefinition, ordinal: number): void {
    for (const node of column.constraints) {
      switch (node.kind) {
        case 'primary-key':
          this.primary(node, [ordinal]);
          break;
        case 'unique':
          this.unique(node, [ordinal]);
          break;
        case 'check':
          this.check(node, node.expression);
          break;
        case 'references':
          this.later.push(() => this.foreignKey(node, [ordinal], node.references));
          break;
        case 'generated':
          throw this.context.unsupported(node, 'a generated column', 'use an index over the expression, or a view');
        case 'not-null':
        case 'null':
        case 'default':
          break;
      }
    }
  }

  ofTable(node: ast.TableConstraint): void {
    switch (node.kind) {
      case 'primary-key':
        return this.primary(node, this.ordinals(node.columns));
      case 'unique':
        return this.unique(node, this.ordinals(node.columns));
      case 'check':
        return this.check(node, node.expression);
      case 'foreign-key':
        this.later.push(() => this.foreignKey(node, this.ordinals(node.columns), node.references));
    }
  }

  finish(): BoundConstraints {
    for (const bind of this.later) bind();
    const { primaryKey, uniques, checks, foreignKeys } = this;
    return { primaryKey: primaryKey?.columns ?? [], primaryName: primaryKey?.name, uniques, checks, foreignKeys };
  }

  private ordinals(names: readonly ast.Name[]): number[] {
    return ordinalsOf(this.context, this.table, names);
  }

  /** The name that is given, which must be new; else the first free one of the form. */
  private name(node: Node, form: string): string {
    const given = node.name?.text;
    if (given !== undefined && this.names.has(given)) {
      const message = `there are two constraints "${given}" in "${this.table.name}"`;
      throw this.context.error(node.name!, 'DUPLICATE_NAME', message, 'choose another name');
    }
    let name = given ?? form;
    for (let n = 1; this.names.has(name); n++) name = `${form}${n}`;
    this.names.add(name);
    return name;
  }

  private columnNames(ordinals: readonly number[]): string {
    return ordinals.map((ordinal) => this.table.columns[ordinal]!.name).join('_');
  }

  private primary(node: Node, columns: readonly number[]): void {
    if (this.primaryKey !== undefined || (this.table.primaryKey?.length ?? 0) > 0) {
      throw this.context.error(
        node,
        'INVALID_DEFINITION',
        `table "${this.table.name}" has more than one primary key`,
        'use PRIMARY KEY (a, b)',
      );
    }
    this.keyable(node, columns);
    this.primaryKey = { name: this.name(node, `${this.table.name}_pkey`), columns };
  }

  private unique(node: Node, columns: readonly number[]): void {
    this.keyable(node, columns);
    this.uniques.push({ name: this.name(node, `${this.table.name}_${this.columnNames(columns)}_key`), columns });
  }

  private keyable(node: ast.Span, columns: readonly number[]): void {
    for (const ordinal of columns) {
      const { name, type } = this.table.columns[ordinal]!;
      if (type === 'point' || type === 'geometry') {
        const message = `column "${name}" of type ${type.toUpperCase()} cannot be a key`;
        throw this.context.error(node, 'INVALID_DEFINITION', message);
      }
    }
  }

  private check(node: Node, expression: ast.Expr): void {
    const { name, columns } = this.table;
    const binder = definitionBinder(this.context, name, columns, 'CHECK');
    const predicate = stored(this.context, expression, binder.condition(expression), 'CHECK');
    const read = [...build.columnsOf(predicate.expr)];
    const form = read.length === 1 ? `${name}_${columns[read[0]!]!.name}_check` : `${name}_check`;
    this.checks.push({ name: this.name(node, form), predicate });
  }

  private foreignKey(node: Node, columns: readonly number[], references: ast.References): void {
    const { context, table } = this;
    const own = references.table.text === table.name;
    const parent: Target = own ? table : requireTable(context, references.table);
    const keys = [...uniqueKeys(parent).map((key) => key.columns), ...(own ? this.ownKeys() : [])];
    const primary = (own ? this.primaryKey?.columns : undefined) ?? parent.primaryKey ?? [];
    const parentColumns = references.columns.length > 0 ? ordinalsOf(context, parent, references.columns) : primary;
    const named = `"${parent.name}"`;
    if (parentColumns.length === 0) {
      const message = `${named} has no primary key that a foreign key could name`;
      throw context.error(references, 'INVALID_DEFINITION', message, 'name the columns of a unique key');
    }
    if (parentColumns.length !== columns.length) {
      const message = `a foreign key of ${columns.length} columns names ${parentColumns.length} columns of ${named}`;
      throw context.error(references, 'INVALID_DEFINITION', message);
    }
    this.comparable(references, columns, parent, parentColumns);
    if (!keys.some((key) => sameColumns(key, parentColumns))) {
      const names = parentColumns.map((ordinal) => parent.columns[ordinal]!.name).join(', ');
      const message = `no unique index or primary key on (${names}) of ${named}`;
      throw context.error(
        references,
        'INVALID_DEFINITION',
        message,
        'a foreign key names one row: make its key unique',
      );
    }
    this.foreignKeys.push({
      name: this.name(node, `${table.name}_${this.columnNames(columns)}_fkey`),
      columns,
      parent: parent.name,
      parentColumns,
      onDelete: references.onDelete ?? 'no action',
      onUpdate: references.onUpdate ?? 'no action',
    });
  }

  private ownKeys(): (readonly number[])[] {
    const keys = this.uniques.map((unique) => unique.columns);
    return this.primaryKey === undefined ? keys : [this.primaryKey.columns, ...keys];
  }

  private comparable(
    span: ast.Span,
    columns: readonly number[],
    parent: Target,
    parentColumns: readonly number[],
  ): void {
    columns.forEach((ordinal, i) => {
      const mine: ColumnDef = this.table.columns[ordinal]!;
      const theirs = parent.columns[parentColumns[i]!]!;
      if (mine.type === theirs.type) return;
      const [a, b] = [mine.type.toUpperCase(), theirs.type.toUpperCase()];
      const message = `foreign key column "${mine.name}" is ${a}, "${theirs.name}" of "${parent.name}" is ${b}`;
      throw this.context.error(span, 'TYPE_MISMATCH', message, `make "${mine.name}" a column of type ${b}`);
    });
  }
}

function sameColumns(key: readonly number[], columns: readonly number[]): boolean {
  return key.length === columns.length && columns.every((ordinal) => key.includes(ordinal));
}
