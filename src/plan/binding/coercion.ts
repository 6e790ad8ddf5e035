// The types of expressions while they are being bound: an open constant (a string literal, a JavaScript value) and an untyped parameter
// take the type that their place asks, everything else is cast where PostgreSQL casts, and refused where it does not.

import * as build from '../../expr/build.js';
import type { CompareOperator, Expr } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { Resolution } from '../../expr/functions.js';
import type { ArgumentType } from '../../expr/typing.js';
import { commonType, comparisonCasts, implicitlyCasts } from '../../expr/typing.js';
import { canCast, castValue } from '../../values/cast.js';
import type { Type } from '../../values/types.js';
import { elementType } from '../../values/types.js';
import type { BindingContext } from './context.js';
import type { Widening } from './parameters.js';

export interface CoerceOptions {
  /** Also the casts of INSERT and UPDATE. */
  readonly assignment?: boolean;
  /** How far a parameter may go beyond `type` for its value. */
  readonly widening?: Widening;
  /** What stands beside it and decides the type, for messages. */
  readonly beside?: Expr | undefined;
}

export abstract class Coercion<Place, Context extends BindingContext<Place> = BindingContext<Place>> {
  constructor(readonly context: Context) {}

  /** Whether it is a constant whose type its place decides. */
  protected abstract isOpen(expr: Expr): boolean;
  /** An open constant as what it is by itself. */
  protected abstract settleOpen(expr: Expr): Expr;
  protected abstract openAs(expr: Expr, type: Type, place: Place, beside: Expr | undefined): Expr;
  /** How messages call the expression. */
  protected abstract show(expr: Expr): string;

  /** Which of several open expressions decides the type of all. */
  protected leader(open: readonly Expr[]): Expr | undefined {
    return open[0];
  }

  /** Evaluates a constant; what its value raises belongs to the place. */
  protected evaluated(_place: Place, evaluate: () => Expr): Expr {
    return evaluate();
  }

  /** The expression's type, `unknown` while its place may still decide it. */
  argumentType(expr: Expr): ArgumentType {
    if (this.isOpen(expr)) return 'unknown';
    const { firstSlot, parameters } = this.context;
    return expr.kind === 'parameter' && expr.index < firstSlot ? parameters.typeOf(expr.index) : typeOf(expr);
  }

  /** A parameter that was bound before its type was decided, with its type; anything else as it is. */
  private decided(expr: Expr): Expr {
    const type = this.argumentType(expr);
    return expr.kind === 'parameter' && type !== 'unknown' && type !== expr.type ? { ...expr, type } : expr;
  }

  /** Lets a constant have its own type, and a parameter what its value suggests. */
  settle(expr: Expr): Expr {
    if (this.argumentType(expr) !== 'unknown') return this.decided(expr);
    return expr.kind === 'parameter' ? this.context.parameters.settle(expr.index) : this.settleOpen(expr);
  }

  /** The expression as a value of `type`, through casts that lose nothing. */
  coerce(expr: Expr, type: Type, place: Place, options: CoerceOptions = {}): Expr {
    const from = this.argumentType(expr);
    if (from === 'unknown') {
      if (expr.kind === 'parameter') return this.context.parameters.decide(expr.index, type, options.widening);
      return this.openAs(expr, type, place, options.beside);
    }
    if (from === type || from === 'null') return build.cast(this.decided(expr), type);
    if (implicitlyCasts(from, type) || (options.assignment && canCast(from, type) === 'assignment')) {
      return this.foldedCast(this.decided(expr), type, place);
    }
    const message = `${this.show(expr)} is ${from.toUpperCase()} where ${type.toUpperCase()} is needed`;
    const hint = canCast(from, type) ? this.context.wording.castTo(type) : undefined;
    return this.context.fail(place, 'TYPE_MISMATCH', message, hint);
  }

  /** A cast of a constant is carried out at once when it cannot fail. */
  private foldedCast(expr: Expr, type: Type, place: Place): Expr {
    if (expr.kind !== 'constant') return build.cast(expr, type);
    return this.evaluated(place, () => build.constant(castValue(expr.value, expr.type, type), type));
  }

  /** A cast that was asked for. */
  protected explicitCast(expr: Expr, type: Type, place: Place): Expr {
    const from = this.argumentType(expr);
    if (from === 'unknown') return this.coerce(expr, type, place);
    if (from !== type && from !== 'null' && canCast(from, type) === undefined) {
      const message = `${from.toUpperCase()} cannot be cast to ${type.toUpperCase()}`;
      this.context.fail(place, 'TYPE_MISMATCH', message);
    }
    return build.cast(expr, type);
  }

