// The aggregation of one SELECT: its groups and aggregates, and the rewriting of what stands above it so that it reads groups and
// aggregates only.

import { aggregate } from '../../expr/aggregates.js';
import * as build from '../../expr/build.js';
import type { Aggregate, Column, ColumnId, Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { LogicalPlan, OutputColumn } from '../logical.js';
import type { BindingContext } from './context.js';
import type { AggregateSink, Scope } from './scope.js';
import { columnExpr } from './scope.js';

export class Aggregation<Place> implements AggregateSink {
  private readonly groups: { readonly column: OutputColumn; readonly expr: Expr }[] = [];
  /** NOCASE texts that are grouped, with the columns of their groups' own values. */
  private readonly values: { readonly expr: Expr; readonly column: Column }[] = [];
  private readonly collected: { readonly column: OutputColumn; readonly aggregate: Aggregate }[] = [];

  constructor(
    private readonly context: BindingContext<Place>,
    private readonly scope: Scope,
  ) {}

  /** Whether there are groups or aggregates. */
  get used(): boolean {
    return this.groups.length > 0 || this.collected.length > 0;
  }

  get aggregates(): ReadonlyMap<ColumnId, Aggregate> {
    return new Map(this.collected.map((entry) => [entry.column.id, entry.aggregate]));
  }

  /** The column that will hold the aggregate; the same aggregate twice is computed once. */
  column(name: string, aggregate: Aggregate): Column {
    // A group's own value compares otherwise than an aggregate that was asked for.
    const known = this.collected.find(
      (entry) =>
        sameAggregate(entry.aggregate, aggregate) && !this.values.some(({ column }) => column.id === entry.column.id),
    );
    return columnExpr(known?.column ?? this.collect(name, aggregate));
  }

  private collect(name: string, aggregate: Aggregate): OutputColumn {
    const column = this.context.newColumn(name, aggregate.type, aggregate.name !== 'count');
    this.collected.push({ column, aggregate });
    return column;
  }

  /** Groups by the expression, once. A NOCASE text is grouped by its lower-case form; the group's value is the least of those it has. */
  group(expr: Expr): void {
    const { collations } = this.context;
    const key = collations.key(expr);
    if (key !== expr && !this.values.some((value) => build.equalExprs(value.expr, expr))) {
      const column = columnExpr(this.collect('min', aggregate('min', [expr])));
      collations.like(column.id, expr);
      this.values.push({ expr, column });
    }
    this.add(key);
  }

  private add(expr: Expr): void {
    if (this.groups.some((group) => build.equalExprs(group.expr, expr))) return;
    const column =
      expr.kind === 'column'
        ? { id: expr.id, name: expr.name, type: expr.type, nullable: expr.nullable }
        : this.context.newColumn('group', typeOf(expr), true);
    this.groups.push({ column, expr });
  }

  readsAggregate(expr: Expr): boolean {
    const columns = build.columnsOf(expr);
    return this.collected.some((entry) => columns.has(entry.column.id));
  }

  plan(input: LogicalPlan): LogicalPlan {
    return { kind: 'aggregate', input, groups: this.groups, aggregates: this.collected };
  }

  /** The expression as it stands above the aggregation; an error when it reads a column that is not grouped. */
  above(expr: Expr, place: Place): Expr {
    const value = this.values.find((entry) => build.equalExprs(entry.expr, expr));
    if (value) return value.column;
    const group = this.groups.find((entry) => build.equalExprs(entry.expr, expr));
    if (group) return columnExpr(group.column);
    if (expr.kind !== 'column') return build.mapChildren(expr, (child) => this.above(child, place));
    if (this.collected.some((entry) => entry.column.id === expr.id)) return expr;
    if (!this.determined(expr.id)) {
      this.context.fail(place, 'GROUPING', ...this.context.wording.notGrouped(expr.name));
    }
    this.add(expr);
    return expr;
  }

  /** A column of a table whose whole primary key is grouped has one value in each group. */
  private determined(id: ColumnId): boolean {
    const relation = this.scope.relations.find((r) => r.columns.some((column) => column.id === id));
    const key = relation?.table?.primaryKey ?? [];
    const isGrouped = (expr: Expr) => this.groups.some((entry) => build.equalExprs(entry.expr, expr));
    const isOne = (ordinal: number): boolean => {
      const column = relation?.columns[ordinal];
      if (column === undefined) return false;
      const expr = columnExpr(column);
      return isGrouped(expr) || isGrouped(this.context.collations.key(expr));
    };
    return key.length > 0 && key.every(isOne);
  }
}

function sameAggregate(a: Aggregate, b: Aggregate): boolean {
  const same = (x: Expr | undefined, y: Expr | undefined) => (x && y ? build.equalExprs(x, y) : x === y);
  const [x = [], y = []] = [a.orderBy, b.orderBy];
  const [keys = a.args, others = b.args] = [a.keys, b.keys];
  return (
    a.name === b.name &&
    a.user === b.user &&
    x.length === y.length &&
    x.every((key, i) => key.desc === y[i]!.desc && key.nullsFirst === y[i]!.nullsFirst && same(key.expr, y[i]!.expr)) &&
    a.distinct === b.distinct &&
    a.args.length === b.args.length &&
    a.args.every((arg, i) => same(arg, b.args[i]) && same(keys[i], others[i])) &&
    same(a.filter, b.filter)
  );
}
