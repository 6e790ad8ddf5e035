// Rewrites of expressions that hold under three-valued logic for every row, and never make an error appear. Each is a function over one
// node whose children are already rewritten; the optimizer presents them as rules of the same names.

import { LightningError } from '../errors.js';
import type { Value } from '../values/types.js';
import { and, caseWhen, compare, constant, FALSE, not, or, TRUE } from './build.js';
import { inverse, mirrored } from './compile/compare.js';
import type { Evaluation } from './evaluation.js';
import { evaluateConstant } from './evaluate.js';
import type { Expr } from './expression.js';
import { typeOf } from './expression.js';
import { canRaise, isConstant, isDeterministic } from './facts.js';
import { overloadOf } from './functions.js';
import { exprKey } from './key.js';
import { children, rewrite, some } from './tree.js';

export interface Simplification {
  readonly name: 'fold-constants' | 'push-not' | 'simplify-booleans' | 'canonical-comparison';
  readonly reason: string;
  /** The node, or what may stand for it. Children come first, and the result is not visited again in the same round. */
  readonly rewrite: (node: Expr) => Expr;
}

const noEvaluation: Evaluation = { parameters: [], now: 0 };

/** Whether the value depends on nothing, now or later. */
function isLiteral(expr: Expr): boolean {
  return isConstant(expr) && isDeterministic(expr) && !some(expr, (node) => node.kind === 'parameter');
}

/** An operation over literals is computed once. What raises an error is left, to raise it if a row gets there. */
function foldConstants(node: Expr): Expr {
  if (node.kind === 'constant' || node.kind === 'parameter' || node.kind === 'column') return node;
  const nullArgument = strictNull(node);
  if (nullArgument !== undefined) return nullArgument;
  if (node.kind === 'case') return foldCase(node);
  if (node.kind === 'match' || !children(node).every((child) => child.kind === 'constant') || !isLiteral(node))
    return node;
  let value: Value;
  try {
    value = evaluateConstant(node, noEvaluation);
  } catch (error) {
    if (error instanceof LightningError && error.kind !== 'bug') return node;
    throw error;
  }
  return constant(value, typeOf(node));
}

/** NULL for an operation that gives NULL whenever this argument is, provided that the others raise nothing. */
function strictNull(node: Expr): Expr | undefined {
  const args = strictArguments(node);
  if (!args.some((arg) => arg.kind === 'constant' && arg.value === null)) return undefined;
  if (args.some(canRaise)) return undefined;
  return constant(null, typeOf(node));
}

/** The arguments of which each, when NULL, makes the node NULL. */
export function strictArguments(node: Expr): readonly Expr[] {
  switch (node.kind) {
    case 'compare':
    case 'like':
    case 'not':
    case 'cast':
      return children(node);
    case 'in-list':
      return [node.arg];
    case 'call':
      return overloadOf(node).strict ? node.args : [];
    default:
      return [];
  }
}

/** Branches that are never taken go; one that is always taken ends the list. */
function foldCase(node: Extract<Expr, { kind: 'case' }>): Expr {
  const first = node.branches[0];
  const kept = [];
  let otherwise = node.otherwise;
  for (const branch of node.branches) {
    if (branch.when.kind === 'constant') {
      if (branch.when.value !== true) continue;
      otherwise = branch.then;
      break;
    }
    kept.push(branch);
  }
  if (kept.length === 0) return otherwise;
  const same = kept.length === node.branches.length && otherwise === node.otherwise && kept[0] === first;
  return same ? node : caseWhen(kept, otherwise);
}

/** NOT goes into comparisons, tests and lists, and through AND and OR (De Morgan), where it meets its like. */
function pushNot(node: Expr): Expr {
  if (node.kind !== 'not') return node;
  const { arg } = node;
  switch (arg.kind) {
    case 'compare':
      return compare(inverse(arg.operator), arg.left, arg.right);
    case 'and':
      return or(arg.args.map((a) => pushNot(not(a))));
    case 'or':
      return and(arg.args.map((a) => pushNot(not(a))));
    case 'not':
      return arg.arg;
    case 'distinct':
    case 'is-null':
    case 'is-truth':
    case 'in-list':
    case 'in-array':
    case 'like':
      return { ...arg, negated: !arg.negated };
    case 'constant':
      return not(arg);
    default:
      return node;
  }
}

/** Terms that decide, repeat or contradict. What follows a deciding term is never evaluated, what precedes it must raise nothing. */
function simplifyBooleans(node: Expr): Expr {
  switch (node.kind) {
    case 'and':
    case 'or':
      return simplifyJunction(node, node.kind);
    case 'not':
      return not(node.arg);
    case 'is-null':
      return knownNullness(node.arg, node);
    case 'is-truth':
      if (node.arg.kind !== 'constant') return node;
      return (node.arg.value === node.truth) !== node.negated ? TRUE : FALSE;
    case 'compare':
      return compareWithTruth(node);
    default:
      return node;
  }
}

