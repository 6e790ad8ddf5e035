// Whether a predicate follows from others, so that a partial index holds every row asked for. Sound and incomplete: true only when
// every row that satisfies the premise satisfies the conclusion, for all values of parameters.

import { startsWithConstant, valueIn, valueOutside } from './imply/facts.js';
import { orderOf } from './compile/compare.js';
import type { Bound, Condition, Constraint, ValueSet } from './constraint.js';
import type { Expr } from './expression.js';
import { typeOf } from './expression.js';
import { toCondition } from './extract.js';
import { isDeterministic } from './facts.js';
import { equalExprs, exprKey } from './key.js';
import { simplify, strictArguments } from './simplify.js';
import { conjuncts } from './tree.js';

/** What is known of a row. */
interface Knowledge {
  readonly terms: ReadonlySet<string>;
  readonly constraints: readonly Constraint[];
  readonly notNull: ReadonlySet<string>;
  /** Disjunctions of which one arm holds, for a proof by cases. */
  readonly cases: readonly (readonly Condition[])[];
}

/** Disjunctions split at most this deep: each split multiplies the work by its arms. */
const MAX_SPLITS = 3;

/**
 * Whether the conjunction of `premise` implies `conclusion`.
 *
 * @example implies([compare('>', a, constant(5, 'integer'))], compare('>', a, constant(3, 'integer'))) // true
 */
export function implies(premise: readonly Expr[], conclusion: Expr): boolean {
  if (!isDeterministic(conclusion)) return false;
  const wanted = simplify(conclusion);
  const terms = premise.flatMap((term) => conjuncts(simplify(term)));
  if (terms.some((term) => term.kind === 'constant' && term.value !== true)) return true;
  const known = learn(terms.map(toCondition), terms);
  return proves(known, toCondition(wanted), MAX_SPLITS);
}

function learn(conditions: readonly Condition[], terms: readonly Expr[], before?: Knowledge): Knowledge {
  const known = {
    terms: new Set(before?.terms),
    constraints: [...(before?.constraints ?? [])],
    notNull: new Set(before?.notNull),
    cases: [...(before?.cases ?? [])],
  };
  for (const term of terms) {
    known.terms.add(exprKey(term));
    noteNotNull(term, known.notNull);
  }
  const note = (condition: Condition): void => {
    known.terms.add(exprKey(condition.conjunct));
    if (condition.kind === 'and') condition.args.forEach(note);
    else if (condition.kind === 'or') known.cases.push(condition.args);
    else if (condition.kind === 'constraint') {
      known.constraints.push(condition.constraint);
      if (!passesNull(condition.constraint)) noteNotNullValue(condition.constraint.expr, known.notNull);
    }
  };
  conditions.forEach(note);
  return known;
}

/** Whether rows may satisfy it whose expression is NULL: a search may find its words in another of its texts. */
function passesNull(constraint: Constraint): boolean {
  return constraint.kind === 'match' || (constraint.kind === 'set' && constraint.set.kind === 'null');
}

/** A predicate that is TRUE is not NULL, nor is anything that it is strict in. */
function noteNotNull(term: Expr, into: Set<string>): void {
  if (term.kind === 'and') term.args.forEach((arg) => noteNotNull(arg, into));
  else if (term.kind === 'is-null' && term.negated) noteNotNullValue(term.arg, into);
  else if (term.kind === 'is-truth' && !term.negated) noteNotNullValue(term.arg, into);
  else noteNotNullValue(term, into);
}

function noteNotNullValue(expr: Expr, into: Set<string>): void {
  into.add(exprKey(expr));
  for (const arg of strictArguments(expr)) noteNotNullValue(arg, into);
}

function proves(known: Knowledge, wanted: Condition, splits: number): boolean {
  if (provesDirectly(known, wanted, splits)) return true;
  if (splits === 0) return false;
  // By cases: whichever arm of a known disjunction holds, the conclusion does.
  return known.cases.some((arms, i) => {
    const rest = { ...known, cases: known.cases.filter((_, j) => j !== i) };
    return arms.every((arm) => proves(learn([arm], [], rest), wanted, splits - 1));
  });
}

function provesDirectly(known: Knowledge, wanted: Condition, splits: number): boolean {
  const { conjunct } = wanted;
  if (conjunct.kind === 'constant') return conjunct.value === true;
  if (known.terms.has(exprKey(conjunct))) return true;
  switch (wanted.kind) {
    case 'and':
      return wanted.args.every((arg) => proves(known, arg, splits));
    case 'or':
      return wanted.args.some((arg) => provesDirectly(known, arg, splits));
    case 'constraint':
      return wanted.constraint.exact && provesConstraint(known, wanted.constraint);
    default:
      return false;
  }
}

