// Groups and aggregates of one query built in code.

import type { Column, Expr } from '../../expr/expression.js';
import { Aggregation } from '../binding/aggregation.js';
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
    const { name, distinct } = node;
    const inside = new ExpressionLowering(this.context, this.place(`an argument of ${name}`));
    const lowered = node.args.map((arg) => ({ expr: inside.lower(arg), place: undefined }));
    const typed = this.aggregation.typed(name, { name, distinct }, lowered, inside);
    const filter = node.filter && inside.condition(node.filter);
    return this.aggregation.column(name, { ...typed, filter });
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
