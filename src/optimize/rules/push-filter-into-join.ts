// A filter over a join: terms over one side go to that side, terms over both become part of an inner join's condition (so a cross join
// with a filter is an inner join). Of a left join only the preserved side may be filtered early; of semi and anti joins the left.
// Wrong for the right side of a left join, and both sides of a full one: a term there removes matches instead of rows, and the row would
// come back with NULLs.

import { and, conjuncts } from '../../expr/build.js';
import type { Rule } from '../engine.js';
import { outputIds, readsOnly } from '../plan-tree.js';
import { filtered, isMovable, split } from './movable.js';

export const pushFilterIntoJoin: Rule = {
  name: 'push-filter-into-join',
  on: ['filter'],
  rewrite(plan) {
    if (plan.kind !== 'filter' || plan.input.kind !== 'join' || plan.input.type === 'full') return undefined;
    const join = plan.input;
    const leftIds = outputIds(join.left);
    const toLeft = split(plan.predicate, (term) => isMovable(term) && readsOnly(term, leftIds));
    const rest = and(toLeft.kept);
    if (join.type !== 'inner') {
      if (toLeft.moved.length === 0) return undefined;
      return filtered({ ...join, left: filtered(join.left, toLeft.moved) }, toLeft.kept);
    }
    const rightIds = outputIds(join.right);
    const toRight = split(rest, (term) => isMovable(term) && readsOnly(term, rightIds));
    const toCondition = split(and(toRight.kept), isMovable);
    if (toLeft.moved.length + toRight.moved.length + toCondition.moved.length === 0) return undefined;
    const joined = {
      ...join,
      left: filtered(join.left, toLeft.moved),
      right: filtered(join.right, toRight.moved),
      condition: and([...conjuncts(join.condition), ...toCondition.moved]),
    };
    return filtered(joined, toCondition.kept);
  },
};
