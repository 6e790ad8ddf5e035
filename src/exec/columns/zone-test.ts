// What the zones of a chunk say of a filter: no row passes, all do, or only the rows can tell. A zone is believed where it is exact; the
// wider bounds of a chunk with pending changes still rule out, and still prove that there is no NULL.

import type { Condition } from '../../expr/constraint.js';
import type { Evaluation } from '../../expr/evaluation.js';
import type { ColumnId, Expr } from '../../expr/expression.js';
import { toCondition } from '../../expr/extract.js';
import type { ColumnChunk } from '../../index/columnstore/chunk.js';
import { compareMixed, compareText, compareValues } from '../../values/order.js';
import type { ScalarType, Value } from '../../values/types.js';
import { bindConstraint } from './bound-constraint.js';
import type { BoundConstraint } from './bound-constraint.js';

export type Verdict = 'none' | 'some' | 'all';
export type ZoneTest = (chunk: ColumnChunk) => Verdict;

const some: ZoneTest = () => 'some';

/**
 * @param positions of the columns in the columnstore, by id
 * @returns the test with the values of one run bound
 */
export function compileZoneTest(
  filter: Expr,
  positions: ReadonlyMap<ColumnId, number>,
): (evaluation: Evaluation) => ZoneTest {
  const condition = toCondition(filter);
  return (evaluation) => testOf(condition, positions, evaluation);
}

function testOf(condition: Condition, positions: ReadonlyMap<ColumnId, number>, evaluation: Evaluation): ZoneTest {
  switch (condition.kind) {
    case 'opaque':
      return some;
    case 'not': {
      const arg = testOf(condition.arg, positions, evaluation);
      // What is nowhere true may be NULL everywhere, and then its negation is, too.
      return (chunk) => (arg(chunk) === 'all' ? 'none' : 'some');
    }
    case 'and':
    case 'or': {
      const tests = condition.args.map((arg) => testOf(arg, positions, evaluation)).filter((test) => test !== some);
      const whole = tests.length === condition.args.length;
      const [decisive, other]: readonly Verdict[] = condition.kind === 'and' ? ['none', 'all'] : ['all', 'none'];
      return (chunk) => {
        let alike = whole;
        for (const test of tests) {
          const verdict = test(chunk);
          if (verdict === decisive) return verdict;
          alike &&= verdict === other;
        }
        return alike ? other! : 'some';
      };
    }
    case 'constraint': {
      const { constraint } = condition;
      const position = constraint.expr.kind === 'column' ? positions.get(constraint.expr.id) : undefined;
      if (position === undefined || constraint.expr.kind !== 'column') return some;
      const bound = bindConstraint(constraint, evaluation);
      const type = constraint.expr.type as ScalarType;
      return bound === undefined ? some : constraintTest(bound, constraint.exact, position, type);
    }
  }
}

function constraintTest(bound: BoundConstraint, exact: boolean, position: number, type: ScalarType): ZoneTest {
  const isNumber = type === 'integer' || type === 'real';
  const compare = (a: Value, b: Value): number =>
    isNumber ? compareMixed(a as number | bigint, b as number | bigint) : compareValues(a, b, type);
  const all = exact ? 'all' : 'some';
  switch (bound.kind) {
    case 'null':
      return (chunk) => {
        const { nulls } = chunk.zone(position);
        return nulls === 0 ? 'none' : chunk.exact && nulls === chunk.rows ? all : 'some';
      };
    case 'not-null':
      return (chunk) => {
        const { low, nulls } = chunk.zone(position);
        return low === null ? 'none' : nulls === 0 ? all : 'some';
      };
    case 'values':
      return (chunk) => {
        const { low, high, nulls } = chunk.zone(position);
        if (low === null) return 'none';
        const inside = bound.values.filter(
          (value) => compare(value, low) >= 0 && (high === undefined || compare(value, high) <= 0),
        );
        if (inside.length === 0) return 'none';
        return nulls === 0 && high !== undefined && compare(low, high) === 0 ? all : 'some';
      };
    case 'not-values':
      return (chunk) => {
        const { low, high, nulls } = chunk.zone(position);
        if (low === null) return 'none';
        const outside = bound.values.every(
          (value) => compare(value, low) < 0 || (high !== undefined && compare(value, high) > 0),
        );
        return outside && nulls === 0 ? all : 'some';
      };
    case 'range': {
      const { low: from, high: to } = bound;
      return (chunk) => {
        const { low, high, nulls } = chunk.zone(position);
        if (low === null) return 'none';
        if (from && high !== undefined && !above(compare(high, from.value), from.inclusive)) return 'none';
        if (to && !above(-compare(low, to.value), to.inclusive)) return 'none';
        const inside =
          (!from || above(compare(low, from.value), from.inclusive)) &&
          (!to || (high !== undefined && above(-compare(high, to.value), to.inclusive)));
        return inside && nulls === 0 ? all : 'some';
      };
    }
    case 'prefix':
      return (chunk) => {
        const { low, high } = chunk.zone(position);
        if (low === null || (typeof high === 'string' && compareText(high, bound.prefix) < 0)) return 'none';
        const begins = low as string;
        return compareText(begins, bound.prefix) > 0 && !begins.startsWith(bound.prefix) ? 'none' : 'some';
      };
    case 'nothing':
      return () => 'none';
  }
}

function above(order: number, inclusive: boolean): boolean {
  return order > 0 || (inclusive && order === 0);
}
