// The simplifications of `expr/simplify.ts` as rules over every operator's expressions, one rule each, so that each can be disabled.
// Wrong if a simplification depended on which rows an operator sees; they hold row by row. Columns above a left join must be marked
// nullable for IS NULL to be left alone: the binder does so.

import { equalExprs } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import { applySimplification, simplifications } from '../../expr/simplify.js';
import type { Rule } from '../engine.js';
import { mapExprs } from '../plan-tree.js';

const settled = simplifications.map(() => new WeakSet<Expr>());

export const simplifyExpressions: readonly Rule[] = simplifications.map((simplification, i) => {
  const done = settled[i] as WeakSet<Expr>;
  const simplified = (expr: Expr): Expr => {
    if (done.has(expr)) return expr;
    const result = applySimplification(simplification, expr);
    if (result !== expr && !equalExprs(result, expr)) return result;
    done.add(expr);
    return expr;
  };
  return {
    name: simplification.name,
    on: ['filter', 'project', 'join', 'aggregate', 'sort', 'values', 'insert', 'update'],
    rewrite(plan) {
      const result = mapExprs(plan, simplified);
      return result === plan ? undefined : result;
    },
  };
});
