// Intervals, which only live beside a + or -.

import { LightningError } from '../../errors.js';
import * as build from '../../expr/build.js';
import type { Expr } from '../../expr/expression.js';
import { parseInterval } from '../../expr/functions/interval.js';

/**
 * `moment + interval`, or `moment - interval`.
 *
 * @param unit of a bare number: `INTERVAL '90' DAY`
 * @throws LightningError INVALID_TEXT
 */
export function addInterval(moment: Expr, text: string, unit: string | undefined, negative: boolean): Expr {
  const interval = parseInterval(text, unit);
  if (interval === undefined) {
    throw new LightningError('INVALID_TEXT', `'${text}' is not an interval`, { hint: "write '90 days', for example" });
  }
  const parts = [interval.months, interval.days, interval.milliseconds].map((part) =>
    build.constant(negative ? 0 - part : part, 'integer'),
  );
  return build.call('add_interval', [moment, ...parts]);
}