  /** The ith argument of a call whose overload was chosen: functions like `concat` take anything, as the text it is shown as. */
  protected argument(expr: Expr, { casts }: Resolution, i: number, place: Place): Expr {
    const type = casts[i];
    if (type === undefined) return this.settle(expr);
    const from = this.argumentType(expr);
    if (from !== 'unknown' && !implicitlyCasts(from, type)) return this.explicitCast(this.decided(expr), type, place);
    return this.coerce(expr, type, place, { widening: 'argument' });
  }

  /** A predicate: BOOLEAN or NULL. */
  protected predicate(expr: Expr, clause: string, place: Place): Expr {
    const type = this.argumentType(expr);
    if (type !== 'boolean' && type !== 'null' && type !== 'unknown') {
      const message = `${clause} needs a BOOLEAN, ${this.show(expr)} is ${type.toUpperCase()}`;
      this.context.fail(place, 'TYPE_MISMATCH', message, 'compare it with something');
    }
    return this.coerce(expr, 'boolean', place);
  }

  /** Both sides made comparable. */
  comparable(left: Expr, right: Expr, place: Place): [Expr, Expr] {
    const types = [this.argumentType(left), this.argumentType(right)] as const;
    if (types[0] === 'unknown' && types[1] === 'unknown') return this.bothOpen(left, right, place);
    const [first, second] = this.castForComparison(left, right, types, place);
    const [a, b] = this.collated([left, right], [first, second], place);
    return [a!, b!];
  }

  private castForComparison(
    left: Expr,
    right: Expr,
    types: readonly [ArgumentType, ArgumentType],
    place: Place,
  ): [Expr, Expr] {
    const casts = comparisonCasts(types[0], types[1]);
    if (casts === undefined) {
      const [a, b] = [left, right].map((side) => ({ shown: this.show(side), type: this.argumentType(side) }));
      return this.context.fail(place, 'TYPE_MISMATCH', ...this.context.wording.notComparable(a!, b!));
    }
    const common = commonType(types) ?? 'null';
    const sideOf = (side: Expr, type: ArgumentType, cast: Type | undefined, beside: Expr): Expr => {
      if (type === 'unknown') return this.coerce(side, common, place, { widening: 'numbers', beside });
      return cast === undefined ? this.decided(side) : this.coerce(side, cast, place);
    };
    return [sideOf(left, types[0], casts.left, right), sideOf(right, types[1], casts.right, left)];
  }

  private bothOpen(left: Expr, right: Expr, place: Place): [Expr, Expr] {
    if (this.leader([left, right]) === left) {
      const first = this.settle(left);
      return [first, this.coerce(right, typeOf(first), place)];
    }
    const first = this.settle(right);
    return [this.coerce(left, typeOf(first), place), first];
  }

  /** The expressions as the collation of those that they were made of compares them. */
  private collated(written: readonly Expr[], typed: readonly Expr[], place: Place): readonly Expr[] {
    const { collations } = this.context;
    const derivations = written.flatMap((expr) => collations.of(expr) ?? []);
    const explicit = derivations.filter((derivation) => derivation.explicit);
    const [chosen] = explicit.length > 0 ? explicit : derivations;
    if (explicit.some(({ collation }) => collation !== chosen?.collation)) {
      const message = 'a comparison has two collations';
      return this.context.fail(place, 'TYPE_MISMATCH', message, 'leave one of them out');
    }
    return chosen?.collation === 'nocase' ? typed.map((expr) => collations.fold(expr)) : typed;
  }

  /** LIKE, of NOCASE texts without regard to case. ILIKE asks for no collation. @param places of the text, the pattern and the whole */
  protected likeTest(
    text: Expr,
    pattern: Expr,
    options: build.LikeOptions,
    places: readonly [text: Place, pattern: Place, whole: Place],
  ): Expr {
    const typed = [this.coerce(text, 'text', places[0]), this.coerce(pattern, 'text', places[1])] as const;
    if (options.insensitive) return build.like(...typed, options);
    const [arg, folded] = this.collated([text, pattern], typed, places[2]);
    if (arg === typed[0]) return build.like(...typed, options);
    // An escape that is a letter could not be told from the lower-case form of another.
    if (hasNoCase(options.escape)) return build.like(arg!, folded!, options);
    return build.like(...typed, { ...options, insensitive: true });
  }

