// MATCH over a relation of this query.

import type { Expr } from '../../expr/expression.js';
import { findTextIndex, matchOf } from '../binding/search.js';
import type { LowerContext } from './context.js';
import type { ColumnNode } from './node.js';
import type { Scope } from './scope.js';

/** `MATCH(column | index, query)`; undefined when the target is neither. */
export function lowerMatch(context: LowerContext, scope: Scope, target: ColumnNode, query: Expr): Expr | undefined {
  const index = { name: target.name, relations: scope.candidates(target) };
  const searched = findTextIndex(context, scope, scope.findColumn(target), index, undefined);
  return searched && matchOf(searched, query);
}
