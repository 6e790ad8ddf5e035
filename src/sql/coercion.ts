// The types of expressions while a text is being bound: the open constants are its string literals.

import type { Span } from '../../grammar/ast.js';
import { LightningError } from '../errors.js';
import * as build from '../expr/build.js';
import type { Expr } from '../expr/expression.js';
import { Coercion as TypeCoercion } from '../plan/binding/coercion.js';
import { arrayFromText } from '../values/array-text.js';
import { castValue } from '../values/cast.js';
import type { Type } from '../values/types.js';
import { elementType } from '../values/types.js';
import type { BindContext } from './context.js';

export class Coercion extends TypeCoercion<Span, BindContext> {
  /** String literals, whose type their place decides, with where they stand. */
  protected readonly literals = new WeakMap<Expr, Span>();

  protected isOpen(expr: Expr): boolean {
    return this.literals.has(expr);
  }

  protected settleOpen(expr: Expr): Expr {
    return expr;
  }

  protected openAs(expr: Expr, type: Type, span: Span): Expr {
    if (type === 'text' || type === 'null' || expr.kind !== 'constant') return expr;
    const place = this.literals.get(expr) ?? span;
    const element = elementType(type);
    return this.evaluated(place, () => {
      const value = element ? arrayFromText(expr.value as string, element) : castValue(expr.value, 'text', type);
      return build.constant(value, type);
    });
  }

  /** The caret shows it. */
  protected show(): string {
    return 'this';
  }

  /** A parameter's value says more about its type than a literal. */
  protected override leader(open: readonly Expr[]): Expr | undefined {
    return open.find((expr) => expr.kind === 'parameter') ?? open[0];
  }

  /** Gives an error raised by a literal's value the literal's place. */
  protected override evaluated(span: Span, evaluate: () => Expr): Expr {
    try {
      return evaluate();
    } catch (error) {
      if (error instanceof LightningError && error.position === undefined) {
        throw this.context.error(span, error.code, error.message, error.hint);
      }
      throw error;
    }
  }
}
