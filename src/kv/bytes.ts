// Byte strings as keys: the one order of the store, checks and shared refusals. Assumes nothing about an engine.

import { LightningError } from '../errors.js';
import type { Capabilities, Range } from './store.js';

/** Bytewise (unsigned) order; a prefix comes before what it begins. Negative, 0 or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = a.length < b.length ? a.length : b.length;
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** A copy in memory of its own: never a slice of a shared pool, so that keeping it keeps nothing else. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}

/** The shortest key that is greater than `key`. */
export function successor(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

/** Whether no key can lie in the range. */
export function isEmptyRange(range: Range): boolean {
  if (range.lt === undefined) return false;
  return range.lt.length === 0 || (range.gte !== undefined && compareBytes(range.gte, range.lt) >= 0);
}

export function checkKey(key: Uint8Array, capabilities: Capabilities): void {
  if (key.length === 0) throw new LightningError('INVALID_ARGUMENT', 'a key has at least one byte');
  if (key.length > capabilities.maxKeyBytes) {
    throw new LightningError(
      'KEY_TOO_LONG',
      `a key of ${key.length} bytes is longer than the ${capabilities.maxKeyBytes} that this store takes`,
    );
  }
}

export function checkValue(value: Uint8Array, capabilities: Capabilities): void {
  if (value.length > capabilities.maxValueBytes) {
    throw new LightningError(
      'VALUE_TOO_LONG',
      `a value of ${value.length} bytes is longer than the ${capabilities.maxValueBytes} that this store takes`,
    );
  }
}

export function checkBatchSize(size: number): void {
  if (!Number.isInteger(size) || size < 1) {
    throw new LightningError('INVALID_ARGUMENT', `a batch holds a whole number of entries, at least 1, not ${size}`);
  }
}

export function isPromise(value: unknown): boolean {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Refuses what a function given to `Store.write` may not return; throwing it rolls the transaction back. */
export function refusePromise(value: unknown): void {
  if (!isPromise(value)) return;
  // The promise is dropped here: without a handler, its later rejection would end the process.
  (value as PromiseLike<unknown>).then(
    () => {},
    () => {},
  );
  throw new LightningError(
    'ASYNC_TRANSACTION',
    'the function of a transaction returned a promise; it was rolled back',
    {
      hint: 'await before the transaction, and only read and write inside it',
    },
  );
}

export function closedError(what: string): LightningError {
  return new LightningError('CLOSED', `the ${what} is closed`);
}

export function nestedError(what: string): LightningError {
  return new LightningError('IN_TRANSACTION', `${what} inside a write transaction of the same store`);
}
