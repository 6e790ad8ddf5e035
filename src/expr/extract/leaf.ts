// One predicate without AND, OR and NOT as a constraint, where an index could understand it. NULL values on the known side mean that no
// row passes. Assumes that negation has been pushed into the predicate (`negated` flags) wherever it has one.

import { LightningError } from '../../errors.js';
import type { Value } from '../../values/types.js';
import { elementType } from '../../values/types.js';
import { constant, FALSE, TRUE } from '../build.js';
import { mirrored } from '../compile/compare.js';
import { likeBeginning } from '../compile/like.js';
import type { ConstraintShape, SpatialRelation } from '../constraint.js';
import type { Call, Compare, CompareOperator, Expr, InArray, InList, Like } from '../expression.js';
import { typeOf } from '../expression.js';
import { columnsOf } from '../tree.js';
import { isConstant, isDeterministic } from '../facts.js';
import type { Restated } from './bounds.js';
import { dateAgainstInstant, NOT_NULL, NOTHING, restate } from './bounds.js';

/** What a predicate says of an expression. */
export interface Leaf extends Restated {
  readonly expr: Expr;
}

/** Whether an index could hold its values: it reads columns, and always gives the same for them. */
export function isIndexable(expr: Expr): boolean {
  return columnsOf(expr).size > 0 && isDeterministic(expr);
}

function on(expr: Expr, said: Restated | undefined): Leaf | undefined {
  return said === undefined || !isIndexable(expr) ? undefined : { expr, ...said };
}

function exact(shape: ConstraintShape): Restated {
  return { shape, exact: true };
}

const NULL_SET: Restated = exact({ kind: 'set', set: { kind: 'null' } });

/** The leaves of which at least one must hold: usually one, two for tests that NULL passes. Undefined for what no index understands. */
export function leavesOf(expr: Expr): readonly Leaf[] | undefined {
  const leaves = alternatives(expr);
  return leaves.every((leaf) => leaf !== undefined) ? (leaves as Leaf[]) : undefined;
}

function alternatives(expr: Expr): readonly (Leaf | undefined)[] {
  switch (expr.kind) {
    case 'column':
      return [typeOf(expr) === 'boolean' ? truth(expr, true) : undefined];
    case 'compare':
      return [comparisonLeaf(expr)];
    case 'distinct':
      return distinctLeaves(expr.left, expr.right, expr.negated);
    case 'is-null':
      return [on(expr.arg, expr.negated ? NOT_NULL : NULL_SET)];
    case 'is-truth':
      // IS [NOT] TRUE of a column; of other predicates the caller has made plain ones.
      if (!expr.negated) return [truth(expr.arg, expr.truth)];
      return [truth(expr.arg, !expr.truth), on(expr.arg, NULL_SET)];
    case 'in-list':
      return [on(expr.arg, listed(expr.arg, expr))];
    case 'in-array':
      return [on(expr.arg, fromArray(expr))];
    case 'like':
      return [on(expr.arg, patterned(expr))];
    case 'match': {
      if (!isConstant(expr.query)) return [undefined];
      const [field, ...others] = expr.fields;
      const name = others.length > 0 || field?.name === '' ? undefined : field?.name;
      return [field && on(field.text, exact({ kind: 'match', index: expr.index, field: name, query: expr.query }))];
    }
    case 'call':
      return [callLeaf(expr)];
    default:
      return [undefined];
  }
}

/** A boolean expression that has this value. */
export function truth(expr: Expr, value: boolean): Leaf | undefined {
  return on(expr, exact({ kind: 'set', set: { kind: 'values', values: [value ? TRUE : FALSE] } }));
}

function comparisonLeaf(expr: Compare): Leaf | undefined {
  const leftKnown = isConstant(expr.left);
  if (leftKnown === isConstant(expr.right)) return undefined;
  const [tested, value] = leftKnown ? [expr.right, expr.left] : [expr.left, expr.right];
  const operator = leftKnown ? mirrored(expr.operator) : expr.operator;
  const near = distanceLeaf(tested, operator, value);
  if (near !== undefined) return near;
  if (tested.kind === 'cast' && tested.type === 'timestamp' && typeOf(tested.arg) === 'date') {
    if (value.kind === 'constant') return on(tested.arg, dateAgainstInstant(operator, value.value));
  }
  return on(tested, restate(tested, operator, value));
}

/** `IS [NOT] DISTINCT FROM` a literal; a parameter might be NULL, which would ask another question. */
function distinctLeaves(left: Expr, right: Expr, negated: boolean): readonly (Leaf | undefined)[] {
  const [tested, value] = isConstant(left) ? [right, left] : [left, right];
  if (value.kind !== 'constant') return [undefined];
  if (value.value === null) return [on(tested, negated ? NULL_SET : NOT_NULL)];
  if (negated) return [on(tested, restate(tested, '=', value))];
  return [on(tested, restate(tested, '<>', value)), on(tested, NULL_SET)];
}

