// Groups and aggregates of one query built in code.

import type { Column, Expr } from '../../expr/expression.js';
import { Aggregation } from '../binding/aggregation.js';
import { nullsFirst } from '../binding/select.js';
import type { LowerContext } from './context.js';
import type { Place } from './lower-expression.js';
import { ExpressionLowering } from './lower-expression.js';
import type { AggregateNode, Node } from './node.js';
import type { Scope } from './scope.js';

export class Grouping {
  readonly aggregation: Aggregation<void>;

  constructor(
    private readonly context: LowerContext,
    scope: Scope,
    /** Where an expression of the given clause may stand, without aggregates. */
    private readonly place: (clause: string) => Place,
  ) {
    this.aggregation = new Aggregation(context, scope);
  }

  /** Lowers expressions of a clause in which aggregates may stand. */
  over(clause: string, more: Partial<Place> = {}): ExpressionLowering {
    const aggregates = (node: AggregateNode) => this.collect(node);
    return new ExpressionLowering(this.context, { ...this.place(clause), ...more, aggregates });
  }

  /** The column that will hold the aggregate. */
  private collect(node: AggregateNode): Column {
    const { name } = node;
    const inside = new ExpressionLowering(this.context, this.place(`an argument of ${name}`));
    const lowered = node.args.map((arg) => ({ expr: inside.lower(arg), place: undefined }));
    const typed = this.aggregation.typed(name, node.distinct, lowered, inside);
    const keys = node.orderBy.map((key) => ({
      expr: inside.value(key.node),
      desc: key.desc,
      nullsFirst: nullsFirst(key.nulls, key.desc),
      place: undefined,
    }));
    const filter = node.filter && inside.condition(node.filter);
    return this.aggregation.column(name, { ...typed, orderBy: this.aggregation.ordered(typed, keys), filter });
  }

  /** The grouped expressions. */
  lowerGroups(nodes: readonly Node[]): Expr[] {
    const inside = new ExpressionLowering(this.context, this.place('groupBy'));
    return nodes.map((node) => {
      const expr = inside.value(node);
      this.aggregation.group(expr);
      return expr;
    });
  }
}