function simplifyJunction(node: Extract<Expr, { kind: 'and' | 'or' }>, kind: 'and' | 'or'): Expr {
  const { args } = node;
  const join = kind === 'and' ? and : or;
  const decisive = kind === 'or';
  const seen = new Set<string>();
  const kept: Expr[] = [];
  for (const arg of args) {
    if (arg.kind === 'constant' && arg.value === decisive) {
      if (!kept.some(canRaise)) return decisive ? TRUE : FALSE;
      kept.push(arg);
      break;
    }
    if (arg.kind === 'constant' && arg.value === !decisive) continue;
    const key = exprKey(arg);
    if (seen.has(key) && isDeterministic(arg)) continue;
    seen.add(key);
    kept.push(arg);
  }
  const absorbed = absorb(kept, kind);
  return absorbed.length === args.length ? node : join(absorbed);
}

/** `a AND (a OR b)` is a, `a OR (a AND b)` is a: the longer term goes, if it raises nothing. */
function absorb(args: readonly Expr[], kind: 'and' | 'or'): readonly Expr[] {
  const inner = kind === 'and' ? 'or' : 'and';
  if (!args.some((arg) => arg.kind === inner)) return args;
  const keys = new Set(args.map(exprKey));
  return args.filter((arg) => {
    if (arg.kind !== inner || canRaise(arg) || !isDeterministic(arg)) return true;
    return !arg.args.some((term) => keys.has(exprKey(term)));
  });
}

/**
 * Literals and tests have a known nullness. A column's declared one says nothing here: above an outer join it may be NULL all the same.
 */
function knownNullness(arg: Expr, node: Extract<Expr, { kind: 'is-null' }>): Expr {
  if (arg.kind === 'constant') return (arg.value === null) !== node.negated ? TRUE : FALSE;
  const neverNull = arg.kind === 'is-null' || arg.kind === 'is-truth' || arg.kind === 'distinct';
  return neverNull && !canRaise(arg) ? (node.negated ? TRUE : FALSE) : node;
}

/** `x = TRUE` is x, `x = FALSE` and `x <> TRUE` are NOT x. */
function compareWithTruth(node: Extract<Expr, { kind: 'compare' }>): Expr {
  const { operator, left, right } = node;
  if (operator !== '=' && operator !== '<>') return node;
  if (typeOf(left) !== 'boolean' || right.kind !== 'constant' || right.value === null) return node;
  return (right.value === true) === (operator === '=') ? left : not(left);
}

/**
 * The side with columns stands left, the known side right; between two sides with columns the lesser key stands left, so that equal
 * comparisons have equal keys. An integer column moved by a constant is not touched: it could overflow.
 */
function canonicalComparison(node: Expr): Expr {
  if (node.kind === 'distinct') {
    return shouldSwap(node.left, node.right) ? { ...node, left: node.right, right: node.left } : node;
  }
  if (node.kind !== 'compare') return node;
  return shouldSwap(node.left, node.right) ? compare(mirrored(node.operator), node.right, node.left) : node;
}

function shouldSwap(left: Expr, right: Expr): boolean {
  const known = isConstant(left);
  if (known !== isConstant(right)) return known;
  // Sides that raise keep their order, and with it which error comes first.
  return !known && !canRaise(left) && !canRaise(right) && rank(left) > rank(right);
}

/** Plain columns first, by id. */
function rank(expr: Expr): string {
  return expr.kind === 'column' ? `0${String(expr.id).padStart(10, '0')}` : `1${exprKey(expr)}`;
}

/** In the order in which they are best applied. */
export const simplifications: readonly Simplification[] = [
  {
    name: 'fold-constants',
    reason: 'operations over literals are computed once',
    rewrite: foldConstants,
  },
  { name: 'push-not', reason: 'negated comparisons become comparisons that indexes understand', rewrite: pushNot },
  {
    name: 'simplify-booleans',
    reason: 'terms that decide, repeat or are absorbed need no evaluation',
    rewrite: simplifyBooleans,
  },
  {
    name: 'canonical-comparison',
    reason: 'equal comparisons get equal keys, columns stand left',
    rewrite: canonicalComparison,
  },
];

/** Applies one simplification to every node, leaves first. The expression itself when nothing changed. */
export function applySimplification(simplification: Simplification, expr: Expr): Expr {
  return rewrite(expr, simplification.rewrite);
}

/**
 * Applies all of them (or those chosen) until nothing changes.
 *
 * @example simplify(not(compare('<', constant(5, 'integer'), a))) // a <= 5
 */
export function simplify(expr: Expr, chosen: readonly Simplification[] = simplifications): Expr {
  let before = expr;
  // Each round removes nodes, pushes a NOT down or settles an order; the bound only guards against a defect.
  for (let round = 0; round < 100; round++) {
    const after = chosen.reduce((e, s) => applySimplification(s, e), before);
    if (after === before || exprKey(after) === exprKey(before)) return after;
    before = after;
  }
  return before;
}
