// Double arithmetic with PostgreSQL's errors: overflow and underflow are reported, infinities and NaN pass through.

import { LightningError } from '../../errors.js';
import { divisionByZero } from './integer.js';

const finite = Number.isFinite;

function overflow(): LightningError {
  return new LightningError('OUT_OF_RANGE', 'value out of range: overflow');
}

function underflow(): LightningError {
  return new LightningError('OUT_OF_RANGE', 'value out of range: underflow');
}

/** NaN is no overflow. */
function infinite(a: number): boolean {
  return a === Infinity || a === -Infinity;
}

export function addReal(a: number, b: number): number {
  const sum = a + b;
  if (!finite(sum) && infinite(sum) && !infinite(a) && !infinite(b)) throw overflow();
  return sum;
}

export function subtractReal(a: number, b: number): number {
  const difference = a - b;
  if (!finite(difference) && infinite(difference) && !infinite(a) && !infinite(b)) throw overflow();
  return difference;
}

export function multiplyReal(a: number, b: number): number {
  const product = a * b;
  if (!finite(product) && infinite(product) && !infinite(a) && !infinite(b)) throw overflow();
  if (product === 0 && a !== 0 && b !== 0) throw underflow();
  return product;
}

export function divideReal(a: number, b: number): number {
  if (b === 0 && a === a) throw divisionByZero();
  const quotient = a / b;
  if (!finite(quotient) && infinite(quotient) && !infinite(a)) throw overflow();
  if (quotient === 0 && a !== 0 && !infinite(b)) throw underflow();
  return quotient;
}

export function remainderReal(a: number, b: number): number {
  if (b === 0 && a === a) throw divisionByZero();
  return a % b;
}

/** To the nearest integer, halves to the even one. */
export function roundReal(a: number): number {
  const floor = Math.floor(a);
  const rest = a - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  if (rest !== 0.5) return a; // NaN and infinities
  return floor % 2 === 0 ? floor : floor + 1;
}

/** `digits` after the point (before it when negative) of the shortest decimal form, halves away from zero. */
export function roundDigits(a: number, digits: number): number {
  return scaled(a, digits, (scaled) => (scaled < 0 ? -Math.round(-scaled) : Math.round(scaled)));
}

export function truncateDigits(a: number, digits: number): number {
  return scaled(a, digits, Math.trunc);
}

/** Shifts the decimal point in the text of the number, where it is exact, instead of multiplying. */
function scaled(a: number, digits: number, to: (scaled: number) => number): number {
  if (!finite(a) || a === 0) return a;
  const [mantissa, exponent] = a.toExponential().split('e');
  const shift = Number(exponent) + digits;
  if (shift > 17) return a;
  if (shift < -1) return 0;
  const whole = to(Number(`${mantissa}e${shift}`));
  const [m, e] = whole.toExponential().split('e');
  return Number(`${m}e${Number(e) - digits}`) + 0;
}

export function power(a: number, b: number): number {
  if (a === 0 && b < 0) throw new LightningError('INVALID_VALUE', 'zero raised to a negative power is undefined');
  if (a < 0 && finite(a) && finite(b) && !Number.isInteger(b)) {
    throw new LightningError(
      'INVALID_VALUE',
      'a negative number raised to a non-integer power yields a complex result',
    );
  }
  if (a === 1 || (a === -1 && infinite(b))) return 1;
  const result = a ** b;
  if (infinite(result) && finite(a) && finite(b)) throw overflow();
  if (result === 0 && a !== 0 && finite(a) && finite(b)) throw underflow();
  return result;
}

export function exponential(a: number): number {
  const result = Math.exp(a);
  if (infinite(result) && !infinite(a)) throw overflow();
  if (result === 0 && !infinite(a)) throw underflow();
  return result;
}

export function squareRoot(a: number): number {
  if (a < 0) throw new LightningError('INVALID_VALUE', 'cannot take square root of a negative number');
  return Math.sqrt(a);
}

/** Refuses what has no logarithm, then applies `log`. */
export function logarithm(log: (a: number) => number): (a: number) => number {
  return (a) => {
    if (a === 0) throw new LightningError('INVALID_VALUE', 'cannot take logarithm of zero');
    if (a < 0) throw new LightningError('INVALID_VALUE', 'cannot take logarithm of a negative number');
    return log(a);
  };
}

/** Trigonometric functions whose argument must lie in a domain. */
export function within(name: string, low: number, high: number, f: (a: number) => number): (a: number) => number {
  return (a) => {
    if (a < low || a > high) throw new LightningError('OUT_OF_RANGE', `${name}: input is out of range`);
    return f(a);
  };
}
