// FROM: tables, views, common tables, derived tables and joins become a plan and the relations that names can mean.

import type * as ast from '../../grammar/ast.js';
import type { TableDef } from '../catalog/definitions.js';
import * as build from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import type { FromPlan, MergedPair } from '../plan/binding/join.js';
import { commonNames, joinFrom, visibleColumns } from '../plan/binding/join.js';
import { NONE_MERGED, columnExpr, scanOf } from '../plan/binding/scope.js';
import { singleRow } from '../plan/binding/values.js';
import type { LogicalPlan, OutputColumn } from '../plan/logical.js';
import { suggestion } from '../text/suggestion.js';
import { ExpressionBinder } from './bind-expression.js';
import type { QueryBinder } from './bind-query.js';
import type { Tell } from './bind-view.js';
import { bindViewQuery } from './bind-view.js';
import type { BindContext } from './context.js';
import type { Relation } from './scope.js';
import { Scope } from './scope.js';

export type BoundFrom = FromPlan;

/** A plan with one relation. */
function single(plan: LogicalPlan, relation: Relation): BoundFrom {
  return { plan, relations: [relation], star: relation.columns.map((column) => column.id) };
}

export function bindFrom(queries: QueryBinder, refs: readonly ast.TableRef[], outer: Scope | undefined): BoundFrom {
  let from: BoundFrom | undefined;
  for (const ref of refs) {
    const next = bindRef(queries, ref, outer);
    if (from) checkNames(queries.context, ref, from.relations, next.relations);
    from = from ? cross(from, next) : next;
  }
  return from ?? { plan: singleRow(), relations: [], star: [] };
}

function cross(left: BoundFrom, right: BoundFrom): BoundFrom {
  return {
    plan: { kind: 'join', type: 'inner', left: left.plan, right: right.plan, condition: build.TRUE },
    relations: [...left.relations, ...right.relations],
    star: [...left.star, ...right.star],
  };
}

/** Two relations beside each other need two names. */
export function checkNames(
  context: BindContext,
  span: ast.Span,
  left: readonly Relation[],
  right: readonly Relation[],
): void {
  const taken = new Set(left.map((relation) => relation.name));
  const twice = right.find((relation) => relation.name !== '' && taken.has(relation.name));
  if (twice) {
    const message = `table name "${twice.name}" is used more than once in FROM`;
    throw context.error(span, 'DUPLICATE_NAME', message, 'give each its own alias');
  }
}

function bindRef(queries: QueryBinder, ref: ast.TableRef, outer: Scope | undefined): BoundFrom {
  switch (ref.kind) {
    case 'table':
      return bindName(queries, ref, outer);
    case 'derived': {
      const bound = queries.context.nested(() => queries.bindDerived(ref.query, outer), ref);
      return single(bound.plan, named(queries.context, ref, ref.alias?.text ?? '', ref.columns, bound.output));
    }
    case 'join':
      return bindJoin(queries, ref, outer);
  }
}

function bindName(queries: QueryBinder, ref: ast.TableName, around: Scope | undefined): BoundFrom {
  const { context } = queries;
  const name = ref.name.text;
  const alias = ref.alias?.text ?? name;
  const common = queries.commonTable(name);
  if (common) {
    const bound = context.nested(() => queries.bindCommon(common, around ?? new Scope([], undefined)), ref);
    const inner = named(context, common.table, name, common.table.columns, bound.output);
    return single(bound.plan, named(context, ref, alias, ref.columns, inner.columns));
  }
  context.trace?.relation(ref);
  const view = context.catalog.view(name);
  if (view) {
    const bound = context.nested(() => bindViewQuery(queries, view, tellAt(context, ref)), ref);
    return single(bound.plan, named(context, ref, alias, ref.columns, bound.output));
  }
  const table = requireTable(context, ref.name);
  const scan = scanOf(context, table, alias);
  const columns = rename(context, ref, ref.columns, scan.columns);
  return single(scan, { name: alias, columns, table, merged: NONE_MERGED });
}

/** What is wrong inside a view is told where the statement names it. */
function tellAt(context: BindContext, ref: ast.TableName): Tell {
  return (code, message, hint, cause) => context.error(ref, code, message, hint, cause);
}

