// Literals that name their type (`DATE '2020-01-01'`) and intervals, which only live beside a + or -.

import type * as ast from '../../grammar/ast.js';
import { LightningError } from '../errors.js';
import * as build from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import { addInterval } from '../plan/binding/interval.js';
import { castValue } from '../values/cast.js';
import type { BindContext } from './context.js';
import { resolveType } from './types.js';

export function bindTypedLiteral(context: BindContext, node: ast.TypedLiteral): Expr {
  const { type } = resolveType(context.text, node.type);
  return located(context, node, () => build.constant(castValue(node.value, 'text', type), type));
}

export function isInterval(node: ast.Expr): node is ast.IntervalLiteral {
  return node.kind === 'interval';
}

/** `moment + interval`, or `moment - interval`. */
export function bindInterval(context: BindContext, moment: Expr, node: ast.IntervalLiteral, negative: boolean): Expr {
  return located(context, node, () => addInterval(moment, node.value, node.unit, negative));
}

function located(context: BindContext, span: ast.Span, make: () => Expr): Expr {
  try {
    return make();
  } catch (error) {
    if (error instanceof LightningError) throw context.error(span, error.code, error.message, error.hint);
    throw error;
  }
}
