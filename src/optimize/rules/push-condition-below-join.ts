// Terms of a join's condition over one side alone go to that side: both sides of an inner or semi join, the right side of a left or anti
// join.
// Wrong for the left side of a left or anti join, and both sides of a full one: a row that fails the term has no match, but it is still in
// the answer.

import { and } from '../../expr/build.js';
import type { Rule } from '../engine.js';
import { outputIds, readsOnly } from '../plan-tree.js';
import { filtered, isMovable, split } from './movable.js';

export const pushConditionBelowJoin: Rule = {
  name: 'push-condition-below-join',
  on: ['join'],
  rewrite(plan) {
    if (plan.kind !== 'join' || plan.type === 'full') return undefined;
    const rightIds = outputIds(plan.right);
    const leftIds = outputIds(plan.left);
    const both = plan.type === 'inner' || plan.type === 'semi';
    const toRight = split(plan.condition, (term) => isMovable(term) && readsOnly(term, rightIds));
    const toLeft = split(and(toRight.kept), (term) => both && isMovable(term) && readsOnly(term, leftIds));
    if (toRight.moved.length + toLeft.moved.length === 0) return undefined;
    return {
      ...plan,
      left: filtered(plan.left, toLeft.moved),
      right: filtered(plan.right, toRight.moved),
      condition: and(toLeft.kept),
    };
  },
};