function provesConstraint(known: Knowledge, wanted: Constraint): boolean {
  if (wanted.kind === 'not-set' && wanted.set.kind === 'null') return known.notNull.has(exprKey(wanted.expr));
  return known.constraints.some((given) => equalExprs(given.expr, wanted.expr) && follows(given, wanted));
}

/** Whether one constraint on an expression follows from another on the same. */
function follows(given: Constraint, wanted: Constraint): boolean {
  switch (wanted.kind) {
    case 'set':
      return given.kind === 'set' && isSubset(given.set, wanted.set, typeOf(wanted.expr));
    case 'not-set':
      return wanted.set.kind === 'values' && wanted.set.values.every((value) => excludes(given, value));
    case 'range':
      if (given.kind === 'set') return allLiteral(given.set, (value) => valueIn(value, wanted));
      return (
        given.kind === 'range' && boundFollows(given.low, wanted.low, 1) && boundFollows(given.high, wanted.high, -1)
      );
    case 'prefix':
      if (given.kind === 'set') return allLiteral(given.set, (value) => startsWithConstant(value, wanted.prefix));
      return given.kind === 'prefix' && startsWithConstant(given.prefix, wanted.prefix);
    default:
      // Searches and relations follow from themselves alone, which the terms have told.
      return false;
  }
}

function allLiteral(set: ValueSet<Expr>, test: (value: Expr) => boolean): boolean {
  return set.kind === 'values' && set.values.every(test);
}

function isSubset(given: ValueSet<Expr>, wanted: ValueSet<Expr>, type: ReturnType<typeof typeOf>): boolean {
  if (given.kind === 'null' || wanted.kind === 'null') return given.kind === wanted.kind;
  if (given.kind === 'array' || wanted.kind === 'array') {
    return given.kind === 'array' && wanted.kind === 'array' && equalExprs(given.array, wanted.array);
  }
  const order = orderOf(type, type);
  return given.values.every((value) =>
    wanted.values.some((other) => {
      if (value.kind !== 'constant' || other.kind !== 'constant') return equalExprs(value, other);
      return value.value !== null && other.value !== null && order(value.value, other.value) === 0;
    }),
  );
}

/** Whether no row that satisfies `given` has this value. */
function excludes(given: Constraint, value: Expr): boolean {
  if (value.kind !== 'constant' || value.value === null) return false;
  switch (given.kind) {
    case 'set':
      return allLiteral(given.set, (other) => valueOutside(other, value));
    case 'not-set':
      return given.set.kind === 'values' && given.set.values.some((other) => isSame(other, value));
    case 'range':
      return !valueIn(value, given) && isLiteralRange(given);
    case 'prefix':
      return given.prefix.kind === 'constant' && !startsWithConstant(value, given.prefix);
    default:
      return false;
  }
}

function isSame(a: Expr, b: Expr): boolean {
  if (a.kind !== 'constant' || b.kind !== 'constant' || a.value === null || b.value === null) return false;
  return orderOf(typeOf(a), typeOf(b))(a.value, b.value) === 0;
}

function isLiteralRange(range: Extract<Constraint, { kind: 'range' }>): boolean {
  return [range.low, range.high].every((bound) => bound === undefined || isLiteralBound(bound));
}

function isLiteralBound(bound: Bound<Expr>): boolean {
  return bound.value.kind === 'constant' && bound.value.value !== null;
}

/** Whether `given` is at least as tight; `sign` 1 for lower bounds, -1 for upper ones. */
function boundFollows(given: Bound<Expr> | undefined, wanted: Bound<Expr> | undefined, sign: 1 | -1): boolean {
  if (wanted === undefined) return true;
  if (given === undefined) return false;
  if (equalExprs(given.value, wanted.value)) return wanted.inclusive || !given.inclusive;
  if (!isLiteralBound(given) || !isLiteralBound(wanted)) return false;
  const [a, b] = [given.value, wanted.value];
  if (a.kind !== 'constant' || b.kind !== 'constant') return false;
  const order = sign * orderOf(typeOf(a), typeOf(b))(a.value, b.value);
  return order > 0 || (order === 0 && (wanted.inclusive || !given.inclusive));
}
