// Exact 64-bit integer arithmetic over engine integers: plain numbers while they are safe, bigint beyond, errors past 64 bits.

import { LightningError } from '../../errors.js';

export type Integer = number | bigint;

const MAX = 9223372036854775807n;
const MIN = -9223372036854775808n;

/** The engine form of an exact integer; OUT_OF_RANGE past 64 bits. */
export function toInteger(value: bigint): Integer {
  if (value >= -9007199254740991n && value <= 9007199254740991n) return Number(value);
  if (value > MAX || value < MIN) throw new LightningError('OUT_OF_RANGE', 'integer out of range');
  return value;
}

// A result of safe operands that is itself safe was not rounded; `+ 0` turns -0 into 0.

export function add(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return toInteger(BigInt(a) + BigInt(b));
}

export function subtract(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return toInteger(BigInt(a) - BigInt(b));
}

export function multiply(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return toInteger(BigInt(a) * BigInt(b));
}

export function divisionByZero(): LightningError {
  return new LightningError('DIVISION_BY_ZERO', 'division by zero');
}

/** Truncates toward zero. */
export function divide(a: Integer, b: Integer): Integer {
  if (b === 0) throw divisionByZero();
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b + 0;
  return toInteger(BigInt(a) / BigInt(b));
}

/** The remainder has the sign of the dividend. */
export function remainder(a: Integer, b: Integer): Integer {
  if (b === 0) throw divisionByZero();
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
  return toInteger(BigInt(a) % BigInt(b));
}

export function negate(a: Integer): Integer {
  return typeof a === 'number' ? 0 - a : toInteger(-a);
}

export function abs(a: Integer): Integer {
  return a < 0 ? negate(a) : a;
}