/** Each item is an equality; those that nothing can equal fall out. */
function listed(arg: Expr, list: Pick<InList, 'items' | 'negated'>): Restated | undefined {
  if (!list.items.every(isConstant)) return undefined;
  const isNull = (item: Expr): boolean => item.kind === 'constant' && item.value === null;
  if (list.negated && list.items.some(isNull)) return NOTHING;
  const values: Expr[] = [];
  let sure = true;
  for (const item of list.items) {
    if (isNull(item)) continue;
    const equal = restate(arg, '=', item);
    if (equal === undefined || equal.shape.kind !== 'set' || equal.shape.set.kind !== 'values') return undefined;
    values.push(...equal.shape.set.values);
    sure &&= equal.exact;
  }
  const set = { kind: 'values', values } as const;
  if (!list.negated) return { shape: { kind: 'set', set }, exact: sure };
  // Excluding a value that is not quite the item's would lose rows.
  if (!sure) return { ...NOT_NULL, exact: false };
  if (values.length === 0) return { ...NOT_NULL, exact: list.items.every((item) => item.kind === 'constant') };
  return { shape: { kind: 'not-set', set }, exact: true };
}

function fromArray(expr: InArray): Restated | undefined {
  const element = elementType(typeOf(expr.array));
  if (!isConstant(expr.array) || element === undefined) return undefined;
  if (expr.array.kind === 'constant') {
    const items = expr.array.value as readonly Value[] | null;
    if (items === null) return NOTHING;
    // NOT IN of an empty array holds even for NULL.
    if (items.length === 0) return expr.negated ? undefined : NOTHING;
    return listed(expr.arg, { items: items.map((item) => constant(item, element)), negated: expr.negated });
  }
  // An array that turns out empty or with a NULL in it makes NOT IN mean something else than a set of excluded values.
  if (element !== typeOf(expr.arg) || expr.negated) return undefined;
  return exact({ kind: 'set', set: { kind: 'array', array: expr.array } });
}

function patterned(expr: Like): Restated | undefined {
  const { pattern, escape } = expr;
  if (pattern.kind !== 'constant' || escape.kind !== 'constant') return undefined;
  if (pattern.value === null || escape.value === null) return NOTHING;
  if (expr.insensitive || expr.negated) return undefined;
  try {
    const { kind, text } = likeBeginning(pattern.value as string, escape.value as string);
    if (kind === 'equal') return restate(expr.arg, '=', constant(text, 'text'));
    if (text === '') return kind === 'prefix' ? NOT_NULL : undefined;
    return { shape: { kind: 'prefix', prefix: constant(text, 'text') }, exact: kind === 'prefix' };
  } catch (error) {
    // A malformed pattern is the evaluation's to report.
    if (error instanceof LightningError) return undefined;
    throw error;
  }
}

const relations: Readonly<Record<string, readonly [straight: SpatialRelation, swapped: SpatialRelation]>> = {
  st_within: ['within', 'contains'],
  st_contains: ['contains', 'within'],
  st_intersects: ['intersects', 'intersects'],
  st_dwithin: ['dwithin', 'dwithin'],
};

function callLeaf(expr: Call): Leaf | undefined {
  const [first, second, third] = expr.args;
  if (first === undefined || second === undefined) return undefined;
  if (expr.name === 'starts_with' && isConstant(second)) {
    return on(first, exact({ kind: 'prefix', prefix: second }));
  }
  if (!Object.hasOwn(relations, expr.name)) return undefined;
  const [straight, swapped] = relations[expr.name]!;
  const metres = expr.name === 'st_dwithin' ? third : undefined;
  if (metres !== undefined && !isConstant(metres)) return undefined;
  return spatial(first, second, straight, swapped, metres);
}

function spatial(
  first: Expr,
  second: Expr,
  straight: SpatialRelation,
  swapped: SpatialRelation,
  metres: Expr | undefined,
): Leaf | undefined {
  const firstKnown = isConstant(first);
  if (firstKnown === isConstant(second)) return undefined;
  const [tested, shape] = firstKnown ? [second, first] : [first, second];
  const place = tested.kind === 'cast' && typeOf(tested.arg) === 'point' ? tested.arg : tested;
  return on(place, exact({ kind: 'spatial', relation: firstKnown ? swapped : straight, shape, metres }));
}

/** `ST_Distance(a, b) <= metres` is `ST_DWithin`; `<` implies it. A NaN would be above every distance. */
function distanceLeaf(tested: Expr, operator: CompareOperator, value: Expr): Leaf | undefined {
  if (tested.kind !== 'call' || tested.name !== 'st_distance' || (operator !== '<=' && operator !== '<'))
    return undefined;
  if (value.kind !== 'constant' || typeof value.value !== 'number' || Number.isNaN(value.value)) return undefined;
  const [first, second] = tested.args;
  if (first === undefined || second === undefined) return undefined;
  const leaf = spatial(first, second, 'dwithin', 'dwithin', constant(value.value, 'real'));
  return leaf && { ...leaf, exact: operator === '<=' };
}
