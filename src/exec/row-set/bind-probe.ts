// Probes of a plan with their values known: what the index is asked at execution.

import type { Probe } from '../../catalog/offer.js';
import type { Bound, ValueSet } from '../../expr/constraint.js';
import { evaluateConstant } from '../../expr/evaluate.js';
import type { Evaluation } from '../../expr/evaluation.js';
import type { Expr } from '../../expr/expression.js';
import type { Value } from '../../values/types.js';

export function bindProbe(probe: Probe<Expr>, evaluation: Evaluation): Probe<Value> {
  const value = (expr: Expr) => evaluateConstant(expr, evaluation);
  const set = (values: ValueSet<Expr>): ValueSet<Value> => {
    switch (values.kind) {
      case 'values':
        return { kind: 'values', values: values.values.map(value) };
      case 'array':
        return { kind: 'array', array: value(values.array) };
      case 'null':
        return values;
    }
  };
  const bound = (of: Bound<Expr> | undefined) => of && { value: value(of.value), inclusive: of.inclusive };
  switch (probe.kind) {
    case 'all':
      return probe;
    case 'keys':
      return {
        kind: 'keys',
        sets: probe.sets.map(set),
        range: probe.range && { low: bound(probe.range.low), high: bound(probe.range.high) },
        prefix: probe.prefix && value(probe.prefix),
        skip: probe.skip,
        beyond: probe.beyond && {
          after: probe.beyond.after?.map(value),
          before: probe.beyond.before?.map(value),
        },
      };
    case 'not-keys':
      return { kind: 'not-keys', set: set(probe.set) };
    case 'spatial':
      return { ...probe, shape: value(probe.shape), metres: probe.metres && value(probe.metres) };
    case 'match':
      return { ...probe, query: value(probe.query) };
  }
}
