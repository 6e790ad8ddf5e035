// The door of this floor: a statement's syntax tree and a catalog give a bound statement, or an error that points into the text.

import type * as ast from '../../grammar/ast.js';
import type { Catalog } from '../catalog/catalog.js';
import type { TableDef } from '../catalog/definitions.js';
import type { Hints, LogicalQuery } from '../plan/logical.js';
import { suggestion } from '../text/suggestion.js';
import { bindAlterTable } from './bind-alter.js';
import { bindCreateIndex, bindCreateView } from './bind-ddl.js';
import type { BoundChange } from './bind-dml.js';
import { bindDelete, bindInsert, bindUpdate } from './bind-dml.js';
import { requireTable } from './bind-from.js';
import { QueryBinder } from './bind-query.js';
import { bindCreateTable, bindCreateTableAs } from './bind-table.js';
import type { BoundQueryStatement, BoundSessionStatement, BoundStatement } from './bound.js';
import type { BindOptions } from './context.js';
import { BindContext } from './context.js';

/**
 * Binds one statement.
 *
 * @param text the whole text that was parsed: spans of the tree point into it
 * @throws LightningError of kind `input`, with a position
 */
export function bind(
  text: string,
  statement: ast.Statement,
  catalog: Catalog,
  options: BindOptions = {},
): BoundStatement {
  const context = new BindContext(text, catalog, countParameters(statement), options);
  switch (statement.kind) {
    case 'select-statement':
    case 'insert':
    case 'update':
    case 'delete':
      return bindQueryStatement(context, statement);
    case 'explain': {
      const { analyze, memo, format } = statement;
      return { kind: 'explain', statement: bindQueryStatement(context, statement.statement), analyze, memo, format };
    }
    case 'create-table':
      return bindCreateTable(context, statement);
    case 'create-table-as':
      return bindCreateTableAs(context, statement);
    case 'create-index':
      return bindCreateIndex(context, statement);
    case 'create-view':
      return bindCreateView(context, statement);
    case 'drop-table':
    case 'drop-index':
    case 'drop-view': {
      const { ifExists, cascade } = statement;
      const what = statement.kind === 'drop-table' ? 'table' : statement.kind === 'drop-index' ? 'index' : 'view';
      return { kind: 'drop', what, names: statement.names.map((name) => name.text), ifExists, cascade };
    }
    case 'analyze':
      return { kind: 'analyze', tables: statement.tables.map((name) => requireTable(context, name).name) };
    case 'reindex':
      return { kind: 'reindex', indexes: reindexed(context, statement) };
    case 'alter-table':
      return bindAlterTable(context, statement);
    case 'rename-relation': {
      const { what, ifExists, name, to } = statement;
      return { kind: 'rename-relation', what, ifExists, name: name.text, to: to.text };
    }
    case 'truncate': {
      const { restartIdentity, cascade } = statement;
      const tables = statement.tables.map((name) => requireTable(context, name).name);
      return { kind: 'truncate', tables, restartIdentity, cascade };
    }
    case 'begin':
      return bindBegin(context, statement);
    case 'commit':
    case 'rollback':
      return { kind: statement.kind };
    case 'savepoint':
    case 'release':
    case 'rollback-to':
      return { kind: statement.kind, name: statement.name.text };
  }
}

/** A transaction reads the state it began with, and cannot be committed when that is no longer the newest: it is serializable. */
function bindBegin(context: BindContext, statement: ast.Begin): BoundSessionStatement {
  const { isolation, readOnly } = statement;
  if (isolation === 'read committed' || isolation === 'read uncommitted') {
    const hint = 'leave the level out: a transaction is SERIALIZABLE, which is REPEATABLE READ and SNAPSHOT too';
    throw context.unsupported(statement, `ISOLATION LEVEL ${isolation.toUpperCase()}`, hint);
  }
  return { kind: 'begin', readOnly };
}

function bindQueryStatement(context: BindContext, statement: ast.Explain['statement']): BoundQueryStatement {
  const { plan, output } = bindPlan(context, statement);
  const { parameters } = context;
  const hints: Hints = {};
  const query: LogicalQuery = {
    plan,
    output,
    subqueries: context.subqueries,
    parameters: parameters.types(),
    slots: context.slotCount,
    nextColumn: context.nextColumn,
    hints,
  };
  return {
    kind: 'query',
    query,
    parameterNames: parameters.names,
    typedByValue: [...parameters.fromValues],
    writes: statement.kind !== 'select-statement',
  };
}

function bindPlan(context: BindContext, statement: ast.Explain['statement']): BoundChange {
  switch (statement.kind) {
    case 'select-statement':
      return new QueryBinder(context).bindQuery(statement.query, undefined);
    case 'insert':
      return bindInsert(context, statement);
    case 'update':
      return bindUpdate(context, statement);
    case 'delete':
      return bindDelete(context, statement);
  }
}

function reindexed(context: BindContext, statement: ast.Reindex): { readonly table: string; readonly index: string }[] {
  const { name, target } = statement;
  const tables = context.catalog.names().flatMap((each) => context.catalog.table(each) ?? []);
  if (target !== 'index') {
    const table = tables.find((each) => each.name === name.text);
    if (table) return indexNames(table).map((index) => ({ table: table.name, index }));
  }
  if (target !== 'table') {
    const table = tables.find((each) => indexNames(each).includes(name.text));
    if (table) return [{ table: table.name, index: name.text }];
  }
  const candidates = tables.flatMap((each) => [
    ...(target !== 'index' ? [each.name] : []),
    ...(target !== 'table' ? indexNames(each) : []),
  ]);
  throw context.error(
    name,
    'UNKNOWN_INDEX',
    `there is no ${target === 'table' ? 'table' : 'index'} "${name.text}"`,
    suggestion(name.text, candidates),
  );
}

/** Of indexes that are there, and of those whose build has not come to its end. */
function indexNames({ indexes, builds }: TableDef): string[] {
  return [...new Set([...indexes, ...builds.map((build) => build.index)].map((index) => index.name))];
}

/** How many slots the statement's own parameters take: the highest number, or the count of `?` or of names. */
function countParameters(statement: ast.Statement): number {
  let highest = 0;
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node === null || typeof node !== 'object' || node instanceof Uint8Array) return;
    const { kind, style, index, name } = node as Partial<ast.Parameter>;
    if (kind === 'parameter' && style === 'name') names.add(name ?? '');
    else if (kind === 'parameter') highest = Math.max(highest, index ?? 0);
    else Object.values(node).forEach(visit);
  };
  visit(statement);
  return highest + names.size;
}
