// CREATE INDEX with its expressions bound over the table's ordinals, CREATE VIEW checked by binding it once.

import type * as ast from '../../grammar/ast.js';
import type { IndexDef, IndexKey, IndexKindName, OptionValue, StoredExpr } from '../catalog/definitions.js';
import { comparesKeys } from '../catalog/keys.js';
import * as build from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import { typeOf } from '../expr/expression.js';
import { printExpr } from '../expr/printer.js';
import { suggestion } from '../text/suggestion.js';
import type { ExpressionBinder } from './bind-expression.js';
import { requireTable } from './bind-from.js';
import { QueryBinder } from './bind-query.js';
import { ordinalsOf } from './bind-dml.js';
import { definitionBinder, stored } from './bind-stored.js';
import type { CreateIndex, CreateView } from './bound.js';
import type { BindContext } from './context.js';

const kinds: readonly IndexKindName[] = ['btree', 'hash', 'bitmap', 'rtree', 'fulltext', 'bloom', 'columnstore'];

export function bindCreateIndex(context: BindContext, node: ast.CreateIndex): CreateIndex {
  const table = requireTable(context, node.table);
  const kind = bindKind(context, node.using);
  const binder = definitionBinder(context, table.name, table.columns, 'an index');
  const keys = node.keys.map((key) => bindKey(context, binder, key, comparesKeys(kind)));
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
    throw context.error(using, 'UNKNOWN_INDEX', message, suggestion(using.text, kinds) ?? `use ${kinds.join(', ')}`);
  }
  return kind;
}

/** A key that an index of a comparing kind holds for a NOCASE text is its lower-case form. */
function bindKey(context: BindContext, binder: ExpressionBinder, node: ast.OrderItem, compares: boolean): IndexKey {
  const value = binder.value(node.expression);
  if (!compares && context.collations.of(value)?.explicit) {
    throw context.unsupported(
      node,
      'COLLATE in an index that keeps texts as they are',
      'leave it out, or use btree, hash, bitmap or bloom',
    );
  }
  const expr = compares ? context.collations.key(value) : value;
  const type = typeOf(expr);
  deterministic(context, node.expression, expr, 'an index key');
  if (type === 'null' || type.endsWith('[]') || build.columnsOf(expr).size === 0) {
    throw context.error(
      node.expression,
      'INVALID_DEFINITION',
      'an index key must read a column and have a type of its own',
    );
  }
  const { text: written, expr: bound } = stored(context, node.expression, expr, 'an index key');
  const text = expr === value ? written : printExpr(bound);
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
