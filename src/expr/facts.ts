// What can be said of an expression without evaluating it. Each answer errs on the safe side.

import type { Type } from '../values/types.js';
import type { Expr } from './expression.js';
import { typeOf } from './expression.js';
import { overloadOf } from './functions.js';
import { some } from './tree.js';

/** The same columns and parameters always give the same value: no `now()`, no sub-query. */
export function isDeterministic(expr: Expr): boolean {
  return !some(expr, (node) => node.kind === 'subquery' || (node.kind === 'call' && !overloadOf(node).deterministic));
}

/**
 * Known when execution starts: no column, no sub-query, and no function of the application's that may differ from call to call.
 * Parameters and `now()` are allowed.
 */
export function isConstant(expr: Expr): boolean {
  return !some(expr, (node) => node.kind === 'column' || node.kind === 'subquery' || isVolatile(node));
}

function isVolatile(node: Expr): boolean {
  return node.kind === 'call' && node.external !== undefined && !node.external.deterministic;
}

export function hasSubquery(expr: Expr): boolean {
  return some(expr, (node) => node.kind === 'subquery');
}

/**
 * Whether some row can make it raise an error. A predicate that can must not be evaluated for rows which the query as written
 * would not have shown it. Errors that lie in the statement's own constants or parameters alone (a malformed LIKE pattern or
 * search query) come for every row and are not counted.
 */
export function canRaise(expr: Expr): boolean {
  return some(expr, nodeCanRaise);
}

const relations = new Set(['st_within', 'st_contains', 'st_intersects']);

function nodeCanRaise(node: Expr): boolean {
  switch (node.kind) {
    case 'cast':
      return castCanRaise(typeOf(node.arg), node.type);
    case 'call': {
      if (!overloadOf(node).canRaise) return false;
      // A relation fails on geometries without an answer; those of the statement itself are not counted.
      if (relations.has(node.name)) return node.args.some((arg) => typeOf(arg) === 'geometry' && !isConstant(arg));
      const divisor = node.args[1];
      const safe = (node.name === '/' || node.name === '%' || node.name === 'mod') && isSafeDivisor(divisor);
      return !safe;
    }
    case 'like':
      return !isConstant(node.pattern) || !isConstant(node.escape);
    case 'match':
      return !isConstant(node.query);
    case 'subquery':
      return true;
    default:
      return false;
  }
}

/** Integer division by a constant other than 0 and -1 (of the least integer) cannot fail. */
function isSafeDivisor(divisor: Expr | undefined): boolean {
  if (divisor?.kind !== 'constant' || divisor.type !== 'integer') return false;
  return divisor.value !== null && divisor.value !== 0 && divisor.value !== -1;
}

/** Whether some value of `from` has no counterpart in `to`. */
export function castCanRaise(from: Type, to: Type): boolean {
  if (from === to || from === 'null' || to === 'text') return false;
  switch (from) {
    case 'integer':
      return to !== 'real' && to !== 'boolean';
    case 'boolean':
      return to !== 'integer';
    case 'date':
      return to !== 'timestamp';
    case 'timestamp':
      return to !== 'date';
    case 'point':
      return to !== 'geometry';
    default:
      return true;
  }
}
