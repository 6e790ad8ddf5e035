// A filter over UNION, INTERSECT or EXCEPT is tested on each side.
// Wrong if a term could tell apart rows that the operation takes for equal: those that are compared by some columns only.

import { substitute } from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import type { Rule } from '../engine.js';
import type { LogicalPlan } from '../../plan/logical.js';
import { outputOf } from '../../plan/logical.js';
import { readsOf } from '../plan-tree.js';
import { filtered, isMovable, split } from './movable.js';

export const pushFilterBelowSetOperation: Rule = {
  name: 'push-filter-below-set-operation',
  on: ['filter'],
  rewrite(plan) {
    if (plan.kind !== 'filter' || plan.input.kind !== 'set-operation') return undefined;
    const operation = plan.input;
    if (operation.by !== undefined) return undefined;
    const types = operation.columns.map((c) => c.type);
    // Where a side has another type (integer under a REAL output) the term would compare something else.
    const alike = (side: LogicalPlan, position: number) => outputOf(side)[position]?.type === types[position];
    const position = new Map(operation.columns.map((c, i) => [c.id, i]));
    const { moved, kept } = split(
      plan.predicate,
      (term) =>
        isMovable(term) &&
        [...readsOf(term)].every((id) => {
          const at = position.get(id);
          return at !== undefined && alike(operation.left, at) && alike(operation.right, at);
        }),
    );
    if (moved.length === 0) return undefined;
    const onto = (side: LogicalPlan): Expr[] => {
      const output = outputOf(side);
      return moved.map((term) =>
        substitute(term, (column) => {
          const target = output[position.get(column.id) ?? -1];
          return target === undefined
            ? undefined
            : { kind: 'column', id: target.id, name: target.name, type: target.type, nullable: target.nullable };
        }),
      );
    };
    const pushed = {
      ...operation,
      left: filtered(operation.left, onto(operation.left)),
      right: filtered(operation.right, onto(operation.right)),
    };
    return filtered(pushed, kept);
  },
};
