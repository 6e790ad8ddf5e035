// FROM: tables and derived queries with their joins become a plan and the relations whose columns the other clauses use.

import type { TableDef } from '../../catalog/definitions.js';
import * as build from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import { suggestion } from '../../text/suggestion.js';
import { NONE_MERGED, nullable, scanOf } from '../binding/scope.js';
import { singleRow, valuesOf } from '../binding/values.js';
import type { LogicalPlan } from '../logical.js';
import type { LowerContext } from './context.js';
import { ExpressionLowering } from './lower-expression.js';
import type { LoweredPlan } from './lower-select.js';
import type { JoinState, QueryState, SelectState, Source } from './node.js';
import type { FromPart } from './parts.js';
import type { Relation } from './scope.js';
import { Scope } from './scope.js';

interface LoweredFrom<Part = FromPart> {
  readonly plan: LogicalPlan;
  readonly part: Part;
}

type LowerQuery = (query: QueryState, outer: Scope | undefined) => LoweredPlan;

/** Fills `scope` with the relations. `on` lowers a join's condition over those joined so far. */
export function lowerFrom(
  context: LowerContext,
  state: SelectState,
  scope: Scope,
  lowerQuery: LowerQuery,
  on: ExpressionLowering,
): LoweredFrom<FromPart | undefined> {
  if (state.from === undefined) return { plan: singleRow(), part: undefined };
  const first = lowerSource(context, state.from, scope, lowerQuery);
  scope.relations = [first.relation];
  return state.joins.reduce<LoweredFrom>((left, join) => lowerJoin(context, left, join, scope, lowerQuery, on), first);
}

function lowerJoin(
  context: LowerContext,
  left: LoweredFrom,
  join: JoinState,
  scope: Scope,
  lowerQuery: LowerQuery,
  on: ExpressionLowering,
): LoweredFrom {
  const before = scope.relations;
  const right = lowerSource(context, join.source, scope, lowerQuery);
  scope.relations = [...before, right.relation];
  const written: Expr | undefined = join.on && on.condition(join.on);
  const condition = written ?? build.TRUE;
  const missing = { left: join.type === 'right' || join.type === 'full', right: /left|full/.test(join.type) };
  scope.relations = [
    ...(missing.left ? before.map(nullable) : before),
    missing.right ? nullable(right.relation) : right.relation,
  ];
  const [preserved, other] = join.type === 'right' ? [right, left] : [left, right];
  const type = join.type === 'right' ? 'left' : join.type;
  return {
    plan: { kind: 'join', type, left: preserved.plan, right: other.plan, condition },
    part: { kind: 'join', type: join.type, left: left.part, right: right.part, on: written },
  };
}

function lowerSource(
  context: LowerContext,
  source: Source,
  scope: Scope,
  lowerQuery: LowerQuery,
): LoweredFrom & { readonly relation: Relation } {
  if (scope.relations.some((relation) => relation.source.alias === source.alias)) {
    const message = `table name "${source.alias}" is used more than once in one query`;
    throw context.error('DUPLICATE_NAME', message, `give each its own alias: join('${source.alias}', 'other', ...)`);
  }
  const name = freeName(source.alias, scope);
  context.relationCount++;
  if (source.kind === 'query') {
    // It sees the queries around this one, not its siblings; what it reads of them is this query's to hand on.
    const around = new Scope(scope.outer, scope.correlations);
    const lowered = context.nested(() => lowerQuery(source.query, around));
    const relation: Relation = { source, name, columns: lowered.output, table: undefined, merged: NONE_MERGED };
    return { plan: lowered.plan, part: { kind: 'query', query: lowered.parts, name }, relation };
  }
  if (source.kind === 'rows') return lowerRows(context, source, name, scope, lowerQuery);
  const part: FromPart = { kind: 'table', table: source.name, name };
  const view = context.catalog.view(source.name);
  const { bindView } = context.catalog;
  if (view && bindView) {
    const { plan, output } = context.nested(() => bindView(view, context));
    return { plan, part, relation: { source, name, columns: output, table: undefined, merged: NONE_MERGED } };
  }
  const table = tableOf(context, source.name);
  const plan = scanOf(context, table, name);
  return { plan, part, relation: { source, name, columns: plan.columns, table, merged: NONE_MERGED } };
}

/** They see the queries around this one, as a query in FROM does. */
function lowerRows(
  context: LowerContext,
  source: Extract<Source, { kind: 'rows' }>,
  name: string,
  scope: Scope,
  lowerQuery: LowerQuery,
): LoweredFrom & { readonly relation: Relation } {
  return context.nested(() => {
    const around = new Scope(scope.outer, scope.correlations);
    const lowering = new ExpressionLowering(context, { scope: around, clause: 'values', lowerQuery });
    const plan = valuesOf(
      lowering,
      source.rows.map((row) => row.map((node) => lowering.lower(node))),
      undefined,
    );
    const columns = plan.columns.map((column, i) => ({ ...column, name: source.names[i]! }));
    const part: FromPart = { kind: 'values', rows: plan.rows, columns: source.names, name };
    return { plan, part, relation: { source, name, columns, table: undefined, merged: NONE_MERGED } };
  });
}

/** Text has no identities: an alias which a query around uses would hide it, so that it gets a number. */
function freeName(alias: string, scope: Scope): string {
  const taken = new Set(scope.relationNames());
  if (!taken.has(alias)) return alias;
  let number = 2;
  while (taken.has(`${alias}_${number}`)) number++;
  return `${alias}_${number}`;
}

function tableOf(context: LowerContext, name: string): TableDef {
  const table = context.catalog.table(name);
  if (table) return table;
  throw context.error('UNKNOWN_TABLE', `unknown table "${name}"`, suggestion(name, context.catalog.names()));
}
