// Queries: WITH, SELECT, VALUES, set operations, and what applies to the whole (ORDER BY, LIMIT, OFFSET).

import type * as ast from '../../grammar/ast.js';
import type { Expr } from '../expr/expression.js';
import { columnExpr } from '../plan/binding/scope.js';
import type { Bounds } from '../plan/binding/select.js';
import { knownFirst, limited, nullsFirst, sorted } from '../plan/binding/select.js';
import { finishSides, setOperation, whole } from '../plan/binding/set-operation.js';
import { valuesOf } from '../plan/binding/values.js';
import type { LogicalPlan, OutputColumn, SortKey } from '../plan/logical.js';
import { suggestion } from '../text/suggestion.js';
import type { BoundQuery, DraftQuery, Surroundings } from './bind-expression.js';
import { ExpressionBinder } from './bind-expression.js';
import { bindSelect } from './bind-select.js';
import type { BindContext } from './context.js';
import type { Relation } from './scope.js';
import { Scope } from './scope.js';

export interface CommonTable {
  readonly table: ast.CommonTable;
  /** Sees the common tables before it. */
  readonly binder: QueryBinder;
  /** What is around the query that declares it. */
  readonly around: Scope | undefined;
  /** Some FROM names it. */
  read: boolean;
  /** Of a MATERIALIZED one, once it is bound: its plan in the table of sub-queries. */
  once?: { readonly id: number; readonly plan: LogicalPlan; readonly output: readonly OutputColumn[] };
}

/** What applies to a whole query, handed to SELECT, whose ORDER BY may use more than the output. */
export interface Ordering extends Bounds {
  readonly orderBy: readonly ast.OrderItem[];
}

export class QueryBinder {
  constructor(
    readonly context: BindContext,
    private readonly common: ReadonlyMap<string, CommonTable> = new Map(),
  ) {}

  commonTable(name: string): CommonTable | undefined {
    const found = this.common.get(name);
    if (found) found.read = true;
    return found;
  }

  /** A binder for a view's text, which sees no common tables of this query. */
  forView(text: string): QueryBinder {
    return new QueryBinder(this.context.within(text));
  }

  scopeOver(relations: readonly Relation[], outer: Scope | undefined): Scope {
    return outer ? outer.over(relations) : new Scope(relations, undefined);
  }

  /** Surroundings of a clause that may hold sub-queries. */
  place(scope: Scope, clause: string): Surroundings {
    return { scope, clause, bindQuery: (query, outer) => this.bindQuery(query, outer) };
  }

  /** @param outer the scope whose columns the query may use (a sub-query of an expression). */
  bindQuery(query: ast.Query, outer: Scope | undefined): BoundQuery {
    return this.draftQuery(query, outer).finish();
  }

  /** A query whose columns of open type take the type of their place. */
  draftQuery(query: ast.Query, outer: Scope | undefined): DraftQuery {
    return this.withCommon(query.with, outer).bindWhole(query, new Scope([], outer));
  }

  /** A derived table: part of the query around, whose parameter slots it shares. */
  bindDerived(query: ast.Query, around: Scope | undefined): BoundQuery {
    const base = this.scopeOver([], around);
    return this.withCommon(query.with, base.outer as Scope | undefined)
      .bindWhole(query, base)
      .finish();
  }

  /** The rows of a common table, for the query of `place`, which may be further inside than the declaration. */
  bindCommon(common: CommonTable, place: Scope): Pick<BoundQuery, 'plan' | 'output'> {
    const { table, binder, around } = common;
    return table.materialized ? binder.readOnce(common) : binder.bindDerived(table.query, place.seeingOnly(around));
  }

  /** The rows of a MATERIALIZED common table, under fresh columns. */
  private readOnce(common: CommonTable): Pick<BoundQuery, 'plan' | 'output'> {
    const { context } = this;
    // What was bound only to be checked has been given up with its plan.
    const known = common.once && context.subqueries[common.once.id] === common.once.plan ? common.once : undefined;
    const { id, output } = known ?? (common.once = this.evaluatedOnce(common));
    const columns = output.map((column) => {
      const own = context.newColumn(column.name, column.type, column.nullable);
      context.collations.like(own.id, columnExpr(column));
      return own;
    });
    return { plan: { kind: 'common-table', id, name: common.table.name.text, columns }, output: columns };
  }

  private evaluatedOnce({ table, around }: CommonTable): NonNullable<CommonTable['once']> {
    const scope = new Scope([], around);
    const { plan, output } = this.bindDerived(table.query, scope);
    if (scope.correlations.size > 0) {
      const what = 'a MATERIALIZED common table that reads columns of the query around it';
      throw this.context.unsupported(table.name, what, 'leave MATERIALIZED out');
    }
    return { id: this.context.subqueries.push(plan) - 1, plan, output };
  }

  /** Binds a change below its common tables. */
  bindChange<T>(tables: readonly ast.CommonTable[], bind: (queries: QueryBinder) => T): T {
    const queries = this.withCommon(tables, undefined);
    const bound = bind(queries);
    for (const { name } of tables) queries.checkUnread(name.text, new Scope([], undefined));
    return bound;
  }

