// Arrays, and parts of arrays and documents: ARRAY[...], a[1], a[1:2], document['name'].

import type * as ast from '../../grammar/ast.js';
import * as build from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import { typeOf } from '../expr/expression.js';
import { TO_THE_END } from '../expr/functions/array.js';
import { elementType } from '../values/types.js';
import type { ExpressionBinder } from './bind-expression.js';

export function bindArray(binder: ExpressionBinder, node: ast.ArrayValue): Expr {
  const items = node.items.map((item) => binder.bind(item));
  const { exprs, type } = binder.unify(items, 'ARRAY', node);
  if (elementType(type)) throw binder.context.unsupported(node, 'an array of arrays', 'use JSON');
  return binder.call(
    node,
    'array',
    exprs.map((expr) => binder.settle(expr)),
  );
}

/** An element of an array; of a JSON document the part one step in, as `#>` gives it. */
export function bindSubscript(binder: ExpressionBinder, node: ast.Subscript): Expr {
  const whole = binder.value(node.operand);
  if (typeOf(whole) === 'json') return binder.call(node, '#>', [whole, pathOf(binder, node.index)]);
  return binder.call(node, 'array_element', [arrayHere(binder, node.operand, whole), position(binder, node.index)]);
}

/** A path of one step. */
function pathOf(binder: ExpressionBinder, node: ast.Expr): Expr {
  const step = binder.value(node);
  const type = typeOf(step);
  if (type === 'text' || type === 'integer' || type === 'null') return build.call('array', [build.cast(step, 'text')]);
  const message = `${type.toUpperCase()} is neither a member's name nor a position`;
  throw binder.context.error(node, 'TYPE_MISMATCH', message);
}

export function bindSlice(binder: ExpressionBinder, node: ast.Slice): Expr {
  const array = arrayHere(binder, node.operand, binder.value(node.operand));
  const from = node.from ? position(binder, node.from) : build.constant(1, 'integer');
  const to = node.to ? position(binder, node.to) : build.constant(TO_THE_END, 'integer');
  return binder.call(node, 'array_slice', [array, from, to]);
}

function arrayHere(binder: ExpressionBinder, node: ast.Expr, expr: Expr): Expr {
  const type = typeOf(expr);
  if (elementType(type) !== undefined || type === 'null') return expr;
  const message = `${type.toUpperCase()} has no elements: an array is needed`;
  throw binder.context.error(node, 'TYPE_MISMATCH', message);
}

function position(binder: ExpressionBinder, node: ast.Expr): Expr {
  return binder.typed(node, 'integer', true);
}
