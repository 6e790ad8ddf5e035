// GROUP BY and aggregates of one SELECT, as its text names them.

import type * as ast from '../../grammar/ast.js';
import type { Expr } from '../expr/expression.js';
import { Aggregation } from '../plan/binding/aggregation.js';
import type { SearchScope } from '../plan/binding/search.js';
import type { Surroundings } from './bind-expression.js';
import { ExpressionBinder } from './bind-expression.js';
import type { QueryBinder } from './bind-query.js';
import { outputOrdinal } from './bind-query.js';
import type { BindContext } from './context.js';
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
    return this.within(clause, { aggregates: this.aggregation });
  }

  private within(clause: string, more: Partial<Surroundings> = {}): ExpressionBinder {
    const place = this.queries.place(this.scope, clause);
    return new ExpressionBinder(this.queries.context, {
      ...place,
      ...more,
      search: (span) => this.search.target(span),
    });
  }

  /**
   * GROUP BY items: an input column's name, an ordinal or alias of the select list, or an expression.
   * Those that are an item's are that item's very expression.
   */
  bindGroups(nodes: readonly ast.Expr[], items: readonly { readonly name: string; readonly expr: Expr }[]): Expr[] {
    const { context } = this.queries;
    const binder = this.within('GROUP BY');
    return nodes.flatMap(ungrouped).map((node) => {
      refuseGroupingSets(context, node);
      const expr = outputOrdinal(context, node, items)?.expr ?? this.aliased(node, items) ?? binder.value(node);
      if (this.aggregation.readsAggregate(expr))
        throw context.error(node, 'GROUPING', 'GROUP BY cannot hold an aggregate');
      this.aggregation.group(binder.settle(expr));
      return expr;
    });
  }

  private aliased(node: ast.Expr, items: readonly { readonly name: string; readonly expr: Expr }[]): Expr | undefined {
    if (node.kind !== 'column' || node.table) return undefined;
    const found = this.scope.find(undefined, node.name.text);
    if (found.kind !== 'unknown-column' && found.kind !== 'unknown-table') return undefined;
    return items.find((item) => item.name === node.name.text)?.expr;
  }
}

/** `GROUP BY (a, b)` is `GROUP BY a, b`. */
function ungrouped(node: ast.Expr): readonly ast.Expr[] {
  return node.kind === 'row' ? node.items.flatMap(ungrouped) : [node];
}

/** ROLLUP and CUBE read as calls, which they are where the application has registered functions of these names. */
function refuseGroupingSets(context: BindContext, node: ast.Expr): void {
  if (node.kind !== 'call' || node.name.quoted || !/^(rollup|cube)$/.test(node.name.text)) return;
  if (context.catalog.functions?.names().includes(node.name.text)) return;
  throw context.unsupported(
    node,
    node.name.text.toUpperCase(),
    'write a query for each grouping, and join them by UNION ALL',
  );
}
