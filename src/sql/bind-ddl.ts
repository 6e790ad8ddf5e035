// Definitions: CREATE TABLE and CREATE INDEX with their expressions bound over the table's ordinals, CREATE VIEW checked by binding it once.

import type * as ast from '../../grammar/ast.js';
import type {
  CheckDef,
  ColumnDef,
  IndexDef,
  IndexKey,
  IndexKindName,
  OptionValue,
  StoredExpr,
  TableDef,
} from '../catalog/definitions.js';
import * as build from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import { definitionColumn, typeOf } from '../expr/expression.js';
import { suggestion } from '../text/suggestion.js';
import { ExpressionBinder } from './bind-expression.js';
import { requireTable } from './bind-from.js';
import { QueryBinder } from './bind-query.js';
import { ordinalsOf } from './bind-dml.js';
import type { CreateIndex, CreateTable, CreateView } from './bound.js';
import type { BindContext } from './context.js';
import type { Relation } from './scope.js';
import { Scope } from './scope.js';
import { resolveType } from './types.js';

const kinds: readonly IndexKindName[] = ['btree', 'hash', 'bitmap', 'rtree', 'fulltext', 'bloom', 'columnstore'];

/** A binder over a table's own columns, by ordinal: no sub-queries, no parameters of other places. */
function definitionBinder(
  context: BindContext,
  name: string,
  columns: readonly ColumnDef[],
  clause: string,
): ExpressionBinder {
  const relation: Relation = {
    name,
    columns: columns.map((column, i) => definitionColumn(i, column.name, column.type, !column.notNull)),
    table: undefined,
    merged: new Set(),
  };
  return new ExpressionBinder(context, { scope: new Scope([relation], undefined), clause });
}

function slice(context: BindContext, span: ast.Span): string {
  return context.text.slice(span.offset, span.offset + span.length).trim();
}

function stored(context: BindContext, node: ast.Expr, expr: Expr, clause: string): StoredExpr {
  if (build.parametersOf(expr).size > 0)
    throw context.error(node, 'PARAMETER', `${clause} cannot hold parameters`, 'write the value');
  return { text: slice(context, node), expr: bare(expr) };
}

/** Definitions name columns without their table. */
function bare(expr: Expr): Expr {
  return build.substitute(expr, (column) => ({ ...column, name: column.name.slice(column.name.lastIndexOf('.') + 1) }));
}

export function bindCreateTable(context: BindContext, node: ast.CreateTable): CreateTable {
  const name = node.name.text;
  const columns: ColumnDef[] = [];
  for (const column of node.columns) {
    if (columns.some((other) => other.name === column.name.text)) {
      throw context.error(column.name, 'DUPLICATE_NAME', `column "${column.name.text}" is defined twice`);
    }
    columns.push(bindColumn(context, name, column));
  }
  const constraints = new Constraints(context, name, columns);
  node.columns.forEach((column, i) => constraints.ofColumn(column, i));
  node.constraints.forEach((constraint) => constraints.ofTable(constraint));
  const { primaryKey, uniques, checks } = constraints;
  const withKeys = columns.map((column, i) => (primaryKey.includes(i) ? { ...column, notNull: true } : column));
  return { kind: 'create-table', name, ifNotExists: node.ifNotExists, columns: withKeys, primaryKey, uniques, checks };
}

function bindColumn(context: BindContext, table: string, node: ast.ColumnDefinition): ColumnDef {
  const { type, array, maxLength } = resolveType(context.text, node.type);
  if (array) throw context.unsupported(node.type, 'a column of an array type', 'use JSON, or a table of its own');
  const has = (kind: ast.ColumnConstraint['kind']) => node.constraints.some((constraint) => constraint.kind === kind);
  if (has('null') && has('not-null')) {
    throw context.error(node, 'INVALID_DEFINITION', `column "${node.name.text}" is both NULL and NOT NULL`);
  }
  const [defaulted, second] = node.constraints.filter((constraint) => constraint.kind === 'default');
  if (second) throw context.error(second, 'INVALID_DEFINITION', 'there is more than one DEFAULT');
  let value: StoredExpr | undefined;
  if (defaulted?.kind === 'default') {
    const binder = definitionBinder(context, table, [], 'DEFAULT');
    value = stored(context, defaulted.expression, binder.typed(defaulted.expression, type, true), 'DEFAULT');
  }
  return { name: node.name.text, type, notNull: has('not-null'), maxLength, default: value };
}

/** Collects keys and checks from columns and table. */
class Constraints {
  primaryKey: readonly number[] = [];
  readonly uniques: { name: string; columns: readonly number[] }[] = [];
  readonly checks: CheckDef[] = [];