  private withCommon(tables: readonly ast.CommonTable[], around: Scope | undefined): QueryBinder {
    const names = tables.map(({ name }) => name.text);
    const twice = tables.find(({ name }, i) => names.indexOf(name.text) < i);
    if (twice) {
      const message = `WITH names "${twice.name.text}" more than once`;
      throw this.context.error(twice.name, 'DUPLICATE_NAME', message, 'give each its own name');
    }
    return tables.reduce<QueryBinder>((binder, table) => {
      const common = new Map([...binder.common, [table.name.text, { table, binder, around, read: false }]]);
      return new QueryBinder(this.context, common);
    }, this);
  }

  /** `base` has no relations; it carries the surroundings and collects correlations. */
  private bindWhole(query: ast.Query, base: Scope): DraftQuery {
    const draft = this.bindParts(query, base);
    for (const { name } of query.with) this.checkUnread(name.text, base);
    return draft;
  }

  /** A common table that nothing names is checked as the others are, and types its parameters; its rows are never asked for. */
  private checkUnread(name: string, base: Scope): void {
    const common = this.common.get(name)!;
    if (common.read) return;
    common.read = true;
    const { subqueries } = this.context;
    const before = subqueries.length;
    this.context.nested(() => this.bindCommon(common, base), common.table);
    subqueries.length = before;
  }

  private bindParts(query: ast.Query, base: Scope): DraftQuery {
    const binder = new ExpressionBinder(this.context, this.place(base, 'LIMIT'));
    const [limit, offset] = [query.limit, query.skip].map(
      (node) => node && knownFirst(this.context, binder.typed(node, 'integer'), node),
    );
    const ordering: Ordering = { orderBy: query.orderBy, limit, offset };
    if (query.body.kind === 'select') return bindSelect(this, query.body, ordering, base);
    if (query.body.kind === 'query' && query.orderBy.length === 0) {
      const draft = this.bindBody(query.body, base);
      const bounded = (bound: BoundQuery) => ({ ...bound, plan: limited(bound.plan, ordering) });
      return { ...draft, finish: (wanted) => bounded(draft.finish(wanted)) };
    }
    const bound = this.bindBody(query.body, base).finish();
    return whole({ ...bound, plan: this.ordered(bound, ordering) });
  }

  private bindBody(body: ast.QueryBody, base: Scope): DraftQuery {
    switch (body.kind) {
      case 'select':
        return bindSelect(this, body, { orderBy: [], limit: undefined, offset: undefined }, base);
      case 'query':
        return this.withCommon(body.with, base.outer as Scope | undefined).bindWhole(body, base);
      case 'values':
        return whole(this.bindValues(body, base));
      case 'set-operation':
        return whole(this.bindSetOperation(body, base));
    }
  }

  /** ORDER BY of a set operation or VALUES names output columns, by name or ordinal. */
  private ordered(bound: BoundQuery, ordering: Ordering): LogicalPlan {
    const keys = ordering.orderBy.map((item): SortKey => {
      const { expression } = item;
      const column =
        outputOrdinal(this.context, expression, bound.output) ??
        (expression.kind === 'column' && !expression.table
          ? bound.output.find((c) => c.name === expression.name.text)
          : undefined);
      if (column) return sortKey(item, this.context.collations.key(columnExpr(column)));
      throw this.context.error(
        expression,
        'UNKNOWN_COLUMN',
        'ORDER BY of a set operation takes names or numbers of its output columns',
        expression.kind === 'column'
          ? suggestion(
              expression.name.text,
              bound.output.map((c) => c.name),
            )
          : 'put the set operation into a sub-query in FROM',
      );
    });
    return limited(sorted(bound.plan, keys), ordering);
  }

  private bindSetOperation(body: ast.SetOperation, base: Scope): BoundQuery {
    const left = this.context.nested(() => this.bindBody(body.left, base), body);
    const right = this.context.nested(() => this.bindBody(body.right, base), body);
    const [first, second] = finishSides(left, right);
    const name = body.operator.toUpperCase();
    const binder = new ExpressionBinder(this.context, this.place(base, name));
    const operation = { operation: body.operator, all: body.all };
    return { ...setOperation(binder, operation, first, second, name, body), scope: base };
  }

  private bindValues(body: ast.Values, base: Scope): BoundQuery {
    const binder = new ExpressionBinder(this.context, this.place(base, 'VALUES'));
    const width = body.rows[0]!.items.length;
    const bound = body.rows.map((row) => {
      if (row.items.length !== width) {
        throw this.context.error(
          row,
          'TYPE_MISMATCH',
          `the rows of VALUES differ in length: ${width} and ${row.items.length}`,
        );
      }
      return row.items.map((item) => {
        if (item.kind !== 'default') return binder.bind(item);
        throw this.context.error(item, 'INVALID_VALUE', 'DEFAULT stands in the VALUES of an INSERT only');
      });
    });
    const plan = valuesOf(binder, bound, body);
    return { plan, output: plan.columns, scope: base };
  }
}

/** `ORDER BY 2`: the output column of that number; an error when there is none, undefined when it is no number. */
export function outputOrdinal<T>(context: BindContext, node: ast.Expr, output: readonly T[]): T | undefined {
  if (node.kind !== 'number' || !node.integer) return undefined;
  const column = output[Number(node.value) - 1];
  if (column) return column;
  throw context.error(
    node,
    'INVALID_VALUE',
    `position ${node.text} is not in the select list, which has ${output.length} columns`,
  );
}

export function sortKey(item: ast.OrderItem, expr: Expr): SortKey {
  return { expr, desc: item.descending, nullsFirst: nullsFirst(item.nulls, item.descending) };
}
