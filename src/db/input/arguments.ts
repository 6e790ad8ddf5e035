// What an application passes to a method, checked before anything is done: a mistake is told by name, never as a TypeError from within.

import { LightningError } from '../../errors.js';
import { describe } from '../../values/index.js';
import { suggestion } from '../../text/suggestion.js';

function wrong(what: string, wanted: string, value: unknown): LightningError {
  return new LightningError('INVALID_ARGUMENT', `${what} is ${describe(value)}`, { hint: `pass ${wanted}` });
}

/** @throws LightningError INVALID_ARGUMENT */
export function checkText(value: unknown, what: string): asserts value is string {
  if (typeof value !== 'string') throw wrong(what, 'a string', value);
}

/** @throws LightningError INVALID_ARGUMENT */
export function checkFunction(value: unknown, what: string): void {
  if (typeof value !== 'function') throw wrong(what, 'a function', value);
}

/** A row, or columns of one. @throws LightningError INVALID_ARGUMENT */
export function checkRow(value: unknown, what: string): asserts value is Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw wrong(what, 'an object with column names as keys', value);
  }
}

/** @throws LightningError INVALID_ARGUMENT */
export function checkIterable(value: unknown, what: string): asserts value is Iterable<unknown> {
  if (value === null || typeof value !== 'object' || !(Symbol.iterator in value)) {
    throw wrong(what, 'an array, or something else that can be iterated', value);
  }
}

/** An object of options with no name that the method does not know. @throws LightningError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkOptions(value: unknown, method: string, names: readonly string[]): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw wrong(`the options of ${method}`, `an object with ${names.join(', ')}`, value);
  }
  for (const [name, option] of Object.entries(value)) {
    if (option === undefined || names.includes(name)) continue;
    const hint = suggestion(name, names, 'its options');
    throw new LightningError('UNKNOWN_OPTION', `${method} has no option "${name}"`, { hint });
  }
}

/** A number of rows; absent means all. @throws LightningError INVALID_ARGUMENT */
export function limitOf(value: unknown, method: string): number {
  if (value === undefined || value === Infinity) return Infinity;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw wrong(`limit of ${method}`, 'a whole number, 0 or more', value);
}

/** `did you mean "name"?`, else what there is. */
export function nearest(name: string, names: readonly string[], what: string): string {
  return suggestion(name, names, what) ?? `there are no ${what}`;
}
