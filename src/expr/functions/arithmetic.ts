// Operators and functions over numbers. Integers stay exact (integer.ts), reals follow IEEE with PostgreSQL's errors (real.ts).

import { LightningError } from '../../errors.js';
import type { FunctionEntry } from './contract.js';
import { aliases, entry, strict } from './contract.js';
import type { Integer } from './integer.js';
import { abs, add, divide, multiply, negate, remainder, subtract } from './integer.js';
import { withoutElement, withoutKeys } from './json-change.js';
import {
  addReal,
  divideReal,
  exponential,
  logarithm,
  multiplyReal,
  power,
  remainderReal,
  roundDigits,
  roundReal,
  squareRoot,
  subtractReal,
  truncateDigits,
  within,
} from './real.js';

const raises = { canRaise: true };
const ln = logarithm(Math.log);
const log10 = logarithm(Math.log10);

/** Dates further from 1970 than this many days have no JavaScript form. */
const MAX_DAYS = 100_000_000;

function shiftDate(date: number, days: Integer): number {
  const shifted = date + Number(days);
  if (!(Math.abs(shifted) <= MAX_DAYS)) throw new LightningError('OUT_OF_RANGE', 'date out of range');
  return shifted;
}

/** A count of digits, kept within what can matter. */
function digits(n: Integer): number {
  return Math.max(-400, Math.min(400, Number(n)));
}

export const arithmetic: readonly FunctionEntry[] = [
  entry(
    '+',
    strict(['integer', 'integer'], 'integer', add, raises),
    strict(['real', 'real'], 'real', addReal, raises),
    strict(['date', 'integer'], 'date', shiftDate, raises),
    strict(['integer', 'date'], 'date', (days, date) => shiftDate(date, days), raises),
  ),
  entry(
    '-',
    strict(['integer', 'integer'], 'integer', subtract, raises),
    strict(['real', 'real'], 'real', subtractReal, raises),
    strict(['date', 'date'], 'integer', (a, b) => a - b),
    strict(['date', 'integer'], 'date', (date, days) => shiftDate(date, -days), raises),
    strict(['json', 'text'], 'json', (document, key) => withoutKeys(document, [key]), raises),
    strict(['json', 'integer'], 'json', withoutElement, raises),
    strict(['json', 'text[]'], 'json', withoutKeys, raises),
  ),
  entry(
    '*',
    strict(['integer', 'integer'], 'integer', multiply, raises),
    strict(['real', 'real'], 'real', multiplyReal, raises),
  ),
  entry(
    '/',
    strict(['integer', 'integer'], 'integer', divide, raises),
    strict(['real', 'real'], 'real', divideReal, raises),
  ),
  ...aliases(
    ['%', 'mod'],
    strict(['integer', 'integer'], 'integer', remainder, raises),
    strict(['real', 'real'], 'real', remainderReal, raises),
  ),
  entry(
    'negate',
    strict(['integer'], 'integer', negate, raises),
    strict(['real'], 'real', (a) => -a),
  ),
  entry('abs', strict(['integer'], 'integer', abs, raises), strict(['real'], 'real', Math.abs)),
  entry(
    'sign',
    strict(['real'], 'real', (a) => (a > 0 ? 1 : a < 0 ? -1 : 0)),
  ),
  ...aliases(['ceil', 'ceiling'], strict(['real'], 'real', Math.ceil)),
  entry('floor', strict(['real'], 'real', Math.floor)),
  entry(
    'round',
    strict(['real'], 'real', roundReal),
    strict(['real', 'integer'], 'real', (a, n) => roundDigits(a, digits(n))),
  ),
  entry(
    'trunc',
    strict(['real'], 'real', Math.trunc),
    strict(['real', 'integer'], 'real', (a, n) => truncateDigits(a, digits(n))),
  ),
  entry('sqrt', strict(['real'], 'real', squareRoot, raises)),
  entry('cbrt', strict(['real'], 'real', Math.cbrt)),
  ...aliases(['power', 'pow', '^'], strict(['real', 'real'], 'real', power, raises)),
  entry('exp', strict(['real'], 'real', exponential, raises)),
  entry('ln', strict(['real'], 'real', ln, raises)),
  entry(
    'log',
    strict(['real'], 'real', log10, raises),
    strict(['real', 'real'], 'real', (base, a) => divideReal(ln(a), ln(base)), raises),
  ),
  entry('log10', strict(['real'], 'real', log10, raises)),
  entry(
    'pi',
    strict([], 'real', () => Math.PI),
  ),
  entry(
    'degrees',
    strict(['real'], 'real', (a) => (a * 180) / Math.PI),
  ),
  entry(
    'radians',
    strict(['real'], 'real', (a) => (a * Math.PI) / 180),
  ),
  entry('sin', strict(['real'], 'real', within('sin', -Number.MAX_VALUE, Number.MAX_VALUE, Math.sin), raises)),
  entry('cos', strict(['real'], 'real', within('cos', -Number.MAX_VALUE, Number.MAX_VALUE, Math.cos), raises)),
  entry('tan', strict(['real'], 'real', within('tan', -Number.MAX_VALUE, Number.MAX_VALUE, Math.tan), raises)),
  entry('asin', strict(['real'], 'real', within('asin', -1, 1, Math.asin), raises)),
  entry('acos', strict(['real'], 'real', within('acos', -1, 1, Math.acos), raises)),
  entry('atan', strict(['real'], 'real', Math.atan)),
  entry('atan2', strict(['real', 'real'], 'real', Math.atan2)),
];
