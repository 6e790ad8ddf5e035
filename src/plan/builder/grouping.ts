// Groups and aggregates of one query built in code.

import type { Expr } from '../../expr/expression.js';
import { Aggregation } from '../binding/aggregation.js';
import type { LowerContext } from './context.js';
import type { Place } from './lower-expression.js';
import { ExpressionLowering } from './lower-expression.js';
import type { Node } from './node.js';
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
    return new ExpressionLowering(this.context, { ...this.place(clause), ...more, aggregates: this.aggregation });
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