/** The table of that name; an error with a suggestion when there is none. */
export function requireTable(context: BindContext, name: ast.Name): TableDef {
  const table = context.catalog.table(name.text);
  if (table) return table;
  if (context.catalog.view(name.text)) {
    throw context.error(name, 'UNKNOWN_TABLE', `"${name.text}" is a view`, 'name a table here');
  }
  throw context.error(
    name,
    'UNKNOWN_TABLE',
    `unknown table "${name.text}"`,
    suggestion(name.text, context.catalog.names(), 'there are') ?? 'make it with CREATE TABLE',
  );
}

/** A derived relation under its alias, its columns renamed as far as the alias lists them. */
function named(
  context: BindContext,
  span: ast.Span,
  name: string,
  columns: readonly ast.Name[],
  output: readonly OutputColumn[],
): Relation {
  return { name, columns: rename(context, span, columns, output), table: undefined, merged: NONE_MERGED };
}

function rename(
  context: BindContext,
  span: ast.Span,
  names: readonly ast.Name[],
  output: readonly OutputColumn[],
): readonly OutputColumn[] {
  if (names.length > output.length) {
    throw context.error(
      span,
      'INVALID_DEFINITION',
      `${names.length} column names are given, there are ${output.length} columns`,
    );
  }
  return output.map((column, i) => ({ ...column, name: names[i]?.text ?? column.name }));
}

function bindJoin(queries: QueryBinder, ref: ast.Join, outer: Scope | undefined): BoundFrom {
  const { context } = queries;
  const left = bindRef(queries, ref.left, outer);
  const right = bindRef(queries, ref.right, outer);
  checkNames(context, ref, left.relations, right.relations);
  const type = ref.type === 'cross' ? 'inner' : ref.type;
  const merged = bindUsing(queries, ref, left.relations, right.relations);
  const condition = ref.on === undefined ? merged.condition : bindOn(queries, ref.on, left, right, outer);
  return joinFrom(context, type, left, right, condition, merged.pairs, (columns) => {
    return { name: '', columns, table: undefined, merged: NONE_MERGED };
  });
}

function bindOn(queries: QueryBinder, on: ast.Expr, left: BoundFrom, right: BoundFrom, outer: Scope | undefined): Expr {
  const scope = queries.scopeOver([...left.relations, ...right.relations], outer);
  return new ExpressionBinder(queries.context, queries.place(scope, 'ON')).condition(on);
}

/** The columns that USING names, or NATURAL finds. */
function bindUsing(
  queries: QueryBinder,
  ref: ast.Join,
  left: readonly Relation[],
  right: readonly Relation[],
): { readonly condition: Expr; readonly pairs: readonly MergedPair[] } {
  const { context } = queries;
  const names = ref.natural
    ? commonNames(left, right).map((text): ast.Name => ({ text, quoted: true, offset: ref.offset, length: ref.length }))
    : ref.using;
  const binder = new ExpressionBinder(context, queries.place(queries.scopeOver([], undefined), 'USING'));
  const pairs = names.map((name, i): MergedPair => {
    const { text } = name;
    if (names.findIndex((each) => each.text === text) < i) {
      throw context.error(name, 'DUPLICATE_NAME', `column "${text}" is named more than once in USING`);
    }
    const [a, b] = [left, right].map((relations) => {
      const found = visibleColumns(relations).filter((column) => column.name === text);
      if (found.length === 1) return found[0]!;
      throw found.length === 0
        ? context.error(name, 'UNKNOWN_COLUMN', `USING column "${text}" must be on both sides`)
        : context.error(name, 'AMBIGUOUS_COLUMN', `USING column "${text}" is more than once on one side`);
    });
    return { left: a!, right: b! };
  });
  if (ref.natural || pairs.length > 0) {
    context.trace?.merge(
      ref,
      [...left, ...right],
      pairs.flatMap((pair) => [pair.left, pair.right]),
    );
  }
  const equal = pairs.map((pair) =>
    build.compare('=', ...binder.comparable(columnExpr(pair.left), columnExpr(pair.right), ref)),
  );
  return { condition: build.and(equal), pairs };
}
