// `operator ANY (array)`: a value is less than some element when it is less than the greatest, so that of an array only its ends matter.

import type { Value } from '../../values/types.js';
import { elementType } from '../../values/types.js';
import type { AnyArray } from '../expression.js';
import { typeOf } from '../expression.js';
import { comparison, orderOf } from './compare.js';
import type { RowFunction } from './contract.js';
import { remember } from './remember.js';

/** The least and the greatest of some values; undefined when all are NULL. */
export interface Ends {
  readonly empty: boolean;
  readonly hasNull: boolean;
  readonly least: Value | undefined;
  readonly greatest: Value | undefined;
}

export function endsOf(values: Iterable<Value>, order: (a: Value, b: Value) => number): Ends {
  let [empty, hasNull] = [true, false];
  let least: Value | undefined;
  let greatest: Value | undefined;
  for (const value of values) {
    empty = false;
    if (value === null) hasNull = true;
    else {
      if (least === undefined || order(value, least) < 0) least = value;
      if (greatest === undefined || order(value, greatest) > 0) greatest = value;
    }
  }
  return { empty, hasNull, least, greatest };
}

/** Whether the comparison holds between the value and some of those that have these ends, three-valued. Not for `=`. */
export function holdsOfSome(value: Value, ends: Ends, holds: (a: Value, b: Value) => boolean): boolean | null {
  if (ends.empty) return false;
  if (value === null) return null;
  const { least, greatest, hasNull } = ends;
  if (least !== undefined && holds(value, least)) return true;
  if (greatest !== undefined && holds(value, greatest)) return true;
  return hasNull ? null : false;
}

export function anyArrayFunction(expr: AnyArray, arg: RowFunction, array: RowFunction): RowFunction {
  const type = typeOf(expr.arg);
  const element = elementType(typeOf(expr.array)) ?? type;
  const order = orderOf(element, element);
  const holds = comparison(expr.operator, type, element);
  const ends = remember((values) => endsOf(values as readonly Value[], order));
  return (columns, row, evaluation) => {
    const values = array(columns, row, evaluation);
    return values === null ? null : holdsOfSome(arg(columns, row, evaluation), ends(values), holds);
  };
}