  constructor(
    private readonly context: BindContext,
    private readonly table: string,
    private readonly columns: readonly ColumnDef[],
  ) {}

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
          throw this.foreignKey(node);
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
        throw this.foreignKey(node);
    }
  }

  private foreignKey(span: ast.Span) {
    return this.context.unsupported(span, 'a foreign key (REFERENCES)', 'leave it out and check in a transaction');
  }

  private ordinals(names: readonly ast.Name[]): number[] {
    return ordinalsOf(this.context, { name: this.table, columns: this.columns } as TableDef, names);
  }

  private primary(node: ast.Span, columns: readonly number[]): void {
    if (this.primaryKey.length > 0) {
      throw this.context.error(
        node,
        'INVALID_DEFINITION',
        `table "${this.table}" has more than one primary key`,
        'use PRIMARY KEY (a, b)',
      );
    }
    this.keyable(node, columns);
    this.primaryKey = columns;
  }

  private unique(node: ast.Span & { readonly name: ast.Name | undefined }, columns: readonly number[]): void {
    this.keyable(node, columns);
    const names = columns.map((ordinal) => this.columns[ordinal]!.name).join('_');
    this.uniques.push({ name: node.name?.text ?? `${this.table}_${names}_key`, columns });
  }

  private keyable(node: ast.Span, columns: readonly number[]): void {
    for (const ordinal of columns) {
      const { name, type } = this.columns[ordinal]!;
      if (type === 'point' || type === 'geometry') {
        throw this.context.error(
          node,
          'INVALID_DEFINITION',
          `column "${name}" of type ${type.toUpperCase()} cannot be a key`,
        );
      }
    }
  }

  private check(node: ast.Span & { readonly name: ast.Name | undefined }, expression: ast.Expr): void {
    const binder = definitionBinder(this.context, this.table, this.columns, 'CHECK');
    const predicate = stored(this.context, expression, binder.condition(expression), 'CHECK');
    this.checks.push({ name: node.name?.text ?? `${this.table}_check${this.checks.length || ''}`, predicate });
  }
}

export function bindCreateIndex(context: BindContext, node: ast.CreateIndex): CreateIndex {
  const table = requireTable(context, node.table);
  const kind = bindKind(context, node.using);
  const binder = definitionBinder(context, table.name, table.columns, 'an index');
  const keys = node.keys.map((key) => bindKey(context, binder, key));
  const name =
    node.name?.text ??
    [table.name, ...keys.map((key) => (key.expr.kind === 'column' ? key.expr.name : 'expr')), 'idx'].join('_');
  const definition: Omit<IndexDef, 'id' | 'spaces'> = {
    name,
    table: table.name,
    kind,
    keys,
    include: ordinalsOf(context, table, node.include),
    unique: node.unique,
    where: node.where && partial(context, node.where, binder.condition(node.where)),
    options: bindOptions(context, node.options),
    constraint: undefined,
  };
  return { kind: 'create-index', ifNotExists: node.ifNotExists, definition };
}

function partial(context: BindContext, node: ast.Expr, expr: Expr): StoredExpr {
  deterministic(context, node, expr, 'the WHERE of an index');
  return stored(context, node, expr, 'the WHERE of an index');
}

function deterministic(context: BindContext, node: ast.Expr, expr: Expr, what: string): void {
  if (build.isDeterministic(expr)) return;
  const message = `${what} must give the same value at any time`;
  throw context.error(node, 'INVALID_DEFINITION', message, 'leave out now() and its like');
}

function bindKind(context: BindContext, using: ast.Name | undefined): IndexKindName {
  if (using === undefined) return 'btree';
  const kind = kinds.find((name) => name === using.text);
  if (kind === undefined) {
    const message = `unknown index kind "${using.text}"`;
    throw context.error(
      using,
      'UNKNOWN_INDEX',
      message,
      suggestion(using.text, kinds) ?? `use ${kinds.join(', ')}`,
    );
  }
  return kind;
}

function bindKey(context: BindContext, binder: ExpressionBinder, node: ast.OrderItem): IndexKey {
  const expr = binder.value(node.expression);
  const type = typeOf(expr);
  deterministic(context, node.expression, expr, 'an index key');
  if (type === 'null' || type.endsWith('[]') || build.columnsOf(expr).size === 0) {
    throw context.error(
      node.expression,
      'INVALID_DEFINITION',
      'an index key must read a column and have a type of its own',
    );
  }
  const { text, expr: bound } = stored(context, node.expression, expr, 'an index key');
  const nullsFirst = node.nulls === undefined ? node.descending : node.nulls === 'first';
  return { expr: bound, text, type: type as IndexKey['type'], desc: node.descending, nullsFirst };
}

function bindOptions(context: BindContext, nodes: readonly ast.IndexOption[]): Readonly<Record<string, OptionValue>> {
  const options: Record<string, OptionValue> = {};
  for (const { name, value, ...span } of nodes) {
    if (Object.hasOwn(options, name.text))
      throw context.error(span, 'DUPLICATE_NAME', `option "${name.text}" is given twice`);
    options[name.text] = typeof value === 'bigint' ? Number(value) : value;
  }
  return options;
}

export function bindCreateView(context: BindContext, node: ast.CreateView): CreateView {
  const bound = new QueryBinder(context).bindQuery(node.query, undefined);
  if (context.parameters.count > 0)
    throw context.error(node, 'PARAMETER', 'a view cannot hold parameters', 'write the value');
  if (node.columns.length > bound.output.length) {
    const message = `${node.columns.length} column names are given, the query has ${bound.output.length}`;
    throw context.error(node.name, 'INVALID_DEFINITION', message);
  }
  const columns = node.columns.length > 0 ? node.columns.map((column) => column.text) : undefined;
  const names = bound.output.map((column, i) => columns?.[i] ?? column.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw context.error(node.name, 'DUPLICATE_NAME', `the view has two columns "${twice}"`, 'give one an alias');
  }
  return { kind: 'create-view', name: node.name.text, orReplace: node.orReplace, columns, query: node.queryText };
}
