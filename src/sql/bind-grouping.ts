// GROUP BY and aggregates of one SELECT, as its text names them.

import type * as ast from '../../grammar/ast.js';
import * as build from '../expr/build.js';
import type { Column, Expr } from '../expr/expression.js';
import { Aggregation } from '../plan/binding/aggregation.js';
import type { SearchScope } from '../plan/binding/search.js';
import type { Surroundings } from './bind-expression.js';
import { ExpressionBinder } from './bind-expression.js';
import type { QueryBinder } from './bind-query.js';
import { outputOrdinal, sortKey } from './bind-query.js';
import type { Scope } from './scope.js';

export class Grouping {
  readonly aggregation: Aggregation<ast.Span>;

  constructor(
    private readonly queries: QueryBinder,
    private readonly scope: Scope,
    private readonly search: SearchScope<ast.Span>,
  ) {
    this.aggregation = new Aggregation(queries.context, scope);
  }

  /** A binder for a clause in which aggregates may stand. */
  binder(clause: string): ExpressionBinder {
    return this.within(clause, { aggregates: (call) => this.collect(call) });
  }

  private within(clause: string, more: Partial<Surroundings> = {}): ExpressionBinder {
    const place = this.queries.place(this.scope, clause);
    return new ExpressionBinder(this.queries.context, {
      ...place,
      ...more,
      search: (span) => this.search.target(span),
    });
  }

  /** The column that will hold the aggregate. */
  private collect(call: ast.Call): Column {
    const { context } = this.queries;
    const name = call.name.text;
    const inside = this.within(`an argument of ${name}`);
    const bound = call.args.map((arg) => ({ expr: inside.bind(arg), place: arg }));
    if (call.star && name !== 'count')
      throw context.error(call, 'TYPE_MISMATCH', `${name}(*) has no meaning`, `name what to take the ${name} of`);
    if (!call.star && name === 'count' && bound.length === 0)
      throw context.error(call, 'TYPE_MISMATCH', 'count takes an argument', 'write count(*)');
    const typed = this.aggregation.typed(name, call.distinct, bound, inside, call);
    const keys = call.orderBy.map((item) => ({
      ...sortKey(item, inside.value(item.expression)),
      place: item,
    }));
    const filter = call.filter && inside.condition(call.filter);
    this.refuseOuter(call, typed.args);
    return this.aggregation.column(name, { ...typed, orderBy: this.aggregation.ordered(typed, keys), filter });
  }

  /** An aggregate over nothing but columns of the query around belongs to that query. */
  private refuseOuter(call: ast.Call, args: readonly Expr[]): void {
    const { context } = this.queries;
    const inner = args.some((arg) => build.columnsOf(arg).size > 0);
    const outer = args.some((arg) => [...build.parametersOf(arg)].some((index) => index >= context.firstSlot));
    if (!outer || inner) return;
    const what = `${call.name.text} over columns of the query around`;
    throw context.unsupported(call, what, 'compute it in the query around, or in a sub-query in FROM');
  }

  /** GROUP BY items: an input column's name, an ordinal or alias of the select list, or an expression. */
  bindGroups(nodes: readonly ast.Expr[], items: readonly { readonly name: string; readonly expr: Expr }[]): void {
    const { context } = this.queries;
    const binder = this.within('GROUP BY');
    for (const node of nodes) {
      const expr = outputOrdinal(context, node, items)?.expr ?? this.aliased(node, items) ?? binder.value(node);
      if (this.aggregation.readsAggregate(expr))
        throw context.error(node, 'GROUPING', 'GROUP BY cannot hold an aggregate');
      this.aggregation.group(expr);
    }
  }

  private aliased(node: ast.Expr, items: readonly { readonly name: string; readonly expr: Expr }[]): Expr | undefined {
    if (node.kind !== 'column' || node.table) return undefined;
    const found = this.scope.find(undefined, node.name.text);
    if (found.kind !== 'unknown-column' && found.kind !== 'unknown-table') return undefined;
    return items.find((item) => item.name === node.name.text)?.expr;
  }
}
