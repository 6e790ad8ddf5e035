// The rows of a sub-query that operands are compared with (`IN`, `ANY`, `ALL`): kept in the form in which one look answers.

import { comparison, orderOf } from '../../expr/compile/compare.js';
import { endsOf, holdsOfSome } from '../../expr/compile/any-array.js';
import type { CompareOperator, Subquery } from '../../expr/expression.js';
import { typeOf } from '../../expr/expression.js';
import type { Type, Value } from '../../values/types.js';
import { RowBuffer } from '../rows/row-buffer.js';
import type { Batch } from '../rows/batch.js';
import { rowKey } from '../rows/row-key.js';

/** Whether operands compare so with some row; NULL when that is unknown. */
export type AnyTest = (operands: readonly Value[]) => boolean | null;

type Compare = (operands: readonly Value[], row: readonly Value[]) => boolean | null;

/** @param types of the sub-query's columns */
export function anyTest(subquery: Subquery, types: readonly Type[], batches: Iterable<Batch>): AnyTest {
  const rows = new RowBuffer(types.length);
  for (const batch of batches) rows.add(batch);
  if (subquery.operator === '=') return equalTest(subquery, types, rows);
  if (types.length > 1) return (operands) => scan(rows, allOf(rows), operands, rowComparison(subquery, types));
  const type = types[0]!;
  const ends = endsOf(rows.columns[0]!, orderOf(type, type));
  const holds = comparison(subquery.operator, typeOf(subquery.operands[0]!), type);
  return ([operand]) => holdsOfSome(operand!, ends, holds);
}

/** Rows without NULL are found by their key; of the others only some could equal the operands, were their NULLs known. */
function equalTest(subquery: Subquery, types: readonly Type[], rows: RowBuffer): AnyTest {
  const mixed = subquery.operands.map((operand, i) => typeOf(operand) !== types[i]);
  const keyOf = rowKey(types);
  const keyed = (values: readonly Value[]) =>
    keyOf(
      values.map((value, i) => [mixed[i] ? exact(value) : value]),
      0,
    );
  const keys = new Set<unknown>();
  const partial: number[] = [];
  for (let row = 0; row < rows.length; row++) {
    const values = rows.columns.map((column): Value => column[row]!);
    if (values.includes(null)) partial.push(row);
    else keys.add(keyed(values));
  }
  const compare = rowComparison(subquery, types);
  return (operands) => {
    if (rows.length === 0) return false;
    if (!operands.includes(null)) return keys.has(keyed(operands)) || scan(rows, partial, operands, compare);
    return types.length === 1 ? null : scan(rows, allOf(rows), operands, compare);
  };
}

/** An integer beyond the safe range as the REAL that equals it, where there is one. */
function exact(value: Value): Value {
  return typeof value === 'bigint' && BigInt(Number(value)) === value ? Number(value) : value;
}

function scan(rows: RowBuffer, of: Iterable<number>, operands: readonly Value[], compare: Compare): boolean | null {
  let unknown = false;
  for (const row of of) {
    const truth = compare(
      operands,
      rows.columns.map((column) => column[row]!),
    );
    if (truth === true) return true;
    if (truth === null) unknown = true;
  }
  return unknown ? null : false;
}

function* allOf(rows: RowBuffer): Iterable<number> {
  for (let row = 0; row < rows.length; row++) yield row;
}

/** Two rows, compared from the left: the first unequal pair decides, a NULL before it makes the answer unknown. */
export function rowComparison({ operator, operands }: Subquery, types: readonly Type[]): Compare {
  const of = (op: CompareOperator) => operands.map((operand, i) => comparison(op, typeOf(operand), types[i]!));
  const equal = of('=');
  const holds = of(operator);
  const orderless = operator === '=' || operator === '<>';
  return (left, right) => {
    let unknown = false;
    for (let i = 0; i < left.length; i++) {
      const [a, b] = [left[i]!, right[i]!];
      if (a === null || b === null) {
        // A later pair may still tell the rows apart, but not order them.
        if (!orderless) return null;
        unknown = true;
      } else if (!equal[i]!(a, b)) return orderless ? operator === '<>' : holds[i]!(a, b);
    }
    return unknown ? null : operator === '=' || operator === '<=' || operator === '>=';
  };
}
