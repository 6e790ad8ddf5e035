// Types of expressions under construction: the open constants are JavaScript texts, moments and objects, which take the type of their
// place.

import * as build from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import { printExpr } from '../../expr/printer.js';
import { inferType, toEngine } from '../../values/border.js';
import { castValue } from '../../values/cast.js';
import type { Type } from '../../values/types.js';
import { Coercion } from '../binding/coercion.js';
import type { LowerContext } from './context.js';

export class Typing extends Coercion<void, LowerContext> {
  /** With the application's value. */
  private readonly open = new WeakMap<Expr, unknown>();

  /** Numbers, truth values and bytes have a type of their own; texts, moments and objects take that of their place. */
  protected constant(value: unknown): Expr {
    switch (typeof value) {
      case 'number':
      case 'bigint':
      case 'boolean':
        return ownType(value);
      default: {
        if (value === null) return build.nullOf('null');
        if (value instanceof Uint8Array) return build.constant(toEngine(value, 'blob', 'a value'), 'blob');
        const open: Expr = { kind: 'constant', value: null, type: 'text' };
        this.open.set(open, value);
        return open;
      }
    }
  }

  protected isOpen(expr: Expr): boolean {
    return this.open.has(expr);
  }

  /** Whether it is a moment or an object, which says itself what it is where functions have several forms. */
  protected isObject(expr: Expr): boolean {
    return this.open.has(expr) && typeof this.open.get(expr) !== 'string';
  }

  protected settleOpen(expr: Expr): Expr {
    return ownType(this.open.get(expr));
  }

  protected openAs(expr: Expr, type: Type, _place: void, beside: Expr | undefined): Expr {
    if (type === 'null') return this.settle(expr);
    const what = beside === undefined ? 'a value' : `the value beside ${this.show(beside)}`;
    return build.constant(toEngine(this.open.get(expr), type, what), type);
  }

  /** A value decides the type of the parameter that it is compared with. */
  override comparable(left: Expr, right: Expr): [Expr, Expr] {
    const turned = left.kind === 'parameter' && [left, right].every((side) => this.argumentType(side) === 'unknown');
    if (!turned) return super.comparable(left, right);
    const [second, first] = super.comparable(right, left);
    return [first, second];
  }

  protected override explicitCast(expr: Expr, type: Type): Expr {
    if (!this.open.has(expr)) return super.explicitCast(expr, type);
    const own = this.settle(expr);
    if (own.kind === 'constant' && own.type === 'text') {
      return build.constant(castValue(own.value, 'text', type), type);
    }
    return super.explicitCast(own, type);
  }

  protected show(expr: Expr): string {
    const value = this.open.get(expr);
    if (value === undefined) return printExpr(expr);
    return typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
  }
}

function ownType(value: unknown): Expr {
  const type = inferType(value, 'a value');
  return build.constant(toEngine(value, type, 'a value'), type);
}
