// Comparison operators by type, as functions and as code. Both follow the total order of values/order.ts.

import { compareInteger, compareMixed, compareReal, compareText, compareValues } from '../../values/order.js';
import type { Type, Value } from '../../values/types.js';
import type { CompareOperator } from '../expression.js';
import { never } from '../../errors.js';

/** The operator that holds exactly when this one does not, over non-NULL operands. */
export function inverse(operator: CompareOperator): CompareOperator {
  switch (operator) {
    case '=':
      return '<>';
    case '<>':
      return '=';
    case '<':
      return '>=';
    case '<=':
      return '>';
    case '>':
      return '<=';
    case '>=':
      return '<';
    default:
      return never(operator, 'operator');
  }
}

/** The operator with its sides exchanged. */
export function mirrored(operator: CompareOperator): CompareOperator {
  switch (operator) {
    case '<':
      return '>';
    case '<=':
      return '>=';
    case '>':
      return '<';
    case '>=':
      return '<=';
    default:
      return operator;
  }
}

/**
 * How two types compare in JavaScript:
 * - `plain`: by `===` and `<` (integers in engine form, numbers without NaN, booleans);
 * - `real`: numbers with NaN above all; `mixed`: integer with real, the same with `==`;
 * - `text`: `===`, and order by code point; `other`: by the order of the type alone.
 */
export type ComparisonClass = 'plain' | 'real' | 'mixed' | 'text' | 'other';

export function comparisonClass(left: Type, right: Type): ComparisonClass {
  if (left === 'null') return right === 'null' ? 'plain' : comparisonClass(right, right);
  if (right === 'null') return comparisonClass(left, left);
  if (left !== right) return 'mixed';
  switch (left) {
    case 'integer':
    case 'timestamp':
    case 'date':
    case 'boolean':
      return 'plain';
    case 'real':
      return 'real';
    case 'text':
    case 'json':
      return 'text';
    default:
      return 'other';
  }
}

/** Orders two non-null values of types that may be compared. */
export function orderOf(left: Type, right: Type): (a: Value, b: Value) => number {
  switch (comparisonClass(left, right)) {
    case 'plain':
      return compareInteger as (a: Value, b: Value) => number;
    case 'real':
      return compareReal as (a: Value, b: Value) => number;
    case 'mixed':
      return compareMixed as (a: Value, b: Value) => number;
    case 'text':
      return compareText as (a: Value, b: Value) => number;
    case 'other':
      return (a, b) => compareValues(a, b, left);
  }
}

type Test = (a: Value, b: Value) => boolean;

/** Whether the comparison holds of two non-null values. */
export function comparison(operator: CompareOperator, left: Type, right: Type): Test {
  const kind = comparisonClass(left, right);
  if (kind === 'plain' || kind === 'text') {
    if (operator === '=') return (a, b) => a === b;
    if (operator === '<>') return (a, b) => a !== b;
  }
  if (kind === 'plain') return plainOrder(operator);
  const order = orderOf(left, right);
  switch (operator) {
    case '=':
      return (a, b) => order(a, b) === 0;
    case '<>':
      return (a, b) => order(a, b) !== 0;
    case '<':
      return (a, b) => order(a, b) < 0;
    case '<=':
      return (a, b) => order(a, b) <= 0;
    case '>':
      return (a, b) => order(a, b) > 0;
    case '>=':
      return (a, b) => order(a, b) >= 0;
  }
}

function plainOrder(operator: CompareOperator): Test {
  switch (operator) {
    case '<':
      return (a, b) => (a as number) < (b as number);
    case '<=':
      return (a, b) => (a as number) <= (b as number);
    case '>':
      return (a, b) => (a as number) > (b as number);
    default:
      return (a, b) => (a as number) >= (b as number);
  }
}

/**
 * The comparison as code over two names that hold non-null values. `order` is the name of `orderOf` for these types.
 * `rightIsNumber`: the right side is known not to be NaN.
 */
export function comparisonCode(
  operator: CompareOperator,
  kind: ComparisonClass,
  a: string,
  b: string,
  order: () => string,
  rightIsNumber: boolean,
): string {
  const strictly = operator === '=' ? '===' : operator === '<>' ? '!==' : operator;
  if (kind === 'plain') return `${a} ${strictly} ${b}`;
  if (kind === 'other' || (kind === 'text' && operator !== '=' && operator !== '<>')) {
    return `${order()}(${a}, ${b}) ${strictly} 0`;
  }
  if (kind === 'text') return `${a} ${strictly} ${b}`;
  // A bigint and a number are never ===, and == compares them by mathematical value.
  const equality = kind === 'mixed' ? strictly.slice(0, 2) : strictly;
  switch (operator) {
    case '=':
      return rightIsNumber ? `${a} ${equality} ${b}` : `(${a} ${equality} ${b} || (${a} !== ${a} && ${b} !== ${b}))`;
    case '<>':
      return rightIsNumber ? `${a} ${equality} ${b}` : `(${a} ${equality} ${b} && (${a} === ${a} || ${b} === ${b}))`;
    case '<':
      return rightIsNumber ? `${a} < ${b}` : `(${a} < ${b} || (${b} !== ${b} && ${a} === ${a}))`;
    case '<=':
      return rightIsNumber ? `${a} <= ${b}` : `(${a} <= ${b} || ${b} !== ${b})`;
    case '>':
      return `(${a} > ${b} || (${a} !== ${a} && ${b} === ${b}))`;
    case '>=':
      return `(${a} >= ${b} || ${a} !== ${a})`;
  }
}
