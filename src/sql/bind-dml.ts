// INSERT, UPDATE and DELETE: a source or a choice of rows, and what becomes of each.

import type * as ast from '../../grammar/ast.js';
import type { IndexDef, TableDef } from '../catalog/definitions.js';
import { keyOrdinal } from '../catalog/keys.js';
import * as build from '../expr/build.js';
import type { ColumnId, Expr } from '../expr/expression.js';
import { typeOf } from '../expr/expression.js';
import { columnExpr, scanOf } from '../plan/binding/scope.js';
import { singleRow } from '../plan/binding/values.js';
import type { Assignment, LogicalPlan, OnConflict, OutputColumn, Returning, Scan } from '../plan/logical.js';
import { suggestion } from '../text/suggestion.js';
import { ExpressionBinder } from './bind-expression.js';
import type { BoundFrom } from './bind-from.js';
import { bindFrom, checkNames, requireTable } from './bind-from.js';
import { QueryBinder } from './bind-query.js';
import { expandStar, nameOf } from './bind-select.js';
import type { BindContext } from './context.js';
import type { Relation } from './scope.js';
import { Scope } from './scope.js';

export interface BoundChange {
  readonly plan: LogicalPlan;
  readonly output: readonly OutputColumn[];
}

const none: ReadonlySet<ColumnId> = new Set();

type Columns = Pick<TableDef, 'name' | 'columns'>;

/** The ordinal that a name means. */
export function ordinalOf(context: BindContext, table: Columns, name: ast.Name): number {
  const ordinal = table.columns.findIndex((column) => column.name === name.text);
  if (ordinal >= 0) return ordinal;
  throw context.error(
    name,
    'UNKNOWN_COLUMN',
    `unknown column "${name.text}" in "${table.name}"`,
    suggestion(
      name.text,
      table.columns.map((column) => column.name),
      'columns',
    ),
  );
}

/** The ordinals that a list of names means; a name twice is an error. */
export function ordinalsOf(context: BindContext, table: Columns, names: readonly ast.Name[]): number[] {
  const ordinals = names.map((name) => ordinalOf(context, table, name));
  const twice = ordinals.findIndex((ordinal, i) => ordinals.indexOf(ordinal) !== i);
  if (twice < 0) return ordinals;
  throw context.error(names[twice]!, 'DUPLICATE_NAME', `column "${names[twice]!.text}" is named twice`);
}

function defaultOf(table: TableDef, ordinal: number): Expr {
  const column = table.columns[ordinal]!;
  return column.default?.expr ?? build.nullOf(column.type);
}

function rowRelation(context: BindContext, table: TableDef, name: string): Relation {
  const columns = table.columns.map((column) => context.storedColumn(column));
  return { name, columns, table, merged: none };
}

// ---- INSERT ----

export function bindInsert(context: BindContext, node: ast.Insert): BoundChange {
  return new QueryBinder(context).bindChange(node.with, (queries) => bindInsertBelow(queries, node));
}

function bindInsertBelow(queries: QueryBinder, node: ast.Insert): BoundChange {
  const { context } = queries;
  const table = requireTable(context, node.table);
  const ordinals = node.columns.length > 0 ? ordinalsOf(context, table, node.columns) : table.columns.map((_, i) => i);
  const { source, columns } = bindSource(queries, table, ordinals, node);
  const values = table.columns.map((_, ordinal) => {
    const at = ordinals.indexOf(ordinal);
    return at >= 0 && at < columns.length ? columns[at]! : defaultOf(table, ordinal);
  });
  const alias = node.alias?.text ?? table.name;
  const onConflict = node.onConflict && bindConflict(queries, table, alias, node.onConflict);
  const returning = bindReturning(queries, node.returning, rowRelation(context, table, alias));
  const plan: LogicalPlan = { kind: 'insert', table, source, values, onConflict, returning };
  return { plan, output: returning?.items.map((item) => item.column) ?? [] };
}

/** The source's plan, and for each target column the expression over it. */
function bindSource(
  queries: QueryBinder,
  table: TableDef,
  ordinals: readonly number[],
  node: ast.Insert,
): { readonly source: LogicalPlan; readonly columns: readonly Expr[] } {
  const { context } = queries;
  if (node.source === undefined) return { source: singleRow(), columns: [] };
  const { body } = node.source;
  const plain =
    node.source.orderBy.length === 0 && !node.source.limit && !node.source.skip && node.source.with.length === 0;
  if (body.kind === 'values' && plain) return bindRows(queries, table, ordinals, body, node);
  const draft = queries.draftQuery(node.source, undefined);
  checkWidth(context, node.source, draft.types.length, ordinals.length, node.columns.length > 0);
  const bound = draft.finish(draft.types.map((_, i) => table.columns[ordinals[i]!]!.type));
  const binder = new ExpressionBinder(context, queries.place(new Scope([], undefined), 'INSERT'));
  const columns = bound.output.map((column, i) =>
    binder.coerce(columnExpr(column), table.columns[ordinals[i]!]!.type, node.source!, { assignment: true }),
  );
  return { source: bound.plan, columns };
}

