// Predicates as trees over constraints (constraint.ts), which is how index kinds understand them. A condition holds of the rows for which
// the predicate is TRUE; negation is pushed down to where it is exact under three-valued logic.

import { inverse, orderOf } from './compile/compare.js';
import { not } from './build.js';
import type { Bound, Condition, Constraint } from './constraint.js';
import type { Expr } from './expression.js';
import { typeOf } from './expression.js';
import { leavesOf, truth } from './extract/leaf.js';
import type { Leaf } from './extract/leaf.js';
import { exprKey } from './key.js';

export { rowBoundOf } from './extract/row-bound.js';

/**
 * The condition of a predicate. Its leaves:
 * - `constraint`: what an index may be asked; `exact` as in constraint.ts;
 * - `not`: only over an exact MATCH, prefix or spatial constraint with a literal, non-NULL value; true where the constraint is false,
 *   which leaves out rows where its expression is NULL;
 * - `opaque`: everything else.
 *
 * @example toCondition(and([compare('>', a, constant(1.5, 'real')), like(s, constant('ab%', 'text'))]))
 */
export function toCondition(predicate: Expr): Condition {
  return condition(predicate, false);
}

function condition(expr: Expr, negated: boolean): Condition {
  const conjunct = negated ? not(expr) : expr;
  switch (expr.kind) {
    case 'not':
      return condition(expr.arg, !negated);
    case 'and':
    case 'or': {
      const kind = (expr.kind === 'and') === negated ? 'or' : 'and';
      return { kind, args: expr.args.map((arg) => condition(arg, negated)), conjunct };
    }
    case 'compare':
      return leaf(negated ? { ...expr, operator: inverse(expr.operator) } : expr, conjunct);
    case 'is-truth': {
      const wanted = expr.negated !== negated;
      // IS TRUE holds where the predicate does, IS FALSE where its negation does; their negations hold for NULL, too.
      if (!wanted) return { ...condition(expr.arg, !expr.truth), conjunct };
      return expr.arg.kind === 'column' ? leaf({ ...expr, negated: true }, conjunct) : { kind: 'opaque', conjunct };
    }
    case 'distinct':
    case 'is-null':
    case 'in-list':
    case 'in-array':
    case 'like':
      return leaf(negated ? { ...expr, negated: !expr.negated } : expr, conjunct);
    case 'column': {
      const has = negated ? truth(expr, false) : undefined;
      return has === undefined ? leaf(expr, conjunct) : fromLeaves([has], conjunct);
    }
    case 'call':
    case 'match':
      return negated ? negatedLeaf(expr, conjunct) : leaf(expr, conjunct);
    default:
      return { kind: 'opaque', conjunct };
  }
}

function leaf(expr: Expr, conjunct: Expr): Condition {
  const leaves = leavesOf(expr);
  return leaves === undefined ? { kind: 'opaque', conjunct } : fromLeaves(leaves, conjunct);
}

function fromLeaves(leaves: readonly Leaf[], conjunct: Expr): Condition {
  const conditions = leaves.map(({ expr, shape, exact }): Condition => {
    return { kind: 'constraint', constraint: { ...shape, expr, exact }, conjunct };
  });
  return conditions.length === 1 ? conditions[0]! : { kind: 'or', args: conditions, conjunct };
}

/** NOT of a search, a prefix or a relation: a NULL value would make both it and its negation true of no row. */
function negatedLeaf(expr: Expr, conjunct: Expr): Condition {
  const arg = leaf(expr, expr);
  if (arg.kind !== 'constraint' || !arg.constraint.exact) return { kind: 'opaque', conjunct };
  const literal = valuesOf(arg.constraint).every((value) => value.kind === 'constant' && value.value !== null);
  return literal ? { kind: 'not', arg, conjunct } : { kind: 'opaque', conjunct };
}

/** The expressions to evaluate before an index is probed. */
export function valuesOf(constraint: Constraint): readonly Expr[] {
  switch (constraint.kind) {
    case 'set':
    case 'not-set':
      if (constraint.set.kind === 'null') return [];
      return constraint.set.kind === 'array' ? [constraint.set.array] : constraint.set.values;
    case 'range':
      return [constraint.low, constraint.high].flatMap((bound) => (bound === undefined ? [] : [bound.value]));
    case 'prefix':
      return [constraint.prefix];
    case 'beyond':
      return constraint.parts.map((part) => part.value);
    case 'match':
      return [constraint.query];
    case 'spatial':
      return constraint.metres === undefined ? [constraint.shape] : [constraint.shape, constraint.metres];
  }
}

type Range = Extract<Constraint, { kind: 'range' }>;

/**
 * Ranges over the same expression, of one conjunction, become one where their bounds allow: an absent bound is filled, of two literals
 * the tighter stays. Bounds that only execution can compare stay apart. Other constraints pass through, in order.
 *
 * @example a >= $1 and a < $2 give one range; a >= $1 and a > $2 stay two
 */
export function mergeRanges(constraints: readonly Constraint[]): readonly Constraint[] {
  const merged: Constraint[] = [];
  const open = new Map<string, number[]>();
  for (const constraint of constraints) {
    if (constraint.kind !== 'range') {
      merged.push(constraint);
      continue;
    }
    const key = exprKey(constraint.expr);
    const places = open.get(key) ?? [];
    open.set(key, places);
    let placed = false;
    for (const place of places) {
      const both = intersection(merged[place] as Range, constraint);
      if (both === undefined) continue;
      merged[place] = both;
      placed = true;
      break;
    }
    if (!placed) places.push(merged.push(constraint) - 1);
  }
  return merged;
}

function intersection(a: Range, b: Range): Range | undefined {
  const low = tighter(a.low, b.low, 1);
  const high = tighter(a.high, b.high, -1);
  if (low === 'unknown' || high === 'unknown') return undefined;
  return { ...a, low, high, exact: a.exact && b.exact };
}

/** `sign` 1 for lower bounds (the greater is tighter), -1 for upper ones. */
function tighter(
  a: Bound<Expr> | undefined,
  b: Bound<Expr> | undefined,
  sign: 1 | -1,
): Bound<Expr> | undefined | 'unknown' {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.value.kind !== 'constant' || b.value.kind !== 'constant') {
    if (exprKey(a.value) !== exprKey(b.value)) return 'unknown';
    return { value: a.value, inclusive: a.inclusive && b.inclusive };
  }
  // A NULL bound passes nothing, and is the tightest.
  if (a.value.value === null) return a;
  if (b.value.value === null) return b;
  const order = sign * orderOf(typeOf(a.value), typeOf(b.value))(a.value.value, b.value.value);
  return order > 0 ? a : order < 0 ? b : a.inclusive ? b : a;
}
