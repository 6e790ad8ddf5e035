// Probes of a plan with their values known: what the index is asked at execution.

import { mapProbe } from '../../catalog/map-probe.js';
import type { Probe } from '../../catalog/offer.js';
import { evaluateConstant } from '../../expr/evaluate.js';
import type { Evaluation } from '../../expr/evaluation.js';
import type { Expr } from '../../expr/expression.js';
import type { Value } from '../../values/types.js';

export function bindProbe(probe: Probe<Expr>, evaluation: Evaluation): Probe<Value> {
  return mapProbe(probe, (expr) => evaluateConstant(expr, evaluation));
}