function bindRows(
  queries: QueryBinder,
  table: TableDef,
  ordinals: readonly number[],
  body: ast.Values,
  node: ast.Insert,
): { readonly source: LogicalPlan; readonly columns: readonly Expr[] } {
  const { context } = queries;
  const binder = new ExpressionBinder(context, queries.place(new Scope([], undefined), 'VALUES'));
  const width = body.rows[0]!.items.length;
  const rows = body.rows.map((row) => {
    if (row.items.length !== width) {
      throw context.error(
        row,
        'TYPE_MISMATCH',
        `the rows of VALUES differ in length: ${width} and ${row.items.length}`,
      );
    }
    checkWidth(context, row, row.items.length, ordinals.length, node.columns.length > 0);
    return row.items.map((item, i) => {
      const ordinal = ordinals[i]!;
      return item.kind === 'default'
        ? defaultOf(table, ordinal)
        : binder.typed(item, table.columns[ordinal]!.type, true);
    });
  });
  const columns = rows[0]!.map((_, i) => {
    const { name, type } = table.columns[ordinals[i]!]!;
    return context.newColumn(name, type, true);
  });
  return { source: { kind: 'values', columns, rows }, columns: columns.map(columnExpr) };
}

/** With a column list the count must fit; without one, the last columns may be left to their defaults. */
function checkWidth(context: BindContext, span: ast.Span, given: number, wanted: number, listed: boolean): void {
  if (given === wanted || (!listed && given < wanted)) return;
  throw context.error(
    span,
    'TYPE_MISMATCH',
    `INSERT has ${given} values for ${wanted} columns`,
    'give one value for each column',
  );
}

function bindConflict(queries: QueryBinder, table: TableDef, alias: string, node: ast.OnConflict): OnConflict {
  const { context } = queries;
  const target = conflictTarget(context, table, node);
  const existing = rowRelation(context, table, alias);
  const excluded = rowRelation(context, table, 'excluded');
  const update = node.update;
  if (update && !target) {
    throw context.error(
      node,
      'INVALID_DEFINITION',
      'DO UPDATE needs the columns of the conflict',
      'write ON CONFLICT (column) DO UPDATE',
    );
  }
  const scoped = new ExpressionBinder(context, queries.place(conflictScope(existing, excluded), 'DO UPDATE'));
  return {
    target,
    action: update ? 'update' : 'nothing',
    assignments: update ? bindAssignments(scoped, table, update) : [],
    where: node.where && scoped.condition(node.where),
    existing: existing.columns,
    excluded: excluded.columns,
  };
}

/** `excluded` is reached by its qualified name only. */
function conflictScope(existing: Relation, excluded: Relation): Scope {
  return new Scope(
    [existing, { ...excluded, merged: new Set(excluded.columns.map((column) => column.id)) }],
    undefined,
  );
}

function conflictTarget(context: BindContext, table: TableDef, node: ast.OnConflict): IndexDef | undefined {
  const { constraint } = node;
  if (constraint) {
    const named = table.indexes.find(({ name, constraint: kind }) => name === constraint.text && kind !== undefined);
    if (named) return named;
    const known = table.indexes.filter((index) => index.constraint !== undefined).map((index) => index.name);
    const message = `"${table.name}" has no unique constraint "${constraint.text}"`;
    throw context.error(constraint, 'UNKNOWN_CONSTRAINT', message, suggestion(constraint.text, known, 'constraints'));
  }
  if (node.target.length === 0) return undefined;
  const wanted = new Set(ordinalsOf(context, table, node.target));
  const index = table.indexes.find(
    (candidate) =>
      candidate.unique &&
      candidate.where === undefined &&
      candidate.keys.length === wanted.size &&
      candidate.keys.every((key) => wanted.has(keyOrdinal(table.columns, key) ?? -1)),
  );
  if (index) return index;
  const names = node.target.map((name) => name.text).join(', ');
  throw context.error(
    node,
    'INVALID_DEFINITION',
    `no unique index or primary key on (${names})`,
    `CREATE UNIQUE INDEX ... ON ${table.name} (${names})`,
  );
}

// ---- UPDATE and DELETE ----

export function bindUpdate(context: BindContext, node: ast.Update): BoundChange {
  return new QueryBinder(context).bindChange(node.with, (queries) => bindUpdateBelow(queries, node));
}