  /** A call of a function that compares its arguments, when they are NOCASE texts; undefined for any other. */
  protected comparedCall(name: string, args: readonly Expr[], place: Place): Expr | undefined {
    if (name !== 'nullif' && name !== 'greatest' && name !== 'least') return undefined;
    const folded = this.collated(args, args, place);
    if (folded === args) return undefined;
    if (name !== 'nullif') return build.call(`${name}_nocase`, args);
    const [value, other] = folded;
    return build.caseWhen([{ when: build.compare('=', value!, other!), then: build.nullOf('text') }], args[0]);
  }

  /** A value and what it is compared with, of one type and collation: IN. */
  protected comparableList(exprs: readonly Expr[], what: string, place: Place): readonly Expr[] {
    return this.collated(exprs, this.unify(exprs, what, place).exprs, place);
  }

  /** All of one type, for CASE, COALESCE, IN, VALUES and set operations. */
  unify(exprs: readonly Expr[], what: string, place: Place): { readonly exprs: Expr[]; readonly type: Type } {
    const types = exprs.map((expr) => this.argumentType(expr));
    let type = commonType(types);
    if (type === undefined) {
      const names = [...new Set(types.filter((t) => t !== 'null' && t !== 'unknown'))].map((t) => t.toUpperCase());
      const message = `${what} mixes ${names.join(' and ')}`;
      return this.context.fail(place, 'TYPE_MISMATCH', message, this.context.wording.castToOne);
    }
    if (types.every((t) => t === 'unknown' || t === 'null')) {
      const leader = this.leader(exprs.filter((_, i) => types[i] === 'unknown'));
      if (leader) type = typeOf(this.settle(leader));
    }
    const chosen = type;
    const [first] = exprs;
    const all = exprs.map((expr) =>
      this.coerce(expr, chosen, place, { widening: 'numbers', beside: expr === first ? undefined : first }),
    );
    return { exprs: all, type };
  }

  /** `arg [NOT] IN array`. */
  protected inArray(operand: Expr, array: Expr, negated: boolean, place: Place, arrayPlace: Place): Expr {
    return build.inArray(...this.withArray(operand, array, place, arrayPlace), negated);
  }

  /** A value and an array with whose elements it can be compared. */
  protected withArray(operand: Expr, array: Expr, place: Place, arrayPlace: Place): [Expr, Expr] {
    const [arg, list] = this.collated([operand, array], this.castForArray(operand, array, place, arrayPlace), place);
    return [arg!, list!];
  }

  private castForArray(operand: Expr, array: Expr, place: Place, arrayPlace: Place): [Expr, Expr] {
    const arg = this.settle(operand);
    const from = this.argumentType(array);
    const element = typeOf(arg) === 'null' ? 'text' : typeOf(arg);
    if (from === 'unknown') {
      return [arg, this.coerce(array, `${element}[]` as Type, place, { widening: 'numbers' })];
    }
    const own = elementType(from);
    if (own === undefined || comparisonCasts(typeOf(arg), own) === undefined) {
      this.context.fail(arrayPlace, 'TYPE_MISMATCH', ...this.context.wording.arrayNeeded(element.toUpperCase()));
    }
    return [arg, this.decided(array)];
  }

  /** What an interval can be added to. */
  protected moment(expr: Expr, place: Place): Expr {
    return this.argumentType(expr) === 'date' ? build.cast(expr, 'timestamp') : this.coerce(expr, 'timestamp', place);
  }

  /** Two rows, compared from the left. */
  protected compareRows(operator: CompareOperator, left: readonly Expr[], right: readonly Expr[], place: Place): Expr {
    return build.compareRows(operator, this.rowPairs(left, right, place));
  }

  /** `left IS [NOT] DISTINCT FROM right`, for rows of values. */
  protected distinctRows(left: readonly Expr[], right: readonly Expr[], negated: boolean, place: Place): Expr {
    const each = this.rowPairs(left, right, place).map(([a, b]) => build.distinct(a, b, negated));
    return negated ? build.and(each) : build.or(each);
  }

  private rowPairs(left: readonly Expr[], right: readonly Expr[], place: Place): [Expr, Expr][] {
    if (left.length !== right.length) {
      const message = `a row of ${left.length} values is compared with one of ${right.length}`;
      this.context.fail(place, 'TYPE_MISMATCH', message, 'rows of the same length can be compared');
    }
    return left.map((expr, i) => this.comparable(expr, right[i]!, place));
  }
}

/** Whether the escape of LIKE is known, and the same in either case. */
function hasNoCase(escape: Expr | undefined): boolean {
  if (escape === undefined) return true;
  const value = escape.kind === 'constant' ? escape.value : undefined;
  return typeof value === 'string' && value.toLowerCase() === value.toUpperCase();
}