function bindUpdateBelow(queries: QueryBinder, node: ast.Update): BoundChange {
  const { context } = queries;
  const table = requireTable(context, node.table);
  const { scan, scope, plan, others } = bindTarget(
    queries,
    table,
    node.alias?.text ?? table.name,
    node.from,
    node.where,
  );
  const binder = new ExpressionBinder(context, queries.place(scope, 'SET'));
  const assignments = bindAssignments(binder, table, node.assignments);
  const returning = bindReturning(queries, node.returning, rowRelation(context, table, scan.name), others);
  const update: LogicalPlan = { kind: 'update', table, input: plan, rowId: scan.rowId!, assignments, returning };
  return { plan: update, output: returning?.items.map((item) => item.column) ?? [] };
}

export function bindDelete(context: BindContext, node: ast.Delete): BoundChange {
  return new QueryBinder(context).bindChange(node.with, (queries) => bindDeleteBelow(queries, node));
}

function bindDeleteBelow(queries: QueryBinder, node: ast.Delete): BoundChange {
  const { context } = queries;
  const table = requireTable(context, node.table);
  const { scan, plan, others } = bindTarget(queries, table, node.alias?.text ?? table.name, node.using, node.where);
  const returning = bindReturning(queries, node.returning, rowRelation(context, table, scan.name), others);
  const change: LogicalPlan = { kind: 'delete', table, input: plan, rowId: scan.rowId!, returning };
  return { plan: change, output: returning?.items.map((item) => item.column) ?? [] };
}

function bindTarget(
  queries: QueryBinder,
  table: TableDef,
  name: string,
  from: readonly ast.TableRef[],
  where: ast.Expr | undefined,
) {
  const { context } = queries;
  const scan: Scan = { ...scanOf(context, table, name), rowId: context.newColumnId() };
  const target: Relation = { name, columns: scan.columns, table, merged: none };
  const others = bindFrom(queries, from, undefined);
  if (from[0]) checkNames(context, from[0], [target], others.relations);
  const scope = new Scope([target, ...others.relations], undefined);
  let plan: LogicalPlan =
    from.length > 0 ? { kind: 'join', type: 'inner', left: scan, right: others.plan, condition: build.TRUE } : scan;
  if (where) {
    const predicate = new ExpressionBinder(context, queries.place(scope, 'WHERE')).condition(where);
    plan = { kind: 'filter', input: plan, predicate };
  }
  return { scan, scope, plan, others };
}

function bindAssignments(binder: ExpressionBinder, table: TableDef, nodes: readonly ast.Assignment[]): Assignment[] {
  const columns = nodes.flatMap((node) => (node.kind === 'assignment' ? [node.column] : node.columns));
  const ordinals = ordinalsOf(binder.context, table, columns);
  let first = 0;
  return nodes.flatMap((node) => {
    const own = node.kind === 'assignment' ? 1 : node.columns.length;
    const targets = ordinals.slice(first, (first += own));
    if (node.kind === 'query-assignment') {
      const types = targets.map((ordinal) => table.columns[ordinal]!.type);
      return binder.columnsOf(node, node.query, types).map((expr, i) => ({ ordinal: targets[i]!, expr }));
    }
    const ordinal = targets[0]!;
    const expr =
      node.value.kind === 'default'
        ? defaultOf(table, ordinal)
        : binder.typed(node.value, table.columns[ordinal]!.type, true);
    return [{ ordinal, expr }];
  });
}

/** @param others what the table is joined with: UPDATE ... FROM, DELETE ... USING */
function bindReturning(
  queries: QueryBinder,
  nodes: readonly ast.SelectItem[],
  relation: Relation,
  others?: BoundFrom,
): Returning | undefined {
  if (nodes.length === 0) return undefined;
  const star = [...relation.columns.map((column) => column.id), ...(others?.star ?? [])];
  const scope = new Scope([relation, ...(others?.relations ?? [])], undefined, star);
  const binder = new ExpressionBinder(queries.context, queries.place(scope, 'RETURNING'));
  const items = nodes
    .flatMap((node) =>
      node.kind === 'star'
        ? expandStar(queries, node, scope)
        : [{ name: nameOf(node), expr: binder.value(node.expression) }],
    )
    .map(({ name, expr }) => ({ expr, column: queries.context.newColumn(name, typeOf(expr), true) }));
  const read = new Set(items.flatMap(({ expr }) => [...build.columnsOf(expr)]));
  const beside = others?.relations.flatMap((other) => other.columns.filter((column) => read.has(column.id))) ?? [];
  return { row: relation.columns, beside, items };
}
